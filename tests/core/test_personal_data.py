"""The personal-data guard, measured on labelled examples of what stands in school portals."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.personal_data import (
    Finding,
    Kind,
    Own,
    Section,
    Severity,
    find_in_html,
    find_in_rows,
    find_in_sections,
    find_in_text,
    lists,
    names,
    numbers,
)
from congtruong.core.personal_data.model import mask_email, mask_name, mask_number

pytestmark = pytest.mark.unit

DATA = Path(__file__).resolve().parents[1] / "data" / "personal_data"
CASES = [case for path in sorted(DATA.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
LEAST_PRECISION = 0.97
LEAST_RECALL = 0.95


def found(case: dict[str, Any]) -> list[Finding]:
    if "rows" in case:
        return find_in_rows(case["rows"])
    return find_in_html(case["html"]) if "html" in case else find_in_text(case["text"])


def labels(findings: list[Finding]) -> set[str]:
    """Kinds; a leading ~ marks a notice."""
    return {finding.kind.value if finding.must_explain else f"~{finding.kind.value}" for finding in findings}


def outcome() -> Iterator[tuple[str, str]]:
    """(right, false or missed; the kind) for each label of each case."""
    for case in CASES:
        expected, got = set(case["found"]), labels(found(case))
        yield from (("right", label) for label in expected & got)
        yield from (("false", label) for label in got - expected)
        yield from (("missed", label) for label in expected - got)


def test_guard_is_right_on_the_labelled_examples() -> None:
    counts = Counter(verdict for verdict, _ in outcome())

    assert counts["right"] / (counts["right"] + counts["false"]) >= LEAST_PRECISION
    assert counts["right"] / (counts["right"] + counts["missed"]) >= LEAST_RECALL


def test_examples_cover_every_kind_and_enough_that_is_harmless() -> None:
    wanted = {label.removeprefix("~") for case in CASES for label in case["found"]}

    assert wanted == {kind.value for kind in Kind}
    assert sum(not case["found"] for case in CASES) >= 60


@pytest.mark.parametrize("kind", list(Kind))
def test_no_kind_is_missed_often(kind: Kind) -> None:
    verdicts = Counter(verdict for verdict, label in outcome() if label.removeprefix("~") == kind.value)

    assert verdicts["right"] >= 4 * (verdicts["false"] + verdicts["missed"])


# --- What is said -----------------------------------------------------------------------------------------------------


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1
    return findings[0]


def test_finding_says_how_many_where_and_what_to_do() -> None:
    finding = only(find_in_text("Thông báo\nMẹ: 0903123456\nBa: 0912.345.678\nNhắc lại: 0903 123 456"))

    assert finding == Finding(
        kind=Kind.PHONE,
        severity=Severity.MUST_EXPLAIN,
        excerpt="090…56",
        count=2,
        place="dòng 2",
        message="Có 2 số điện thoại di động của cá nhân. Hãy thay bằng số điện thoại của đơn vị, hoặc xóa.",
    )


def test_finding_of_a_number_to_reach_somebody_is_milder() -> None:
    finding = only(find_in_text("Liên hệ cô Hoa: 0903123456"))

    assert finding.severity is Severity.NOTICE
    assert finding.message == (
        "Có 1 số điện thoại di động để liên hệ. Hãy chắc chắn người dùng số này đồng ý cho đăng, "
        "hoặc thay bằng số của đơn vị."
    )


def test_worst_place_stands_for_its_kind() -> None:
    finding = only(find_in_text("Liên hệ cô Hoa: 0903123456\n\n" + "\n".join(["chữ " * 40] * 3) + "\nMẹ: 0912345678"))

    assert (finding.severity, finding.excerpt, finding.count) == (Severity.MUST_EXPLAIN, "091…78", 2)


def test_list_counts_its_names_and_shows_initials() -> None:
    people = ["Nguyễn Văn An", "TRẦN THỊ BÌNH", "Lê Hoàng Châu", "Phạm Minh Đức", "Võ Ngọc Giàu", "Hồ Bảo Hân"]
    finding = only(find_in_text("Danh sách học sinh\n" + "\n".join(people)))

    assert (finding.kind, finding.count, finding.excerpt, finding.place) == (
        Kind.PUPIL_LIST,
        6,
        "Nguyễn V. A., …",
        "dòng 2",
    )


def test_four_names_are_no_list() -> None:
    assert find_in_text("Danh sách\nNguyễn Văn An\nTrần Thị Bình\nLê Hoàng Châu\nPhạm Minh Đức") == []


def test_sections_are_one_document_with_places() -> None:
    sections = [
        Section("trang 1", text="Mẹ: 0903123456"),
        Section("trang 2", text="Ba: 0912345678\nMẹ: 0903123456"),
        Section("trang tính “6A1”", rows=[["Họ tên", "CCCD"], ["Bé Na", "079215012345"]]),
    ]
    findings = find_in_sections(sections)

    assert [(finding.kind, finding.count, finding.place) for finding in findings] == [
        (Kind.CITIZEN_ID, 1, "trang tính “6A1”, hàng 2"),
        (Kind.PHONE, 2, "trang 1, dòng 1"),
    ]


def test_what_must_be_explained_comes_first() -> None:
    findings = find_in_text("lan.pham85@gmail.com, thẻ HS4797912345678")

    assert [finding.kind for finding in findings] == [Kind.INSURANCE, Kind.EMAIL]


def test_finding_survives_storing() -> None:
    findings = find_in_text("Mẹ: 0903123456, lan.pham85@gmail.com")

    assert [Finding.from_json(finding.to_json()) for finding in findings] == findings


# --- The unit's own ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Gọi 0903.123.456",
        "Gọi +84 903 123 456",
        "Gửi ThuVien.An@gmail.com",
        "Gửi co.hoa@thcsso1.example",
        "Gửi co.hoa@mail.thcsso1.example",
        "STK 0531002512345 Vietcombank",
    ],
)
def test_the_unit_s_own_numbers_may_stand_anywhere(text: str) -> None:
    own = Own.of(
        phones=["(+84) 903 123 456", ""],
        emails=["thuvien.an@gmail.com"],
        domains=["thcsso1.example"],
        accounts=["0531 002 512 345"],
    )

    assert find_in_text(text, own=own) == []


def test_an_empty_own_number_owns_nothing() -> None:
    assert only(find_in_text("Gọi 0903.123.456", own=Own.of(phones=["", " "]))).kind is Kind.PHONE


# --- Masks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "masked"), [("0903 123 456", "090…56"), ("079205001234", "079…34"), ("123456", "1…6")]
)
def test_mask_number(number: str, masked: str) -> None:
    assert mask_number(number) == masked


def test_masks_of_names_and_addresses() -> None:
    assert mask_name("NGUYỄN VĂN AN") == "Nguyễn V. A."
    assert mask_email("lan.pham85@gmail.com") == "la…@gmail.com"
    assert mask_email("lan@gmail.com") == "l…@gmail.com"


# --- Anything at all --------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    """
    Nguyễn Văn An Trần Thị em lớp 6A1 sinh ngày 12/03/2014 0903123456 0903.123.456 079215012345 STK: tài khoản BHYT
    HS4797912345678 lan.pham85@gmail.com nơi ở: 45/3 đường CCCD: 023456789 - ; , . \n \t | ( ) danh sách học sinh
    """.replace("\n", " ").split(" ")
)
pieces = st.lists(WORDS | st.sampled_from(["\n", "\t"]) | st.text(max_size=6), max_size=60).map(" ".join)


@given(pieces)
def test_guard_takes_any_text_and_shows_no_number_in_full(text: str) -> None:
    for finding in [*find_in_text(text), *find_in_html(text), *find_in_rows([text.split(" "), text.split("\n")])]:
        digits = re.sub(r"[^0-9]", "", finding.excerpt)
        assert len(digits) <= 5
        assert not re.search("[0-9]{4}", finding.excerpt) or finding.kind in {Kind.BIRTH_DATE, Kind.BIRTH_YEAR}
        assert "lan.pham85" not in finding.excerpt
        assert finding.count >= 1
        assert Finding.from_json(finding.to_json()) == finding


@given(st.text())
def test_guard_never_fails_on_strange_characters(text: str) -> None:
    find_in_text(text)
    find_in_html(text)
    find_in_rows([[text, text], [text]])


@given(
    st.from_regex(r"0(?:3[2-9]|9[0-9])[0-9]{7}", fullmatch=True),
    st.sampled_from(["{}", "Mẹ {}", "SĐT:{}.", "({})", "0911222333 - {}", "{}/0911222333", "6A1\t{}"]),
)
def test_mobile_numbers_are_found_wherever_they_stand(number: str, sentence: str) -> None:
    findings = find_in_text(sentence.format(number))

    assert {finding.kind for finding in findings} == {Kind.PHONE}


# --- Cost -------------------------------------------------------------------------------------------------------------

REPEATED = [
    *(
        "a",
        "0",
        "0 ",
        "0.",
        "Nguyễn ",
        "Nguyễn Văn An, ",
        "Nguyễn Văn An\n",
        "stk: ",
        "tk tk",
        "a@",
        "a.",
        "sn ",
        "1\n",
    ),
    *("ngày sinh: ", "ngày sinh của em ", "nơi ở ", "HS4797", "- - ", "A1 ", "( ", "84 ", "+84(0)", "Em: ", "<", "<p>"),
]


def calls_of(run: Callable[[], object]) -> int:
    """How many functions are called, ours and the interpreter's: a measure of work that no busy machine changes."""
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


