"""A sanitised text as its readers see it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.html_blocks import Block, BlockKind, blocks_of
from congtruong.core.sanitize import clean_html, plain_text

pytestmark = pytest.mark.unit


def test_blocks_come_in_order_with_their_kind() -> None:
    source = (
        "<h2>Kế hoạch</h2><p>Một <strong>hai</strong><br>ba</p><ul><li>Mục<ul><li>Con</li></ul></li></ul>"
        "<blockquote><p>Trích</p></blockquote>Rời"
    )

    assert [(block.kind, block.text) for block in blocks_of(source)] == [
        (BlockKind.HEADING, "Kế hoạch"),
        (BlockKind.PARAGRAPH, "Một hai"),
        (BlockKind.PARAGRAPH, "ba"),
        (BlockKind.ITEM, "Mục"),
        (BlockKind.ITEM, "Con"),
        (BlockKind.QUOTE, "Trích"),
        (BlockKind.PARAGRAPH, "Rời"),
    ]


def test_rows_keep_their_cells_also_empty_ones() -> None:
    source = (
        "<table><caption>Bảng</caption><tr><th>A</th><th></th></tr><tr><td><p>1</p><p>2</p></td><td>3</td></tr></table>"
    )

    assert blocks_of(source) == [
        Block(BlockKind.CAPTION, "Bảng"),
        Block(BlockKind.ROW, "", cells=("A", "")),
        Block(BlockKind.ROW, "", cells=("1 2", "3")),
    ]


def test_images_take_their_caption_and_nothing_else() -> None:
    source = (
        '<figure class="image"><img src="/tep/a/960.webp" alt="Sân"><figcaption>Ảnh: A</figcaption></figure><p>Sau</p>'
        '<p>Trước <img src="/b" alt="Cổng"> rồi</p>'
    )

    assert blocks_of(source) == [
        Block(BlockKind.IMAGE, "Ảnh: A", alt="Sân", address="/tep/a/960.webp"),
        Block(BlockKind.PARAGRAPH, "Sau"),
        Block(BlockKind.PARAGRAPH, "Trước"),
        Block(BlockKind.IMAGE, "", alt="Cổng", address="/b"),
        Block(BlockKind.PARAGRAPH, "rồi"),
    ]


def test_links_and_videos_keep_their_addresses() -> None:
    source = (
        '<p>Gọi <a href="tel:0903">cô</a></p><figure class="media"><oembed url="https://a.example/v"></oembed></figure>'
    )

    assert blocks_of(source) == [
        Block(BlockKind.PARAGRAPH, "Gọi cô", links=("tel:0903",)),
        Block(BlockKind.VIDEO, "", address="https://a.example/v"),
    ]


@pytest.mark.parametrize(
    "source", ["<", "<p", "a<!--", "<![", "<td>x", "</tr></p>", "<figure><img><p>", "<script>x", "&#0;"]
)
def test_broken_markup_is_no_error(source: str) -> None:
    assert all("<" not in block.text or source.startswith("<") for block in blocks_of(source))


@given(st.text(alphabet="<>/=\"'&;! -apbtrdlihu\n", max_size=120))
def test_no_word_of_a_sanitised_text_is_lost(source: str) -> None:
    clean = clean_html(source).html
    words = [word for block in blocks_of(clean) for text in (block.text, *block.cells) for word in text.split()]

    assert "".join(words) == plain_text(clean).replace(" ", "")
