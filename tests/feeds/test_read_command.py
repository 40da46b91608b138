import json
from pathlib import Path
from typing import Any

import pytest

from congtruong.core.http import Fetched, FetchError
from congtruong.feeds.management.commands import feeds
from congtruong.feeds.management.commands.feeds import Command

pytestmark = pytest.mark.integration

RSS = (
    "<rss version='2.0'><channel><title>Tin Sở</title><link>/</link>"
    "<item><title>Lễ khai giảng</title><link>/tin/1</link><pubDate>05/09/2023 8:00 SA</pubDate></item>"
    "<item><description>Chỉ có chữ</description></item></channel></rss>"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kenh.xml"
    path.write_bytes(b"\n" + RSS.encode())
    return path


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = 0
    try:
        Command().run_from_argv(["congtruong", "feeds", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_read_prints_the_record_of_a_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run("read", str(file), "--url", "https://so.example.vn/rss", "--json", capsys=capsys)
    record = json.loads(out)

    assert (code, err) == (0, "")
    assert (record["feed"]["title"], record["feed"]["link"]) == ("Tin Sở", "https://so.example.vn/")
    assert [entry["link"] for entry in record["entries"]] == ["https://so.example.vn/tin/1", None]
    assert record["repairs"] == ["blanks_removed"]


def test_read_takes_the_charset_from_the_content_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes("<rss version='2.0'><channel><title>Привет мир</title></channel></rss>".encode("koi8-r"))

    _, out, _ = run("read", str(path), "--content-type", "text/xml; charset=koi8-r", "--json", capsys=capsys)

    assert (json.loads(out)["feed"]["title"], json.loads(out)["encoding"]) == ("Привет мир", "koi8-r")


def test_read_tells_people_what_it_found(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run("read", str(file), capsys=capsys)

    assert code == 0
    assert out.splitlines() == [
        "Kênh tin: Tin Sở",
        "Trang nguồn: /",
        "Định dạng: rss20, bảng mã: utf-8",
        "Số tin: 2",
        "Đã sửa khi đọc: Đã bỏ dòng trống trước khai báo XML.",
        "  1. 05/09/2023 08:00  Lễ khai giảng",
        "     /tin/1",
        "  2. không rõ ngày     (không có tiêu đề)",
        "     (không có liên kết)",
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "empty"), (b"<html></html>", "html_page"), (b"xin chao", "not_feed"), (b"a" * (5 * 2**20 + 1), "too_large")],
)
def test_read_refuses_with_a_code_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: bytes, code: str
) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(body)

    status, out, err = run("read", str(path), "--json", capsys=capsys)
    answer = json.loads(out)

    assert (status, answer["error"]) == (2, code)
    assert err.strip() == answer["message"]


def test_read_says_that_a_file_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run("read", str(tmp_path / "khong-co.xml"), capsys=capsys)

    assert (status, out) == (2, "")
    assert err.startswith("Không đọc được tệp “")


@pytest.mark.parametrize("arguments", [(), ("read",), ("doc", "a.xml"), ("read", "a.xml", "--la")])
def test_read_explains_itself_in_vietnamese(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments, capsys=capsys) == (2, "", Command.usage + "\n")


def test_read_fetches_addresses_through_the_guarded_door(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, Any]] = []

    def answer(url: str, *, allow: Any) -> Fetched:
        asked.append((url, allow))
        return Fetched(url="https://so.example.vn/moi/rss", status=200, body=RSS.encode(), content_type="text/xml")

    monkeypatch.setattr(feeds, "fetch", answer)
    _, out, _ = run("read", "https://so.example.vn/rss", "--json", capsys=capsys)

    assert asked == [("https://so.example.vn/rss", ())]
    assert json.loads(out)["entries"][0]["link"] == "https://so.example.vn/tin/1"


def test_read_passes_on_why_a_fetch_failed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(url: str, *, allow: Any) -> Fetched:
        raise FetchError("dns", permanent=False, message="Không tìm thấy máy chủ.")

    monkeypatch.setattr(feeds, "fetch", refuse)
    status, out, err = run("read", "https://so.example.vn/rss", "--json", capsys=capsys)

    assert (status, err) == (2, "Không tìm thấy máy chủ.\n")
    assert json.loads(out) == {"error": "dns", "message": "Không tìm thấy máy chủ."}
