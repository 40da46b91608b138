import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.transfer.pipeline.markup import Placed, place_references, plain_body, written_alts
from congtruong.transfer.pipeline.paragraphs import with_paragraphs
from congtruong.transfer.pipeline.shortcodes import Attached, expand_shortcodes

pytestmark = pytest.mark.unit


def body_of(source: str) -> str:
    return plain_body(source, resolve=lambda written: written).body


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("chữ trần", "<p>chữ trần</p>"),
        ("Một<br>hai<br><br>Ba", "<p>Một<br>hai</p><p>Ba</p>"),
        ("<div><div>A</div><div>B <b>c</b></div></div>", "<p>A</p><p>B <b>c</b></p>"),
        (
            "<p>t <a href='x.jpg'><img src='x.jpg'></a> s</p>",
            '<p>t </p><figure class="image"><img src="x.jpg" alt=""></figure><p> s</p>',
        ),
        ("<table><tr><td><p>x</p><div>y</div></td></tr></table>", "<p>x</p><p>y</p>"),
        (
            "<table><tr><td>a</td><td><div>b</div><div>c</div></td></tr></table>",
            "<table><tr><td>a</td><td><p>b</p><p>c</p></td></tr></table>",
        ),
        ("<ul><li><p>a</p></li><li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<h1>A</h1><h5>B</h5>", "<h2>A</h2><h4>B</h4>"),
        ("<form><div>Trong biểu mẫu</div><input></form>", "<p>Trong biểu mẫu</p>"),
        ("<p>&nbsp;</p><p></p><br>", ""),
        ("<p>a</p><!-- ghi chú --><script>alert(1)</script>", "<p>a</p>"),
        (
            "<iframe src='//www.youtube.com/embed/abcdefghijk?rel=0'></iframe>sau",
            '<figure class="media"><oembed url="https://www.youtube.com/watch?v=abcdefghijk"></oembed></figure><p>sau</p>',
        ),
        (
            "<p>https://youtu.be/abcdefghijk</p>",
            '<figure class="media"><oembed url="https://www.youtube.com/watch?v=abcdefghijk"></oembed></figure>',
        ),
        (
            "<iframe src='https://maps.example/x'></iframe>",
            '<p><a href="https://maps.example/x">https://maps.example/x</a></p>',
        ),
        ("<iframe src='javascript:alert(1)'></iframe>", ""),
        ("<img src='data:image/png;base64,AAAA'>chữ", "<p>chữ</p>"),
        ("<img src='dem.gif' width='1' height='1'>chữ", "<p>chữ</p>"),
        ("<img src='x.gif' data-src='that.jpg'>", '<figure class="image"><img src="that.jpg" alt=""></figure>'),
        ("<a href='#dau'>lên đầu</a> <a>trống</a>", "<p>lên đầu trống</p>"),
        ("", ""),
    ],
)
def test_plain_body(source: str, body: str) -> None:
    assert body_of(source) == body


@pytest.mark.parametrize(
    ("alt", "kept"),
    [
        ("IMG_0412", ""),
        ("DSC01234.JPG", ""),
        ("a", ""),
        ("12345_67890_n", "12345_67890_n"),
        ("Giờ ra chơi", "Giờ ra chơi"),
        ("2.jpg", ""),
    ],
)
def test_names_of_cameras_are_no_descriptions(alt: str, kept: str) -> None:
    assert f'alt="{kept}"' in body_of(f'<img src="/x/a.jpg" alt="{alt}">')


def test_gallery_becomes_single_pictures() -> None:
    gallery = (
        '<figure class="wp-block-gallery"><ul><li><figure><img src="1.jpg"><figcaption>m</figcaption></figure></li>'
        '<li><figure><img src="2.jpg"></figure></li></ul><figcaption>Chung</figcaption></figure>'
    )

    assert body_of(gallery) == (
        '<figure class="image"><img src="1.jpg" alt=""><figcaption>m</figcaption></figure>'
        '<figure class="image"><img src="2.jpg" alt=""></figure><p>Chung</p>'
    )


