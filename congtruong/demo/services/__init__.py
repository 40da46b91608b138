"""Loading the demo province; every step may run again and changes nothing the second time."""

from pathlib import Path

from django.conf import settings

from congtruong.demo.errors import NotADemoDatabase
from congtruong.demo.services.province import DEMO_UNIT, fingerprint, load_province
from congtruong.units.models import Unit

__all__ = ["load_if_changed", "load_province"]


def load_if_changed(*, upstream: str) -> bool:
    """Load the demo province unless this data folder has it already; returns whether it was loaded.

    Raises `NotADemoDatabase` rather than put people with a published password into a real register.
    """
    marker = Path(settings.DATA_DIR) / "demo-loaded"
    wanted = fingerprint()
    if marker.exists() and marker.read_text() == wanted:
        return False
    if Unit.objects.exists() and not Unit.objects.filter(name=DEMO_UNIT).exists():
        raise NotADemoDatabase
    load_province(upstream=upstream)
    marker.write_text(wanted)
    return True
