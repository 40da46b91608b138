"""What a person does in the console, in the words of the screen."""

import base64
import hashlib
import hmac
import itertools
import re
import struct
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Locator, Page, Response, expect

from congtruong.demo.data.accounts import PASSWORD

if TYPE_CHECKING:
    from tests.e2e.conftest import Demo, Visit

SCHOOL = "thcshoaphuong.tinhmau.edu.vn"
HEAD, EDITOR, WRITER, TECHNICIAN = (
    f"{name}.hoaphuong" for name in ("hieutruong", "phohieutruong", "vanthu", "kythuat")
)
SIGN_IN = "/quan-tri/tai-khoan/dang-nhap/"
PASTE = Path(__file__).resolve().parents[1] / "data" / "paste"
PHONE, DESKTOP = 360, 1280
# Two cores, a process tree, a browser and whatever else the machine does.
SLOW = 20_000
expect.set_options(timeout=SLOW)
SLUG = re.compile(r"[a-z0-9-]+")
_numbers = itertools.count(1)


def sign_in(page: Page, demo: "Demo", username: str, password: str = PASSWORD, path: str = "/quan-tri/") -> None:
    """The form that stands before every page of the console; nothing is said of what comes after it."""
    page.goto(demo.url(SCHOOL, path))
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows now (RFC 6238), or some steps of thirty seconds later."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def photo(name: str = "anh.jpg", *, width: int = 1000, height: int = 640) -> FilePayload:
    """A picture that no other test has, as a file to choose."""
    number = next(_numbers)
    image = Image.new("RGB", (width, height), (200, (number * 37) % 256, (number * 91) % 256))
    ImageDraw.Draw(image).text((20, 20), f"{time.time_ns()} {number}", fill="black")
    body = BytesIO()
    image.save(body, "JPEG", quality=80)
    return {"name": name, "mimeType": "image/jpeg", "buffer": body.getvalue()}


def unique(words: str) -> str:
    """A title that no other test has."""
    return f"{words} {time.time_ns() % 10**9}{next(_numbers)}"


@dataclass
class Desk:
    """A signed-in person at one browser window."""

    demo: "Demo"
    visit: "Visit"

    @property
    def page(self) -> Page:
        return self.visit.page

    def open(self, path: str, host: str = SCHOOL) -> Response | None:
        return self.page.goto(self.demo.url(host, path))

    def said(self) -> str:
        """The sentence above the page after a step."""
        return self.page.locator(".callout-ok[role=status]").first.inner_text().strip()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    # Writing

    def begin(self, channel: str = "Tin tức") -> int:
        self.open("/quan-tri/bai-viet/soan/")
        self.page.locator(".channel-btn", has=self.page.get_by_text(channel, exact=True)).click()
        self.ready()
        return int(self.page.url.rstrip("/").rsplit("/", 1)[1])

    def edit(self, post: int) -> None:
        self.open(f"/quan-tri/bai-viet/{post}/")
        self.ready()

    def ready(self) -> None:
        """The editor has taken over its field."""
        self.page.locator("form[data-editor][data-ready]").wait_for(timeout=SLOW)

    @property
    def text(self) -> Locator:
        return self.page.locator(".ck-editor__editable[contenteditable=true]").first

    def title(self, words: str) -> None:
        self.page.get_by_label("Tiêu đề", exact=True).fill(words)

    def type(self, words: str) -> None:
        """At the end of the text."""
        self.text.focus()
        # Before that the editor does not take what is typed.
        expect(self.text).to_have_class(re.compile(r"\bck-focused\b"))
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def paste(self, html: str) -> None:
        self.text.focus()
        self.text.evaluate(
            """(area, html) => {
                const held = new DataTransfer();
                held.setData("text/html", html);
                held.setData("text/plain", "");
                const paste = {clipboardData: held, bubbles: true, cancelable: true};
                area.dispatchEvent(new ClipboardEvent("paste", paste));
            }""",
            html,
        )

    def picture(self, file: FilePayload, alt: str, caption: str = "") -> None:
        """Into the text, from this machine."""
        self.button("Chèn ảnh").first.click()
        box = self.page.get_by_role("dialog", name="Chèn ảnh")
        box.get_by_label("Tải ảnh lên từ máy").set_input_files(file)
        box.get_by_label("Mô tả ảnh").fill(alt, timeout=SLOW)
        if caption:
            box.get_by_label("Chú thích").fill(caption)
        box.get_by_role("button", name="Chèn vào bài").click()
        expect(box).to_be_hidden()
        expect(self.text.locator("img").first).to_be_visible()

    @property
    def state(self) -> Locator:
        return self.page.locator("[data-saved]")

    def saved(self) -> None:
        """Everything on the page is on the server: the page says so and keeps no copy of its own."""
        expect(self.state).to_have_attribute("data-state", "ok", timeout=SLOW)
        expect(self.page.locator("[data-saved-text]")).to_have_text(re.compile(r"Đã lưu lúc \d\d:\d\d"))
        self.page.wait_for_function("Object.keys(localStorage).every(key => !key.startsWith('ct-bai:'))", timeout=SLOW)

    # The way to the public

    def submit(self) -> None:
        self.button("Gửi duyệt").click()
        self.page.wait_for_url("**/bai-viet/", timeout=SLOW)

    def publish(self) -> None:
        self.page.locator(".actions-stick button.btn").first.click()
        self.page.wait_for_url("**/bai-viet/", timeout=SLOW)

    def approve(self, post: int) -> None:
        self.open(f"/quan-tri/cho-duyet/{post}/")
        self.button("Duyệt đăng").click()
        self.page.wait_for_url("**/cho-duyet/", timeout=SLOW)


def public_path(demo: "Demo", title: str, listing: str = "/tin-tuc/nguon/don-vi/") -> str | None:
    """Where a published article stands, read from the portal's own list."""
    found = re.search(rf'href="([^"]+)"[^>]*>\s*{re.escape(title)}', demo.get(SCHOOL, listing)[1])
    return found.group(1) if found else None


def files_of(page: str) -> set[str]:
    """Addresses of the library's files on a public page."""
    return set(re.findall(r"/tep/[\w-]+/[\w.-]+", page))
