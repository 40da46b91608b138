"""The writing modules in a real browser, in front of a server that behaves as the test says."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, Route, expect

from congtruong.core.middleware import VIDEO_POLICY, WRITING_POLICY
from congtruong.core.sanitize import clean_article
from congtruong.editorial.pipeline.body import for_public, from_editor
from tests.e2e.conftest import Visit
from tests.e2e.test_public_pages import violations

pytestmark = [pytest.mark.e2e, pytest.mark.standalone, pytest.mark.xdist_group("editor")]

STATIC = Path(__file__).resolve().parents[2] / "congtruong" / "static"
PASTE = Path(__file__).resolve().parents[1] / "data" / "paste"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
IMAGE = STATIC / "img" / "truong.svg"
EDIT = "/tai/a.edu.vn/quan-tri/bai-viet/7/"
FILES = "/tai/a.edu.vn/quan-tri/tep/"
VIDEO_STYLES = ("tokens", "base", "components/button", "components/video")
SYMBOLS = (
    '<svg class="sprite" aria-hidden="true"><defs>'
    '<symbol id="i-check" viewBox="0 0 24 24"><path d="m4.5 12.5 5 5L20 7"/></symbol>'
    '<symbol id="i-alert" viewBox="0 0 24 24"><path d="M12 3.5 22 20.5H2z"/></symbol></defs></svg>'
)
ICON = '<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>'


@dataclass
class Backend:
    """What the server says, and what it was told."""

    base: str = ""
    mode: str = "ok"
    version: int = 3
    body: str = "<h2>Tám gian, tám cách kể</h2><p>Mỗi lớp chọn một quyển sách.</p>"
    title: str = "Ngày hội đọc sách"
    page: str = ""
    csrf: str = "khoa-1"
    saves: list[dict[str, str]] = field(default_factory=list)
    heartbeats: int = 0
    uploads: list[str] = field(default_factory=list)
    with_children: list[bool] = field(default_factory=list)
    submits: list[dict[str, str]] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    checks: dict[str, Any] | None = None

    def html(self) -> str:
        parts = json.loads((STATIC / "css" / "bundles.json").read_text())["console"]
        styles = "".join(f'<link rel="stylesheet" href="/static/{part}">' for part in parts)
        body = self.body.replace("&", "&amp;").replace("<", "&lt;")
        icons = ICON.format("check") + ICON.format("alert")
        return f"""<!doctype html><html lang="vi" data-theme="cham"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Soạn bài</title>{styles}
<link rel="stylesheet" href="/static/vendor/ckeditor5/ckeditor.css"></head><body class="console">{SYMBOLS}
<main class="shell-main"><div class="shell-head"><h1>Soạn bài</h1>
<span class="saved" data-saved role="status">{icons}<span data-saved-text></span></span></div>
<form method="post" action="{EDIT}gui/" data-editor data-autosave="{EDIT}luu/" data-draft-key="an:1:7"
 data-upload="{EDIT}tai/" data-picker="{EDIT}chon/" data-links="{EDIT}lien-ket/" data-takeover="{EDIT}lay-lai/"
 data-release="{EDIT}nha/" data-session="/quan-tri/phien/" data-signin="/quan-tri/dang-nhap/">
<input type="hidden" name="csrfmiddlewaretoken" value="{self.csrf}"><input type="hidden" name="version"
 value="{self.version}"><input type="hidden" name="lock" value="khoa-sua"><div class="editor">
<div class="field"><label for="td">Tiêu đề</label><textarea class="input editor-title" id="td" name="title"
 rows="2">{self.title}</textarea></div>
<div class="field"><label for="nd">Nội dung</label><textarea class="input" id="nd" name="body" rows="12" data-rich
 required aria-describedby="goi-y">{body}</textarea><p class="hint" id="goi-y">Dán từ Word: bảng được giữ.</p></div>
<label class="choice"><input type="checkbox" name="children" value="1"><span>Có hình học sinh</span></label></div>
<p data-checks-when>Kiểm tra lúc mở trang này.</p><p class="sr" role="status" data-checks-said></p>
<div data-checks><ul class="checks"><li>Chưa có tiêu đề <a href="#td">Sửa</a></li></ul></div>
<div class="field" data-checks-reason hidden><label for="ly-do">Lý do vẫn đăng <span data-checks-optional>(không bắt
 buộc)</span></label><textarea class="input" id="ly-do" name="guard_reason"></textarea></div>
