from congtruong.core.errors import DomainError
from congtruong.units import phrases


class NotAnAuthority(DomainError):
    code = "units.not_an_authority"
    message = phrases.NOT_AN_AUTHORITY


class PlacedTwice(DomainError):
    code = "units.placed_twice"
    message = phrases.PLACED_TWICE


class PlacedUnderItself(DomainError):
    code = "units.placed_under_itself"
    message = phrases.PLACED_UNDER_ITSELF


class DatesReversed(DomainError):
    code = "units.dates_reversed"
    message = phrases.DATES_REVERSED


class HostInvalid(DomainError):
    code = "units.host_invalid"
    message = phrases.HOST_INVALID


class HostTaken(DomainError):
    code = "units.host_taken"
    message = phrases.HOST_TAKEN


class OwnRoles(DomainError):
    code = "units.own_roles"
    message = phrases.OWN_ROLES


class RoleNotYours(DomainError):
    code = "units.role_not_yours"
    message = phrases.ROLE_NOT_YOURS


class RankTooHigh(DomainError):
    code = "units.rank_too_high"
    message = phrases.RANK_TOO_HIGH


class LastHead(DomainError):
    code = "units.last_head"
    message = phrases.LAST_HEAD


class NotAMember(DomainError):
    code = "units.not_a_member"
    message = phrases.NOT_A_MEMBER


class RoleNeeded(DomainError):
    code = "units.role_needed"
    message = phrases.ROLE_NEEDED


class PasswordNotYours(DomainError):
    code = "units.password_not_yours"
    message = phrases.PASSWORD_NOT_YOURS


class InvitationOver(DomainError):
    code = "units.invitation_over"
    message = phrases.INVITATION_OVER


class LastHost(DomainError):
    code = "units.last_host"
    message = phrases.LAST_HOST


class AnotherUnitsHost(DomainError):
    """A foreign host name was offered on write."""

    code = "units.another_units_host"
    message = phrases.HOST_TAKEN


class FieldsInvalid(DomainError):
    """Values of a unit's own record that cannot stand; `fields` maps each to its sentences."""

    code = "units.fields_invalid"
    message = phrases.FIELDS_INVALID

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self.fields = fields
        super().__init__()
