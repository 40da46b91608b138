"""Saved web pages of old sites: tables for layout, forms around everything, three encodings, a date in words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from congtruong.transfer.pipeline.files import FolderFiles
from congtruong.transfer.pipeline.folder import read_folder
from congtruong.transfer.pipeline.model import OldPost, Tally

pytestmark = pytest.mark.unit

SITE = Path(__file__).resolve().parents[2] / "data" / "transfer" / "trang-cu"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
WORDS = (
    "Nhà trường thông báo đến toàn thể quý phụ huynh và các em học sinh kế hoạch học tập của học kỳ hai năm học này. "
)


def read(pages: dict[str, bytes]) -> tuple[dict[str, OldPost], Tally]:
    tally = Tally()
    posts = read_folder(pages, pages.__getitem__, now=NOW, tally=tally)
    return {post.key.removeprefix("page:"): post for post in posts}, tally


def sample() -> tuple[dict[str, OldPost], Tally, FolderFiles]:
    files, tally = FolderFiles(SITE), Tally()
    posts = read_folder(files.paths, files.read, now=NOW, tally=tally)
    return {post.key.removeprefix("page:"): post for post in posts}, tally, files


def page(inner: str, title: str = "Kế hoạch học kỳ hai", head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{inner}</body></html>".encode()


def test_articles_are_told_from_lists_and_forms() -> None:
    posts, tally, _ = sample()

    assert sorted(posts) == [
        "chitiet.aspx@id=17.html",
        "thong-bao/nghi-le.html",
        "tin-tuc/hoi-khoe-phu-dong.html",
        "tin-tuc/tong-ket.html",
    ]
    assert tally.left_out == {"no_article": 2}


def test_article_in_a_form_in_a_table_is_found_without_its_frame() -> None:
    posts, _, files = sample()
    post = posts["tin-tuc/hoi-khoe-phu-dong.html"]

    assert post.title == "Hội khỏe Phù Đổng cấp trường"
    assert post.body.startswith('<p><font face="Times New Roman">Sáng 11/11, nhà trường')
    assert post.body.endswith('<a href="/thong-bao/nghi-le.html">thông báo nghỉ lễ</a>.</p>')
    for part in ("Trang chủ", "Bản quyền", "Hôm nay", "Tổng kết", "Ngày đăng"):
        assert part not in post.body, part
    assert post.published_at == datetime(2014, 11, 12, 1, 30, tzinfo=UTC)
    assert post.author == "Tổ Thể dục"
    assert [files.find(one) for one in (*post.images, *post.attachments)] == [
        "images/hoi-khoe.png",
        "tai-lieu/ket-qua.pdf",
    ]


def test_date_beside_the_heading_is_read_and_left_out_of_the_text() -> None:
    post = sample()[0]["thong-bao/nghi-le.html"]

    assert post.published_at == datetime(2014, 12, 30, 7, 5, tzinfo=UTC)
    assert "30/12/2014" not in post.body
    assert "01/01/2015" in post.body
    assert post.categories == ("thong bao",)


def test_windows_1258_is_read() -> None:
    post = sample()[0]["tin-tuc/tong-ket.html"]

    assert post.title == "Tổng kết năm học"
    assert "tuyên dương các em học sinh đạt danh hiệu học sinh giỏi" in post.body
    assert post.published_at == datetime(2013, 5, 28, 7, 0, tzinfo=UTC)


def test_page_of_a_server_program_keeps_its_parameters_as_old_address() -> None:
    post = sample()[0]["chitiet.aspx@id=17.html"]

    assert post.old_urls == ("/chitiet.aspx?id=17", "/chitiet.aspx?id=17.html")
    assert (post.published_at, post.notes) == (None, ("no_date",))


def test_mirrored_host_folder_does_not_count_but_both_addresses_lead_on() -> None:
    posts, _ = read(
        {
            "thcscu.edu.vn/tin/a.html": page(f'<h1>Kế hoạch học kỳ hai</h1><p>{WORDS * 3}<img src="/anh/a.png"></p>'),
            "thcscu.edu.vn/tin/index.html": page(f"<p>{WORDS * 3}</p>"),
        }
    )

    assert posts["tin/a.html"].old_urls == ("/tin/a.html", "/thcscu.edu.vn/tin/a.html")
    assert posts["tin/a.html"].images == ("/thcscu.edu.vn/anh/a.png",)
    assert "/tin/" in posts["tin/index.html"].old_urls


def test_facts_for_machines_come_first() -> None:
    head = (
        '<meta property="og:title" content="Kế hoạch học kỳ hai"><meta property="article:section" content="Thông báo">'
        '<meta property="article:published_time" content="2021-02-03T08:00:00+07:00">'
        '<meta name="author" content="Cô Lan">'
        '<link rel="canonical" href="https://thcscu.edu.vn/ke-hoach">'
    )
    posts, _ = read({"a.html": page(f"<article><p>{WORDS * 3}</p></article>", head=head)})

    post = posts["a.html"]
    assert post.published_at == datetime(2021, 2, 3, 1, tzinfo=UTC)
    assert (post.author, post.categories) == ("Cô Lan", ("Thông báo",))
    assert post.old_urls == ("https://thcscu.edu.vn/ke-hoach", "/a.html")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Đăng ngày 05/09/2014", datetime(2014, 9, 4, 17, tzinfo=UTC)),
        ("Thứ sáu, ngày 05 tháng 9 năm 2014", datetime(2014, 9, 4, 17, tzinfo=UTC)),
        ("Cập nhật lúc: 08:30 05/09/2014", datetime(2014, 9, 5, 1, 30, tzinfo=UTC)),
        ("(05/09/2014 14:05)", datetime(2014, 9, 5, 7, 5, tzinfo=UTC)),
        ("Hôm nay: 05/09/2014", None),
        ("Bản quyền 05/09/2014", None),
        ("Ngày đăng: 31/02/2014", None),
        ("Ngày đăng: 05/09/2027", None),
    ],
)
def test_visible_dates_are_read_day_first(written: str, read_as: datetime | None) -> None:
    posts, _ = read({"a.html": page(f"<h1>Kế hoạch học kỳ hai</h1><div>{written}</div><p>{WORDS * 3}</p>")})

    assert posts["a.html"].published_at == read_as


def test_name_of_the_site_is_cut_from_titles_where_pages_share_it() -> None:
    pages = {
        f"{number}.html": page(f"<p>{WORDS * 3}</p>", title=f"Bài số {number} của trường - Trường THCS Cũ")
        for number in range(4)
    }

    posts, _ = read(pages)

    assert posts["2.html"].title == "Bài số 2 của trường"


def test_pages_without_sense_do_not_stop_the_reading() -> None:
    posts, tally = read({"a.html": b"", "b.html": b"\x00\xff\xfe", "c.html": b"<" * 5000, "d.html": b"chu"})

    assert (posts, tally.left_out) == ({}, {"no_article": 4})
