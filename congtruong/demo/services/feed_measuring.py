"""The pipeline of feeds beside bare feedparser on the same documents, in one process, without network."""

import io
import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial

import feedparser

from congtruong.core import clock
from congtruong.demo.services.figures import Figure
from congtruong.feeds.pipeline.decode import decode
from congtruong.feeds.pipeline.parse import parse

_ITEMS = 50
_URL = "https://so.example.vn/rss/tin-tuc"
_VOCABULARY = (
    "tuyển sinh lớp sáu thông báo lịch kiểm tra học kỳ phụ huynh bán trú thực đơn văn bản hướng dẫn kế hoạch Đà Nẵng"
    " thư viện ngày hội đọc sách câu lạc bộ bóng đá khai giảng tri ân nhà giáo an toàn giao thông sức khỏe học đường"
)
_WORDS = _VOCABULARY.split()


def feed_figures(rounds: int) -> Iterator[Figure]:
    """Items a second, from bytes to sanitised documents; the reference only parses. Both in time of the processor."""
    for name, has_content in (("tin 0,8 KB", False), ("tin 2,7 KB đủ nội dung", True)):
        body = vietnamese_rss(has_content=has_content)
        ours, bare = _interleaved(partial(_pipeline, body), partial(_bare, body), rounds)
        yield Figure(
            f"đọc kênh tin, {name}", _ITEMS / ours, _ITEMS / bare, "tin/s", "chỉ phân tích bằng feedparser", "-"
        )


def vietnamese_rss(*, has_content: bool, items: int = _ITEMS) -> bytes:
    """A feed as portals write it: about 0.8 KB an item, or 2.7 KB with full content."""
    chance = random.Random(2326)  # noqa: S311 - the same document at every run
    written = "".join(_item(number, chance, has_content=has_content) for number in range(items))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<title>Tin tức của Sở GD&amp;ĐT (mẫu)</title><link>https://so.example.vn/</link>"
        f"<description>Tin mới</description><ttl>60</ttl>{written}</channel></rss>"
    ).encode()


def _item(number: int, chance: random.Random, *, has_content: bool) -> str:
    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS, k=count))

    summary = (
        f'<p><img src="/uploads/{number}.jpg" alt="{words(4)}" width="600"/><b>{words(5)}</b> {words(45)}</p>'
        f'<p>{words(8)} <a href="/van-ban/{number}.pdf">{words(4)}</a></p>'
    )
    full = "".join(
        f'<p style="text-align:justify">{words(36)} <strong>{words(3)}</strong> {words(24)}</p>' for _ in range(4)
    )
    content = f'{full}<p><a href="/tai-lieu/{number}.docx">{words(4)}</a></p>'
    return (
        f"<item><title>{words(10)}</title><link>https://so.example.vn/tin/{number}.html</link>"
        f'<guid isPermaLink="false">news_{number}</guid><category>{words(2)}</category>'
        f"<pubDate>Fri, 06 Oct 2023 {number % 24:02}:10:00 +0700</pubDate>"
        f"<description><![CDATA[{summary}]]></description>"
        + (f"<content:encoded><![CDATA[{content}]]></content:encoded>" if has_content else "")
        + "</item>"
    )


def _pipeline(body: bytes) -> object:
    return parse(decode(body, "text/xml; charset=utf-8"), url=_URL, now=clock.now())


def _bare(body: bytes) -> object:
    return feedparser.parse(io.BytesIO(body), sanitize_html=False)


def _interleaved(subject: Callable[[], object], reference: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Medians in seconds of processor time: neighbours on the same machine do not count."""
    times: tuple[list[float], list[float]] = ([], [])
    subject(), reference()
    for _ in range(rounds):
        for collected, work in zip(times, (subject, reference), strict=True):
            started = time.process_time()
            work()
            collected.append(time.process_time() - started)
    return statistics.median(times[0]), statistics.median(times[1])
