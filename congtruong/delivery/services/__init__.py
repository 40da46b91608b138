"""What authorities ask of the units below them, and what these answer."""

from congtruong.delivery.services.asking import ask, stop_asking
from congtruong.delivery.services.receiving import confirm, note_seen, reply

__all__ = ["ask", "confirm", "note_seen", "reply", "stop_asking"]
