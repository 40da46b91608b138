"""Search without diacritics inside one portal: the same results on both databases, compared with an oracle."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core import clock
from congtruong.core.text import fold, search_terms
from congtruong.portal.queries import register_entries
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.queries import own, own_and_above
from congtruong.publication.queries.fulltext import COUNTED, Found, search
from congtruong.publication.rules import broadcast_marker, own_marker
from congtruong.publication.services import Published, Register, publish, withdraw
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import LONG_AGO, make_authority, make_page, make_post, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

_ids = count(1)
NOON = datetime(2026, 9, 7, 5, tzinfo=UTC)


def show(unit: Unit, title: str, body: str = "", *, at: datetime = NOON, **fields: Any) -> Entry:
    values: dict[str, Any] = {"object_id": next(_ids), "channels": (Channel.NEWS,), "kind": EntryKind.ITEM, **fields}
    with unit_scope(unit.pk):
        return publish(content=Published(unit_id=unit.pk, title=title, body=body, published_at=at, **values))


def find(unit: Unit, query: str, **options: Any) -> Found:
    return search(unit=unit, sources=own_and_above(unit), query=query, **options)


def found(unit: Unit, query: str, **options: Any) -> list[str]:
    return [entry.title for entry in find(unit, query, **options).entries]


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Tuyển sinh lớp 6", "tuyen sinh"),
        ("Tuyển sinh lớp 6", "TUYỂN SINH"),
        ("Tuyển sinh lớp 6", "sinh tuyển"),
        ("Đà Nẵng mở rộng", "da nang"),
        ("Da Nang mo rong", "Đà Nẵng"),
        ("Đường đến trường", "duong den truong"),
        ("Khai giảng", "khai gi"),
        ("Khai giảng", "giả"),
        ("“Tuyển sinh” đầu cấp", "tuyen sinh"),
        ("(Tuyển sinh)", "tuyển"),
        ("Lịch – tuyển sinh…", "tuyển sinh"),
        ("Năm học 2026–2027", "2026 2027"),
        ("Năm học 2026-2027", "2026-2027"),
        ("Quyết định 201/QĐ-THCSHP", "201/QĐ-THCSHP"),
        ("Quyết định 201/QĐ-THCSHP", "201"),
        ("Quyết định 201/QĐ-THCSHP", "qd thcshp"),
        ("Họp ngày 20/11", "20/11"),
        ("Họp ngày 20.11.2026", "11 2026"),
        ("Học phí 1.240.000 đồng", "1.240.000"),
        ("Mức thu -50 và +5%", "50"),
        ("Thư về vanthu@truong.edu.vn nhé", "vanthu"),
        ("Thư về vanthu@truong.edu.vn nhé", "truong"),
        ("Xem https://hcm.edu.vn/tin-tuc/a1?b=2", "tuc"),
        ("Xem hoaphuong.hcm.edu.vn", "hoaphuong"),
        ("Lớp 6A1/6A2", "6a2"),
        ("Hội_trường", "truong"),
        ("🎉Khai giảng🎉", "khai giảng"),
        ("Tệp bao-cao_cuoi.docx", "docx"),
    ],
)
def test_search_finds_with_and_without_diacritics_in_titles_and_texts(unit: Unit, text: str, query: str) -> None:
    show(unit, text)
    show(unit, "Trong bài", f"<p>{text}</p>")
    show(unit, "Chuyện khác", "<p>Không liên quan</p>")

    assert found(unit, query) == [text, "Trong bài"]


@pytest.mark.parametrize("query", ["iảng", "hai giảng", "khaigiảng", "khai giảng xyz", "kha giảng"])
def test_search_matches_whole_words_and_only_the_last_may_be_unfinished(unit: Unit, query: str) -> None:
    show(unit, "Khai giảng")

    assert found(unit, query) == []


def test_search_puts_titles_first_and_newer_before_older(unit: Unit) -> None:
    for day, (title, body) in enumerate(
        [("Tuyển sinh cũ", ""), ("Trong bài cũ", "tuyển sinh"), ("Tuyển sinh mới", ""), ("Trong bài mới", "tuyển sinh")]
    ):
        show(unit, title, body, at=NOON + timedelta(days=day))

    assert found(unit, "tuyen sinh") == ["Tuyển sinh mới", "Tuyển sinh cũ", "Trong bài mới", "Trong bài cũ"]


def test_search_counts_words_split_between_title_and_text_as_matches_of_the_text(unit: Unit) -> None:
    show(unit, "Tuyển dụng", "<p>sinh viên</p>", at=NOON + timedelta(days=1))
    show(unit, "Tuyển sinh")

    assert found(unit, "tuyen sinh") == ["Tuyển sinh", "Tuyển dụng"]


def test_search_finds_symbol_issuer_author_and_summary(unit: Unit) -> None:
    show(
        unit,
        "Văn bản",
        channels=(Channel.DOCUMENT,),
        summary="Tóm lược",
        author="Lê Thị C",
        register=Register(symbol="97/GM-MNSM", issuer="Ủy ban nhân dân"),
    )

    for query in ("97/gm-mnsm", "GM", "uy ban", "tom luoc", "le thi"):
        assert found(unit, query) == ["Văn bản"], query


def test_search_finds_a_thing_once_whatever_its_channels(unit: Unit) -> None:
    show(unit, "Thư mời họp", channels=(Channel.INVITATION, Channel.NOTICE, Channel.NEWS))

    result = find(unit, "thu moi")

    assert ([entry.title for entry in result.entries], result.total) == (["Thư mời họp"], 1)


def test_search_can_be_narrowed_to_a_channel(unit: Unit) -> None:
    for channel in (Channel.NEWS, Channel.NOTICE, Channel.PAGE):
        show(unit, f"Mục {channel.label}", channels=(channel,))

    assert found(unit, "muc", channel=Channel.NOTICE) == ["Mục Thông báo"]
    assert found(unit, "muc", channel=Channel.DOCUMENT) == []


def test_search_never_finds_what_other_portals_publish(unit: Unit) -> None:
    above, elsewhere, stranger = make_authority(), make_authority(), make_unit()
    place(unit, above)
    place(stranger, elsewhere)
    for owner in (unit, above, elsewhere, stranger):
        show(owner, f"Chung của {owner.pk}", is_broadcast=owner.is_authority)
    show(above, "Chung nội bộ", is_broadcast=False)

    assert sorted(found(unit, "chung")) == sorted([f"Chung của {unit.pk}", f"Chung của {above.pk}"])
    assert found(above, "chung nội bộ") == ["Chung nội bộ"]


def test_search_follows_the_span_of_the_authority(unit: Unit) -> None:
    district = make_authority()
    place(unit, district, from_on=LONG_AGO, to_on=date(2025, 6, 30))
    show(district, "Phòng 2023", at=datetime(2023, 9, 5, tzinfo=UTC), is_broadcast=True)
    show(district, "Phòng 2026", at=NOON, is_broadcast=True)

    assert found(unit, "phong") == ["Phòng 2023"]


def test_marker_words_of_the_index_find_nothing(unit: Unit) -> None:
    above = make_authority()
    place(unit, above)
    show(unit, "Của trường")
    show(above, "Của Sở", is_broadcast=True)

    markers = own_marker(unit.pk), broadcast_marker(above.pk)
    for query in (*markers, *(f"truong {marker}" for marker in markers), *(marker[:2] for marker in markers), "d", "o"):
        assert found(unit, query) == [], query


@pytest.mark.parametrize(
    "query",
    [
        '"tuyển sinh"',
        '"',
        "'",
        "tuyển NEAR sinh",
        "NEAR(tuyển sinh, 2)",
        "tuyển* OR x",
        "search_title : tuyển",
        "{search_scope} : đown1",
        "tuyển & sinh",
        "tuyển | sinh",
        "!tuyển",
        "(",
        ")",
        "tuyển:*A",
        "tuyển <-> sinh",
        "^tuyển",
        "-tuyển",
        "+",
        "NOT",
        "AND",
        "%",
        "_",
        "\\",
        "'; DROP TABLE publication_entry; --",
        "🎒📚",
        "\x00",
        "\ud800",
        "中文",
        "x" * 10_000,
        "tuyển " * 2_000,
        " ".join(str(n) for n in range(3_000)),
    ],
)
def test_search_takes_any_query_as_plain_words(unit: Unit, query: str) -> None:
    show(unit, "Tuyển sinh", "<p>Tuyển sinh</p>")
    terms = search_terms(query)
    expected = ["Tuyển sinh"] if terms and set(terms[:-1]) <= {"tuyen", "sinh"} and _begins(terms[-1]) else []

    assert found(unit, query) == expected


def _begins(term: str) -> bool:
    return any(word.startswith(term) for word in ("tuyen", "sinh"))


def test_search_survives_random_queries(unit: Unit) -> None:
    show(unit, "Tuyển sinh", "<p>Thư mời họp phụ huynh</p>")

    @given(st.text(max_size=60))
    def check(query: str) -> None:
        result = find(unit, query)

        assert len(result.entries) == result.total <= 1

    check()


def test_search_without_words_finds_nothing(unit: Unit) -> None:
    show(unit, "Tuyển sinh")

    for query in ("", "   ", "“”…–", "!!!"):
        assert find(unit, query) == Found([], 0, []), query


def test_drafts_and_withdrawn_things_are_never_found(unit: Unit) -> None:
    make_post(unit, "Nháp kín", publish=False)
    entry = show(unit, "Kín rồi gỡ")
    with unit_scope(unit.pk):
        withdraw(kind=EntryKind.ITEM, object_id=entry.object_id)

    assert found(unit, "kin") == []


def test_changed_text_is_found_under_its_new_words_only(unit: Unit) -> None:
    show(unit, "Mở đầu", "<p>Nhập học</p>", object_id=900_001)
    show(unit, "Kết thúc", "<p>Bế giảng</p>", object_id=900_001)

    results = {query: found(unit, query) for query in ("mở đầu", "nhập học", "kết thúc", "bế giảng")}

    assert results == {"mở đầu": [], "nhập học": [], "kết thúc": ["Kết thúc"], "bế giảng": ["Kết thúc"]}


def test_search_index_follows_a_change_around_the_service(unit: Unit) -> None:
    """The index is kept by the database itself."""
    entry = show(unit, "Mở đầu")
    with unit_scope(unit.pk):
        Entry.objects.filter(pk=entry.pk).update(search_title="ket thuc")

    assert (found(unit, "mở đầu"), found(unit, "kết thúc")) == ([], ["Mở đầu"])


def test_pages_are_found_too(unit: Unit) -> None:
    make_page(unit, "Cơ cấu tổ chức", body="<p>Ban Giám hiệu</p>")

    assert found(unit, "ban giam hieu", channel=Channel.PAGE) == ["Cơ cấu tổ chức"]


def test_total_stops_at_the_bound(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("congtruong.publication.queries.fulltext.COUNTED", 5)
    for number in range(4):
        show(unit, f"Tin {number}")
        show(unit, f"Bài {number}", "<p>tin</p>")

    result = find(unit, "tin", limit=10)

    assert [entry.title for entry in result.entries] == ["Tin 3", "Tin 2", "Tin 1", "Tin 0", "Bài 3"]
    assert (result.total, result.is_capped) == (5, True)
    assert COUNTED == 1000


def test_a_common_word_of_the_neighbours_costs_no_result() -> None:
    """The scope narrows inside the index: 60 matches elsewhere do not push out the one here."""
    here, there = make_unit(), make_unit()
    for _ in range(60):
        show(there, "Khai giảng", at=NOON + timedelta(days=30))
    show(here, "Khai giảng ở đây")

    result = find(here, "khai giang", limit=1)

    assert ([entry.title for entry in result.entries], result.total) == (["Khai giảng ở đây"], 1)


_WORDS = ["Tuyển", "sinh", "“sinh”,", "tuyên", "dương", "Đà", "Nẵng", "đã", "12/KH-THCS", "2026–2027", "a_b", "(họp)"]
_QUERIES = ["tuyển sinh", "tuyen", "da nang", "đà", "s", "12", "kh thcs", "2026 2027", "b", "hop", "tuyen duong", "xa"]


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))


def _all_in(terms: list[str], words: list[str]) -> bool:
    return set(terms[:-1]) <= set(words) and any(word.startswith(terms[-1]) for word in words)


def _oracle(entries: list[Entry], terms: list[str], readable: set[int]) -> list[int]:
    ranked = []
    for entry in entries:
        title = _tokens(f"{entry.title} {entry.doc_symbol}")
        body = _tokens(entry.summary + " " + re.sub("<[^>]+>", " ", entry.body))
        if entry.unit_id in readable and _all_in(terms, title + body):
            ranked.append((_all_in(terms, title), entry.published_at, entry.pk))
    return [pk for *_, pk in sorted(ranked, reverse=True)]


def test_search_pages_equal_an_oracle_without_duplicates_or_gaps() -> None:
    dice = random.Random(2326)  # noqa: S311 - repeatable, guards nothing
    here, above, elsewhere = make_unit(), make_authority(), make_unit()
    place(here, above)
    for _ in range(70):
        owner = dice.choice([here, here, above, elsewhere])
        title, body = (" ".join(dice.choices(_WORDS, k=dice.randrange(1, 5))) for _ in range(2))
        at = NOON + timedelta(days=dice.randrange(5))
        show(owner, title, f"<p>{body}</p>", at=at, is_broadcast=owner.is_authority)
    entries = list(Entry.objects.all())

    for query in _QUERIES:
        expected = _oracle(entries, search_terms(query), {here.pk, above.pk})
        listed: list[int] = []
        for offset in range(0, len(expected) + 7, 7):
            result = find(here, query, limit=7, offset=offset)
            assert result.total == len(expected), query
            listed += [entry.pk for entry in result.entries]
        assert listed == expected, query


def test_item_of_several_channels_is_found_once_and_under_each_of_them(unit: Unit) -> None:
    content = Published(
        unit_id=unit.pk,
        kind=EntryKind.ITEM,
        object_id=1,
        channels=(Channel.INVITATION, Channel.DOCUMENT),
        title="Giấy mời zebra",
        published_at=clock.now(),
    )
    with unit_scope(unit.pk):
        publish(content=content)

    def found(channel: Channel | None) -> int:
        return search(unit=unit, sources=own(unit), query="zebra", channel=channel).total

    assert [found(c) for c in (None, Channel.INVITATION, Channel.DOCUMENT, Channel.NEWS)] == [1, 1, 1, 0]
    listed = register_entries(unit, own(unit), today=clock.today(), words="zebra")
    assert [entry.content_id for entry in listed] == [Entry.objects.get(is_primary=True).pk]
