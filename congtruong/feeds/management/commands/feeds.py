"""`congtruong feeds read`: one document through the whole intake, nothing stored; works without a database."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from congtruong.core import clock
from congtruong.core.http import FetchError, Limits, fetch
from congtruong.core.sanitize import plain_text
from congtruong.core.text import shorten
from congtruong.feeds.pipeline.child import read_record
from congtruong.feeds.pipeline.errors import ParseError
from congtruong.feeds.pipeline.model import REPAIRS
from congtruong.units.management.usage import SentenceCommand

_READ = "read"
_NO_FILE = "Không đọc được tệp “{}”. Hãy kiểm tra lại đường dẫn và quyền đọc tệp."
_UNKNOWN_DATE = "không rõ ngày"


@dataclass(frozen=True, slots=True)
class _Body:
    content: bytes
    content_type: str
    url: str


class _Refused(Exception):
    """What keeps a document from being read: a code for programs, a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


class Command(SentenceCommand):
    help = "Đọc thử một kênh tin (RSS, Atom hoặc JSON Feed) từ tệp hoặc địa chỉ, không lưu gì."
    usage = (
        "Cách dùng: congtruong feeds read TỆP_HOẶC_ĐỊA_CHỈ [--content-type LOẠI] [--url ĐỊA_CHỈ] [--json], "
        "ví dụ: congtruong feeds read https://truong.edu.vn/rss --json"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=[_READ], help="việc cần làm: read (đọc thử)")
        parser.add_argument("place", help="tệp hoặc địa chỉ http(s) của kênh tin")
        parser.add_argument("--content-type", default="", help="kiểu nội dung mà máy chủ nguồn trả về, nếu biết")
        parser.add_argument("--url", default="", help="địa chỉ của kênh tin, để hiểu các liên kết tương đối trong tệp")
        parser.add_argument("--json", action="store_true", dest="as_json", help="in kết quả dạng JSON")

    def handle(self, *_args: Any, place: str, content_type: str, url: str, as_json: bool, **_options: Any) -> None:
        try:
            body = _body(place, content_type=content_type, url=url)
            record = read_record(body.content, content_type=body.content_type, url=body.url, now=clock.now())
        except (_Refused, FetchError, ParseError) as error:
            if as_json:
                self.stdout.write(json.dumps({"error": error.code, "message": error.message}, ensure_ascii=False))
            self.refuse(error.message)
        self.stdout.write(json.dumps(record, ensure_ascii=False) if as_json else _as_report(record))


def _body(place: str, *, content_type: str, url: str) -> _Body:
    if place.lower().startswith(("http://", "https://")):
        reply = fetch(place, allow=tuple(settings.FETCH_ALLOW))
        return _Body(reply.body, content_type or reply.content_type, url or reply.url)
    most = Limits().most_bytes
    try:
        with Path(place).open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise _Refused("no_file", _NO_FILE.format(place)) from error
    if len(content) > most:
        raise ParseError("too_large")
    return _Body(content, content_type, url)


def _as_report(record: dict[str, Any]) -> str:
    feed, entries = record["feed"], record["entries"]
    lines = [
        f"Kênh tin: {_title(feed) or '(không có tên)'}",
        f"Trang nguồn: {feed['link'] or '(không ghi)'}",
        f"Định dạng: {record['format']}, bảng mã: {record['encoding']}",
        f"Số tin: {len(entries)}",
    ]
    lines += [f"Đã sửa khi đọc: {REPAIRS[key]}" for key in record["repairs"] if key in REPAIRS]
    for number, entry in enumerate(entries, start=1):
        title = _title(entry) or "(không có tiêu đề)"
        lines.append(f"{number:3}. {_day(entry['published'] or entry['updated']):16}  {title}")
        lines.append(f"     {entry['link'] or '(không có liên kết)'}")
    return "\n".join(lines)


def _title(node: dict[str, Any]) -> str:
    title = node["title"] or ""
    return shorten(plain_text(title) if node["title_kind"] == "html" else title, 100)


def _day(instant: str | None) -> str:
    if instant is None:
        return _UNKNOWN_DATE
    return f"{datetime.fromisoformat(instant).astimezone(clock.VIETNAM):%d/%m/%Y %H:%M}"
