"""Who may change whose duties in a unit; pure. Nobody raises himself or touches his own rank or a higher one."""

from dataclasses import dataclass

from congtruong.units import errors
from congtruong.units.enums import Role
from congtruong.units.rules.duties import grantable


@dataclass(frozen=True, slots=True)
class Party:
    """A person as one unit knows him."""

    id: int
    roles: frozenset[Role]
    is_operator: bool


def may_touch(giver: Party, taker: Party, *, to_authority: bool) -> bool:
    """Is every duty of this other person one that the giver could have given?"""
    if giver.id == taker.id:
        return False
    return taker.roles <= grantable(giver.roles, is_operator=giver.is_operator, to_authority=to_authority)


def check_roles(
    giver: Party, taker: Party, wanted: frozenset[Role], *, to_authority: bool, has_other_head: bool
) -> None:
    """May the giver let the taker have exactly these duties?

    Raises `OwnRoles`, `RoleNotYours`, `RankTooHigh`, or `LastHead` when nobody would be answerable any more.
    """
    if giver.id == taker.id:
        raise errors.OwnRoles
    givable = grantable(giver.roles, is_operator=giver.is_operator, to_authority=to_authority)
    if wanted - taker.roles - givable:
        raise errors.RoleNotYours
    if taker.roles - givable:
        raise errors.RankTooHigh
    if Role.HEAD in taker.roles - wanted and not has_other_head:
        raise errors.LastHead


def check_password(giver: Party, taker: Party, *, to_authority: bool, has_duties_elsewhere: bool) -> None:
    """May the giver replace the taker's password? Whoever may, could sign in as the taker.

    Hence only of lower people whose account opens no other door. Raises `PasswordNotYours`, always the same: it tells
    nothing of a person's duties in other units.
    """
    is_safe = giver.is_operator or not has_duties_elsewhere
    if taker.is_operator or not taker.roles or not is_safe or not may_touch(giver, taker, to_authority=to_authority):
        raise errors.PasswordNotYours
