"""Every write to the files of a unit. The caller has entered the unit's scope."""

from congtruong.media.checks.limits import MOST_BYTES, MOST_CHUNK
from congtruong.media.pipeline.renditions import MOST_PIXELS, WIDTHS
from congtruong.media.services.assets import add_asset, delete_asset, describe_asset, set_consent
from congtruong.media.services.scanning import scan_asset, unscanned
from congtruong.media.services.uploads import receive_part, remove_abandoned
from congtruong.media.services.usages import set_usages

__all__ = [
    "MOST_BYTES",
    "MOST_CHUNK",
    "MOST_PIXELS",
    "WIDTHS",
    "add_asset",
    "delete_asset",
    "describe_asset",
    "receive_part",
    "remove_abandoned",
    "scan_asset",
    "set_consent",
    "set_usages",
    "unscanned",
]
