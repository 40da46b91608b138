"""Reading an address once without keeping anything, so that a person sees what a source would bring."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from congtruong.core import http
from congtruong.feeds.pipeline.child import Bounds, read_document
from congtruong.feeds.pipeline.decide import fold_category, repeated_share
from congtruong.feeds.pipeline.discovery import Named, feeds_named
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import REPAIRS, Document, Entry
from congtruong.feeds.rules import problems
from congtruong.feeds.rules.hosts import host_of

# A person waits for it: 15 seconds to fetch, 12 to read.
_LIMITS = http.Limits(connect_seconds=8, total_seconds=15)
_BOUNDS = Bounds(seconds=12)
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"
_OLD = timedelta(days=180)
_MOST_CATEGORIES = 50
_BAD_GUIDS = 0.05
_FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed", "cdf": "CDF"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: a document with notes for people, or feeds that the page names, or why there is nothing."""

    url: str
    document: Document | None = None
    warnings: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    categories: tuple[tuple[str, int], ...] = ()
    newest: datetime | None = None
    named: tuple[Named, ...] = ()
    code: str = ""
    problem: str = ""
    is_page: bool = False

    @property
    def format_name(self) -> str:
        if self.document is None:
            return ""
        words = self.document.format
        letters = words.rstrip("0123456789")
        number = ".".join(words[len(letters) :])
        return f"{_FORMATS.get(letters, letters.upper())} {number}".strip()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.document.entries if self.document is not None else ()


def try_address(url: str, *, now: datetime) -> Trial:
    """Fetch and read `url`, an address of a feed or of an ordinary page; within half a minute; never raises."""
    try:
        reply = http.fetch(url, accept=_ACCEPT, limits=_LIMITS, allow=tuple(settings.FETCH_ALLOW))
    except http.FetchError as error:
        return Trial(url, code=_code(error), problem=_sentence(error))
    try:
        document = read_document(reply.body, content_type=reply.content_type, url=reply.url, now=now, bounds=_BOUNDS)
    except ParseError as error:
        return _no_feed(url, reply, error)
    where = reply.permanent_url or url
    dated = [entry.published for entry in document.entries if entry.published is not None]
    return Trial(
        where,
        document,
        warnings=tuple(_warnings(document, url, where, now)),
        repairs=tuple(_repairs(document)),
        categories=tuple(_categories(document)),
        newest=max(dated, default=None),
    )


def _no_feed(url: str, reply: http.Fetched, error: ParseError) -> Trial:
    if problems.is_login_page(reply.body):
        return Trial(url, code="login_page", problem=problems.MESSAGES["login_page"])
    if error.code == "html_page":
        named = feeds_named(reply.body, url=reply.url)
        return Trial(url, named=tuple(named), code=error.code, problem=error.message, is_page=True)
    return Trial(url, code=error.code, problem=error.message)


def _code(error: http.FetchError) -> str:
    return problems.code_of_status(error.status) if error.code == "http_status" else error.code


def _sentence(error: http.FetchError) -> str:
    # Nothing is kept yet, so nothing is read again by itself.
    return error.message.replace("Hệ thống sẽ tự đọc lại sau.", "Hãy thử lại sau ít phút.").replace(
        "Hệ thống sẽ tự đọc lại.", "Hãy thử lại sau ít phút."
    )


def _repairs(document: Document) -> Iterator[str]:
    counted = Counter(name for entry in document.entries for name in set(entry.repairs))
    for name in document.repairs:
        if name in REPAIRS and name not in counted:
            yield REPAIRS[name]
    for name, count in counted.items():
        if name in REPAIRS and name not in {"date_unreadable", "link_missing"}:
            yield f"{REPAIRS[name]} ({count} tin)"


def _warnings(document: Document, typed: str, where: str, now: datetime) -> Iterator[str]:
    entries, count = document.entries, len(document.entries)
    if not entries:
        yield "Kênh chưa có tin nào. Thầy/Cô vẫn dùng được; tin sẽ hiện khi nguồn đăng."
        return
    if where != typed:
        yield f"Nguồn đã chuyển hẳn sang địa chỉ {where}; hệ thống sẽ dùng địa chỉ này."
    if where.startswith("http://"):
        yield (
            "Địa chỉ bắt đầu bằng http:// nên nội dung có thể bị sửa trên đường truyền. "
            "Nếu trang nguồn có https://, hãy dùng địa chỉ đó."
        )
    if undated := sum(1 for entry in entries if entry.published is None):
        yield f"{undated} trong {count} tin không đọc được ngày đăng; những tin này sẽ mang ngày hệ thống nhận được."
    if unlinked := sum(1 for entry in entries if not entry.link):
        yield f"{unlinked} tin không có liên kết về trang nguồn."
    if unnamed := sum(1 for entry in entries if not entry.guid):
        yield f"{unnamed} tin không có mã riêng (guid); hệ thống nhận biết tin theo liên kết hoặc tiêu đề."
    if repeated_share(entries) > _BAD_GUIDS:
        yield "Nhiều tin dùng chung một mã (guid); hệ thống sẽ nhận biết tin theo liên kết và tiêu đề."
    newest = max((entry.published for entry in entries if entry.published is not None), default=None)
    if newest is not None and now - newest > _OLD:
        yield "Tin mới nhất đã cũ hơn sáu tháng. Có thể nguồn không dùng kênh này nữa."


def _categories(document: Document) -> list[tuple[str, int]]:
    """Categories as the source writes them, the most frequent first, with how many items name them."""
    names: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for entry in document.entries:
        for key, name in {fold_category(one): one for one in entry.categories}.items():
            if key and len(key) <= 200:
                names.setdefault(key, name[:200])
                counted[key] += 1
    return [(names[key], count) for key, count in counted.most_common(_MOST_CATEGORIES)]


def home_of(url: str, document: Document | None) -> str:
    """The home page to suggest for a feed: the one it names when it is on the same host, else that of its host."""
    link = document.link if document is not None else ""
    parts = urlsplit(url)
    return link if link and host_of(link) == host_of(url) else f"{parts.scheme}://{parts.netloc}/"
