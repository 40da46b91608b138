"""Authorities are entered by the operator; then a list of units finds them."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from congtruong.units.enums import Kind, OversightKind
from congtruong.units.models import HostName, Oversight, Unit
from congtruong.units.queries import units_below

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ROSTER = Path(__file__).resolve().parents[1] / "data" / "roster" / "demo_schools.csv"


def add(*arguments: str) -> None:
    call_command("add_authority", *arguments)


def test_authority_is_added_only_with_wet_run(capsys: pytest.CaptureFixture[str]) -> None:
    add("so", "Sở Thử (mẫu)", "--host", "so.hcm.edu.vn")
    assert (Unit.objects.count(), capsys.readouterr().out) == (0, "Đã thêm Sở Thử (mẫu) (chạy thử, chưa ghi)\n")

    add("so", "Sở Thử (mẫu)", "--host", "so.hcm.edu.vn", "--wet-run")
    assert HostName.objects.get(name="so.hcm.edu.vn").unit.kind == Kind.DEPARTMENT


def test_units_loaded_afterwards_find_the_entered_authorities() -> None:
    add("so", "Sở Thử (mẫu)", "--host", "so.hcm.edu.vn", "--wet-run")
    below = ("--under", "Sở Thử (mẫu)", "--reason", "thử", "--wet-run")
    office = ("phong_gddt", "Phòng Giáo dục và Đào tạo quận Bình Tân", "--host", "pgdbinhtan.hcm.edu.vn")
    add(*office, "--from", "2003-12-02", "--closed", "2025-06-30", *below)
    ward = ("ubnd_phuong", "Ủy ban nhân dân phường Tân Tạo", "--host", "gd.tantao.gov.vn", "--ward", "Tân Tạo")
    add(*ward, "--from", "2025-07-01", *below)

    call_command("load_units", str(ROSTER), "--wet-run")

    def count(kind: Kind, day: date) -> int:
        return units_below(Unit.objects.get(kind=kind), day).count()

    assert count(Kind.DISTRICT_OFFICE, date(2023, 10, 6)) == 54
    assert count(Kind.DEPARTMENT, date(2026, 11, 23)) == 54
    assert count(Kind.WARD_COMMITTEE, date(2026, 11, 23)) == 2
    assert Oversight.objects.get(unit__kind=Kind.WARD_COMMITTEE).kind == OversightKind.PROFESSIONAL


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("so", "Sở (mẫu)", "--host", "có dấu"), "Tên miền chỉ gồm chữ không dấu"),
        (("so", " ", "--host", "so.hcm.edu.vn"), "tên đầy đủ (theo con dấu): "),
        (("so", "Sở (mẫu)", "--host", "so.hcm.edu.vn", "--short-name", "S" * 121), "tên ngắn: "),
        (("ubnd_phuong", "UBND (mẫu)", "--host", "a.gov.vn", "--ward", "Không Có"), "Không có phường, xã “Không Có”"),
        (("ubnd_phuong", "UBND (mẫu)", "--host", "a.gov.vn", "--under", "Không Có"), "Không có cơ quan “Không Có”"),
    ],
)
def test_wrong_input_gets_one_sentence_and_changes_nothing(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        add(*arguments, "--wet-run")

    assert end.value.code == 2
    assert capsys.readouterr().err.startswith(sentence)
    assert not Unit.objects.exists()
