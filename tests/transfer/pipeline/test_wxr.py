"""The export of WordPress 6, with what plugins, editors and years leave in it."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.pipeline.model import PAGE, OldPost, Tally
from congtruong.transfer.pipeline.wxr import is_wxr, read_wxr

pytestmark = pytest.mark.unit

EXPORT = Path(__file__).resolve().parents[2] / "data" / "transfer" / "wordpress.xml"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
UPLOADS = "https://thcshoaphuong.edu.vn/wp-content/uploads"


def read(body: bytes | None = None) -> tuple[dict[str, OldPost], Tally]:
    tally = Tally()
    content = EXPORT.read_bytes() if body is None else body
    posts = list(read_wxr(lambda: io.BytesIO(content), now=NOW, tally=tally))
    return {post.key.rsplit(":", 1)[-1]: post for post in posts}, tally


def wxr(*items: str, head: str = "") -> bytes:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"'
    return (
        f'{head}<rss version="2.0" {spaces}><channel><wp:base_site_url>https://cu.edu.vn</wp:base_site_url>'
        f"{''.join(items)}</channel></rss>"
    ).encode()


def item(post_id: int, content: str = "<p>Bài</p>", **fields: str) -> str:
    more = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in fields.items())
    return (
        f"<item><title>Bài {post_id}</title><content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<wp:post_id>{post_id}</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>{more}</item>"
    )


def test_posts_pages_and_drafts_are_read_and_the_rest_is_counted() -> None:
    posts, tally = read()

    assert list(posts) == ["101", "96", "120", "2", "7"]
    assert tally.left_out == {"trash": 1, "password": 1, "other_kind": 1}
    assert [key for key, post in posts.items() if post.is_draft] == ["120"]
    assert [key for key, post in posts.items() if post.kind == PAGE] == ["2", "7"]


def test_block_editor_text_becomes_plain_blocks() -> None:
    post = read()[0]["101"]

    assert post.body == (
        "<p>Sáng ngày 05/9/2025, <strong>thầy và trò</strong> nhà trường long trọng tổ chức Lễ khai giảng. Xem thêm "
        '<a href="https://thcshoaphuong.edu.vn/2025/08/ke-hoach-khai-giang/">kế hoạch khai giảng</a>.</p>'
        f'<figure class="image"><img src="{UPLOADS}/2025/09/khai-giang-1024x683.jpg" '
        'alt="Học sinh diễu hành qua lễ đài"><figcaption>Học sinh diễu hành</figcaption></figure>'
        '<figure class="media"><oembed url="https://www.youtube.com/watch?v=AbCdEfGhIjK"></oembed></figure>'
        "<table><tbody><tr><td>7 giờ 00</td><td>Đón đại biểu</td></tr>"
        "<tr><td>7 giờ 30</td><td>Chào cờ</td></tr></tbody></table>"
    )
    assert post.cover == f"{UPLOADS}/2025/09/khai-giang.jpg"
    assert post.images == (f"{UPLOADS}/2025/09/khai-giang-1024x683.jpg",)


def test_facts_of_a_post_are_read() -> None:
    post = read()[0]["101"]

    assert post.key == "wp:thcshoaphuong.edu.vn:101"
    assert post.title == "Lễ khai giảng năm học 2025 – 2026"
    assert post.summary == "Thầy và trò hân hoan chào đón năm học mới."
    assert post.author == "Ban biên tập"
    assert post.published_at == datetime(2025, 9, 5, 3, 30, tzinfo=UTC)
    assert post.categories == ("Tin hoạt động",)
    assert post.old_urls == (
        "https://thcshoaphuong.edu.vn/2025/09/le-khai-giang-nam-hoc-2025-2026/",
        "https://thcshoaphuong.edu.vn/?p=101",
        "/?p=101",
    )


def test_classic_post_gets_its_paragraphs_captions_and_galleries() -> None:
    post = read()[0]["96"]

    assert post.body.startswith("<p>Nhà trường thông báo lịch nghỉ lễ như sau:<br>")
    assert post.body.count("<p>") == 2
    assert f'<img src="{UPLOADS}/2025/08/lich-300x200.png" alt=""><figcaption>Lịch nghỉ [2025]' in post.body
    assert post.images == (
        f"{UPLOADS}/2025/08/lich-300x200.png",
        f"{UPLOADS}/2025/09/khai-giang.jpg",
        f"{UPLOADS}/2025/08/lich.png",
    )
    assert post.notes == ("shortcode",)
    assert "contact-form" not in post.body


def test_files_uploaded_to_a_post_hang_on_it_even_when_its_text_does_not_name_them() -> None:
    assert read()[0]["96"].attachments == (f"{UPLOADS}/2025/08/thong-bao.pdf", f"{UPLOADS}/2025/08/bien-ban.docx")


def test_page_knows_the_page_it_stands_below_and_page_builders_leave_their_text() -> None:
    page = read()[0]["7"]

    assert (page.parent, page.order) == ("wp:thcshoaphuong.edu.vn:2", 2)
    assert page.body == "<p>Ban giám hiệu và các tổ chuyên môn.</p>"
    assert page.old_urls[-1] == "/?page_id=7"


def test_draft_has_the_local_time_where_there_is_no_other() -> None:
    assert read()[0]["120"].published_at == datetime(2026, 1, 10, 2, tzinfo=UTC)


def test_post_without_a_date_says_so() -> None:
    posts, _ = read(wxr(item(1)))

    assert (posts["1"].published_at, posts["1"].notes) == (None, ("no_date",))


def test_control_characters_and_blanks_before_the_declaration_do_not_stop_the_reading() -> None:
    source = b'\n\n  <?xml version="1.0" encoding="UTF-8"?>' + wxr(item(1, "<p>Mot\x08 hai</p>"), item(2))

    posts, _ = read(source)

    assert list(posts) == ["1", "2"]
    assert posts["1"].body == "<p>Mot hai</p>"


def test_cut_file_gives_what_stands_before_the_cut() -> None:
    whole = wxr(item(1), item(2), item(3))

    posts, _ = read(whole[: whole.index(b"3</title>")])

    assert list(posts)[:2] == ["1", "2"]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY bigger "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)


@pytest.mark.parametrize(
    "head",
    [
        BOMB,
        '<!-- <rss> --><!DOCTYPE rss SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        f"<!-- {'a' * 100_000} --><!DOCTYPE rss []>",
    ],
    ids=["laughs", "external", "file", "behind a long comment"],
)
def test_document_types_are_refused_before_anything_is_read(head: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(wxr(item(1, "&bigger;"), '<item><category domain="&bigger;">&bigger;</category></item>', head=head))

    assert caught.value.code == "declares_entities"


@pytest.mark.parametrize("body", [b"", b"day khong phai XML", b"<rss", b"\x00\x01"])
def test_what_is_no_xml_is_broken(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        read(body)

    assert caught.value.code == "broken"


def test_memory_does_not_grow_with_the_file() -> None:
    """Every element is emptied after its turn."""
    body = wxr(*(item(number, "<p>" + "chữ " * 2_000 + "</p>") for number in range(200)))
    count = 0

    for post in read_wxr(lambda: io.BytesIO(body), now=NOW, tally=Tally()):
        count += 1
        assert len(post.body) > 2_000

    assert count == 200


def test_is_wxr_tells_an_export_from_a_feed() -> None:
    assert is_wxr(EXPORT.read_bytes())
    assert not is_wxr(EXPORT.with_name("full-content.xml").read_bytes())
