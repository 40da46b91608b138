"""The measurement itself: it must fail when something is lost, so it is run small."""

import pytest

from congtruong.core.http import Limits
from congtruong.demo.services.poll_measuring import child_figures, poll_figures
from congtruong.feeds.services import attempting

pytestmark = [pytest.mark.integration]


@pytest.mark.django_db
def test_poll_figures_reads_everything_beside_hostile_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempting, "LIMITS", Limits(total_seconds=1))

    figures = poll_figures(feeds=40)

    assert [figure.unit for figure in figures] == ["s CPU", "s CPU", "s CPU", "s CPU", "s"]
    assert all(figure.value > 0 and figure.reference > 0 for figure in figures)


def test_child_figures_measures_one_child() -> None:
    time, memory = child_figures(documents=200)

    assert (time.unit, memory.unit) == ("ms", "MiB")
    assert memory.value > 0
