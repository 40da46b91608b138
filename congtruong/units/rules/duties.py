"""Who may do what in a unit: the duties of the editorial board (TT 37/2020, articles 10 and 11); pure."""

from collections.abc import Iterable
from enum import Enum

from congtruong.units.enums import Role


class Act(Enum):
    """One kind of work in the console of a unit."""

    WRITE = "write"
    APPROVE = "approve"
    STRUCTURE = "structure"
    CONTACT = "contact"
    SETTINGS = "settings"
    MEMBERS = "members"
    AUDIT = "audit"
    VISITS = "visits"
    YEAR = "year"
    TRANSFER = "transfer"
    RECEIVE = "receive"
    SEND = "send"
    FOLLOW = "follow"
    SOURCES = "sources"


_WRITER = {Act.WRITE, Act.AUDIT, Act.VISITS}
_EDITOR = _WRITER | {
    *(Act.APPROVE, Act.STRUCTURE, Act.CONTACT, Act.SOURCES),
    # What comes from above, and, in an authority, what goes to the units below.
    *(Act.RECEIVE, Act.SEND, Act.FOLLOW),
}
_TECHNICIAN = {Act.STRUCTURE, Act.CONTACT, Act.SETTINGS, Act.SOURCES, Act.TRANSFER, Act.AUDIT, Act.VISITS}
_ACTS: dict[Role, set[Act]] = {
    Role.CONTRIBUTOR: _WRITER,
    Role.EDITOR: _EDITOR,
    Role.HEAD: _EDITOR | _TECHNICIAN | {Act.MEMBERS, Act.YEAR},
    Role.TECHNICIAN: _TECHNICIAN,
    # Officers supervise and contract; they neither write nor read what is not published.
    Role.SUPERVISOR: {Act.FOLLOW},
    Role.CONTRACT_OFFICER: set(),
}
# An operator keeps a unit's people, names and settings in order; what is written there is none of his business.
_OPERATOR = {Act.MEMBERS, Act.SETTINGS, Act.CONTACT, Act.AUDIT}
# Roles that only units of authority have.
OFFICERS = frozenset({Role.SUPERVISOR, Role.CONTRACT_OFFICER})


def allowed(roles: Iterable[Role], *, is_operator: bool) -> frozenset[Act]:
    """Everything that a person with these roles in a unit may do there."""
    acts = {act for role in roles for act in _ACTS[role]}
    return frozenset(acts | _OPERATOR if is_operator else acts)


def grantable(roles: Iterable[Role], *, is_operator: bool, to_authority: bool) -> frozenset[Role]:
    """Roles that such a person may give to and take from others in the same unit.

    The head of the board is answerable for it (TT 37/2020, article 10) and assigns its duties, but makes no second
    head: only an operator names a head or an officer, so that nobody raises anybody to his own rank.
    """
    if is_operator:
        return frozenset(Role) if to_authority else frozenset(Role) - OFFICERS
    if Role.HEAD in set(roles):
        return frozenset({Role.CONTRIBUTOR, Role.EDITOR, Role.TECHNICIAN})
    return frozenset()
