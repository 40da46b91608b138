"""An article that appears by itself, and one that leaves by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.conftest import Demo, wait_until
from tests.e2e.console import DESKTOP, HEAD, SCHOOL, Desk, public_path, unique

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def moment(desk: Desk, label: str, *, seconds: int) -> None:
    """A time that soon comes; people write minutes, the server takes seconds."""
    at = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(seconds=seconds)
    desk.page.get_by_label(label).fill(at.strftime("%Y-%m-%dT%H:%M:%S"))


def state_of(desk: Desk, post: int) -> str:
    desk.open(f"/quan-tri/bai-viet/{post}/")
    return desk.page.locator(".status").first.inner_text().strip()


def test_planned_article_appears_and_expired_one_leaves(desk: Callable[..., Desk], demo: Demo) -> None:
    title = unique("Thông báo nghỉ học một ngày")
    head = desk(HEAD, DESKTOP)
    post = head.begin()
    head.title(title)
    head.type("Học sinh nghỉ thứ Sáu, học lại thứ Hai.")
    head.page.get_by_text("Hẹn giờ", exact=True).click()
    moment(head, "Giờ, ngày đăng", seconds=12)
    head.button("Hẹn giờ đăng").click()
    assert title in head.said()
    assert "Đã hẹn đăng" in head.said()
    assert public_path(demo, title) is None

    wait_until(lambda: public_path(demo, title) is not None, "the planned article on the portal")
    path = public_path(demo, title)
    assert path is not None
    assert demo.get(SCHOOL, path)[0] == 200

    head.edit(post)
    head.page.get_by_text("Người viết, nguồn, năm học, ghim…").click()
    moment(head, "Tự gỡ xuống lúc", seconds=6)
    head.button("Đăng bản mới").click()
    assert title in head.said()
    wait_until(lambda: demo.get(SCHOOL, path)[0] == 404, "the expired article to leave")
    wait_until(lambda: public_path(demo, title) is None, "the list without the expired article")
    wait_until(lambda: state_of(head, post) == "Hết hạn", "the state of the expired article")
