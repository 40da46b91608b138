import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date
from pathlib import Path

import pytest

from congtruong.core import clock
from congtruong.core.http import Fetched, FetchError, fetch
from congtruong.core.sanitize import plain_text
from congtruong.demo.upstream import FEED_PATHS, Upstream, add_item, correct_item, set_down, start
from congtruong.demo.upstream.store import published
from congtruong.feeds.pipeline.decide import AlsoIn, KnownItem, New, decide
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.model import Document
from congtruong.feeds.pipeline.parse import parse

pytestmark = pytest.mark.integration


@pytest.fixture
def upstream(tmp_path: Path) -> Iterator[Upstream]:
    running = start(port=0, state_dir=tmp_path / "state")
    yield running
    running.close()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def get(upstream: Upstream, path: str, last_modified: str = "") -> Fetched:
    return fetch(
        upstream.base_url + path, last_modified=last_modified, allow=[upstream.base_url.removeprefix("http://")]
    )


def read(upstream: Upstream, channel: str) -> Document:
    fetched = get(upstream, FEED_PATHS[channel])
    return parse(decode(fetched.body, fetched.content_type), url=fetched.url, now=clock.now())


@pytest.mark.parametrize(
    ("channel", "count", "repairs"),
    [
        ("tin-tuc", 11, ("blanks_removed",)),
        ("thong-bao", 11, ("blanks_removed",)),
        ("van-ban", 10, ()),
        ("thu-moi", 10, ()),
    ],
)
def test_feeds_hold_what_the_site_published(
    upstream: Upstream, state: Path, channel: str, count: int, repairs: tuple[str, ...]
) -> None:
    document = read(upstream, channel)

    expected = [(item.title, upstream.base_url + item.path) for item in published(state) if channel in item.channels]
    assert [(entry.title, entry.link) for entry in document.entries] == expected
    assert (len(document.entries), document.repairs) == (count, repairs)


def test_shipped_items_lie_in_the_autumn_of_2026(state: Path) -> None:
    days = {clock.day_of(item.instant) for item in published(state)}

    assert [day for day in days if not date(2026, 9, 1) <= day <= date(2026, 11, 22)] == []


def test_shipped_items_name_no_real_documents(state: Path) -> None:
    items = published(state)
    symbols = [
        symbol
        for item in items
        for symbol in re.findall(r"\d+/[\wĐ-]*SGDĐT[\w-]*", " ".join((item.title, item.summary, *item.body)))
    ]

    assert [symbol for symbol in symbols if not symbol.endswith("-MAU")] == []
    assert len(symbols) == len([item for item in items if item.symbol])


def test_news_feed_writes_the_month_for_the_minute(upstream: Upstream, state: Path) -> None:
    read_dates = [entry.published for entry in read(upstream, "tin-tuc").entries]

    instants = [item.instant.astimezone(UTC) for item in published(state) if "tin-tuc" in item.channels]
    assert read_dates == [instant.replace(minute=instant.month) for instant in instants]


@pytest.mark.parametrize("channel", ["van-ban", "thu-moi"])
def test_other_feeds_give_the_right_minute(upstream: Upstream, state: Path, channel: str) -> None:
    read_dates = [entry.published for entry in read(upstream, channel).entries]

    assert read_dates == [item.instant for item in published(state) if channel in item.channels]


def test_news_feed_has_the_habits_of_its_cms(upstream: Upstream) -> None:
    first = get(upstream, FEED_PATHS["tin-tuc"])
    second = get(upstream, FEED_PATHS["tin-tuc"], last_modified=first.last_modified)

    assert first.body.startswith(b"\n\n<?xml")
    assert (first.last_modified, second.status, second.body) == ("Mon, 26 Jul 1997 05:00:00 GMT", 200, first.body)
    assert [entry.guid for entry in read(upstream, "tin-tuc").entries][:3] == ["news_205", "news_201", "news_198"]


def test_invitations_answer_not_modified_until_something_is_new(upstream: Upstream, state: Path) -> None:
    path = FEED_PATHS["thu-moi"]
    first = get(upstream, path)

    again = get(upstream, path, last_modified=first.last_modified)
    link = add_item(state, "thu-moi", "Thư mời họp đột xuất", "8 giờ ngày mai")
    after = get(upstream, path, last_modified=first.last_modified)

    assert (again.status, again.body) == (304, b"")
    assert after.status == 200
    assert read(upstream, "thu-moi").entries[0].link == link


def test_invitations_ignore_a_date_that_is_none(upstream: Upstream) -> None:
    assert get(upstream, FEED_PATHS["thu-moi"], last_modified="hom qua").status == 200


def test_unknown_pages_are_not_found(upstream: Upstream) -> None:
    with pytest.raises(FetchError) as caught:
        get(upstream, "/rss.aspx?kt=tt")

    assert caught.value.status == 404


def test_documents_carry_labelled_fields(upstream: Upstream) -> None:
    entry = read(upstream, "van-ban").entries[0]

    assert entry.guid == ""
    assert plain_text(entry.content.split("</p>")[0]) == "Số/Ký hiệu: 131/SGDĐT-MAU"


