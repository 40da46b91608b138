"""Accounts from the command line."""

import re
from io import StringIO

import pytest
from django.core.management import call_command

from congtruong.accounts.management.commands import add_account, reset_password
from congtruong.core.models import AuditEntry
from congtruong.units.enums import Role
from congtruong.units.models import Membership, Unit, User
from congtruong.units.scoping import unit_scope
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PASSWORD = re.compile(r": ([a-z]+-[a-z]+-[a-z]+-\d{3})$", re.MULTILINE)


@pytest.fixture
def unit() -> Unit:
    return make_unit(host="a.hcm.edu.vn")


def run(name: str, *arguments: str) -> str:
    output = StringIO()
    call_command(name, *arguments, stdout=output)
    return output.getvalue()


def test_account_with_a_role_is_made_and_its_password_shown(unit: Unit) -> None:
    facts = ["--name", "Lê Văn Trưởng", "--honorific", "thầy", "--unit", "A.hcm.edu.vn", "--role", Role.HEAD.value]

    said = run("add_account", "truong", *facts, "--wet-run")

    user = User.objects.get(username="truong")
    found = PASSWORD.search(said)
    assert found is not None, said
    assert (user.full_name, user.honorific, user.is_staff, user.must_change_password) == (
        "Lê Văn Trưởng",
        "thầy",
        False,
        True,
    )
    assert user.check_password(found[1])
    with unit_scope(unit.pk):
        assert list(Membership.objects.values_list("user", "role")) == [(user.pk, Role.HEAD.value)]


def test_operator_is_made_by_the_command_only(unit: Unit) -> None:
    run("add_account", "vanhanh", "--name", "Người vận hành", "--operator", "--wet-run")

    assert User.objects.get(username="vanhanh").is_staff
    made = AuditEntry.objects.get(action="accounts.operator.made")
    assert (made.subject, made.actor) == ("vanhanh", "congtruong add-account")


def test_without_wet_run_nothing_is_made_and_no_password_shown(unit: Unit) -> None:
    said = run("add_account", "thu", "--name", "Thử", "--unit", "a.hcm.edu.vn", "--role", Role.HEAD.value)

    assert said == "Đã tạo tài khoản thu (chạy thử, chưa ghi)\n"
    assert not User.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="accounts.").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--unit", "khong.co.vn", "--role", Role.HEAD.value], "Không có đơn vị nào dùng tên miền “khong.co.vn”."),
        (["--unit", "a.hcm.edu.vn", "--role", "vua"], "Không có vai trò “vua”."),
        (["--operator", "--email", "khong phai thu"], "thư"),
    ],
)
def test_wrong_facts_end_with_a_sentence_and_leave_nothing(
    unit: Unit, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run("add_account", "thu", "--name", "Thử", *arguments, "--wet-run")

    assert end.value.code == 2
    assert sentence in capsys.readouterr().err
    assert not User.objects.exists()


def test_taken_name_is_refused(unit: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    User.objects.create_user("thu")

    with pytest.raises(SystemExit):
        run("add_account", "THU", "--name", "Thử", "--operator", "--wet-run")

    assert "Tên đăng nhập này không dùng được." in capsys.readouterr().err


@pytest.mark.parametrize("command", [add_account.Command, reset_password.Command])
def test_wrong_usage_is_told_in_vietnamese(
    command: type[add_account.Command | reset_password.Command], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command().run_from_argv(["manage.py", "x"])

    assert capsys.readouterr().err.startswith("Cách dùng: congtruong ")


def test_password_is_given_anew() -> None:
    user = User.objects.create_user("thu", password="mat-khau-cu-2026")

    tried = run("reset_password", "thu")
    user.refresh_from_db()
    assert (user.check_password("mat-khau-cu-2026"), "chạy thử" in tried) == (True, True)
    said = run("reset_password", " THU ", "--without-factors", "--wet-run")

    user.refresh_from_db()
    found = PASSWORD.search(said)
    assert found is not None, said
    assert (user.check_password(found[1]), user.must_change_password) == (True, True)
    assert AuditEntry.objects.filter(action="accounts.factors.removed").count() == 1


def test_password_of_nobody_cannot_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("reset_password", "khong-co", "--wet-run")

    assert "Không có tài khoản “khong-co”." in capsys.readouterr().err
