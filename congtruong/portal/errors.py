from congtruong.core.errors import DomainError
from congtruong.portal import phrases


class AnotherUnit(DomainError):
    """A foreign id of another tenant was offered on write."""

    code = "portal.another_unit"
    message = phrases.ANOTHER_UNIT


class TargetInvalid(DomainError):
    code = "portal.target_invalid"
    message = phrases.TARGET_INVALID


class LabelInvalid(DomainError):
    code = "portal.label_invalid"
    message = phrases.LABEL_INVALID


class MenuFull(DomainError):
    code = "portal.menu_full"
    message = phrases.MENU_FULL


class MenuTooDeep(DomainError):
    code = "portal.menu_too_deep"
    message = phrases.MENU_TOO_DEEP


class LinksFull(DomainError):
    code = "portal.links_full"
    message = phrases.LINKS_FULL


class LinkTwice(DomainError):
    code = "portal.link_twice"
    message = phrases.LINK_TWICE


class AltMissing(DomainError):
    code = "portal.alt_missing"
    message = phrases.ALT_MISSING


class DatesReversed(DomainError):
    code = "portal.dates_reversed"
    message = phrases.DATES_REVERSED


class NotAnImage(DomainError):
    code = "portal.not_an_image"
    message = phrases.NOT_AN_IMAGE


class YearNotOffered(DomainError):
    code = "portal.year_not_offered"
    message = phrases.YEAR_NOT_OFFERED