def test_items_repeated_in_a_second_feed_are_recognised(upstream: Upstream) -> None:
    news = read(upstream, "tin-tuc").entries
    first = decide(news, [], channel="tin-tuc")
    known = [
        KnownItem(number, "", one.link, one.entry.title, one.content_hash, "", is_origin=False)
        for number, one in enumerate(first)
        if isinstance(one, New)
    ]

    second = decide(read(upstream, "thong-bao").entries, known, channel="thong-bao")

    assert len(known) == 11
    assert [one.key for one in second if isinstance(one, AlsoIn)] == ["g:news_205", "g:news_198"]


@pytest.mark.parametrize("channel", FEED_PATHS)
def test_pages_show_the_item(upstream: Upstream, channel: str) -> None:
    for entry in read(upstream, channel).entries:
        page = get(upstream, entry.link.removeprefix(upstream.base_url))

        assert page.content_type == "text/html; charset=utf-8"
        heading = re.search(r"<h1>(.*?)</h1>", page.body.decode())
        assert heading is not None
        assert plain_text(heading.group(1)) == entry.title


@pytest.mark.parametrize("channel", FEED_PATHS)
def test_add_item_is_seen_by_the_next_request(upstream: Upstream, state: Path, channel: str) -> None:
    title = 'Khẩn: nghỉ học "tránh bão" & mưa <lớn>'

    link = add_item(state, channel, title, "Dòng một.\nDòng hai.")

    entry = read(upstream, channel).entries[0]
    assert (entry.title, entry.link, entry.published is not None) == (title, link, True)
    assert get(upstream, link.removeprefix(upstream.base_url)).status == 200


def test_add_item_loses_nothing_when_several_write(upstream: Upstream, state: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        links = list(pool.map(lambda n: add_item(state, "thong-bao", f"Tin {n}", "x"), range(24)))

    assert len(set(links)) == 24
    assert {entry.link for entry in read(upstream, "thong-bao").entries} >= set(links)
    assert len(read(upstream, "thong-bao").entries) == 30


def test_add_item_refuses_unknown_channels(upstream: Upstream, state: Path) -> None:
    with pytest.raises(ValueError, match="gioi-thieu"):
        add_item(state, "gioi-thieu", "x", "y")


def test_added_items_outlive_the_server(state: Path) -> None:
    first = start(port=0, state_dir=state)
    add_item(state, "tin-tuc", "Tin còn lại", "x")
    first.close()

    second = start(port=0, state_dir=state)
    titles = [entry.title for entry in read(second, "tin-tuc").entries]
    second.close()

    assert titles[0] == "Tin còn lại"


def test_health_and_front_page_answer(upstream: Upstream) -> None:
    assert get(upstream, "/suc-khoe").body == b"ok"
    assert [path for path in FEED_PATHS.values() if path not in get(upstream, "/").body.decode()] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_serves_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    state = tmp_path / "state"
    environment = os.environ | {
        "CONGTRUONG_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "DJANGO_SETTINGS_MODULE": "congtruong.config.test_settings",
    }
    command = [sys.executable, "-m", "django", "demo_upstream", "--port", "0", "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        assert process.stdout is not None
        base = process.stdout.readline().split(": ")[1].strip().rstrip("/")
        link = add_item(state, "tin-tuc", "Tin từ tiến trình khác", "x")
        page = fetch(link, allow=[base.removeprefix("http://")])
        process.send_signal(number)
        rest = process.stdout.read().splitlines()
        watchdog.cancel()

    assert (page.status, link.startswith(base)) == (200, True)
    assert (process.returncode, rest[-1]) == (0, "Đã dừng.")


def test_a_correction_keeps_address_and_guid(upstream: Upstream, state: Path) -> None:
    link = add_item(state, "thong-bao", "Thông báo lịch hợp", "Họp lúc 8 giờ.")
    before = read(upstream, "thong-bao").entries[0]

    correct_item(state, link, "Thông báo lịch họp", "Họp lúc 9 giờ.")

    after = read(upstream, "thong-bao").entries[0]
    assert (before.title, after.title) == ("Thông báo lịch hợp", "Thông báo lịch họp")
    assert (after.link, after.guid, after.published) == (link, before.guid, before.published)
    assert get(upstream, link.removeprefix(upstream.base_url)).status == 200


def test_shipped_items_are_not_corrected(upstream: Upstream, state: Path) -> None:
    with pytest.raises(KeyError):
        correct_item(state, read(upstream, "thong-bao").entries[-1].link, "x", "y")


def test_a_feed_that_is_down_answers_500_until_it_is_up(upstream: Upstream, state: Path) -> None:
    set_down(state, "van-ban", is_down=True)
    set_down(state, "van-ban", is_down=True)

    with pytest.raises(FetchError) as caught:
        get(upstream, FEED_PATHS["van-ban"])
    others = [get(upstream, path).status for channel, path in FEED_PATHS.items() if channel != "van-ban"]
    set_down(state, "van-ban", is_down=False)

    assert (caught.value.status, others) == (500, [200, 200, 200])
    assert get(upstream, FEED_PATHS["van-ban"]).status == 200


def test_pictures_of_the_news_are_served(upstream: Upstream) -> None:
    body = get(upstream, FEED_PATHS["tin-tuc"]).body.decode()

    paths = re.findall(r'<img src="(/uploads/[a-z0-9-]+\.webp)" alt="[^"]+" />', body)
    replies = [get(upstream, path) for path in paths]
    assert len(paths) == 3
    assert {(reply.content_type, reply.body[:4]) for reply in replies} == {("image/webp", b"RIFF")}
