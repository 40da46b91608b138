from datetime import UTC, datetime
from pathlib import Path

import pytest

from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.pipeline.feed import is_feed, read_feed
from congtruong.transfer.pipeline.model import OldPost, Tally

pytestmark = pytest.mark.unit

FEED = Path(__file__).resolve().parents[2] / "data" / "transfer" / "full-content.xml"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def read(body: bytes) -> tuple[list[OldPost], Tally]:
    tally = Tally()
    return list(read_feed(body, now=NOW, tally=tally)), tally


def test_whole_articles_are_read_with_pictures_and_files() -> None:
    (first, second), tally = read(FEED.read_bytes())

    assert first.title == "Bé vui hội trăng rằm"
    assert first.body == (
        "<p>Chiều 06/10, các bé rước đèn quanh sân trường.</p>"
        '<figure class="image"><img src="http://mnhuongduong.edu.vn/uploads/ruoc-den.jpg" '
        'alt="Các bé rước đèn ông sao"></figure><p>Nhà trường cảm ơn quý phụ huynh.</p>'
    )
    assert first.published_at == datetime(2025, 10, 6, 1, 15, tzinfo=UTC)
    assert first.author == "Cô Thu Hà"
    assert first.attachments == ("http://mnhuongduong.edu.vn/uploads/thuc-don.pdf",)
    assert first.summary == "Các bé rước đèn, phá cỗ cùng chú Cuội, chị Hằng."
    assert (first.key, second.key) == ("feed:mn-55", f"feed:{second.old_urls[0]}")
    assert second.body == "<p>Kính gửi quý phụ huynh thực đơn tuần 2.</p>"
    assert tally.left_out == {"no_text": 1}


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Trường</title>
<entry><title type="html">Hội &amp;amp; hè</title><id>urn:1</id><link rel="alternate" href="https://cu.edu.vn/a.html"/>
<link rel="enclosure" href="https://cu.edu.vn/a.pdf"/><updated>2025-03-04T05:06:07Z</updated>
<author><name>Ban biên tập</name></author><category term="Thông báo"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Một <b>hai</b></p><img src="/x.png" alt=""/></div>
</content></entry></feed>"""


def test_atom_with_markup_as_elements_is_read() -> None:
    ((post,), _) = read(ATOM.encode())

    assert post.title == "Hội & hè"
    assert "<p>Một <b>hai</b></p>" in post.body
    assert post.images == ("https://cu.edu.vn/x.png",)
    assert (post.author, post.categories, post.attachments) == (
        "Ban biên tập",
        ("Thông báo",),
        ("https://cu.edu.vn/a.pdf",),
    )
    assert post.published_at == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_old_encodings_are_read_as_the_feeds_of_the_portal_are() -> None:
    ((post,), _) = read(
        b'<?xml version="1.0" encoding="windows-1252"?><rss><channel><item><title>Khai gi\xe2\xe3ng \xe9t\xe9</title>'
        b"<description>B\xe0i</description></item></channel></rss>"
    )

    assert post.body == "<p>Bài</p>"


def test_declared_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel>'

    with pytest.raises(SourceError) as caught:
        read(bomb)

    assert caught.value.code == "declares_entities"


@pytest.mark.parametrize(
    ("head", "is_one"), [(b"<rss version='2.0'>", True), (b"\n<?xml?><feed>", True), (b"<html><body>", False)]
)
def test_is_feed_looks_at_the_beginning(head: bytes, is_one: bool) -> None:
    assert is_feed(head) is is_one