def test_heading_that_repeats_the_title_is_left_out() -> None:
    assert plain_body("<h1>Lễ  hội</h1><p>a</p>", resolve=str, title="LỄ HỘI").body == "<p>a</p>"


def test_references_are_placed() -> None:
    body = (
        '<p><a href="https://cu.edu.vn/a.pdf">tệp</a> <a href="https://cu.edu.vn/bai">bài</a> '
        '<a href="https://khac.vn/">khác</a></p>'
        '<figure class="image"><img src="a.jpg" alt=""><figcaption>c</figcaption></figure>'
        '<figure class="image"><img src="mat.jpg" alt=""><figcaption>mất</figcaption></figure>'
    )

    placed = place_references(
        body,
        images={"a.jpg": Placed("/tep/k/960.webp", "Sân trường")},
        links={"https://cu.edu.vn/a.pdf": "/tep/p/a.pdf"},
        home=lambda url: "/bai" if url == "https://cu.edu.vn/bai" else "",
    )

    assert placed == (
        '<p><a href="/tep/p/a.pdf">tệp</a> <a href="/bai">bài</a> <a href="https://khac.vn/">khác</a></p>'
        '<figure class="image"><img src="/tep/k/960.webp" alt="Sân trường"><figcaption>c</figcaption></figure>'
    )


def test_caption_describes_a_picture_that_nobody_described() -> None:
    figure = '<figure class="image"><img src="a.jpg" alt=""><figcaption>Giờ <b>chơi</b></figcaption></figure>'
    body = f'{figure}<img src="b.jpg" alt="Lớp">'

    assert written_alts(body) == {"a.jpg": "Giờ chơi", "b.jpg": "Lớp"}


_TAGS = (
    *("<div>", "</div>", "<p>", "</p>", "<td>", "<table>", "<tr>", "<ul>", "<li>", "<b>", "<figure>", "<br>", " ", "&"),
    *("<img src='a.jpg'>", "chữ", "<a href='x'>", "</a>", "</table>", "<blockquote>", "<h1>", "<figcaption>"),
)


@given(st.lists(st.sampled_from(_TAGS), max_size=30))
def test_any_markup_keeps_its_words_and_settles_at_once(parts: list[str]) -> None:
    body = body_of("".join(parts))

    assert body.count("chữ") == parts.count("chữ")
    assert body.count("<img") == parts.count("<img src='a.jpg'>")
    assert body_of(body_of(body)) == body_of(body)


def test_paragraphs_of_classic_posts() -> None:
    source = "Một\nhai\r\n\r\nBa <b>x</b>\n<ul><li>a\n\nb</li></ul>\n<blockquote>q\n\nr</blockquote>\ncuối"

    assert body_of(with_paragraphs(source)) == (
        "<p>Một<br>\nhai</p><p>Ba <b>x</b></p><ul><li>a\n\nb</li></ul>"
        "<blockquote><p>q</p><p>r</p></blockquote><p>cuối</p>"
    )


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[1] và [Thông báo]", "[1] và [Thông báo]"),
        ('[vc_row a="b"]x[/vc_row]', "x"),
        ("[[caption]]", "[caption]"),
        ("[embed]https://youtu.be/abcdefghijk[/embed]", "\n\nhttps://youtu.be/abcdefghijk\n\n"),
        ('[audio mp3="/a.mp3"][/audio]', '\n\n<p><a href="/a.mp3">a.mp3</a></p>\n\n'),
        ('[gallery ids="1,9"]', '\n\n<figure><img src="/1.jpg" alt="một"></figure>\n\n'),
        ("[gallery]", '\n\n<figure><img src="/2.jpg" alt=""><figcaption>hai</figcaption></figure>\n\n'),
        (
            '[caption width="3"]<img src="/a.jpg"> Lời[/caption]',
            '\n\n<figure><img src="/a.jpg"><figcaption>Lời</figcaption></figure>\n\n',
        ),
    ],
)
def test_shortcodes(source: str, html: str) -> None:
    attached = {"1": Attached("/1.jpg", alt="một"), "2": Attached("/2.jpg", caption="hai")}

    assert expand_shortcodes(source, attached=attached, own=["2"]).html == html
