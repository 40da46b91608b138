"""Two versions of a text, told block by block and word by word."""

import html
import re
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.diffing import Budget, Stretch, stretches
from congtruong.core.html_blocks import blocks_of
from congtruong.editorial import phrases
from congtruong.editorial.pipeline.compare import Change, ChangeKind, compare_facts, compare_html

pytestmark = pytest.mark.unit

_SPOKEN = re.compile(r'<span class="sr">[^<]*</span>')


def told(changes: list[Change]) -> list[tuple[str, str]]:
    return [(change.kind.value, _SPOKEN.sub("", change.html)) for change in changes]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


# --- Blocks -----------------------------------------------------------------------------------------------------------


def test_added_removed_and_changed_paragraphs() -> None:
    old = paragraphs("Mở đầu.", "Lễ khai giảng lúc 7 giờ 30 tại sân trường.", "Đoạn sẽ bị bỏ hẳn.")
    new = paragraphs("Mở đầu.", "Lễ khai giảng lúc 8 giờ tại sân trường.", "Kính mời quý phụ huynh tới dự.")

    assert told(compare_html(old, new)) == [
        ("same", "Mở đầu."),
        ("changed", "Lễ khai giảng lúc <del>7</del> <ins>8</ins> giờ <del>30</del> tại sân trường."),
        ("removed", "Đoạn sẽ bị bỏ hẳn."),
        ("added", "Kính mời quý phụ huynh tới dự."),
    ]


def test_long_unchanged_stretches_are_folded_beside_the_change() -> None:
    same = [f"Đoạn số {number} vẫn như cũ." for number in range(12)]
    changes = compare_html(paragraphs(*same, "Cuối cũ", *same), paragraphs(*same, "Cuối mới", *same))

    assert told(changes) == [
        ("folded", "… 11 đoạn không đổi …"),
        ("same", "Đoạn số 11 vẫn như cũ."),
        ("changed", "Cuối <del>cũ</del> <ins>mới</ins>"),
        ("same", "Đoạn số 0 vẫn như cũ."),
        ("folded", "… 11 đoạn không đổi …"),
    ]


def test_equal_texts_are_one_fold() -> None:
    text = paragraphs(*(f"Đoạn {number}" for number in range(5)))

    assert told(compare_html(text, text)) == [("folded", "… 5 đoạn không đổi …")]


def test_marks_say_sign_word_and_block() -> None:
    changes = compare_html("<h2>Cũ</h2>", "<ul><li>Mới</li></ul>")

    assert [(change.sign, change.word, change.what) for change in changes] == [
        ("−", "Bỏ", "Đề mục"),
        ("+", "Thêm", "Mục liệt kê"),
    ]


def test_change_of_kind_is_told() -> None:
    change = compare_html("<p>Kế hoạch tuần</p>", "<h2>Kế hoạch tuần</h2>")[0]

    assert (change.kind, change.note) == (ChangeKind.CHANGED, "Đổi từ đoạn văn thành đề mục.")


def test_images_are_named_in_words() -> None:
    figure = '<figure class="image"><img src="/tep/{}/960.webp" alt="{}"><figcaption>{}</figcaption></figure>'
    same_words = compare_html(figure.format("a", "Sân trường", "Ảnh: A"), figure.format("b", "Sân trường", "Ảnh: A"))
    new_alt = compare_html(figure.format("a", "", "Ảnh: A"), figure.format("a", "Sân trường", "Ảnh: A"))

    assert told(same_words) == [("changed", "Mô tả ảnh: Sân trường Chú thích: Ảnh: A")]
    assert same_words[0].note == "Đã thay bằng tệp hình khác."
    assert told(new_alt) == [
        ("changed", "Mô tả ảnh: <del>(chưa có)</del> <ins>Sân trường</ins> Chú thích: Ảnh: A"),
    ]


