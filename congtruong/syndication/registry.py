"""The hub hears of everything that comes, changes or goes in public."""

from congtruong.publication.registry import change_consumer
from congtruong.syndication.services.announcing import CONSUMER

change_consumer(CONSUMER)