<div class="actions"><button class="btn">Gửi duyệt</button></div></form></main>
<script type="module" src="/static/js/editor/main.js"></script></body></html>"""

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, Any]:
        if path.endswith("/luu/"):
            return self._autosave(form)
        if path.endswith("/lay-lai/"):
            self.mode = "ok"
            return 200, {"version": self.version, "lock": "khoa-moi"}
        if path.endswith("/nha/"):
            self.released.append(form["lock"])
            return 204, ""
        if path.endswith("/tai/"):
            if self.mode == "too-large":
                return 413, {"message": "Ảnh lớn hơn 20 MB. Thầy/Cô chọn ảnh nhỏ hơn."}
            self.uploads.append(form["file"])
            self.with_children.append(form.get("children") == "on")
            return 201, picture(f"K{len(self.uploads)}", "")
        if path.endswith("/gui/"):
            self.submits.append(form)
            return 200, "<!doctype html><title>Đã gửi</title>"
        return 404, {}

    def _autosave(self, form: dict[str, str]) -> tuple[int, Any]:
        if self.mode == "signed-out" or form["csrfmiddlewaretoken"] != self.csrf:
            return 401, {"reason": "signed-out"}
        if self.mode == "lost":
            message = "Cô Lê Thị C đang sửa bài này. Nội dung của Thầy/Cô được giữ thành bản 4 trong Lịch sử."
            return 409, {"reason": "lock-lost", "message": message, "holder": "Cô Lê Thị C"}
        if self.mode == "closed":
            return 409, {"reason": "closed", "message": "Bài đang chờ duyệt nên chưa sửa được.", "take_over_url": ""}
        if self.mode == "refused":
            return 422, {"message": "Tiêu đề dài quá 500 chữ. Thầy/Cô viết ngắn lại."}
        if self.mode == "broken":
            return 502, {}
        if form.get("heartbeat"):
            self.heartbeats += 1
            return 200, {"version": self.version}
        assert int(form["version"]) == self.version
        self.version += 1
        self.saves.append(form)
        return 200, {"saved_at": "09:41", "version": self.version, **({"checks": self.checks} if self.checks else {})}


def picture(key: str, alt: str) -> dict[str, Any]:
    url = f"{FILES}{key}/960.webp"
    facts = {"id": 1, "key": key, "name": "san-truong.jpg", "kind": "anh", "url": url, "alt": alt, "thumb": url}
    return facts | {"width": 960, "height": 600}


class Handler(BaseHTTPRequestHandler):
    backend: Backend

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path.startswith("/static/"):
            file = STATIC / url.path.removeprefix("/static/")
            found = file.is_file()
            self._send(200 if found else 404, file.read_bytes() if found else b"", TYPES.get(file.suffix, "text/plain"))
        elif "/tep/" in url.path:
            self._send(200, IMAGE.read_bytes(), "image/svg+xml")
        elif url.path.endswith("/chon/"):
            number = int(query["page"][0])
            items = (
                [picture("T1", "Sân trường buổi sáng"), picture("T2", "")] if number == 1 else [picture("T3", "Cổng")]
            )
            self._json(200, {"items": items, "next": 2 if number == 1 else None})
        elif url.path.endswith("/lien-ket/"):
            pages = [{"title": "Thư mời họp phụ huynh", "path": "/thu-moi/hop/", "channel": "Thư mời"}]
            self._json(200, {"items": pages if "họp" in query["q"][0] or query["q"] == [""] else []})
        elif url.path == "/quan-tri/phien/":
            self._json(200, {"csrf": self.backend.csrf, "signed_in": self.backend.mode != "signed-out"})
        elif url.path == "/cong-khai/":
            self._send(200, self.backend.page.encode(), "text/html; charset=utf-8", VIDEO_POLICY)
        else:
            self._send(200, self.backend.html().encode(), "text/html; charset=utf-8", WRITING_POLICY)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, data = self.backend.answer(self.path, fields_of(self.headers["Content-Type"], body))
        if isinstance(data, str):
            self._send(status, data.encode(), "text/html; charset=utf-8")
        else:
            self._json(status, data)

    def _json(self, status: int, data: Any) -> None:
        self._send(status, json.dumps(data).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, policy: str = "default-src 'self'") -> None:
        self.send_response(HTTPStatus(status))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)


def fields_of(kind: str, body: bytes) -> dict[str, str]:
    if "urlencoded" in kind:
        return {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in message.get_payload():
        name = re.search(r'name="([^"]*)"', str(part["Content-Disposition"]))  # type: ignore[index, unused-ignore]
        content = part.get_payload(decode=True)  # type: ignore[union-attr, unused-ignore]
        assert name is not None
        found[name[1]] = content.decode("utf-8", "replace").replace("\r\n", "\n")  # type: ignore[union-attr]
    return found


@pytest.fixture
def backend() -> Iterator[Backend]:
    made = Backend()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"backend": made}))
    made.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


@pytest.fixture
def writing(backend: Backend, visit: Callable[..., Visit]) -> Callable[..., Visit]:
    def opened(width: int = 1280) -> Visit:
        seen = visit(width)
        seen.page.goto(backend.base + EDIT)
        expect(seen.page.locator("form[data-ready]")).to_have_count(1)
        return seen

    return opened


def area(page: Page) -> Any:
    return page.get_by_role("textbox", name="Nội dung")


def title(page: Page) -> Any:
    return page.get_by_role("textbox", name="Tiêu đề")


def status(page: Page) -> Any:
    return page.locator("[data-saved]")


def paste(page: Page, html: str) -> None:
    area(page).press("Control+End")
    area(page).evaluate(
        """(area, html) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/html", html);
          area.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        html,
    )


