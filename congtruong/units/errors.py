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
