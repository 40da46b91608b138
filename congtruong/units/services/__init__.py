"""Every write to the register of units."""

from congtruong.units.services.placing import end_oversight, place_unit, rebuild_reach
from congtruong.units.services.register import add_host, grant_role, save_unit

__all__ = ["add_host", "end_oversight", "grant_role", "place_unit", "rebuild_reach", "save_unit"]