def last_body(backend: Backend) -> str:
    return backend.saves[-1]["body"]


def wait_saved(backend: Backend, page: Page, count: int = 1) -> None:
    for _ in range(150):
        if len(backend.saves) >= count:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"waited in vain for save number {count}")


@pytest.mark.parametrize("width", [1280, 360])
def test_page_fits_speaks_vietnamese_and_is_accessible(
    writing: Callable[..., Visit], backend: Backend, width: int
) -> None:
    seen = writing(width)
    page = seen.page

    assert page.locator("textarea[data-rich]").is_hidden()
    assert area(page).inner_text() == "Tám gian, tám cách kể\n\nMỗi lớp chọn một quyển sách."
    assert page.evaluate("document.documentElement.scrollWidth") <= width + 1
    bar = page.locator(".editor-bar")
    inner = (
        ".ck-toolbar__items > button",
        ".ck-toolbar__items > .ck-dropdown > button",
        ".ck-toolbar > .ck-dropdown > button",
    )
    buttons = bar.locator(", ".join(inner))
    small = buttons.evaluate_all(
        "all => all.map(one => one.getBoundingClientRect())"
        ".filter(box => box.width && Math.min(box.width, box.height) < 44)"
    )
    assert small == []
    names = bar.locator("button").all_text_contents()
    assert "Chữ đậm" in " ".join(names)
    assert [name for name in names if re.search(r"\b(Bold|Insert|Show|Heading|Undo|Choose|Table)\b", name)] == []
    assert violations(page) == []
    assert seen.complaints == []
    assert seen.hosts == {backend.base.removeprefix("http://")}


