"""Everything that is declared, by the name of the address. A new address is declared beside those of its sort."""

from tests.isolation.declared_accounts import ACCOUNTS
from tests.isolation.declared_posts import MEDIA, POSTS, PREVIEWS
from tests.isolation.declared_site import CENTRAL_DESK, FRAME, MEMBERS, SITE, TRANSFER

# Of a unit's console, on its own host and below /tai/<host>/ of the central one.
DESK = [*FRAME, *POSTS, *MEDIA, *SITE, *MEMBERS, *TRANSFER, *PREVIEWS, *ACCOUNTS]
CENTRAL = [*CENTRAL_DESK, *ACCOUNTS]
