import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from congtruong.core.models import AuditEntry
from congtruong.units.enums import Kind, Level, OversightKind, Ownership
from congtruong.units.models import CityLabel, HostName, Oversight, Reach, Unit, Ward, WardSuccession
from congtruong.units.rules.roster import RosterRow, read_roster
from congtruong.units.services import place_unit, save_unit
from congtruong.units.services.loading import DIRECTIVE, TWO_TIERS, LoadReport, Remark, load_roster
from congtruong.units.services.reference import load_reference

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ROOT = Path(__file__).parents[2]
DEMO = Path(__file__).parents[1] / "data" / "roster" / "demo_schools.csv"
BY = "Người vận hành"
DEPARTMENT = "Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh"
OFFICE = "Phòng Giáo dục và Đào tạo quận Bình Tân"


def authority(kind: Kind, name: str, ward: Ward | None = None) -> Unit:
    return save_unit(unit=Unit(kind=kind, name=name, ward=ward, ownership=Ownership.PUBLIC), by=BY)


@pytest.fixture
def authorities() -> None:
    """The authorities of the former Bình Tân, before and after 1 July 2025."""
    load_reference(by=BY)
    authority(Kind.DEPARTMENT, DEPARTMENT)
    authority(Kind.DISTRICT_OFFICE, OFFICE)
    authority(Kind.DISTRICT_OFFICE, "Phòng Giáo dục và Đào tạo quận Bình Thạnh")
    for ward in Ward.objects.filter(district=""):
        authority(Kind.WARD_COMMITTEE, f"Ủy ban nhân dân phường {ward.name}", ward)


def a_row(line: int = 2, name: str = "Trường Tiểu học Hoa Sen") -> RosterRow:
    return RosterRow(
        line=line,
        name=name,
        kind=Kind.PRIMARY,
        levels=Level.PRIMARY,
        district="Quận Bình Tân",
        old_ward="Tân Tạo A",
        ward_candidates=("Tân Tạo",),
        host=f"thhoasen{line}.hcm.edu.vn",
    )


def load(*rows: RosterRow) -> LoadReport:
    return load_roster(rows=rows, by=BY)


def edges(unit: Unit) -> list[tuple[str, str, date, date | None, str]]:
    return list(
        Oversight.objects.filter(unit=unit)
        .order_by("from_on", "kind")
        .values_list("kind", "authority__name", "from_on", "to_on", "reason")
    )


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("load_units", *arguments, stdout=out)
    return out.getvalue().splitlines()


def refused(*arguments: str) -> str:
    err = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("load_units", *arguments, stderr=err)
    assert caught.value.code == 2
    return err.getvalue()


@pytest.mark.usefixtures("authorities")
def test_load_roster_writes_the_record_as_save_unit_does() -> None:
    row = replace(
        a_row(),
        short_name="Hoa Sen",
        moet_code="79777499",
        address="1 Đường số 1",
        phone="(028) 1234 5678",
        email="thhoasen@hcm.edu.vn",
        responsible_name="Nguyễn Văn A",
        responsible_title="Hiệu trưởng",
    )

    report = load(row)

    unit = Unit.objects.get(moet_code="79777499")
    assert report == LoadReport(added=["Trường Tiểu học Hoa Sen"])
    assert str(unit.old_ward) == "Tân Tạo A, Quận Bình Tân"
    assert (unit.kind, unit.level_set, unit.ownership) == (Kind.PRIMARY, Level.PRIMARY, Ownership.PUBLIC)
    assert unit.full_address == "1 Đường số 1, phường Tân Tạo, Thành phố Hồ Chí Minh"
    assert unit.responsible_person == "Nguyễn Văn A, Hiệu trưởng"
    assert list(unit.hosts.values_list("name", "is_canonical")) == [("thhoasen2.hcm.edu.vn", True)]
    loaded = unit.search_name
    assert save_unit(unit=unit, by=BY).search_name == loaded == "truong tieu hoc hoa sen hoa sen"


