"""What allauth asks us about the devices a person is signed in on."""

from collections.abc import Sequence
from typing import Any

from allauth.usersessions.adapter import DefaultUserSessionsAdapter

from congtruong.core import audit


class Adapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    def end_sessions(self, sessions: Sequence[Any]) -> None:
        super().end_sessions(sessions)
        if sessions:
            user = sessions[0].user
            audit.record(
                "accounts.session.ended",
                unit_id=None,
                subject=user.username,
                by=str(user),
                by_id=user.pk,
                count=len(sessions),
            )
