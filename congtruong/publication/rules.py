"""Rules on published content; pure."""


def search_scope(unit_id: int, *, is_broadcast: bool) -> str:
    """Marker words that let the text index itself keep units apart.

    They begin with a letter that folding never leaves, so that no visitor's word, nor the beginning of one, meets them.
    """
    return f"{own_marker(unit_id)} {broadcast_marker(unit_id)}" if is_broadcast else own_marker(unit_id)


def own_marker(unit_id: int) -> str:
    """Word on every entry of a unit."""
    return f"đown{unit_id}"


def broadcast_marker(unit_id: int) -> str:
    """Word on the entries that units below may see."""
    return f"đall{unit_id}"


def is_wider(
    *,
    was_broadcast: bool,
    was_targeted: bool,
    old_levels: int,
    is_broadcast: bool,
    is_targeted: bool,
    new_levels: int,
) -> bool:
    """May units see it now that did not before, other than by being named one by one? No levels are all levels."""
    if not is_broadcast:
        return False
    if not was_broadcast or (was_targeted and not is_targeted):
        return True
    return bool(old_levels) and (not new_levels or bool(new_levels & ~old_levels))
