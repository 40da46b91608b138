"""Takes every screenshot of the guide again: docs/huong-dan/anh/.

    .venv/bin/python tools/screenshots.py             # all of them
    .venv/bin/python tools/screenshots.py viet-bai    # only those of one page of the guide
    .venv/bin/python tools/screenshots.py --at 8000   # from a demo that is running already

Starts the demo on a free port with a data folder of its own, does in Chromium (/usr/bin/chromium) what the guide tells
the reader to do, and stops the demo again; about five minutes. Needs the packages of requirements/dev.txt.

Names say the width: `…-360.webp` is a phone of 360 px at one and a half times the density, `…-1280.webp` a desktop. A
file that cannot be kept below 80 KB, or a folder above 2.5 MB, ends the run with an error; so does a picture that a
page of the guide names and nothing takes. Pictures that no page shows are deleted after a run that took all of them.
"""

# ruff: noqa: INP001 - a script, no package

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from congtruong.core.serving import free_port  # noqa: E402 - found only through the line above
from congtruong.demo.data.accounts import PASSWORD  # noqa: E402 - as above

GUIDE = ROOT / "docs" / "huong-dan"
PICTURES = GUIDE / "anh"
PHOTOS = ROOT / "congtruong" / "demo" / "data" / "photos"
FILES = ROOT / "congtruong" / "demo" / "data" / "files"
OLD_SITE = ROOT / "tests" / "data" / "transfer" / "wordpress.xml"
SCHOOL, OFFICE = "thcshoaphuong.tinhmau.edu.vn", "sogddt.tinhmau.edu.vn"
HEAD, EDITOR, WRITER, TECHNICIAN = (
    f"{name}.hoaphuong" for name in ("hieutruong", "phohieutruong", "vanthu", "kythuat")
)
OFFICER = "chuyenvien.so"
PHONE, DESKTOP = 360, 1280
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_BYTES, MOST_IN_ALL = 80_000, 2_500_000
PATIENCE = 180.0
OWN_PASSWORD = "hoa phượng nở sân trường"  # noqa: S105 - of an invented person
ALT = "Hai đội bóng khối 8 tranh bóng trên sân trường"
LESSONS = (
    ("Tiết", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu"),
    (1, "Chào cờ", "Toán", "Ngữ văn", "Tiếng Anh", "Toán"),
    (2, "Ngữ văn", "Toán", "Tin học", "Tiếng Anh", "Âm nhạc"),
    (3, "Toán", "KHTN", "Ngữ văn", "GDTC", "Mĩ thuật"),
    (4, "Tiếng Anh", "KHTN", "Lịch sử", "GDTC", "Sinh hoạt lớp"),
)


class Guide:
    """A browser at a running demo, and the folder of pictures."""

    def __init__(self, browser: Browser, port: int) -> None:
        self.browser, self.port = browser, port
        self._desks: dict[tuple[str, int], Page] = {}

    def url(self, path: str, host: str = SCHOOL) -> str:
        suffix = "" if host == "localhost" else ".localhost"
        return f"http://{host}{suffix}:{self.port}{path}"

    def window(self, width: int = PHONE, *, height: int = 0, **options: Any) -> Page:
        """A window in which nobody has signed in."""
        is_phone = width == PHONE
        context: BrowserContext = self.browser.new_context(
            viewport={"width": width, "height": height or (680 if is_phone else 800)},
            device_scale_factor=1.5 if is_phone else 1,
            has_touch=is_phone,
            is_mobile=is_phone,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(30_000)
        return context.new_page()

    def desk(self, username: str, width: int = PHONE, *, host: str = SCHOOL) -> Page:
        """The window of a person who has signed in; the same one each time."""
        key = username, width
        if key not in self._desks:
            page = self.window(width)
            self.sign_in(page, username, host=host)
            self._desks[key] = page
        return self._desks[key]

    def sign_in(self, page: Page, username: str, password: str = PASSWORD, *, host: str = SCHOOL) -> None:
        page.goto(self.url("/quan-tri/", host))
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu", exact=True).fill(password)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        page.wait_for_load_state()

    def go(self, page: Page, path: str, *, host: str = SCHOOL) -> Page:
        page.goto(self.url(path, host))
        return page

    def shot(self, page: Page, name: str, *, top: Locator | None = None, only: Locator | None = None) -> None:
        """What the window shows: from its top, from an element on, or one element alone."""
        page.wait_for_load_state("networkidle")
        if only is not None:
            only.scroll_into_view_if_needed()
            taken = only.screenshot()
        else:
            if top is not None:
                top.evaluate("at => scrollTo(0, at.getBoundingClientRect().top + scrollY - 76)")
            taken = page.screenshot()
        width = page.viewport_size["width"] if page.viewport_size else DESKTOP
        _keep(taken, f"{name}-{width}")


def _keep(taken: bytes, name: str) -> None:
    image = Image.open(BytesIO(taken)).convert("RGB")
    for quality in (80, 70, 60, 50, 40):
        held = BytesIO()
        image.save(held, "WEBP", quality=quality, method=6)
        if held.tell() <= MOST_BYTES:
            (PICTURES / f"{name}.webp").write_bytes(held.getvalue())
            _say(f"{name}.webp  {image.width} × {image.height}  {held.tell() // 1000} KB")
            return
    sys.exit(f"{name} cannot be kept below {MOST_BYTES} bytes.")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


# Steps that several pages share


def begin(guide: Guide, page: Page, channel: str, *, host: str = SCHOOL) -> str:
    """A new article; its address in the console."""
    guide.go(page, "/quan-tri/bai-viet/soan/", host=host)
    page.locator(".channel-btn", has=page.get_by_text(channel, exact=True)).click()
    page.locator("form[data-editor][data-ready]").wait_for()
    return page.url.split(f":{guide.port}")[1]


def text_of(page: Page) -> Locator:
    return page.locator(".ck-editor__editable[contenteditable=true]").first


def write(page: Page, title: str, text: str) -> None:
    page.get_by_label(re.compile("^(Tiêu đề|Trích yếu|Câu hỏi)$")).fill(title)
    text_of(page).click()
    page.keyboard.type(text)


def put_photo(page: Page, photo: str, alt: str) -> Locator:
    """Opens the window for pictures, chooses and describes one; the caller puts it in."""
    page.get_by_role("button", name="Chèn ảnh", exact=True).first.click()
    box = page.get_by_role("dialog", name="Chèn ảnh")
    box.get_by_label("Tải ảnh lên từ máy").set_input_files(PHOTOS / photo)
    box.get_by_label("Mô tả ảnh").fill(alt)
    box.locator("img").first.wait_for()
    return box


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "ok", timeout=30_000)


def keep(page: Page) -> None:
    """Saves, so that the page is opened again and what it says of the article is true of the new text."""
    with page.expect_navigation():
        page.get_by_role("button", name="Lưu", exact=True).click()
    page.locator("form[data-editor][data-ready]").wait_for()


def submit(page: Page) -> None:
    page.get_by_role("button", name="Gửi duyệt", exact=True).click()
    page.wait_for_url("**/bai-viet/")


def publish(page: Page) -> None:
    page.locator(".actions-stick button.btn").first.click()
    page.wait_for_url("**/bai-viet/")


def in_days(days: int) -> str:
    return f"{datetime.now(tz=HERE) + timedelta(days=days):%d/%m/%Y}"


def begin_notice(guide: Guide, page: Page) -> str:
    """A notice of the Sở that the schools below have to confirm; its title."""
    title = "Rà soát an toàn trường học trước mùa mưa bão"
    begin(guide, page, "Thông báo", host=OFFICE)
    write(page, title, "Các trường kiểm tra cây xanh, mái che, lan can và hệ thống điện, ghi lại kết quả.")
    page.get_by_label("Xác nhận đã đọc").check()
    page.locator("[data-recipients-due] input").fill(in_days(6))
    return title


def send_invitation(guide: Guide, page: Page) -> str:
    """An invitation of the Sở that the schools below have to answer; its title."""
    title = "Họp giao ban công tác chuyển đổi số"
    begin(guide, page, "Thư mời", host=OFFICE)
    write(page, title, "Kính mời lãnh đạo trường và người phụ trách cổng thông tin.")
    page.get_by_label("Diễn ra lúc").fill(f"14:00, {in_days(9)}")
    page.get_by_label("Địa điểm").fill("Hội trường Sở")
    page.get_by_label("Trả lời có mặt hay không dự được").check()
    page.locator("[data-recipients-due] input").fill(in_days(5))
    publish(page)
    return title


# One function for each page of the guide


def xem_thu(guide: Guide) -> None:
    wide, phone = guide.window(DESKTOP), guide.window()
    guide.shot(guide.go(wide, "/"), "trang-chu")
    guide.shot(guide.go(phone, "/"), "trang-chu")
    guide.shot(guide.go(wide, "/van-ban/"), "van-ban")
    wide.goto(guide.url("/don-vi/", "giaoduc.banglang.tinhmau.gov.vn"))
    guide.shot(wide, "don-vi")


def readme(guide: Guide) -> None:
    guide.shot(guide.go(guide.desk(HEAD), "/quan-tri/"), "hom-nay")
    guide.shot(guide.go(guide.desk(HEAD, DESKTOP), "/quan-tri/"), "hom-nay")
    guide.shot(guide.go(guide.desk(HEAD), "/quan-tri/them/"), "them")


def dang_nhap(guide: Guide) -> None:
    page = guide.window()
    guide.go(page, "/quan-tri/")
    guide.shot(page, "dang-nhap")
    username, password = new_person(guide, "Nguyễn Thị Mai Lan")
    guide.sign_in(page, username, password)
    guide.shot(page, "doi-mat-khau-lan-dau")
    for label in ("Mật khẩu mới", "Nhập lại mật khẩu mới"):
        page.get_by_label(label, exact=True).fill(OWN_PASSWORD)
    page.get_by_role("button", name="Đặt mật khẩu").click()
    page.wait_for_load_state()
    page.locator(".account summary").click()
    guide.shot(page, "tai-khoan")
    page.get_by_role("link", name="Mật khẩu và bảo mật").click()
    guide.shot(page, "bao-mat")
    page.get_by_role("link", name="Bật ứng dụng xác thực").click()
    page.get_by_label("Mật khẩu", exact=True).fill(OWN_PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    guide.shot(page, "ung-dung-xac-thuc", top=page.locator(".account-qr"))
    guide.go(page, "/quan-tri/")
    page.locator(".account summary").click()
    page.get_by_role("link", name="Mật khẩu và bảo mật").click()
    page.get_by_role("link", name="Xem thiết bị đang đăng nhập").click()
    guide.shot(page, "thiet-bi")


def new_person(guide: Guide, name: str) -> tuple[str, str]:
    page = guide.desk(HEAD)
    guide.go(page, "/quan-tri/thanh-vien/them/")
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Biên tập viên").check()
    guide.shot(page, "them-nguoi")
    page.get_by_role("button", name="Tạo tài khoản").click()
    page.locator(".secret-word").wait_for()
    guide.shot(page, "mat-khau-ban-dau")
    return page.locator(".facts code").first.inner_text(), page.locator(".secret-word").inner_text()


def viet_bai(guide: Guide) -> None:
    page = guide.desk(WRITER)
    guide.shot(guide.go(page, "/quan-tri/bai-viet/soan/"), "chon-chuyen-muc")
    address = begin(guide, page, "Tin tức")
    write(
        page,
        "Đội bóng khối 8 giành giải Nhì cấp phường",
        "Chiều 21/11, đội bóng đá nam khối 8 của trường đã thi đấu trận chung kết và giành giải Nhì.",
    )
    guide.shot(page, "soan-bai", top=page.get_by_label("Tiêu đề", exact=True))
    box = put_photo(page, "bong-da.webp", ALT)
    guide.shot(page, "chen-anh")
    box.get_by_role("button", name="Chèn vào bài").click()
    expect(text_of(page).locator("img")).to_be_visible()
    saved(page)
    guide.shot(page, "soan-bai-co-anh", top=page.locator("#o_body, .ck-editor__top, .ck.ck-toolbar").first)
    guide.shot(guide.go(guide.desk(EDITOR), address), "nguoi-khac-dang-sua")
    keep(page)
    guide.shot(page, "truoc-khi-gui", top=page.locator("#truoc-khi-gui"))
    guide.shot(page, "tep-dinh-kem", top=page.locator("#tep-kem"))
    page.get_by_role("button", name="Xem thử").click()
    page.locator(".preview").wait_for()
    guide.shot(page, "xem-thu")
    guide.go(page, address)
    page.locator("form[data-editor][data-ready]").wait_for()
    submit(page)
    guide.shot(page, "da-gui-duyet")
    wide = guide.desk(EDITOR, DESKTOP)
    begin(guide, wide, "Thông báo")
    write(
        wide,
        "Lịch kiểm tra cuối học kỳ I",
        "Học sinh khối 6 đến khối 9 kiểm tra cuối học kỳ I từ ngày 21/12 đến hết ngày 25/12, theo lịch của từng lớp.",
    )
    keep(wide)
    guide.shot(wide, "soan-bai")


def duyet_bai(guide: Guide) -> None:
    writer, page, title = guide.desk(WRITER), guide.desk(EDITOR), "Câu lạc bộ cờ vua tuyển thành viên mới"
    address = begin(guide, writer, "Tin tức")
    write(
        writer,
        title,
        "Câu lạc bộ cờ vua sinh hoạt vào chiều thứ Sáu hằng tuần. Các em đăng ký với giáo viên chủ nhiệm.",
    )
    box = put_photo(writer, "co-vua.webp", "Hai học sinh ngồi đánh cờ vua bên bàn gỗ")
    box.get_by_role("button", name="Chèn vào bài").click()
    saved(writer)
    submit(writer)
    guide.shot(guide.go(page, "/quan-tri/cho-duyet/"), "cho-duyet")
    page.get_by_role("link", name=title).click()
    guide.shot(page, "duyet-bai")
    page.get_by_text("Trả lại", exact=True).click()
    page.get_by_label("Cần sửa gì?").fill("Thầy/Cô ghi thêm giờ và phòng sinh hoạt giúp.")
    guide.shot(page, "tra-lai", top=page.locator(".approval-bar"))
    guide.go(page, page.url.split(f":{guide.port}")[1])
    page.get_by_role("button", name="Duyệt đăng").click()
    page.wait_for_url("**/cho-duyet/")
    guide.shot(page, "da-dang")
    guide.go(page, address)
    page.locator("form[data-editor][data-ready]").wait_for()
    guide.shot(page, "viec-khac", top=page.locator("#viec-khac"))
    page.get_by_role("link", name="Lịch sử").click()
    guide.shot(page, "lich-su")
    page.go_back()
    page.get_by_role("link", name="Gỡ khỏi cổng").click()
    guide.shot(page, "go-bai")
    begin(guide, page, "Thông báo")
    write(page, "Lịch nghỉ Tết Dương lịch", "Học sinh nghỉ ngày 01/01. Phụ huynh cần hỏi thêm gọi cô 0912 345 678.")
    page.get_by_label("Hẹn giờ").check()
    guide.shot(page, "hen-gio", top=page.locator("#dang-o-dau"))
    page.get_by_label("Ngay khi được duyệt").check()
    write(page, "Danh sách nhận học bổng", "Em nhận học bổng mang theo căn cước số 079 211 004 562.")
    saved(page)
    keep(page)
    guide.shot(page, "thong-tin-ca-nhan", top=page.locator("#truoc-khi-gui"))


def van_ban(guide: Guide) -> None:
    page = guide.desk(EDITOR)
    begin(guide, page, "Văn bản")
    write(page, "Kế hoạch tổ chức Ngày hội đọc sách năm học 2026 – 2027", "Kế hoạch gồm ba phần.")
    page.get_by_label("Loại văn bản").select_option(label="Kế hoạch")
    page.get_by_label("Số, ký hiệu", exact=True).fill("12/KH-THCSHP")
    guide.shot(page, "van-ban-thong-tin", top=page.locator("#dang-ky"))
    begin(guide, page, "Thư mời")
    page.get_by_label("Tiêu đề", exact=True).fill("Họp cha mẹ học sinh cuối học kỳ I")
    page.get_by_label("Địa điểm").fill("Phòng học của từng lớp")
    guide.shot(page, "thu-moi")
    begin(guide, page, "Hình ảnh và video")
    page.get_by_label("Tiêu đề", exact=True).fill("Vui Tết Trung thu")
    guide.shot(page, "album", top=page.locator("#anh-album"))
    begin(guide, page, "Lịch công tác tuần")
    guide.shot(page, "lich-tuan", top=page.locator("#lich-tuan"))
    begin(guide, page, "Thời khóa biểu")
    page.locator("#tkb_from").fill("2026-11-30")
    with tempfile.TemporaryDirectory() as folder:
        page.locator("#tkb_file").set_input_files(timetable(Path(folder)))
        page.get_by_role("button", name="Lưu", exact=True).click()
        page.get_by_text(re.compile("Đã đọc được")).wait_for()
    guide.shot(page, "thoi-khoa-bieu", top=page.locator("#tkb-tep"))


def timetable(folder: Path) -> Path:
    """An Excel file as schools keep them: one sheet for each class."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in ("6A1", "6A2"):
        sheet = book.create_sheet(name)
        for row in LESSONS:
            sheet.append(row)
    path = folder / "thoi-khoa-bieu.xlsx"
    book.save(path)
    return path


def thu_vien(guide: Guide) -> None:
    page = guide.desk(EDITOR)
    guide.shot(guide.go(page, "/quan-tri/thu-vien/"), "thu-vien")
    guide.go(page, "/quan-tri/thu-vien/tai-len/")
    guide.shot(page, "tai-len")
    page.get_by_label("Ảnh có học sinh nhận ra được").check()
    page.get_by_label("Chọn ảnh hoặc tệp").set_input_files([PHOTOS / "be-ve-tranh.webp"])
    page.locator("[data-upload-alts]").wait_for()
    guide.shot(page, "da-tai-len", top=page.locator("#dang-tai"))
    page.locator("[data-upload-alts]").click()
    guide.shot(page, "mo-ta-anh")
    guide.go(page, "/quan-tri/thu-vien/cho-dong-y/")
    page.locator(".media a").first.click()
    page.get_by_label("Đã có đồng ý").check()
    page.get_by_label("Giấy đồng ý hoặc yêu cầu").fill("Phụ huynh lớp 3A ký ngày 16/11/2026, bản giấy ở văn phòng.")
    guide.shot(page, "giay-dong-y", top=page.locator("#dong-y"))
    guide.go(page, "/quan-tri/thu-vien/?q=sân trường")
    page.locator(".media a").first.click()
    guide.shot(page, "noi-dung", top=page.locator("#noi-dung-dung"))


def sap_xep(guide: Guide) -> None:
    page = guide.desk(HEAD)
    guide.go(page, "/quan-tri/menu/")
    guide.shot(page, "menu-mac-dinh")
    start = page.get_by_role("button", name="Tự sắp xếp menu")
    if start.count():
        start.click()
    guide.shot(page, "menu")
    guide.shot(guide.go(page, "/quan-tri/menu/them/"), "menu-them")
    guide.shot(guide.go(page, "/quan-tri/trang-chu/"), "trang-chu-sap-xep")
    guide.shot(guide.go(page, "/quan-tri/trang-chu/anh-bia/"), "anh-bia")
    guide.shot(guide.go(page, "/quan-tri/trang-chu/viec/"), "viec-thuong-tim")
    guide.shot(guide.go(page, "/quan-tri/lien-ket/"), "lien-ket")
    guide.shot(guide.go(page, "/quan-tri/trang/"), "trang-gioi-thieu")
    guide.shot(guide.go(page, "/quan-tri/lien-he/"), "lien-he")
    guide.shot(guide.go(guide.desk(HEAD, DESKTOP), "/quan-tri/cai-dat/"), "giao-dien")
    guide.shot(guide.go(page, "/quan-tri/ten-mien/"), "ten-mien")


def nguoi_dung(guide: Guide) -> None:
    page = guide.desk(HEAD)
    guide.shot(guide.go(page, "/quan-tri/thanh-vien/"), "nguoi-dung")
    page.get_by_role("link", name=re.compile("^Sửa")).first.click()
    guide.shot(page, "nhiem-vu")
    guide.go(page, "/quan-tri/thanh-vien/moi/")
    page.get_by_label("Mời ai").fill("Cô Hoàng Thị Thu")
    page.get_by_label("Biên tập viên").check()
    page.get_by_role("button", name="Tạo lời mời").click()
    page.locator("#dia-chi").wait_for()
    guide.shot(page, "loi-moi")
    guide.shot(guide.go(page, "/quan-tri/nhat-ky/"), "nhat-ky", top=page.locator(".trail"))


def chuyen_du_lieu(guide: Guide) -> None:
    page = guide.desk(HEAD)
    guide.shot(guide.go(page, "/quan-tri/chuyen-du-lieu/"), "chuyen-du-lieu")
    page.get_by_label("Tệp của trang cũ").set_input_files(OLD_SITE)
    page.get_by_role("button", name="Tải lên và xem trước").click()
    page.get_by_role("heading", name="Xem lại trước khi chuyển").wait_for(timeout=90_000)
    guide.shot(page, "xem-lai-truoc-khi-chuyen")
    guide.shot(page, "bat-dau-chuyen", top=page.locator("#bat-dau"))


def nam_hoc(guide: Guide) -> None:
    guide.shot(guide.go(guide.desk(HEAD), "/quan-tri/nam-hoc/"), "nam-hoc")


def luot_xem(guide: Guide) -> None:
    reader = guide.window()
    for path in ("/", "/tin-tuc/", "/thong-bao/", "/gioi-thieu/thuc-don/", "/", "/thong-bao/", "/"):
        guide.go(reader, path)
        reader.wait_for_load_state("networkidle")
    # Views are written every ten seconds.
    reader.wait_for_timeout(12_000)
    guide.shot(guide.go(guide.desk(HEAD), "/quan-tri/luot-xem/"), "luot-xem")


def gui_don_vi(guide: Guide) -> None:
    page, school = guide.desk(OFFICER, host=OFFICE), guide.desk(EDITOR)
    title = begin_notice(guide, page)
    guide.shot(page, "gui-den", top=page.locator("[data-recipients]"))
    publish(page)
    guide.go(school, "/quan-tri/tu-cap-tren/")
    school.get_by_role("link", name=title).first.click()
    school.get_by_role("button", name="Xác nhận đã đọc").click()
    school.wait_for_load_state()
    guide.go(page, "/quan-tri/da-gui/", host=OFFICE)
    page.get_by_role("link", name=title).first.click()
    guide.shot(page, "bang-theo-doi")


def tu_cap_tren(guide: Guide) -> None:
    officer, page = guide.desk(OFFICER, host=OFFICE), guide.desk(EDITOR)
    notice = begin_notice(guide, officer)
    publish(officer)
    invitation = send_invitation(guide, officer)
    guide.shot(guide.go(page, "/quan-tri/tu-cap-tren/"), "tu-cap-tren")
    page.get_by_role("link", name=notice).first.click()
    guide.shot(page, "xac-nhan-da-doc")
    guide.go(page, "/quan-tri/tu-cap-tren/")
    page.get_by_role("link", name=invitation).first.click()
    page.get_by_role("radio", name="Có mặt").check()
    page.get_by_label("Số người dự").fill("2")
    guide.shot(page, "tra-loi-thu-moi", top=page.locator("#tra-loi"))


def nguon_tin(guide: Guide) -> None:
    page = guide.desk(OFFICER, host=OFFICE)
    guide.go(page, "/quan-tri/nguon-tin/", host=OFFICE)
    guide.shot(page, "nguon-tin", top=page.locator(".source").first)
    page.locator(".feed h3 a").first.click()
    page.get_by_role("button", name="Đọc thử").click()
    guide.shot(page, "doc-thu", top=page.locator("#tin-doc-thu"))
    guide.go(page, "/quan-tri/tin-tu-nguon/", host=OFFICE)
    page.locator(".posts h2 a").first.click()
    guide.shot(page, "tin-tu-nguon")


def lay_tin(guide: Guide) -> None:
    page = guide.window()
    guide.shot(guide.go(page, "/kenh/thcs/thong-bao/", host=OFFICE), "lay-tin")


SCENES: dict[str, Callable[[Guide], None]] = {
    "xem-thu": xem_thu,
    "README": readme,
    "viet-bai": viet_bai,
    "duyet-bai": duyet_bai,
    "van-ban-thu-moi": van_ban,
    "thu-vien": thu_vien,
    "sap-xep-cong": sap_xep,
    "dang-nhap": dang_nhap,
    "nguoi-dung": nguoi_dung,
    "chuyen-du-lieu": chuyen_du_lieu,
    "nam-hoc-moi": nam_hoc,
    "luot-xem": luot_xem,
    "gui-don-vi": gui_don_vi,
    "tu-cap-tren": tu_cap_tren,
    "nguon-tin": nguon_tin,
    "lay-tin": lay_tin,
}


@contextmanager
def demo() -> Iterator[int]:
    """A demo of its own; its port."""
    with tempfile.TemporaryDirectory(prefix="congtruong-anh-") as folder:
        port, upstream = free_port(), free_port()
        env = {name: value for name, value in os.environ.items() if not name.startswith(("CONGTRUONG_", "DJANGO_"))}
        env |= {
            "CONGTRUONG_DATA_DIR": folder,
            "CONGTRUONG_PUBLIC_PORT": str(port),
            "CONGTRUONG_FETCH_ALLOW": f"127.0.0.1:{upstream}",
            "PYTHONPATH": str(ROOT),
        }
        log = Path(folder) / "demo.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - this Python, our own command
                [sys.executable, "-m", "congtruong.config.cli", "demo", "--port", str(port)],
                env=env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=ROOT,
            )
        try:
            end = time.monotonic() + PATIENCE
            while "Ctrl-C" not in log.read_text(encoding="utf-8"):
                if process.poll() is not None or time.monotonic() > end:
                    sys.exit(f"The demo did not start:\n{log.read_text(encoding='utf-8')}")
                time.sleep(0.5)
            yield port
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(timeout=60)


def review(*, took_all: bool) -> None:
    """What is in the folder against what the pages show."""
    shown = {name for page in GUIDE.glob("*.md") for name in re.findall(r"anh/([\w-]+\.\w+)", page.read_text("utf-8"))}
    unused = {path for path in PICTURES.iterdir() if path.name not in shown}
    for path in sorted(unused):
        _say(f"{path.name} is shown nowhere{', deleted' if took_all else ''}")
        if took_all:
            path.unlink()
    held = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    size = sum(held.values())
    _say(f"{len(held)} pictures, {size // 1000} KB")
    if missing := shown - held.keys():
        sys.exit(f"Named in the guide but not taken: {', '.join(sorted(missing))}")
    if size > MOST_IN_ALL:
        sys.exit(f"The pictures are larger than {MOST_IN_ALL} bytes in all.")


def take(port: int, names: list[str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        guide = Guide(browser, port)
        for name in names:
            SCENES[name](guide)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes the screenshots of the guide.")
    parser.add_argument("pages", nargs="*", choices=[*SCENES, []], help="pages of the guide; all of them without one")
    parser.add_argument("--at", type=int, metavar="PORT", help="the port of a demo that is running already")
    options = parser.parse_args()
    names = [name for name in SCENES if not options.pages or name in options.pages]
    PICTURES.mkdir(exist_ok=True)
    if options.at:
        take(options.at, names)
    else:
        with demo() as port:
            take(port, names)
    review(took_all=not options.pages)


if __name__ == "__main__":
    main()
