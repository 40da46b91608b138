"""What higher parts of the product tell publication at start-up: who hears of changes, and what may not be hidden."""

from collections.abc import Callable

from congtruong.publication.enums import EntryKind

MustStay = Callable[[int, EntryKind, int], bool]
_consumers: list[str] = []
_checks: list[MustStay] = []


def change_consumer(name: str) -> str:
    """From now on every change is noted in `Change` for this consumer, which deletes what it has handled."""
    if name not in _consumers:
        _consumers.append(name)
    return name


def consumers() -> tuple[str, ...]:
    """Who hears of changes; with nobody nothing is noted and nothing asked."""
    return tuple(_consumers)


def keeps_visible(check: MustStay) -> MustStay:
    """Ask this function, with owner, kind and id of an object, whether units may not hide it."""
    _checks.append(check)
    return check


def must_stay(owner_id: int, kind: EntryKind, object_id: int) -> bool:
    return any(check(owner_id, kind, object_id) for check in _checks)
