"""The main job on the running system, with processes killed on the way."""

import os
import signal
import uuid
from collections.abc import Callable

import psutil
import pytest

from congtruong.demo.data.accounts import PASSWORD
from congtruong.demo.upstream import add_item
from tests.e2e.conftest import Demo, Visit, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]
HOSTS = ("thcshoaphuong.tinhmau.edu.vn", "mn195.hcm.edu.vn", "giaoduc.tantao.hochiminhcity.gov.vn")


def publish(demo: Demo) -> str:
    title = f"Thông báo {uuid.uuid4().hex[:8]} của Sở mẫu"
    add_item(demo.folder / "so-mau", "thong-bao", title, "Nội dung.")
    return title


def stands_everywhere(demo: Demo, title: str) -> bool:
    return all(title in demo.get(host)[1] for host in HOSTS)


def test_announcement_of_the_department_stands_on_home_pages(demo: Demo) -> None:
    title = publish(demo)

    wait_until(lambda: stands_everywhere(demo, title), "the item on the home pages")


@pytest.mark.parametrize("victim", ["worker", "scheduler", "congtruong.core.web", "demo_upstream"])
def test_killed_process_comes_back_and_nothing_is_lost_or_doubled(demo: Demo, victim: str) -> None:
    wait_until(lambda: _alive(demo, victim), victim)
    title = publish(demo)

    os.kill(demo.child(victim).pid, signal.SIGKILL)

    wait_until(lambda: _answers(demo) and stands_everywhere(demo, title), "the item after the kill")
    listed = demo.get(HOSTS[0], "/thong-bao/nguon/cap-tren/")[1]
    assert listed.count(f">{title}<") == 1


def _alive(demo: Demo, command: str) -> bool:
    try:
        return bool(demo.child(command).is_running())
    except (StopIteration, psutil.NoSuchProcess):
        return False


def _answers(demo: Demo) -> bool:
    try:
        return demo.get(HOSTS[0])[0] == 200
    except OSError:
        return False


def test_operator_signs_in_on_a_phone_and_places_a_school(demo: Demo, visit: Callable[..., Visit]) -> None:
    page = visit(360).page
    page.goto(demo.url("localhost", "/quan-tri/"))
    page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill("vanhanh")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_role("link", name="Xem danh sách").click()

    page.get_by_label("Trường Mầm non 19/5").check()
    page.get_by_label("Phường quản lý các trường đã đánh dấu").select_option(label="UBND phường An Lạc")
    page.get_by_role("button", name="Ghi phường quản lý").click()

    assert "Đã ghi 1 trường thuộc Ủy ban nhân dân phường An Lạc." in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 361
    assert "Trường Mầm non 19/5" in demo.get("giaoduc.anlac.hochiminhcity.gov.vn", "/don-vi/")[1]
