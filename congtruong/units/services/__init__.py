"""Every write to the register of units."""

from congtruong.units.services.members import (
    accept_invitation,
    invite,
    open_invitation,
    remove_member,
    require_password_right,
    revoke_invitation,
    set_roles,
)
from congtruong.units.services.placing import end_oversight, place_unit, rebuild_reach
from congtruong.units.services.register import (
    add_host,
    change_contact,
    change_settings,
    confirm_contact,
    grant_role,
    remove_host,
    save_unit,
)

__all__ = [
    "accept_invitation",
    "add_host",
    "change_contact",
    "change_settings",
    "confirm_contact",
    "end_oversight",
    "grant_role",
    "invite",
    "open_invitation",
    "place_unit",
    "rebuild_reach",
    "remove_host",
    "remove_member",
    "require_password_right",
    "revoke_invitation",
    "save_unit",
    "set_roles",
]
