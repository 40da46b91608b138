"""Many hosts failing at once is our own line."""

import pytest

from congtruong.feeds.rules.outages import is_ours
from congtruong.feeds.rules.problems import code_of_status, is_login_page

pytestmark = pytest.mark.unit


def results(reached: int, failed: int) -> list[tuple[str, bool]]:
    return [(f"tot{n}.vn", False) for n in range(reached)] + [(f"loi{n}.vn", True) for n in range(failed)]


@pytest.mark.parametrize(
    ("reached", "failed", "ours"),
    [(0, 0, False), (0, 2, False), (0, 3, True), (7, 3, False), (6, 3, True), (1000, 400, False), (1000, 429, True)],
)
def test_more_than_thirty_percent_of_hosts(reached: int, failed: int, ours: bool) -> None:
    assert is_ours(results(reached, failed)) is ours


def test_hosts_are_counted_not_feeds() -> None:
    assert not is_ours([("mot.vn", True)] * 50 + results(3, 0))
    assert not is_ours([*results(0, 3), *((f"loi{n}.vn", False) for n in range(3))])


def test_states_of_refusals_and_login_pages() -> None:
    assert [code_of_status(status) for status in (410, 429, 503, 500, 404, None)] == [
        "gone",
        "asked_to_wait",
        "asked_to_wait",
        "http_status",
        "http_status",
        "http_status",
    ]
    assert is_login_page(b"<html><form><input TYPE='Password' name=p>")
    assert not is_login_page(b"<html><p>type password</p>")
