"""The demo province: complete, as the data says, and loaded once however often it is asked for."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from congtruong.console.blocks.settings import host_rows
from congtruong.core.models import AuditEntry
from congtruong.demo.queries import active_portals, welcome
from congtruong.demo.services import load_if_changed, load_province
from congtruong.demo.services.measuring import measure
from congtruong.publication.models import Entry
from congtruong.units.enums import Kind
from congtruong.units.models import HostName, Membership, Oversight, Reach, Unit, User
from congtruong.units.queries import units_below, unplaced_units
from congtruong.units.scoping import everywhere

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
UPSTREAM = "http://127.0.0.1:8001"


def state() -> dict[str, int]:
    with everywhere("thử"):
        models = (Unit, HostName, Oversight, Reach, Entry, User, Membership, AuditEntry)
        return {model.__name__: model.objects.count() for model in models}


def test_province_is_as_the_law_and_the_data_say_and_loads_once(client: Client) -> None:
    load_province(upstream=UPSTREAM)
    loaded = state()
    load_province(upstream=UPSTREAM)

    assert state() == loaded
    office = Unit.objects.get(kind=Kind.DISTRICT_OFFICE)
    assert units_below(office, date(2023, 10, 6)).count() == 57
    assert units_below(office, date(2025, 6, 30)).count() == 57
    assert not units_below(office, date(2025, 7, 1)).exists()
    assert units_below(Unit.objects.get(kind=Kind.DEPARTMENT), date(2026, 11, 23)).count() == 57
    assert unplaced_units(date(2026, 11, 23)).count() == 46
    wards = Unit.objects.filter(kind=Kind.WARD_COMMITTEE)
    placed = {ward.display_short: units_below(ward, date(2026, 11, 23)).count() for ward in wards}
    assert placed == {
        "UBND phường An Lạc": 0,
        "UBND phường Bình Hưng Hòa": 3,
        "UBND phường Bình Tân": 1,
        "UBND phường Bình Trị Đông": 2,
        "UBND phường Tân Tạo": 2,
        "Giáo dục Bằng Lăng": 3,
    }

    portals = active_portals()
    assert len(portals) == 64
    invented = [HostName.objects.get(name=host) for _, host in portals if ".tinhmau." in host]
    wrong = [
        row.host.name
        for host in invented
        for row in host_rows(host.unit, date(2026, 11, 23))
        if row.host.is_canonical and row.verdict is not None and not row.verdict.ok
    ]
    assert (len(invented), wrong) == (5, [])
    for _, host in portals:
        body = client.get("/van-ban/?so=2326", headers={"host": host}).content.decode()
        assert ("2326/GDĐT-THCS" in body) == (".gov.vn" not in host and "sogddt" not in host), host
    assert "65 cổng (57 trường, 8 cơ quan quản lý)" in welcome()


def test_load_if_changed_loads_once_for_a_data_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path

    assert [load_if_changed(upstream=UPSTREAM), load_if_changed(upstream=UPSTREAM)] == [True, False]
    settings.FETCH_ALLOW = ("127.0.0.1:9",)
    assert load_if_changed(upstream=UPSTREAM) is True


def test_list_unplaced_names_units_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    Unit.objects.create(kind=Kind.PRIMARY, name="Trường Tiểu học Lạc (mẫu)", search_name="truong tieu hoc lac (mau)")

    call_command("list_unplaced")

    assert capsys.readouterr().out == "Trường Tiểu học Lạc (mẫu) (chưa rõ phường cũ)\nTổng cộng: 1 đơn vị.\n"


def test_measuring_gives_positive_figures_beside_references() -> None:
    figures = measure(units=3, entries=40, rounds=1)

    assert len(figures) == 20
    assert all(figure.value > 0 and figure.reference > 0 for figure in figures)
    assert figures[0].to_json()["ratio"] == figures[0].value / figures[0].reference