def test_rows_and_link_addresses_are_compared() -> None:
    row = "<table><tbody><tr><td>Toán</td><td>{}</td></tr></tbody></table>"

    assert told(compare_html(row.format("17 tiết"), row.format("18 tiết"))) == [
        ("changed", "Toán | <del>17</del> <ins>18</ins> tiết")
    ]
    assert told(compare_html('<p><a href="/a">Xem ở đây</a></p>', '<p><a href="/b">Xem ở đây</a></p>')) == [
        ("changed", "Xem ở đây (liên kết: <del>/a)</del> <ins>/b)</ins>")
    ]


def test_words_are_escaped() -> None:
    changes = compare_html("<p>a &lt;script&gt; b c</p>", "<p>a &lt;img onerror=x&gt; b c</p>")

    assert told(changes) == [("changed", "a <del>&lt;script&gt;</del> <ins>&lt;img onerror=x&gt;</ins> b c")]


def test_loose_and_composed_marks_are_the_same_word() -> None:
    assert told(compare_html("<p>Tie\u0302\u0301ng Vie\u0323\u0302t</p>", "<p>Tiếng Việt</p>")) == [
        ("same", "Tiếng Việt")
    ]


# --- Whatever the texts are -------------------------------------------------------------------------------------------

words = st.sampled_from(["Tiếng", "Việt", "trường", "học", "sinh", "<b>đậm</b>", "&lt;ins&gt;", "a&amp;b", "1", "–"])
texts = st.lists(words, min_size=1, max_size=12).map(" ".join)
blocks = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h2", "li", "blockquote"]), texts)
documents = st.lists(blocks, max_size=8).map("".join)


def words_of(source: str) -> list[str]:
    return [word for block in blocks_of(source) for word in block.text.split()]


def side(changes: list[Change], *, without: str, skipped: ChangeKind) -> list[str]:
    """The words of one side: what the other side alone has is left out."""
    found: list[str] = []
    for change in changes:
        if change.kind is not skipped:
            kept = re.sub(f"<{without}>.*?</{without}>", "", _SPOKEN.sub("", change.html))
            found += html.unescape(re.sub("</?(?:ins|del)>", "", kept)).split()
    return found


@given(documents, documents)
def test_without_the_added_stands_the_old_without_the_removed_the_new(old: str, new: str) -> None:
    changes = compare_html(old, new)
    if all(change.kind is not ChangeKind.FOLDED for change in changes):
        assert side(changes, without="ins", skipped=ChangeKind.ADDED) == words_of(old)
        assert side(changes, without="del", skipped=ChangeKind.REMOVED) == words_of(new)


@given(documents, documents)
def test_only_our_own_tags_stand_in_a_comparison(old: str, new: str) -> None:
    for change in compare_html(old, new):
        assert "<" not in re.sub(r'</?(?:ins|del)>|<span class="sr">|</span>', "", change.html)


items = st.lists(st.integers(0, 5), max_size=30)


@given(items, items, st.sampled_from([0, 50, 10_000_000]))
def test_stretches_cover_both_sides_and_tell_the_truth(old: list[int], new: list[int], steps: int) -> None:
    found = stretches(old, new, Budget(steps))

    assert [item for each in found for item in old[each.a : each.b]] == old
    assert [item for each in found for item in new[each.c : each.d]] == new
    assert all(old[each.a : each.b] == new[each.c : each.d] for each in found if each.is_same)
    assert all(before.is_same is not after.is_same for before, after in pairwise(found))


def test_stretches_find_what_moved_little() -> None:
    assert stretches("abxcd", "abycd", Budget()) == [
        Stretch(True, 0, 2, 0, 2),
        Stretch(False, 2, 3, 2, 3),
        Stretch(True, 3, 5, 3, 5),
    ]


# --- Cost -------------------------------------------------------------------------------------------------------------


def calls_of(run: Callable[[], object]) -> int:
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return calls


