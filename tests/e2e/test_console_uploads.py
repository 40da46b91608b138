"""Files that are not what they say, files that are too much, and many files of which one fails."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from tests.e2e.console import DESKTOP, PHONE, WRITER, Desk, photo, unique

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BOMB_MEGABYTES = 420


def bomb() -> bytes:
    """Two megabytes that open to far more than any school has to say."""
    made, megabyte = BytesIO(), bytes(1024 * 1024)
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("so-lieu.csv", "w") as sheet,
    ):
        for _ in range(BOMB_MEGABYTES):
            sheet.write(megabyte)
    return made.getvalue()


def named(name: str, body: bytes, kind: str = "image/jpeg") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": body}


def row(page: Page, name: str) -> Locator:
    return page.locator(".upload-row", has_text=name)


def held(desk: Desk) -> str:
    """How much the library says it has."""
    desk.open("/quan-tri/thu-vien/")
    return desk.page.locator(".shell-head p").inner_text()


def test_each_bad_file_gets_its_sentence_and_nothing_is_stored(desk: Callable[..., Desk], tmp_path: Path) -> None:
    writer = desk(WRITER, PHONE)
    page, before = writer.page, held(writer)
    writer.open("/quan-tri/thu-vien/tai-len/")
    large = tmp_path / "phim-ngay-hoi.pdf"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    page.get_by_label("Chọn ảnh hoặc tệp").set_input_files(
        [
            named("anh-gia.jpg", b"Day khong phai la anh."),
            named("trong.jpg", b""),
            named("bom.zip", bomb(), "application/zip"),
            named("hinh-ve.svg", SCRIPT, "image/svg+xml"),
            named("hinh-ve-doi-ten.png", SCRIPT, "image/png"),
        ]
    )
    page.get_by_label("Chọn ảnh hoặc tệp").set_input_files(large)

    for name, sentence in {
        "anh-gia.jpg": "Tệp này không thuộc loại được nhận.",
        "trong.jpg": "Tệp trống (0 byte). Hãy kiểm tra lại tệp trên máy rồi tải lên lần nữa.",
        "phim-ngay-hoi.pdf": "Tệp lớn hơn 50 MB. Hãy giảm dung lượng hoặc chia nhỏ tệp rồi tải lên.",
        "bom.zip": "Tệp nén này khi mở ra sẽ lớn bất thường",
        "hinh-ve.svg": "Ảnh SVG có thể chứa mã độc nên không được nhận.",
        "hinh-ve-doi-ten.png": "Ảnh SVG có thể chứa mã độc nên không được nhận.",
    }.items():
        expect(row(page, name).locator("[data-state]")).to_contain_text(sentence)
        expect(row(page, name).get_by_role("button")).to_have_count(0)
    expect(page.locator("[data-upload-status]")).to_have_text("Đã tải xong 0/6 tệp, 6 tệp chưa được.")
    assert held(writer) == before


def test_server_refuses_what_comes_past_the_page(desk: Callable[..., Desk]) -> None:
    """Without the script of the page the same sentences come from the server."""
    writer = desk(WRITER, DESKTOP, javascript=False)
    page, before = writer.page, held(writer)
    writer.open("/quan-tri/thu-vien/tai-len/")
    page.get_by_label("Chọn ảnh hoặc tệp").set_input_files(
        [named("trong.pdf", b"", "application/pdf"), named("hinh-ve.svg", SCRIPT, "image/svg+xml")]
    )
    writer.button("Tải lên").click()

    refused = page.locator(".upload-refused")
    expect(refused).to_contain_text("“trong.pdf”: Tệp trống (0 byte).")
    expect(refused).to_contain_text("“hinh-ve.svg”: Ảnh SVG có thể chứa mã độc nên không được nhận.")
    assert held(writer) == before


def test_one_bad_file_among_many_keeps_the_others(desk: Callable[..., Desk]) -> None:
    writer = desk(WRITER, PHONE)
    page, mark = writer.page, unique("san-truong").replace(" ", "-")
    good = [f"{mark}-{number}.jpg" for number in range(4)]
    writer.open("/quan-tri/thu-vien/tai-len/")
    files = [photo(name) for name in good]
    page.get_by_label("Chọn ảnh hoặc tệp").set_input_files(
        [*files[:2], named("hong.jpg", b"\xff\xd8\xff\xe0 khong phai anh"), *files[2:]]
    )

    expect(page.locator("[data-upload-status]")).to_have_text("Đã tải xong 4/5 tệp, 1 tệp chưa được.")
    expect(row(page, "hong.jpg").locator("[data-state]")).to_contain_text("Không đọc được hình ảnh này.")
    writer.open(f"/quan-tri/thu-vien/?q={mark}")
    expect(page.locator(".media > li")).to_have_count(4)


def test_cut_upload_goes_on_with_a_button(desk: Callable[..., Desk]) -> None:
    """The line is lost until the page gives up; the button sends only what is missing."""
    writer = desk(WRITER, PHONE)
    page, name = writer.page, unique("anh-lon").replace(" ", "-") + ".jpg"
    parts: list[str] = []
    cut = {"is": True}

    def part(route: Route) -> None:
        parts.append("cut" if cut["is"] else "sent")
        route.abort("connectionfailed") if cut["is"] else route.continue_()

    page.route("**/tai-len/phan/", part)
    page.clock.install()
    writer.open("/quan-tri/thu-vien/tai-len/")
    page.get_by_label("Chọn ảnh hoặc tệp").set_input_files(photo(name))
    retry = row(page, name).get_by_role("button", name="Thử lại")
    while not retry.is_visible():
        page.clock.run_for(1000)
    expect(row(page, name).locator("[data-state]")).to_contain_text("Mất kết nối.")

    cut["is"] = False
    retry.click()

    expect(row(page, name).locator("[data-state]")).to_have_text("Đã tải lên")
    assert parts == ["cut"] * 4 + ["sent"]
    writer.open(f"/quan-tri/thu-vien/?q={name}")
    expect(page.locator(".media > li")).to_have_count(1)
