"""Rules on published content; pure."""


def search_scope(unit_id: int, *, is_broadcast: bool) -> str:
    """Marker words that let the text index itself keep units apart."""
    return f"{own_marker(unit_id)} {broadcast_marker(unit_id)}" if is_broadcast else own_marker(unit_id)


def own_marker(unit_id: int) -> str:
    """Word on every entry of a unit."""
    return f"qown{unit_id}"


def broadcast_marker(unit_id: int) -> str:
    """Word on the entries that units below may see."""
    return f"qall{unit_id}"