@pytest.mark.usefixtures("authorities")
def test_load_roster_places_a_unit_before_and_after_the_reform() -> None:
    load(a_row())

    unit = Unit.objects.get(name="Trường Tiểu học Hoa Sen")
    then, end, now = date(2023, 10, 6), date(2025, 6, 30), date(2025, 7, 1)
    assert edges(unit) == [
        (OversightKind.PROFESSIONAL, OFFICE, then, end, DIRECTIVE),
        (OversightKind.MANAGING, OFFICE, then, end, DIRECTIVE),
        (OversightKind.PROFESSIONAL, DEPARTMENT, now, None, TWO_TIERS),
        (OversightKind.MANAGING, "Ủy ban nhân dân phường Tân Tạo", now, None, TWO_TIERS),
    ]
    assert "2326/GDĐT-THCS" in DIRECTIVE
    assert set(Reach.objects.filter(unit=unit).values_list("authority__name", "from_on", "to_on", "is_managing")) == {
        (OFFICE, then, end, True),
        (OFFICE, then, end, False),
        (DEPARTMENT, now, None, False),
        ("Ủy ban nhân dân phường Tân Tạo", now, None, True),
    }


@pytest.mark.usefixtures("authorities")
@pytest.mark.parametrize(
    ("candidates", "text"),
    [(("Bình Tân", "Tân Tạo"), "phường có thể: Bình Tân, Tân Tạo"), ((), "chưa biết phường")],
)
def test_unit_without_one_certain_ward_gets_no_manager_and_is_listed(candidates: tuple[str, ...], text: str) -> None:
    report = load(replace(a_row(), old_ward="Tân Tạo", ward_candidates=candidates))

    unit = Unit.objects.get(name="Trường Tiểu học Hoa Sen")
    assert unit.ward is None
    assert [edge[:2] for edge in edges(unit) if edge[3] is None] == [(OversightKind.PROFESSIONAL, DEPARTMENT)]
    assert report.unplaced == [Remark(2, "Trường Tiểu học Hoa Sen", text)]


def test_missing_authorities_leave_their_edges_out_and_are_named() -> None:
    load_reference(by=BY)

    report = load(a_row())

    name = "Trường Tiểu học Hoa Sen"
    assert report.added == [name]
    assert Oversight.objects.count() == 0
    assert [remark.text for remark in report.remarks] == [
        "Chưa có Phòng Giáo dục và Đào tạo của “Quận Bình Tân”; bỏ quan hệ quản lý đến 30/06/2025.",
        "Chưa xác định được Sở Giáo dục và Đào tạo; bỏ quan hệ chuyên môn từ 01/07/2025.",
    ]
    assert report.unplaced == [Remark(2, name, "chưa có Ủy ban nhân dân phường Tân Tạo trong danh sách đơn vị")]


def test_second_load_completes_what_authorities_were_missing_for() -> None:
    load_reference(by=BY)
    load(a_row())
    authority(Kind.DEPARTMENT, DEPARTMENT)
    authority(Kind.DISTRICT_OFFICE, OFFICE)

    report = load(a_row())

    assert (report.added, report.completed) == ([], ["Trường Tiểu học Hoa Sen"])
    assert Oversight.objects.count() == 3


