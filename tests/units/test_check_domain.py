import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from congtruong.core.clock import today
from congtruong.units.enums import Kind, Level
from congtruong.units.management.commands.check_domain import Command
from congtruong.units.models import CityLabel, DomainSuffix, Unit
from congtruong.units.services import add_host, save_unit

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
HOST = "thcshovanlong.hcm.edu.vn"
NAME = "Trường THCS Hồ Văn Long"


def congtruong(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, on a machine without a database."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CONGTRUONG_", "DJANGO_"))}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CONGTRUONG_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", "from congtruong.config.cli import main; main()", "check-domain", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        cwd=folder,
        timeout=60,
        check=False,
    )


def run(*arguments: str) -> tuple[int, dict[str, object]]:
    out = StringIO()
    code = 0
    try:
        call_command("check_domain", *arguments, "--json", stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(out.getvalue())


def a_unit(name: str, host: str) -> Unit:
    unit = save_unit(
        unit=Unit(kind=Kind.LOWER_SECONDARY, levels=int(Level.LOWER_SECONDARY), name=name), by="Người vận hành"
    )
    add_host(unit=unit, name=host, is_canonical=True, by="Người vận hành")
    return unit


def test_command_works_without_a_database_and_makes_none(tmp_path: Path) -> None:
    good = congtruong(tmp_path, HOST, "--unit-name", NAME, "--level", "THCS", "--on", "2023-10-06", "--json")

    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout == ('{"ok": true, "parts": {"unit": "ok", "city": "ok", "suffix": "ok"}, "suggestions": []}\n')
    assert list(tmp_path.glob("*.sqlite3*")) == []


def test_command_answers_over_an_empty_database_file(tmp_path: Path) -> None:
    (tmp_path / "congtruong.sqlite3").touch()

    good = congtruong(tmp_path, HOST, "--unit-name", NAME, "--level", "THCS")

    assert (good.returncode, good.stderr) == (0, "")


def test_command_says_what_is_wrong_and_ends_with_one(tmp_path: Path) -> None:
    bad = congtruong(tmp_path, "thhovanlong.hcm.edu.vn", "--unit-name", NAME, "--level", "thcs")

    assert (bad.returncode, bad.stderr) == (1, "")
    assert bad.stdout.splitlines()[-2:] == ["Kết luận: chưa đúng quy định.", "Gợi ý: thcshovanlong.hcm.edu.vn"]


@pytest.mark.django_db
def test_report_names_each_part_in_vietnamese() -> None:
    out = StringIO()

    with pytest.raises(SystemExit) as caught:
        call_command(
            "check_domain",
            "thhovanlong.hanoi.edu.vn",
            f"--unit-name={NAME}",
            "--level=thcs",
            "--on=06/10/2023",
            stdout=out,
        )

    assert caught.value.code == 1
    assert out.getvalue().splitlines() == [
        "Tên miền: thhovanlong.hanoi.edu.vn",
        "Đơn vị: Trường THCS Hồ Văn Long",
        "Ngày áp dụng: 06/10/2023",
        (
            "- Tên đơn vị: chưa đúng. Phần tên đơn vị phải là “thcshovanlong” (loại trường và tên không dấu), "
            "đang là “thhovanlong”."
        ),
        "- Thành phố: chưa đúng. “hanoi” không phải tên thành phố hay địa phương được dùng. Hãy dùng “.hcm.edu.vn”.",
        "- Hậu tố: đúng",
        "Kết luận: chưa đúng quy định.",
        "Gợi ý: thcshovanlong.hcm.edu.vn",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((HOST, "--level", "THCS"), "Thiếu tên đơn vị."),
        ((HOST, "--unit-name", NAME), "Thiếu cấp học."),
        ((HOST, "--unit-name", NAME, "--level", "DH"), "Không có cấp học “DH”."),
        ((HOST, "--unit-name", NAME, "--level", "THCS", "--on", "31/02/2023"), "Không đọc được ngày “31/02/2023”."),
        (("--unit-name", NAME, "--level", "THCS"), "Thiếu tên miền cần kiểm tra."),
        ((HOST, "--khong-co"), "Cách dùng: congtruong check-domain TÊN_MIỀN"),
        ((HOST, "--unit-name"), "Cách dùng: congtruong check-domain TÊN_MIỀN"),
    ],
)
def test_wrong_usage_ends_with_two_and_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    out, err = StringIO(), StringIO()

    with pytest.raises(SystemExit) as caught:
        Command(stdout=out, stderr=err).run_from_argv(["congtruong", "check-domain", *arguments])

    assert (caught.value.code, out.getvalue()) == (2, "")
    assert err.getvalue().startswith(sentence)
    assert err.getvalue().count("\n") == 1


@pytest.mark.django_db
def test_host_of_another_unit_is_taken_and_its_own_is_not() -> None:
    a_unit("Trường THCS Nguyễn Trãi", "thcsnguyentrai.hcm.edu.vn")
    a_unit("Trường THCS Nguyễn Trãi A", "thcsnguyentraiq1.hcm.edu.vn")

    own = run("thcsnguyentrai.hcm.edu.vn", "--unit-name", "TRƯỜNG THCS NGUYỄN TRÃI", "--level", "THCS")
    other = run("thcsnguyentrai.hcm.edu.vn", "--unit-name", "Trường THCS Nguyễn Trãi, Quận 3", "--level", "THCS")

    assert own[0] == 0
    assert other == (
        1,
        {
            "ok": False,
            "parts": {
                "unit": "ok",
                "city": "ok",
                "suffix": "Tên miền này đã thuộc đơn vị khác. Hãy thêm hậu tố để phân biệt.",
            },
            "suggestions": [
                "thcsnguyentraiq3.hcm.edu.vn",
                "thcsnguyentraiq2.hcm.edu.vn",
                "thcsnguyentraiq4.hcm.edu.vn",
                "thcsnguyentrai2.hcm.edu.vn",
            ],
        },
    )


@pytest.mark.django_db
def test_rows_of_the_database_stand_over_the_shipped_ones() -> None:
    CityLabel.objects.create(label="hcm", area="Thành phố Hồ Chí Minh", to_on="2024-12-31")
    CityLabel.objects.create(label="moi", area="Thành phố Mới")
    DomainSuffix.objects.create(suffix="khu2", area="Khu 2", city_label="moi")

    new = run("thcshovanlongkhu2.moi.edu.vn", "--unit-name", NAME, "--level", "THCS", "--on", "2026-01-01")
    old = run(HOST, "--unit-name", NAME, "--level", "THCS", "--on", "2026-01-01")
    shipped = run("thcshovanlong.bencat.edu.vn", "--unit-name", NAME, "--level", "THCS", "--on", "2026-01-01")

    assert (new[0], shipped[0]) == (0, 0)
    assert old[1]["parts"] == {
        "unit": "ok",
        "city": (
            "Tên địa phương “hcm” (Thành phố Hồ Chí Minh) chỉ dùng đến ngày 31/12/2024, "
            "nên chưa đúng vào ngày 01/01/2026."
        ),
        "suffix": "ok",
    }


@pytest.mark.django_db
def test_day_is_today_when_not_given() -> None:
    CityLabel.objects.create(label="hcm", area="Thành phố Hồ Chí Minh", from_on=today(), to_on=today())

    assert run(HOST, "--unit-name", NAME, "--level", "THCS")[0] == 0
