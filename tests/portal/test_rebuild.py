"""The public read model can be made anew from the tables it was made from."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_document, make_image, make_page, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def unit() -> Unit:
    unit = make_unit(host="dung-lai.hcm.edu.vn")
    make_post(unit, cover=make_image(unit))
    make_post(unit, channel=Channel.INVITATION)
    make_document(unit)
    make_page(unit)
    make_post(unit, "Bản nháp", publish=False)
    return unit


def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in Entry.objects.order_by("pk").values()]


def test_rebuilding_what_is_right_changes_nothing(unit: Unit) -> None:
    before = rows()

    call_command("rebuild_entries", "--wet-run")

    assert rows() == before


def test_rebuilding_repairs_what_was_changed_lost_or_left_over(unit: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    before = {row["title"]: row["body"] for row in rows()}
    with unit_scope(unit.pk):
        first, second, third, *_ = Entry.objects.order_by("pk")
        Entry.objects.filter(pk=first.pk).update(title="sai", body="sai")
        second.delete()
        third.pk, third.object_id, third.path = None, 999_999, "/thua/"
        third.save(force_insert=True)

    call_command("rebuild_entries")
    dry = len(rows()), capsys.readouterr().out
    call_command("rebuild_entries", "--wet-run", "--host", "dung-lai.hcm.edu.vn")

    assert dry == (len(before), "Nội dung công khai: 4, đã bỏ phần thừa: 1 (chạy thử, chưa ghi)\n")
    assert {row["title"]: row["body"] for row in rows()} == before


def test_rebuilding_an_unknown_host_says_so(unit: Unit) -> None:
    with pytest.raises(CommandError, match="Không có cổng nào dùng tên miền"):
        call_command("rebuild_entries", "--host", "khong-co.edu.vn")
