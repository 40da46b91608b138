"""Publishing and withdrawing: one row per thing, whatever the number of portals that show it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.services import Published, Register, publish, withdraw
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

NOON = datetime(2026, 9, 7, 5, tzinfo=UTC)


def show(unit: Unit, *, object_id: int = 1, channels: tuple[Channel, ...] = (Channel.NEWS,), **fields: Any) -> Entry:
    content: dict[str, Any] = {"title": "Ngày hội đọc sách", "published_at": NOON, "kind": EntryKind.ITEM, **fields}
    with unit_scope(unit.pk):
        return publish(content=Published(unit_id=unit.pk, object_id=object_id, channels=channels, **content))


def rows() -> list[tuple[str, bool, int | None]]:
    found = Entry.objects.order_by("-is_primary", "channel")
    return [(entry.channel, entry.is_primary, entry.primary_id) for entry in found]


def test_publish_writes_one_row_whatever_the_number_of_units_below() -> None:
    department = make_authority()
    for _ in range(5):
        place(make_unit(), department)

    show(department, is_broadcast=True)

    assert rows() == [("tin-tuc", True, None)]


def test_publish_in_several_channels_makes_one_primary_row_that_the_others_point_to() -> None:
    entry = show(make_unit(), channels=(Channel.DOCUMENT, Channel.NEWS, Channel.NOTICE), body="<p>Toàn văn</p>")

    assert rows() == [("van-ban", True, None), ("thong-bao", False, entry.pk), ("tin-tuc", False, entry.pk)]
    assert entry.content_id == entry.pk
    others = Entry.objects.filter(is_primary=False)
    assert {(other.body, other.search_title, other.content_id) for other in others} == {
        ("", entry.search_title, entry.pk)
    }


def test_publish_again_replaces_what_stood_there() -> None:
    unit = make_unit()
    first = show(unit, title="Tên cũ", body="<p>Thân cũ</p>", summary="Cũ", is_pinned=True)

    second = show(unit, title="Tên mới", body="<p>Thân mới</p>")

    assert second.pk == first.pk
    stored = Entry.objects.get()
    assert (stored.title, stored.slug, stored.body, stored.summary, stored.is_pinned) == (
        "Tên mới",
        "ten-moi",
        "<p>Thân mới</p>",
        "",
        False,
    )
    assert (stored.search_title, stored.search_body.split()) == ("ten moi", ["than", "moi"])


def test_publish_again_in_other_channels_removes_the_rows_of_the_old_ones() -> None:
    unit = make_unit()
    show(unit, channels=(Channel.NOTICE, Channel.NEWS))

    entry = show(unit, channels=(Channel.NEWS,))

    assert rows() == [("tin-tuc", True, None)]
    assert entry.search_title == "ngay hoi doc sach"


def test_publish_under_a_more_telling_channel_moves_the_content_there() -> None:
    unit = make_unit()
    before = show(unit, channels=(Channel.NEWS,), body="<p>Toàn văn</p>")

    after = show(unit, channels=(Channel.INVITATION, Channel.NEWS), body="<p>Toàn văn</p>")

    assert rows() == [("thu-moi", True, None), ("tin-tuc", False, after.pk)]
    assert Entry.objects.get(pk=before.pk).content_id == after.pk
    assert Entry.objects.get(pk=before.pk).body == ""


def test_publish_keeps_things_of_other_tables_with_the_same_id_apart() -> None:
    unit = make_unit()
    show(unit, object_id=7, kind=EntryKind.POST, path="/tin-tuc/mot/", title="Một")
    show(unit, object_id=7, kind=EntryKind.ITEM, title="Hai")

    with unit_scope(unit.pk):
        removed = withdraw(kind=EntryKind.ITEM, object_id=7)

    assert removed == 1
    assert sorted(Entry.objects.values_list("title", flat=True)) == ["Một"]


def test_withdraw_removes_the_rows_of_all_channels_and_may_be_repeated() -> None:
    unit = make_unit()
    show(unit, channels=(Channel.NEWS, Channel.NOTICE, Channel.DOCUMENT))
    show(unit, object_id=2, title="Ở lại")

    with unit_scope(unit.pk):
        removed = [withdraw(kind=EntryKind.ITEM, object_id=1) for _ in range(2)]

    assert removed == [3, 0]
    assert [entry.title for entry in Entry.objects.all()] == ["Ở lại"]


@pytest.mark.parametrize(
    ("instant", "day", "year"),
    [
        (datetime(2026, 7, 31, 16, 59, 59, tzinfo=UTC), date(2026, 7, 31), 2025),
        (datetime(2026, 7, 31, 17, 0, tzinfo=UTC), date(2026, 8, 1), 2026),
        (datetime(2025, 12, 31, 17, 0, tzinfo=UTC), date(2026, 1, 1), 2025),
    ],
)
def test_publish_dates_by_the_day_in_vietnam(instant: datetime, day: date, year: int) -> None:
    entry = show(make_unit(), published_at=instant)

    assert (entry.published_on, entry.school_year) == (day, year)


def test_publish_keeps_a_school_year_that_was_given() -> None:
    assert show(make_unit(), school_year=2022).school_year == 2022


def test_publish_stores_register_data_for_lists_and_finds_the_symbol_in_titles() -> None:
    register = Register(
        symbol="2326/GDĐT-THCS",
        type="Công văn",
        issuer="Phòng Giáo dục",
        issued_on=date(2023, 9, 5),
        effective_on=date(2023, 9, 6),
        expires_on=date(2024, 5, 31),
    )

    show(make_unit(), channels=(Channel.DOCUMENT,), title="Về trang thông tin", register=register)

    entry = Entry.objects.get()
    assert (entry.doc_symbol, entry.doc_type, entry.doc_issuer) == ("2326/GDĐT-THCS", "Công văn", "Phòng Giáo dục")
    assert (entry.doc_issued_on, entry.doc_effective_on, entry.doc_expires_on) == (
        date(2023, 9, 5),
        date(2023, 9, 6),
        date(2024, 5, 31),
    )
    assert entry.search_title == "ve trang thong tin 2326 gddt thcs"
    assert "phong giao duc" in entry.search_body


def test_publish_makes_wide_tables_scroll_by_themselves() -> None:
    entry = show(make_unit(), body="<table><tr><td>1</td></tr></table><p>x</p><table><tr><td>2</td></tr></table>")

    assert entry.body.count('<div class="table-scroll" role="region"') == 2
    assert 'aria-label="Bảng 2"' in entry.body
    assert entry.search_body.split() == ["1", "x", "2"]


def test_publish_bounds_titles_and_searched_text() -> None:
    entry = show(make_unit(), title="dài " * 400, body="<p>" + "chữ " * 30_000 + "</p>")

    assert len(entry.title) <= 500
    assert entry.title.endswith("…")
    assert 49_000 < len(entry.search_body) <= 50_000


def test_database_refuses_two_primary_rows_at_one_address() -> None:
    unit = make_unit()
    show(unit, object_id=1, kind=EntryKind.POST, path="/tin-tuc/mot/")

    with pytest.raises(IntegrityError), transaction.atomic():
        show(unit, object_id=2, kind=EntryKind.POST, path="/tin-tuc/mot/")

    assert Entry.objects.count() == 1


def test_the_same_address_may_stand_on_two_portals() -> None:
    for number in (1, 2):
        show(make_unit(), object_id=number, kind=EntryKind.POST, path="/tin-tuc/khai-giang/")

    assert Entry.objects.filter(path="/tin-tuc/khai-giang/").count() == 2