@pytest.mark.usefixtures("authorities")
def test_second_load_changes_nothing() -> None:
    rows = read_roster(DEMO.read_text(encoding="utf-8"))[0]
    load(*rows)
    before = (
        list(Unit.objects.order_by("pk").values()),
        list(Oversight.objects.order_by("pk").values()),
        list(Reach.objects.order_by("pk").values()),
        list(HostName.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
    )

    report = load(*rows)

    assert (report.added, report.completed, len(report.unchanged), report.refused) == ([], [], 54, [])
    assert before == (
        list(Unit.objects.order_by("pk").values()),
        list(Oversight.objects.order_by("pk").values()),
        list(Reach.objects.order_by("pk").values()),
        list(HostName.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
    )


@pytest.mark.usefixtures("authorities")
def test_load_roster_keeps_what_an_operator_decided() -> None:
    load(a_row())
    unit = Unit.objects.get(name="Trường Tiểu học Hoa Sen")
    other = authority(Kind.WARD_COMMITTEE, "Ủy ban nhân dân phường Khác")
    place_unit(
        unit=unit,
        authority=other,
        kind=OversightKind.MANAGING,
        from_on=date(2026, 1, 1),
        reason="Quyết định bàn giao",
        by=BY,
    )
    HostName.objects.filter(unit=unit).update(name="khac.hcm.edu.vn")
    before = edges(unit)

    report = load(replace(a_row(), phone="0900 000 000"))

    unit.refresh_from_db()
    assert report.unchanged == ["Trường Tiểu học Hoa Sen"]
    assert (edges(unit), unit.phone) == (before, "")
    assert [host.name for host in unit.hosts.all()] == ["khac.hcm.edu.vn"]


@pytest.mark.usefixtures("authorities")
def test_known_unit_is_found_by_its_code_under_another_name() -> None:
    load(replace(a_row(), moet_code="79777499"))

    report = load(replace(a_row(), name="Trường Tiểu học Sen Hoa", moet_code="79777499"))

    assert report.unchanged == ["Trường Tiểu học Sen Hoa"]
    assert Unit.objects.filter(moet_code="79777499").count() == 1


@pytest.mark.usefixtures("authorities")
def test_rows_that_contradict_the_register_are_refused_and_the_others_loaded() -> None:
    elsewhere = replace(a_row(2, "Trường Tiểu học Kim Đồng"), district="Quận Bình Thạnh", old_ward="")
    load(elsewhere, replace(a_row(3), moet_code="79777401", budget_code="1000001"))

    report = load(
        replace(a_row(4, "Trường Tiểu học Kim Đồng"), old_ward=""),
        replace(a_row(5), moet_code="79777402"),
        replace(a_row(6, "Trường Tiểu học Mới"), budget_code="1000001"),
        replace(a_row(7, "Trường Tiểu học Sau"), old_ward="Không Có"),
        replace(a_row(8, "Trường Tiểu học Sau"), old_ward="Không Có Nốt"),
    )

    assert report.added == ["Trường Tiểu học Sau"]
    assert [(remark.line, remark.text) for remark in report.refused] == [
        (4, "Đã có đơn vị cùng tên ở quận khác. Hãy ghi phường cũ hoặc mã trường để phân biệt."),
        (5, "Đã có đơn vị cùng tên, cùng phường với mã trường 79777401. Hãy kiểm tra mã trường."),
        (6, "Mã đơn vị quan hệ ngân sách 1000001 đã thuộc đơn vị khác. Hãy kiểm tra lại."),
        (8, "Cùng một đơn vị với dòng 7. Hãy bỏ một dòng."),
    ]


@pytest.mark.usefixtures("authorities")
def test_host_of_another_unit_is_not_taken_away() -> None:
    load(a_row())

    report = load(replace(a_row(3, "Trường Tiểu học Khác"), host="thhoasen2.hcm.edu.vn"))

    assert [remark.text for remark in report.remarks] == [
        "Tên miền thhoasen2.hcm.edu.vn đã thuộc đơn vị khác; chưa gán. Hãy chọn tên miền khác."
    ]
    assert HostName.objects.get().unit.name == "Trường Tiểu học Hoa Sen"


@pytest.mark.usefixtures("authorities")
def test_load_roster_leaves_one_audit_line() -> None:
    before = AuditEntry.objects.count()

    load(a_row(2), a_row(3, "Trường Tiểu học Khác"))

    entry = AuditEntry.objects.latest("pk")
    assert AuditEntry.objects.count() == before + 1
    assert (entry.action, entry.unit_id, entry.actor) == ("units.roster.loaded", None, BY)
    assert (entry.detail["added"], entry.detail["as_of"]) == (2, "2023-10-06")


@pytest.mark.usefixtures("authorities")
@pytest.mark.parametrize("number", [1, 12])
def test_load_roster_asks_the_same_number_of_queries_for_any_list(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [a_row(line, f"Trường Tiểu học Số {line}") for line in range(2, number + 2)]

    # PostgreSQL is asked twice for the lock of the tree.
    with django_assert_num_queries(20 if connection.vendor == "postgresql" else 18):
        load(*rows)


@pytest.mark.usefixtures("authorities")
def test_load_units_writes_only_with_wet_run() -> None:
    units = Unit.objects.count()

    dry = run(str(DEMO))
    after_dry = Unit.objects.count()
    wet = run(str(DEMO), "--wet-run")
    again = run(str(DEMO), "--wet-run")

    assert after_dry == units
    assert dry[-1] == "Đã thêm 54 đơn vị, không đổi 0, lỗi 0 (chạy thử, chưa ghi)"
    assert wet[-1] == "Đã thêm 54 đơn vị, không đổi 0, lỗi 0"
    assert again[-1] == "Đã thêm 0 đơn vị, không đổi 54, lỗi 0"
    assert dry[:-1] == wet[:-1]
    assert Unit.objects.count() == units + 54


@pytest.mark.usefixtures("authorities")
def test_load_units_lists_units_without_a_manager_by_name() -> None:
    lines = run(str(DEMO))

    title = lines.index("Chưa xác định cơ quan quản lý trực tiếp từ 01/07/2025:")
    listed = lines[title + 1 : -1]
    assert len(listed) == 46
    assert listed[0] == "- Trường THCS Hồ Văn Long (dòng 2): chưa biết phường"
    assert "- Trường Tiểu học Tân Tạo (dòng 27): phường có thể: Bình Tân, Tân Tạo" in listed


def test_load_units_reports_bad_lines_and_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "danh-sach.csv"
    file.write_text("name,level\nTrường A,DH\nTrường Tiểu học B,TH\n", encoding="utf-8")

    lines = run(str(file))

    assert lines[0] == "Lỗi dòng 2: Không có cấp học “DH”. Hãy ghi MN, TH, THCS, GDTX hoặc nhieu_cap."
    assert lines[-1] == "Đã thêm 1 đơn vị, không đổi 0, lỗi 1 (chạy thử, chưa ghi)"


def test_load_units_refuses_an_unusable_file_with_one_sentence(tmp_path: Path) -> None:
    legacy, bare, absent = tmp_path / "cu.csv", tmp_path / "trong.csv", tmp_path / "khong-co.csv"
    legacy.write_bytes("name,level\nTrường Tiểu học A,TH\n".encode("utf-16"))
    bare.write_text("Trường Tiểu học A,TH\n", encoding="utf-8")

    assert refused(str(legacy)) == f"Tệp {legacy} không phải UTF-8. Hãy lưu lại dưới dạng “CSV UTF-8”.\n"
    assert refused(str(bare)) == "Tệp không có dòng tiêu đề. Dòng đầu phải có ít nhất các cột name, level.\n"
    assert refused(str(absent)) == f"Không đọc được tệp {absent}. Hãy kiểm tra đường dẫn và quyền đọc.\n"
    assert refused() == "Thiếu tệp danh sách. Cách dùng: congtruong load-units TỆP.csv [--wet-run]\n"


def test_load_units_without_a_migrated_database_says_what_to_run(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CONGTRUONG_", "DJANGO_"))}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CONGTRUONG_DATA_DIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-c", "from congtruong.config.cli import main; main()", "load-units", str(DEMO)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "Cơ sở dữ liệu chưa sẵn sàng. Hãy chạy “congtruong migrate” rồi nạp lại.\n",
    )


def test_load_reference_inserts_once_and_keeps_an_operators_edit() -> None:
    first = load_reference(by=BY)
    CityLabel.objects.filter(label="bencat").update(from_on=date(2026, 1, 1), area="Phường Bến Cát (đã sửa)")
    CityLabel.objects.filter(label="hcm").delete()

    second = load_reference(by=BY)

    assert (first.wards, first.successions) == (17, 15)
    assert (second.labels, second.total) == (1, 1)
    assert list(CityLabel.objects.filter(label="bencat").values_list("area", "from_on")) == [
        ("Phường Bến Cát (đã sửa)", date(2026, 1, 1))
    ]


def test_load_reference_knows_which_wards_were_split() -> None:
    load_reference(by=BY)

    split = WardSuccession.objects.filter(old__name="Tân Tạo", old__district="Quận Bình Tân")
    whole = WardSuccession.objects.get(old__name="Tân Tạo A")
    assert sorted(split.values_list("new__name", "is_whole")) == [("Bình Tân", False), ("Tân Tạo", False)]
    assert (whole.new.name, whole.new.gso_code, whole.is_whole) == ("Tân Tạo", "27457", True)
    assert (whole.old.to_on, whole.new.from_on) == (date(2025, 6, 30), date(2025, 7, 1))