@pytest.mark.parametrize("piece", REPEATED)
@pytest.mark.parametrize("find", [find_in_text, find_in_html, lambda text: find_in_rows([text.split()])])
def test_work_grows_no_faster_than_the_text(piece: str, find: Callable[[str], object]) -> None:
    short, long = (piece * (size // len(piece)) for size in (4_000, 16_000))

    assert calls_of(lambda: find(long)) <= 5 * calls_of(lambda: find(short))


PATTERNS = [
    value for module in (numbers, lists, names) for value in vars(module).values() if isinstance(value, re.Pattern)
]


def unbounded(pattern: str) -> list[str]:
    """Repeats without an end, other than of white space, which every line has little of before it is looked at."""
    bare = re.sub(r"\\.", "E", re.sub(r"\[[^\]]*\]", "C", pattern.replace(r"\s*", "")))
    return re.findall(r".[*+]", bare)


def test_unbounded_sees_endless_repeats() -> None:
    assert unbounded(r"(?:a|b)*[0-9]+\s*\d{1,3}\+[*+]") == [")*", "C+"]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:30])
def test_patterns_repeat_nothing_without_end(pattern: re.Pattern[str]) -> None:
    words = re.compile(r"[^\W\d_]+")

    assert pattern == words or unbounded(pattern.pattern) == []