def test_writing_is_saved_by_itself_and_confirmed(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page

    area(page).press("Control+End")
    page.keyboard.type(" Mời phụ huynh.")
    expect(status(page)).to_have_text("Đã lưu lúc 09:41", timeout=8000)

    assert last_body(backend) == ("<h2>Tám gian, tám cách kể</h2><p>Mỗi lớp chọn một quyển sách. Mời phụ huynh.</p>")
    assert backend.saves[-1]["title"] == "Ngày hội đọc sách"
    assert page.locator("[name=version]").input_value() == "4"
    assert page.evaluate("Object.keys(localStorage)") == []


def test_steady_typing_is_saved_at_least_every_ten_seconds(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    title(page).focus()

    for _ in range(24):
        page.keyboard.type("a")
        page.wait_for_timeout(500)

    assert 1 <= len(backend.saves) <= 2


def test_changes_stand_on_this_machine_before_they_are_saved(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    backend.mode = "broken"

    title(page).fill("Tiêu đề mới")
    page.wait_for_timeout(600)

    kept = page.evaluate("Object.entries(localStorage)")
    assert len(kept) == 1
    assert kept[0][0].startswith("ct-bai:an:1:7#")
    assert ["title", "Tiêu đề mới"] in json.loads(kept[0][1])["content"]
    expect(status(page)).to_have_text("Máy chủ chưa lưu được – bài vẫn còn trên máy này, sẽ tự lưu lại", timeout=8000)
    backend.mode = "ok"
    expect(status(page)).to_have_text("Đã lưu lúc 09:41", timeout=15000)
    assert page.evaluate("Object.keys(localStorage)") == []


def test_text_is_saved_although_somebody_read_the_form_meanwhile(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    page = writing(1280).page
    area(page).press("Control+End")
    page.evaluate(
        """() => {
          const area = document.querySelector(".ck-editor__editable");
          const form = document.querySelector("form[data-editor]");
          // Right behind the change, before the page has told anybody of it.
          area.ckeditorInstance.model.document.once("change:data", () => queueMicrotask(() => new FormData(form)));
        }"""
    )
    page.keyboard.type("!")

    wait_saved(backend, page)
    assert "!" in last_body(backend)


def test_without_a_line_the_text_waits_and_is_saved_when_it_is_back(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    page = writing(360).page
    page.context.set_offline(True)
    title(page).fill("Viết trên xe")

    expect(status(page)).to_have_text("Mất mạng – bài vẫn còn trên máy này, sẽ lưu lại khi có mạng", timeout=8000)
    assert violations(page) == []
    page.context.set_offline(False)
    expect(status(page)).to_have_text("Đã lưu lúc 09:41", timeout=8000)

    assert backend.saves[-1]["title"] == "Viết trên xe"


def test_what_was_never_saved_is_offered_at_the_next_visit(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    backend.mode = "broken"
    title(page).fill("Chưa ai nhận")
    area(page).press("Control+End")
    page.keyboard.type(" Câu cuối.")
    page.get_by_label("Có hình học sinh").check()
    page.wait_for_timeout(800)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    backend.mode = "ok"
    expect(page.locator("form[data-ready]")).to_have_count(1)

    expect(page.get_by_text("Máy này còn nội dung chưa lưu")).to_be_visible()
    assert title(page).input_value() == "Ngày hội đọc sách"
    assert violations(page) == []
    page.get_by_role("button", name="Khôi phục nội dung chưa lưu").click()

    assert title(page).input_value() == "Chưa ai nhận"
    assert area(page).inner_text().endswith("Câu cuối.")
    assert page.get_by_label("Có hình học sinh").is_checked()
    wait_saved(backend, page)
    assert last_body(backend).endswith(" Câu cuối.</p>")
    expect(status(page)).to_have_text("Đã lưu lúc 09:41")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_offered_text_can_be_dropped(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    left = {
        "at": page.evaluate("Date.now()") - 60_000,
        "version": "3",
        "content": [["title", "Bản cũ"], ["body", "<p>x</p>"]],
    }
    same = left | {"content": [["title", backend.title], ["body", backend.body], ["guard_reason", ""]]}
    page.evaluate(
        "([left, same]) => {localStorage['ct-bai:an:1:7#a'] = left; localStorage['ct-bai:an:1:7#b'] = same;"
        "localStorage['ct-bai:an:1:8#c'] = left; localStorage.khac = 1}",
        [json.dumps(left), json.dumps(same)],
    )
    page.reload()

    page.get_by_role("button", name="Bỏ", exact=True).click()

    assert page.locator("[data-notice]").count() == 0
    assert title(page).input_value() == "Ngày hội đọc sách"
    assert sorted(page.evaluate("Object.keys(localStorage)")) == ["ct-bai:an:1:8#c", "khac"]


def test_a_second_tab_does_not_offer_what_the_first_is_writing(writing: Callable[..., Visit], backend: Backend) -> None:
    first = writing().page
    backend.mode = "broken"
    title(first).fill("Đang viết ở thẻ một")
    first.wait_for_timeout(600)
    second = first.context.new_page()
    second.goto(backend.base + EDIT)
    expect(second.locator("form[data-ready]")).to_have_count(1)

    assert second.locator("[data-notice]").count() == 0
    assert len(second.evaluate("Object.keys(localStorage)")) == 1


def test_sent_form_is_not_offered_again(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    area(page).press("Control+End")
    page.keyboard.type(" Gửi ngay.")
    page.get_by_role("button", name="Gửi duyệt").click()
    page.wait_for_url("**/gui/")

    assert backend.submits[0]["body"].endswith(" Gửi ngay.</p>")
    assert len(page.evaluate("Object.keys(localStorage)")) == 1
    backend.version += 1
    backend.body = backend.submits[0]["body"] + "<p>Người duyệt thêm.</p>"
    page.goto(backend.base + EDIT)
    expect(page.locator("form[data-ready]")).to_have_count(1)
    assert page.locator("[data-notice]").count() == 0
    assert page.evaluate("Object.keys(localStorage)") == []


def test_ended_session_goes_on_after_signing_in_elsewhere(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    backend.mode = "signed-out"
    title(page).fill("Sau giờ nghỉ")
    words = "Phiên làm việc đã hết – đăng nhập lại ở thẻ mới rồi bấm Lưu lại"
    expect(status(page)).to_have_text(words, timeout=8000)
    link = page.get_by_role("link", name="Đăng nhập ở thẻ mới")
    assert (link.get_attribute("href"), link.get_attribute("target")) == ("/quan-tri/dang-nhap/", "_blank")

    page.get_by_role("button", name="Lưu lại").click()
    expect(page.get_by_role("button", name="Lưu lại")).to_be_visible()
    assert violations(page) == []
    backend.mode, backend.csrf = "ok", "khoa-2"
    page.get_by_role("button", name="Lưu lại").click()

    expect(status(page)).to_have_text("Đã lưu lúc 09:41")
    assert backend.saves[-1]["csrfmiddlewaretoken"] == "khoa-2"
    assert page.locator("[data-notice]").count() == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_who_lost_the_post_reads_why_and_may_take_it_back(
    writing: Callable[..., Visit], backend: Backend, width: int
) -> None:
    page = writing(width).page
    backend.mode = "lost"
    title(page).fill("Hai người cùng viết")

    notice = page.get_by_role("alert").filter(has_text="Cô Lê Thị C đang sửa bài này.")
    expect(notice).to_be_visible(timeout=8000)
    assert area(page).get_attribute("contenteditable") == "false"
    assert title(page).is_editable() is False
    assert page.get_by_role("button", name="Gửi duyệt").is_disabled()
    assert len(page.evaluate("Object.keys(localStorage)")) == 1
    assert violations(page) == []
    page.get_by_role("button", name="Tiếp tục sửa (lấy lại quyền)").click()

    expect(status(page)).to_have_text("Đã lưu lúc 09:41", timeout=8000)
    assert backend.saves[-1]["lock"] == "khoa-moi"
    assert backend.saves[-1]["title"] == "Hai người cùng viết"
    assert area(page).get_attribute("contenteditable") == "true"
    assert page.get_by_role("button", name="Gửi duyệt").is_enabled()


def test_post_that_is_not_open_any_more_cannot_be_taken_back(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    backend.mode = "closed"
    title(page).fill("Muộn rồi")

    expect(page.get_by_role("alert").filter(has_text="Bài đang chờ duyệt nên chưa sửa được.")).to_be_visible(
        timeout=8000
    )
    assert page.locator("[data-notice] button").all_text_contents() == ["Xem bản mới nhất"]


def test_closing_a_saved_page_lets_others_write(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    page.goto("about:blank")
    page.wait_for_timeout(500)

    assert backend.released == ["khoa-sua"]


def test_closing_with_unsaved_words_saves_them_and_keeps_the_right(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    page = writing().page
    page.on("dialog", lambda dialog: dialog.accept())
    title(page).fill("Đóng vội")
    page.goto("about:blank")
    wait_saved(backend, page)

    assert backend.saves[0]["title"] == "Đóng vội"
    assert backend.released == []


def test_taking_back_after_somebody_wrote_shows_the_new_text_and_offers_the_own(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    page = writing().page
    backend.mode = "lost"
    title(page).fill("Của tôi")
    expect(page.locator("[data-notice]")).to_be_visible(timeout=8000)
    backend.version, backend.title = 9, "Của người khác"

    page.get_by_role("button", name="Tiếp tục sửa (lấy lại quyền)").click()
    expect(title(page)).to_have_value("Của người khác")
    page.get_by_role("button", name="Khôi phục nội dung chưa lưu").click()

    assert title(page).input_value() == "Của tôi"


def test_refused_text_says_why_and_is_tried_again_after_a_change(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    page = writing().page
    backend.mode = "refused"
    title(page).fill("Dài")
    expect(page.get_by_role("alert").filter(has_text="Tiêu đề dài quá 500 chữ.")).to_be_visible(timeout=8000)
    backend.mode = "ok"
    title(page).fill("Ngắn")

    expect(status(page)).to_have_text("Đã lưu lúc 09:41", timeout=8000)
    assert page.locator("[data-notice]").count() == 0


def test_open_page_gives_a_sign_of_life(visit: Callable[..., Visit], backend: Backend) -> None:
    page = visit(1280).page
    page.clock.install()
    page.goto(backend.base + EDIT)
    expect(page.locator("form[data-ready]")).to_have_count(1)

    beats = []
    for _ in range(3):
        page.clock.run_for(60_000)
        page.wait_for_timeout(300)
        beats.append(backend.heartbeats)

    assert beats == sorted(set(beats))
    assert backend.saves == []


def test_leaving_warns_only_about_what_is_not_saved(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.reload()
    expect(page.locator("form[data-ready]")).to_have_count(1)
    assert asked == []
    backend.mode = "broken"
    title(page).click()
    page.keyboard.type("x")
    page.reload()

    assert asked == ["beforeunload"]


@pytest.mark.parametrize("name", ["word", "excel", "google-docs"])
def test_pasted_office_text_arrives_clean(writing: Callable[..., Visit], backend: Backend, name: str) -> None:
    backend.body = ""
    seen = writing()
    paste(seen.page, (PASTE / f"{name}.html").read_text(encoding="utf-8"))
    wait_saved(backend, seen.page)

    stored = clean_article(from_editor(last_body(backend))).replace("&nbsp;", " ")
    expected = (PASTE / f"{name}.clean.html").read_text(encoding="utf-8").replace("\n", "")
    plain = {"<b>": "<strong>", "</b>": "</strong>", "<td></td>": "<td> </td>", "<em>": "<i>", "</em>": "</i>"}
    for one, other in plain.items():
        expected = expected.replace(one, other)
    figured = expected.replace("<table>", '<figure class="table"><table>').replace("</table>", "</table></figure>")
    assert stored == figured
    assert seen.complaints == []


@pytest.mark.parametrize(
    ("kind", "copied", "pasted"),
    [
        (
            "text/html",
            "<p>Dán <b>được</b></p><ul><li>a</li></ul>",
            "<p>Dán <strong>được</strong></p><ul><li>a</li></ul>",
        ),
        ("text/plain", "Một & hai\nba\n\nBốn", "<p>Một &amp; hai<br>ba</p><p>Bốn</p>"),
    ],
)
def test_paste_button_takes_what_was_copied(
    writing: Callable[..., Visit], backend: Backend, kind: str, copied: str, pasted: str
) -> None:
    backend.body = ""
    seen = writing(1280)
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.page.evaluate(
        "([type, text]) => navigator.clipboard.write([new ClipboardItem({[type]: new Blob([text], {type})})])",
        [kind, copied],
    )
    area(seen.page).focus()
    seen.page.get_by_role("button", name="Dán từ Word").click()
    wait_saved(backend, seen.page)

    assert clean_article(from_editor(last_body(backend))) == pasted
    assert seen.complaints == []


def test_paste_button_says_how_where_the_browser_gives_nothing(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing(360).page
    page.get_by_role("button", name="Thêm công cụ").click()
    page.get_by_role("button", name="Dán từ Word").click()

    expect(page.get_by_role("dialog").get_by_text("chạm giữ vào bài, chọn Dán")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Đã hiểu").click()
    expect(area(page)).to_be_focused()


def test_picture_is_uploaded_and_needs_a_description(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing(360).page
    area(page).press("Control+End")
    more = page.get_by_role("button", name="Thêm công cụ")
    if not page.get_by_role("button", name="Chèn ảnh").is_visible():
        more.click()
    page.get_by_role("button", name="Chèn ảnh").click()
    window = page.get_by_role("dialog", name="Chèn ảnh")
    expect(window.get_by_role("button", name="Sân trường buổi sáng")).to_be_visible()
    assert violations(page) == []
    window.get_by_label("Tải ảnh lên từ máy").set_input_files(
        {"name": "san.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8anh"}
    )
    window.get_by_role("button", name="Chèn vào bài").click()

    expect(window.get_by_text("Cần mô tả ảnh bằng một câu ngắn")).to_be_visible()
    assert violations(page) == []
    window.get_by_label("Mô tả ảnh").fill("Học sinh đọc sách & vẽ")
    window.get_by_label("Chú thích").fill("Gian của lớp <6A1>")
    window.get_by_role("button", name="Chèn vào bài").click()
    wait_saved(backend, page)

    assert backend.uploads == ["\ufffd\ufffdanh"]
    assert last_body(backend).endswith(
        f'<figure class="image"><img src="{FILES}K1/960.webp" alt="Học sinh đọc sách &amp; vẽ">'
        "<figcaption>Gian của lớp &lt;6A1&gt;</figcaption></figure>"
    )


def test_refused_picture_says_why(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    backend.mode = "too-large"
    page.get_by_role("button", name="Chèn ảnh").click()
    page.get_by_label("Tải ảnh lên từ máy").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"x"})

    expect(page.get_by_role("alert").filter(has_text="Ảnh lớn hơn 20 MB.")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0


def test_picture_is_chosen_from_the_library_and_described_later(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    page = writing().page
    page.get_by_role("button", name="Chèn ảnh").click()
    page.get_by_role("button", name="Xem thêm ảnh").click()
    expect(page.get_by_role("button", name="Cổng")).to_be_focused()
    page.get_by_role("button", name="Sân trường buổi sáng").click()
    expect(page.get_by_role("textbox", name="Mô tả ảnh")).to_have_value("Sân trường buổi sáng")
    page.get_by_role("button", name="Chèn vào bài").click()
    area(page).locator("figure.image").click()
    page.get_by_role("button", name="Mô tả ảnh").click()
    page.get_by_role("textbox", name="Mô tả ảnh").fill("Sân trường lúc ra chơi")
    page.get_by_role("button", name="Lưu mô tả").click()
    wait_saved(backend, page)

    assert f'<img src="{FILES}T1/960.webp" alt="Sân trường lúc ra chơi">' in last_body(backend)


def test_picture_dialog_opens_on_what_is_asked_and_gives_the_place_back(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    page = writing().page
    area(page).press("Control+End")
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    # By keyboard: the tool bar has the focus when the dialog opens.
    page.get_by_role("button", name="Chèn ảnh").focus()
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog", name="Chèn ảnh")
    expect(window.get_by_label("Tải ảnh lên từ máy")).to_be_focused()
    page.keyboard.press("Tab")
    expect(window.get_by_label("Hoặc chọn ảnh trong thư viện")).to_be_focused()
    page.keyboard.type("sân")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(area(page)).to_be_focused()
    page.keyboard.type("|")

    wait_saved(backend, page)
    assert last_body(backend).endswith("<p>Mỗi lớp chọn một quy|ển sách.</p>")


def test_chosen_picture_is_described_at_once_and_stands_where_the_writer_was(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    backend.body = "<p>Một</p><p>Hai</p><p>Ba</p>"
    page = writing().page
    area(page).press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Chèn ảnh").click()
    page.get_by_role("button", name="Sân trường buổi sáng").click()
    expect(page.get_by_role("textbox", name="Mô tả ảnh")).to_be_focused()
    page.get_by_role("button", name="Chèn vào bài").click()
    wait_saved(backend, page)

    image = f'<figure class="image"><img src="{FILES}T1/960.webp" alt="Sân trường buổi sáng"></figure>'
    assert last_body(backend) in {f"<p>Một</p>{image}<p>Hai</p><p>Ba</p>", f"<p>Một</p><p>Hai</p>{image}<p>Ba</p>"}


def test_tool_for_pictures_has_its_word_on_a_phone(writing: Callable[..., Visit]) -> None:
    page = writing(360).page

    assert page.get_by_role("button", name="Chèn ảnh").inner_text() == "Chèn ảnh"
    assert page.evaluate("document.documentElement.scrollWidth") <= 361


def test_photo_of_pupils_is_said_to_be_one_when_it_is_uploaded(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing(360).page
    file: FilePayload = {"name": "lop.jpg", "mimeType": "image/jpeg", "buffer": b"anh"}
    page.get_by_role("button", name="Chèn ảnh").click()
    page.get_by_label("Tải ảnh lên từ máy").set_input_files(file)
    page.get_by_role("button", name="Chọn ảnh khác").click()
    page.get_by_role("checkbox", name="Ảnh có học sinh nhận ra được").check()
    page.get_by_label("Tải ảnh lên từ máy").set_input_files(file)

    expect(page.get_by_text("ghi giấy đồng ý trong Thư viện trước khi gửi duyệt")).to_be_visible()
    expect(page.get_by_role("textbox", name="Mô tả ảnh (bắt buộc)")).to_be_focused()
    assert backend.with_children == [False, True]


def test_list_of_headings_stays_within_a_phone(writing: Callable[..., Visit]) -> None:
    page = writing(360).page
    page.get_by_role("button", name="Thêm công cụ").click()
    page.get_by_role("button", name="Kiểu chữ").click()

    items = page.get_by_role("menu", name="Kiểu chữ").get_by_role("menuitemradio")
    assert items.all_inner_texts() == ["Chữ thường", "Tiêu đề mục", "Tiêu đề mục nhỏ", "Tiêu đề nhỏ nhất"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    # Nothing of a name is cut off.
    label = page.locator(".ck-heading-dropdown .ck-dropdown__button .ck-button__label")
    assert label.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert violations(page) == []


def test_text_goes_on_in_the_heading_that_was_just_chosen(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing(360).page
    area(page).focus()
    # Before that the editor does not take what is typed.
    expect(area(page)).to_have_class(re.compile(r"\bck-focused\b"))
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Thêm công cụ").click()
    page.get_by_role("button", name="Kiểu chữ").click()
    # What the browser does late on a busy machine: it tells of its caret while the list has the focus.
    page.evaluate("document.dispatchEvent(new Event('selectionchange'))")
    page.get_by_role("menuitemradio", name="Tiêu đề mục", exact=True).click()
    page.keyboard.type("Đội hình")
    wait_saved(backend, page)

    assert last_body(backend).endswith("sách.</p><h2>Đội hình</h2>")


def test_picture_of_who_was_not_in_the_text_yet_stands_at_its_end(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    backend.body = "<p>Một</p><p>Hai</p>"
    page = writing().page
    page.get_by_role("button", name="Chèn ảnh").click()
    page.get_by_role("button", name="Sân trường buổi sáng").click()
    page.get_by_role("button", name="Chèn vào bài").click()
    wait_saved(backend, page)

    image = f'<figure class="image"><img src="{FILES}T1/960.webp" alt="Sân trường buổi sáng"></figure>'
    assert last_body(backend) == f"<p>Một</p><p>Hai</p>{image}"


def test_link_dialog_gives_the_place_back(writing: Callable[..., Visit], backend: Backend) -> None:
    backend.body = "<p>Một</p><p>Hai</p>"
    page = writing().page
    area(page).press("Control+Home")
    page.keyboard.press("End")
    page.get_by_role("button", name="Liên kết tới bài của trường").click()
    expect(page.get_by_label("Tìm theo tiêu đề")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(area(page)).to_be_focused()
    page.keyboard.type("|")
    wait_saved(backend, page)

    assert last_body(backend) == "<p>Một|</p><p>Hai</p>"


def test_checks_are_as_new_as_the_saved_text(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    panel, status = page.locator("[data-checks]"), page.locator("[data-checks-said]")
    reason = page.get_by_label("Lý do vẫn đăng")
    expect(panel).to_have_text("Chưa có tiêu đề Sửa")
    assert reason.is_visible() is False
    panel.get_by_role("link", name="Sửa").focus()
    backend.checks = {
        "html": '<ul class="checks"><li>Có số điện thoại <a href="#td">Sửa</a></li></ul>',
        "said": "Trước khi gửi: còn 1 điều cần sửa.",
        "found": True,
        "must_explain": True,
    }
    page.evaluate(
        "(words) => {const field = document.querySelector('[name=title]'); field.value = words;"
        "field.dispatchEvent(new Event('input', {bubbles: true}))}",
        "Danh sách lớp",
    )

    expect(panel).to_have_text("Có số điện thoại Sửa")
    expect(status).to_have_text("Trước khi gửi: còn 1 điều cần sửa.")
    expect(page.locator("[data-checks-when]")).to_have_text("Kiểm tra lúc 09:41, theo nội dung vừa lưu.")
    expect(panel.get_by_role("link", name="Sửa")).to_be_focused()
    assert (reason.is_visible(), page.locator("[data-checks-optional]").is_visible()) == (True, False)
    assert violations(page) == []
    reason.fill("Phụ huynh đồng ý")
    backend.checks = {"html": "<p>Tốt</p>", "said": "Không còn điều gì.", "found": False, "must_explain": False}
    title(page).fill("Ngày hội")
    expect(status).to_have_text("Không còn điều gì.", timeout=8000)
    assert (reason.is_visible(), reason.input_value()) == (False, "Phụ huynh đồng ý")


def test_dropped_picture_file_asks_for_its_description(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    area(page).press("Control+End")
    area(page).evaluate(
        """(area) => {
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File(["anh"], "anh.png", {type: "image/png"}));
          area.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }"""
    )

    page.get_by_role("dialog").get_by_label("Mô tả ảnh").fill("Cổng trường")
    page.get_by_role("button", name="Chèn vào bài").click()
    wait_saved(backend, page)

    assert backend.uploads == ["anh"]
    assert 'alt="Cổng trường"' in last_body(backend)


def test_pictures_of_other_sites_are_refused_and_those_within_the_text_uploaded(
    writing: Callable[..., Visit], backend: Backend
) -> None:
    seen = writing()
    page = seen.page
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    paste(
        page,
        f'<p>Trước</p><img src="{backend.base}/ke-xau/x.png"><p>Giữa</p><img src="data:image/png;base64,{dot}">'
        "<p>Sau</p>",
    )
    expect(page.get_by_role("alert").filter(has_text="Ảnh từ trang khác không chép theo được.")).to_be_visible()
    wait_saved(backend, page)
    page.wait_for_timeout(2500)

    assert len(backend.uploads) == 1
    assert clean_article(from_editor(last_body(backend))).endswith(
        'Trước</p><p>Giữa</p><figure class="image"><img src="/tep/K1/960.webp" alt=""></figure><p>Sau</p>'
    )


def test_link_to_an_own_page_is_chosen_by_title(writing: Callable[..., Visit], backend: Backend) -> None:
    page = writing().page
    area(page).press("Control+End")
    page.get_by_role("button", name="Liên kết tới bài của trường").click()
    page.get_by_label("Tìm theo tiêu đề").fill("họp")
    assert violations(page) == []
    page.get_by_role("button", name="Thư mời họp phụ huynh").click()
    wait_saved(backend, page)

    assert last_body(backend).endswith('<a href="/thu-moi/hop/">Thư mời họp phụ huynh</a></p>')


def test_video_plays_in_place_only_after_a_click(visit: Callable[..., Visit], backend: Backend) -> None:
    stored = clean_article("<figure><oembed url='https://youtu.be/dQw4w9WgXcQ'></oembed></figure>")
    styles = "".join(f'<link rel="stylesheet" href="/static/css/{part}.css">' for part in VIDEO_STYLES)
    backend.page = (
        f'<!doctype html><html lang="vi"><head><title>Bài</title>{styles}</head><body><main><h1>Bài</h1>'
        f'{for_public(stored, {})}</main><script type="module" src="/static/js/video.js"></script></body></html>'
    )
    seen = visit(360)
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    seen.page.route(re.compile("^https:"), refuse)
    seen.page.goto(backend.base + "/cong-khai/")
    link = seen.page.get_by_role("link", name="Xem video trên YouTube")
    assert link.get_attribute("href") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert violations(seen.page) == []
    assert asked == []

    seen.page.get_by_role("button", name="Phát video tại đây").click()

    frame = seen.page.locator("iframe")
    assert frame.get_attribute("title") == "Xem video trên YouTube"
    address = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0&hl=vi"
    assert frame.get_attribute("src") == address
    for _ in range(100):
        seen.page.wait_for_timeout(50)
        if asked:
            break
    assert asked == [address]


def test_form_works_without_scripts(visit: Callable[..., Visit], backend: Backend) -> None:
    page = visit(360, javascript=False).page
    page.goto(backend.base + EDIT)
    page.get_by_label("Nội dung").fill("Kính mời.\n\nTrân trọng.")
    page.get_by_role("button", name="Gửi duyệt").click()

    assert clean_article(from_editor(backend.submits[0]["body"])) == "<p>Kính mời.</p><p>Trân trọng.</p>"
