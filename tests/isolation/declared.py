"""Everything that is declared, by the name of the address. A new address is declared beside those of its sort."""

from tests.isolation.declared_accounts import ACCOUNTS
from tests.isolation.declared_delivery import DELIVERY
from tests.isolation.declared_items import ITEMS
from tests.isolation.declared_posts import MEDIA, POSTS, PREVIEWS
from tests.isolation.declared_site import CENTRAL_DESK, FRAME, MEMBERS, SITE, TRANSFER
from tests.isolation.declared_sources import SOURCES
from tests.isolation.declared_syndication import HUB, HUB_CALLBACK

# Of a unit's console, on its own host and below /tai/<host>/ of the central one.
DESK = [*DELIVERY, *FRAME, *ITEMS, *POSTS, *MEDIA, *SITE, *MEMBERS, *SOURCES, *TRANSFER, *PREVIEWS, *ACCOUNTS, *HUB]
CENTRAL = [*CENTRAL_DESK, *ACCOUNTS, *HUB_CALLBACK]
