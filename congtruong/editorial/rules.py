"""Rules on posts and documents; pure."""

from collections.abc import Set
from datetime import date

from congtruong.editorial.enums import State, Validity
from congtruong.units.rules.duties import Act

# What a writer may change; in the other states only who approves may.
_OPEN_TO_WRITERS = frozenset({State.DRAFT, State.RETURNED, State.PUBLISHED, State.WITHDRAWN, State.EXPIRED})
# From which states each step may be taken.
_STEPS: dict[str, frozenset[State]] = {
    "submit": frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN, State.EXPIRED}),
    "recall": frozenset({State.SUBMITTED}),
    "return": frozenset({State.SUBMITTED, State.APPROVED, State.SCHEDULED}),
    "approve": frozenset(State) - {State.PUBLISHED, State.ARCHIVED},
    "archive": frozenset({State.DRAFT, State.RETURNED, State.WITHDRAWN, State.EXPIRED}),
    "reopen": frozenset({State.ARCHIVED}),
}
_BY_WRITERS = frozenset({"submit", "recall"})


def validity(*, on: date, issued_on: date | None, effective_on: date | None, expires_on: date | None) -> Validity:
    """State of a document on a day. Without an effective date a document is in force from its issue."""
    start = effective_on or issued_on
    if start is None:
        return Validity.UNKNOWN
    if on < start:
        return Validity.NOT_YET
    if expires_on is not None and on > expires_on:
        return Validity.ENDED
    return Validity.IN_FORCE


def may_edit(state: State, acts: Set[Act]) -> bool:
    """May the working copy of a post in this state be changed?"""
    if Act.APPROVE in acts:
        return state != State.ARCHIVED
    return Act.WRITE in acts and state in _OPEN_TO_WRITERS


def may_take(step: str, state: State, acts: Set[Act]) -> bool:
    """May this step of the workflow be taken from this state by this person?

    Steps: submit, recall, return, approve (also publishes), archive, reopen.
    """
    needed = Act.WRITE if step in _BY_WRITERS else Act.APPROVE
    return needed in acts and state in _STEPS[step]


def state_after_saving(state: State) -> State:
    """A change to what was finished begins a new draft; the public goes on seeing the old version."""
    finished = {State.PUBLISHED, State.WITHDRAWN, State.EXPIRED}
    return State.DRAFT if state in finished else state
