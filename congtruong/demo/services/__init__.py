"""Loading the demo province; every step may run again and changes nothing the second time."""

from pathlib import Path

from django.conf import settings

from congtruong.demo.services.province import fingerprint, load_province

__all__ = ["load_if_changed", "load_province"]


def load_if_changed(*, upstream: str) -> bool:
    """Load the demo province unless this data folder has it already; returns whether it was loaded."""
    marker = Path(settings.DATA_DIR) / "demo-loaded"
    wanted = fingerprint()
    if marker.exists() and marker.read_text() == wanted:
        return False
    load_province(upstream=upstream)
    marker.write_text(wanted)
    return True
