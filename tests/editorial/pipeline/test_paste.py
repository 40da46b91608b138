"""What office programs put on the clipboard."""

from pathlib import Path

import pytest

from congtruong.core.sanitize import clean_article
from congtruong.editorial.pipeline.paste import from_office

pytestmark = pytest.mark.unit

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "paste"


@pytest.mark.parametrize("name", ["word", "excel", "google-docs"])
def test_text_of_an_office_program_becomes_plain_markup(name: str) -> None:
    source = (SAMPLES / f"{name}.html").read_text(encoding="utf-8")
    expected = (SAMPLES / f"{name}.clean.html").read_text(encoding="utf-8").replace("\n", "")

    assert clean_article(from_office(source)) == expected


@pytest.mark.parametrize(
    "source", ["", "<p>Tổ  <b>mso</b></p>", "<p class=x style='color:red'>a</p>\n<ul><ul></ul></ul>"]
)
def test_other_text_is_left_alone(source: str) -> None:
    assert from_office(source) == source


def item(level: int, mark: str, text: str, number: int = 0) -> str:
    return (
        f"<p class=MsoListParagraph style='mso-list:l{number} level{level} lfo1'>"
        f"<span style='mso-list:Ignore'>{mark}<span>&nbsp; </span></span>{text}</p>"
    )


@pytest.mark.parametrize(
    ("items", "made"),
    [
        ([(1, "1.", "a"), (1, "2.", "b")], "<ol><li>a</li><li>b</li></ol>"),
        ([(1, "-", "a"), (2, "a)", "b"), (1, "-", "c")], "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>"),
        ([(2, "o", "a"), (1, "-", "b")], "<ul><li>a</li><li>b</li></ul>"),
        ([(1, "4)", "a"), (3, "-", "b"), (2, "-", "c")], '<ol start="4"><li>a<ul><li>b</li><li>c</li></ul></li></ol>'),
    ],
)
def test_marked_paragraphs_become_lists(items: list[tuple[int, str, str]], made: str) -> None:
    assert clean_article(from_office("".join(item(*one) for one in items))) == made


def test_paragraphs_between_lists_part_them() -> None:
    source = item(1, "-", "a") + "<p class=MsoNormal>b</p>" + item(1, "-", "c")

    assert clean_article(from_office(source)) == "<ul><li>a</li></ul><p>b</p><ul><li>c</li></ul>"


def test_emphasis_within_emphasis_is_not_doubled() -> None:
    source = (
        "<p class=MsoNormal><b><span style='font-weight:bold'>a</span></b> <span style='font-weight:700'>"
        "<span style='font-weight:700;font-style:italic'>b</span></span></p>"
    )

    assert clean_article(from_office(source)) == "<p><b>a</b> <strong><em>b</em></strong></p>"


@pytest.mark.parametrize(
    "piece", ["<!--", "<![if", "<xml>", "<p class=MsoNormal>", "<o:p>", "<b style='mso-x:1'>", "<ul><li>"]
)
def test_marks_that_never_close_come_to_an_end(piece: str) -> None:
    made = clean_article(from_office("<p class=MsoNormal>a</p>" + piece * 20_000))

    assert made.startswith("<p>a</p>")


def test_text_beyond_all_measure_is_left_to_the_sanitiser() -> None:
    source = "<p class=MsoNormal>" + "a " * 1_600_000

    assert from_office(source) is source
