from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from congtruong.editorial.models import Post
from congtruong.transfer.models import Imported
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DATA = Path(__file__).resolve().parents[1] / "data" / "transfer"


@pytest.fixture
def school() -> Unit:
    return make_unit(host="hoaphuong.hcm.edu.vn")


def run(capsys: pytest.CaptureFixture[str], name: str = "trang-cu", **options: Any) -> list[str]:
    call_command("import_site", str(DATA / name), host="hoaphuong.hcm.edu.vn", **options)
    return capsys.readouterr().out.splitlines()


def posts(unit: Unit) -> int:
    with unit_scope(unit.pk):
        return Post.objects.count() + Imported.objects.count()


def test_command_is_dry_unless_told(school: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys)

    assert lines[-1] == "Sẽ chuyển: 4 bài (chạy thử, chưa ghi)"
    assert "Nguồn: các trang web đã lưu. Bài viết: 4, trang: 0" in lines
    assert "  Bỏ qua 2: trang danh mục, trang biểu mẫu hoặc trang không có bài viết" in lines
    assert "  Kế hoạch phát động phong trào kế hoạch nhỏ: Không rõ ngày đăng nên giữ ở bản nháp." in lines
    assert posts(school) == 0


def test_command_writes_and_counts(school: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys, wet_run=True, publish=True)[-1]
    second = run(capsys, wet_run=True, publish=True)[-1]

    assert first == "Chuyển được: 3 bài đăng, 1 bản nháp; đã có từ trước: 0; không chuyển: 0"
    assert second == "Chuyển được: 0 bài đăng, 0 bản nháp; đã có từ trước: 4; không chuyển: 0"


def test_command_keeps_drafts_by_default(school: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "full-content.xml", wet_run=True)[-1].startswith("Chuyển được: 0 bài đăng, 2 bản nháp")
    with unit_scope(school.pk):
        assert not Post.objects.filter(live__isnull=False).exists()


def test_command_names_missing_pictures(school: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "wordpress.xml")

    assert "  Thông báo nghỉ lễ Quốc khánh & họp phụ huynh: Thiếu tệp đính kèm: thong-bao.pdf." in lines
    assert "  Thông báo: 1 bài → thong-bao" in lines


@pytest.mark.parametrize(
    ("name", "host", "sentence"),
    [
        ("wordpress.xml", "khong-co.vn", "Không có cổng nào dùng tên miền khong-co.vn"),
        ("khong-co.xml", "hoaphuong.hcm.edu.vn", "Tệp bị hỏng"),
        ("trang-cu/images/hoi-khoe.png", "hoaphuong.hcm.edu.vn", "Không nhận ra tệp này"),
    ],
)
def test_command_explains_what_it_cannot_do(school: Unit, name: str, host: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_site", str(DATA / name), host=host)