HARD = {
    "swapped": lambda n: (paragraphs(*["a b"] * n), paragraphs(*["b a"] * n)),
    "repeats": lambda n: (paragraphs(*["a"] * n), paragraphs(*["a", "b"] * (n // 2))),
    "one long paragraph": lambda n: (paragraphs("một hai " * n), paragraphs("hai một ba " * n)),
    "reversed": lambda n: (
        paragraphs(*(f"x{number} y z" for number in range(n))),
        paragraphs(*(f"x{number} y z" for number in reversed(range(n)))),
    ),
    "no word in common": lambda n: (paragraphs(*(f"a{x}" for x in range(n))), paragraphs(*(f"b{x}" for x in range(n)))),
}


@pytest.mark.parametrize("pair", HARD.values(), ids=HARD.keys())
def test_work_grows_no_faster_than_the_texts(pair: Callable[[int], tuple[str, str]]) -> None:
    """Up to 300 KB; counted in calls, which no busy machine changes. The square would be sixteen times as much."""
    short, long = pair(4_000), pair(16_000)

    assert calls_of(lambda: compare_html(*long)) <= 6 * calls_of(lambda: compare_html(*short))


def test_spent_budget_still_tells_what_came_and_went() -> None:
    old, new = ["a", "b"] * 3, ["b", "a"] * 4
    found = stretches(old, new, Budget(0))

    assert found == [Stretch(False, 0, 6, 0, 8)]


# --- Fields -----------------------------------------------------------------------------------------------------------

LABELS = {"title": "Tiêu đề", "category": "Chuyên mục", "files": "Tệp đính kèm", "date": "Ngày ban hành"}


def test_facts_tell_only_what_differs_in_the_order_of_labels() -> None:
    old = {"files": ["a.pdf", "b.pdf"], "title": "Cũ", "category": "Tin", "date": ""}
    new = {"files": ["b.pdf", "c.pdf"], "title": "Mới", "category": "Tin", "date": "23/11/2026", "other": "x"}

    assert [(fact.label, fact.removed, fact.added) for fact in compare_facts(old, new, LABELS)] == [
        ("Tiêu đề", ("Cũ",), ("Mới",)),
        ("Tệp đính kèm", ("a.pdf",), ("c.pdf",)),
        ("Ngày ban hành", (), ("23/11/2026",)),
    ]


def test_every_block_has_a_name() -> None:
    kinds = {block.kind.value for block in blocks_of(EVERY_KIND)}

    assert kinds == set(phrases.COMPARE_BLOCKS)


EVERY_KIND = (
    "<p>a</p><h2>b</h2><ul><li>c</li></ul><blockquote><p>d</p></blockquote><table><caption>e</caption><tr><td>f</td></tr>"
    '</table><img src="/x" alt="g"><figure class="media"><oembed url="https://www.youtube.com/watch?v=h"></oembed></figure>'
)


# --- The component ----------------------------------------------------------------------------------------------------


def test_component_shows_signs_words_and_marked_words() -> None:
    page = render_to_string(
        "components/comparison.html",
        {
            "facts": compare_facts({"title": "A & B"}, {"title": "C"}, LABELS),
            "changes": compare_html(paragraphs("một hai ba bốn"), paragraphs("một hai ba năm", "Thêm <b>vào</b>")),
        },
    )

    assert "<del>A &amp; B</del>" in page
    assert '<del><span class="sr">[bỏ] </span>bốn</del> <ins><span class="sr">[thêm] </span>năm</ins>' in page
    assert re.findall(r'<p class="compare-mark"><span aria-hidden="true">(.)</span> (.*?)</p>', page) == [
        ("±", "Sửa · Đoạn văn"),
        ("+", "Thêm · Đoạn văn"),
    ]
    assert "<p><ins>Thêm vào</ins></p>" in page


def test_component_says_when_nothing_differs() -> None:
    assert "Hai bản giống nhau." in render_to_string("components/comparison.html", {"facts": [], "changes": []})
