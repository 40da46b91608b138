"""Everything of a unit goes out and comes in elsewhere, byte for byte, and nothing else does."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from congtruong.core.models import AuditEntry
from congtruong.editorial.models import Post, Revision
from congtruong.editorial.services import APPROVER, Content, approve_post, save_draft, withdraw_post
from congtruong.media.models import Asset
from congtruong.portal.models import QuickLink, Redirect
from congtruong.portal.services import (
    Banner,
    Word,
    add_link,
    add_menu_item,
    add_redirects,
    arrange_home,
    set_banner,
    set_crest,
    set_quick_links,
)
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.transfer import errors
from congtruong.transfer.models import Imported
from congtruong.transfer.pipeline.archive import Archive
from congtruong.transfer.pipeline.bundle import MANIFEST, Bundle
from congtruong.transfer.pipeline.errors import SourceError
from congtruong.transfer.pipeline.files import NoFiles
from congtruong.transfer.pipeline.model import OldPost
from congtruong.transfer.services import import_site
from congtruong.transfer.services.exporting import write_archive
from congtruong.transfer.services.restoring import restore_unit
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_document, make_file, make_image, make_page, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SECRET = "bí mật của trường khác"


def furnished(host: str = "cu.hcm.edu.vn") -> Unit:
    """A unit with one of everything, in every state that differs."""
    unit = make_unit("Trường cũ (mẫu)", host=host)
    image, paper = make_image(unit, "san-truong.png", alt="Sân trường"), make_file(unit, "ke-hoach.pdf")
    picture = f'<figure class="image"><img src="/tep/{image.key}/40.webp" alt="Sân"></figure>'
    body = f'<p>Xem <a href="/tep/{paper.key}/ke-hoach.pdf">tệp</a></p>{picture}'
    at = datetime(2025, 9, 5, 3, 30, 15, 123456, tzinfo=UTC)
    news = make_post(unit, "Lễ khai giảng", body=body, at=at, cover=image, files=[(paper, "Kế hoạch")])
    make_post(unit, "Bản nháp", publish=False, body="<p>Chưa xong</p>")
    gone = make_post(unit, "Đã gỡ", channel=Channel.NOTICE)
    top = make_page(unit, "Giới thiệu chung")
    make_page(unit, "Cơ cấu tổ chức", parent=top, order=3)
    first = make_document(unit, "Quyết định một", symbol="1/QĐ-THCS", type="Quyết định (cá biệt)")
    second = make_document(unit, "Quyết định hai", symbol="2/QĐ-THCS", type="Quyết định (cá biệt)")
    with unit_scope(unit.pk):
        withdraw_post(post=gone, reason="thử", by=BY)
        changed = Content.of(news).replaced(title="Lễ khai giảng (sửa)", body="<p>Đang sửa</p>")
        save_draft(post=news, content=changed, acts=APPROVER, by="Cô Lan", note="Sửa tựa")
        content = Content.of(second)
        assert content.register is not None
        relation = {"kind": "thay-the", "symbol": "1/QĐ-THCS", "post": first.pk}
        register = replace(content.register, relations=(relation,))
        save_draft(post=second, content=content.replaced(register=register), acts=APPROVER, by=BY)
        second.refresh_from_db()
        approve_post(post=second, acts=APPROVER, by=BY, guard_reason="Thử")
        set_quick_links(unit=unit, links=[("Thực đơn", "bowl", "/thong-bao/thuc-don/")])
        add_link(unit=unit, label="Bộ Giáo dục", url="https://moet.gov.vn/", group="Cấp trên", by=BY)
        about = add_menu_item(unit=unit, word=Word(label="Về trường", page_id=top.pk), by=BY)
        add_menu_item(unit=unit, word=Word(label="Tin", target="/tin-tuc/", parent_id=about.pk, is_hidden=True), by=BY)
        set_crest(unit=unit, asset_id=image.pk, by=BY)
        banner = Banner(asset_id=image.pk, alt="Sân trường", title="Chào mừng", from_on=date(2026, 9, 1), is_hero=True)
        set_banner(unit=unit, banner=banner, by=BY)
        arrange_home(unit=unit, order=[("tin", True), ("thong-bao", False)], by=BY)
        add_redirects(unit=unit, redirects=[("/cu.html", "/tin-tuc/le-khai-giang/")], by=BY)
        old = OldPost(key="x", title="Bài trang cũ", body="<p>a</p>", published_at=at, old_urls=("/bai-cu",))
        import_site(unit=unit, records=[old], files=NoFiles(), by=BY, publish=True)
    return unit


def packed(unit: Unit) -> bytes:
    buffer = io.BytesIO()
    with unit_scope(unit.pk):
        write_archive(unit=unit, target=buffer)
    return buffer.getvalue()


@cache
def an_archive() -> bytes:
    """Bytes outlive the test that made them; whether the unit is still there does not matter to who reads them."""
    return packed(furnished())


def unpack(unit: Unit, archive: bytes) -> dict[str, int]:
    with unit_scope(unit.pk), Archive(io.BytesIO(archive)) as opened:
        return restore_unit(unit=unit, bundle=Bundle(opened), by=BY)


def parts_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {info.filename: opened.read(info) for info in opened.infolist()}


def content_of(archive: bytes) -> dict[str, bytes]:
    return {name: body for name, body in parts_of(archive).items() if name.startswith(("content/", "files/"))}


def rewritten(archive: bytes, change: Callable[[dict[str, bytes]], None], *, honest: bool = True) -> bytes:
    """The archive with changed parts; `honest` keeps the manifest in step, as somebody who knows the format would."""
    parts = parts_of(archive)
    change(parts)
    manifest = json.loads(parts[MANIFEST])
    if honest:
        manifest["parts"] = {
            name: {"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}
            for name, body in parts.items()
            if name != MANIFEST
        }
        parts[MANIFEST] = json.dumps(manifest).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return buffer.getvalue()


def state_of(unit: Unit) -> Any:
    with unit_scope(unit.pk):
        return (
            sorted(
                Post.objects.values_list(
                    "channel", "slug", "title", "state", "published_at", "created_at", "updated_at"
                )
            ),
            sorted(Revision.objects.values_list("post__slug", "number", "kind", "saved_by", "saved_at", "note")),
            sorted(Asset.objects.values_list("name", "sha256", "alt", "is_public", "created_at")),
            sorted(Entry.objects.filter(unit=unit).values_list("path", "title", "published_at", "search_body")),
            sorted(Redirect.objects.filter(unit=unit).values_list("old_path", "new_path")),
            sorted(QuickLink.objects.filter(unit=unit).values_list("label", "icon", "path")),
            sorted(Imported.objects.values_list("source_key", "outcome", "post__slug", "at")),
        )


def test_content_comes_out_of_another_unit_byte_for_byte() -> None:
    old = furnished()
    first = packed(old)
    new = make_unit("Trường mới (mẫu)", host="moi.hcm.edu.vn")

    counts = unpack(new, first)

    assert content_of(packed(new)) == content_of(first)
    assert state_of(new) == state_of(old)
    assert {name: count for name, count in counts.items() if name != "revisions"} == {
        "categories": 0,
        "media": 2,
        "posts": 8,
        "imported": 1,
        "redirects": 2,
        "quick": 1,
        "links": 1,
        "menu": 1,
    }
    assert counts["revisions"] > 10


def test_packing_twice_gives_the_same_bytes() -> None:
    unit = furnished()

    assert packed(unit) == packed(unit)


def test_visitors_see_the_same_in_the_new_place(client: Client) -> None:
    old = furnished()
    new = make_unit(host="moi.hcm.edu.vn")

    unpack(new, packed(old))

    page = client.get("/tin-tuc/le-khai-giang/", headers={"host": "moi.hcm.edu.vn"})
    assert page.status_code == 200
    assert "Đang sửa" not in page.content.decode()
    with unit_scope(new.pk):
        assets = list(Asset.objects.all())
        image = Asset.objects.get(kind=Asset.Kind.IMAGE)
    assert all(asset.unit_id == new.pk and asset.key in {a.key for a in assets} for asset in assets)
    name = image.renditions[-1]["name"]
    assert client.get(f"/tep/{image.key}/{name}", headers={"host": "moi.hcm.edu.vn"}).status_code == 200
    assert client.get("/cu.html", headers={"host": "moi.hcm.edu.vn"})["Location"] == "/tin-tuc/le-khai-giang/"
    assert f"/tep/{image.key}/" in page.content.decode()


def test_keys_stay_where_they_are_free() -> None:
    unit = furnished()
    archive = packed(unit)
    with unit_scope(unit.pk):
        keys = set(Asset.objects.values_list("key", flat=True))
    beside = make_unit()
    unpack(beside, archive)
    with unit_scope(beside.pk):
        assert keys.isdisjoint(Asset.objects.values_list("key", flat=True))
    with unit_scope(unit.pk, beside.pk):
        for asset in Asset.objects.all():
            Asset.objects.filter(pk=asset.pk).update(key=f"khoa-khac-{asset.pk:022d}")
    alone = make_unit()

    unpack(alone, archive)

    with unit_scope(alone.pk):
        assert set(Asset.objects.values_list("key", flat=True)) == keys


def test_nothing_of_other_units_and_no_accounts_are_packed() -> None:
    other = make_unit(f"Trường {SECRET}", host="khac.hcm.edu.vn")
    make_post(other, SECRET)
    make_image(other, "bi-mat-cua-truong-khac.png", alt=SECRET)
    unit = furnished()

    parts = parts_of(packed(unit))

    assert sorted(name for name in parts if not name.startswith("files/")) == [
        "content/categories.jsonl",
        "content/imported.jsonl",
        "content/links.jsonl",
        "content/media.jsonl",
        "content/menu.jsonl",
        "content/posts.jsonl",
        "content/quick.jsonl",
        "content/redirects.jsonl",
        "content/revisions.jsonl",
        "content/site.jsonl",
        "keys.jsonl",
        MANIFEST,
    ]
    whole = b"".join(parts.values()).decode(errors="ignore")
    for mark in (SECRET, "bi-mat-cua-truong-khac", "password", "pbkdf2", "khac.hcm.edu.vn"):
        assert mark not in whole, mark
    manifest = json.loads(parts[MANIFEST])
    assert manifest["unit"]["name"] == "Trường cũ (mẫu)"
    assert manifest["unit"]["hosts"] == ["cu.hcm.edu.vn"]


def test_unit_with_content_is_left_alone() -> None:
    unit = furnished()
    archive = packed(unit)
    before = state_of(unit)

    with pytest.raises(errors.UnitNotEmpty):
        unpack(unit, archive)

    assert state_of(unit) == before


def refused(unit: Unit, archive: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        unpack(unit, archive)
    with unit_scope(unit.pk):
        left = (Post.objects.count(), Asset.objects.count(), Revision.objects.count(), Imported.objects.count())
    assert left == (0, 0, 0, 0)
    assert not Entry.objects.filter(unit=unit).exists()
    return caught.value.code


def line_changer(part: str, change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, bytes]], None]:
    def apply(parts: dict[str, bytes]) -> None:
        lines = [json.loads(line) for line in parts[part].splitlines()]
        for line in lines:
            change(line)
        parts[part] = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)

    return apply


def drop_keys(parts: dict[str, bytes]) -> None:
    del parts["keys.jsonl"]


def test_changed_bytes_are_noticed() -> None:
    archive = an_archive()
    new = make_unit()

    def change(parts: dict[str, bytes]) -> None:
        parts["content/posts.jsonl"] = parts["content/posts.jsonl"].replace("khai giảng".encode(), b"khai giang")

    assert refused(new, rewritten(archive, change, honest=False)) == "damaged"
    assert refused(new, rewritten(archive, lambda parts: parts.update(them=b"x"), honest=False)) == "damaged"
    assert refused(new, rewritten(archive, drop_keys, honest=False)) == "damaged"


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("content/posts.jsonl", lambda line: line.update(channel="khong-co")),
        ("content/posts.jsonl", lambda line: line.update(state="x")),
        ("content/posts.jsonl", lambda line: line.update(slug="../../x")),
        ("content/posts.jsonl", lambda line: line.update(cover="khong-co")),
        ("content/posts.jsonl", lambda line: line.update(live=999)),
        ("content/posts.jsonl", lambda line: line.update(published_at="hôm qua")),
        ("content/posts.jsonl", lambda line: line.update(slug="mot-dia-chi")),
        ("content/posts.jsonl", lambda line: line.pop("files")),
        ("content/revisions.jsonl", lambda line: line.update(content=[])),
        ("content/revisions.jsonl", lambda line: line.update(post="tin-tuc/khong-co")),
        ("content/media.jsonl", lambda line: line.update(name="../../../etc/passwd", kind="tep")),
        ("content/media.jsonl", lambda line: line.update(content_type="text/html", kind="tep")),
        ("content/media.jsonl", lambda line: line.update(kind="x")),
        ("content/quick.jsonl", lambda line: line.update(path="https://khac.vn/")),
        ("content/links.jsonl", lambda line: line.update(url="javascript:alert(1)")),
        ("content/menu.jsonl", lambda line: line.update(page="gioi-thieu/khong-co")),
        ("content/site.jsonl", lambda line: line.update(crest="khong-co")),
        ("content/redirects.jsonl", lambda line: line.update(new="//khac.vn/")),
        ("content/imported.jsonl", lambda line: line.update(at="x")),
    ],
)
def test_archive_that_contradicts_itself_leaves_nothing_behind(
    part: str, change: Callable[[dict[str, Any]], None]
) -> None:
    archive = rewritten(an_archive(), line_changer(part, change))

    assert refused(make_unit(), archive) == "damaged"


def test_files_are_what_they_say_they_are() -> None:
    def change(parts: dict[str, bytes]) -> None:
        for name in parts:
            if name.startswith("files/"):
                parts[name] = b"<html><script>alert(1)</script>"

    assert refused(make_unit(), rewritten(an_archive(), change)) == "damaged"


def test_hostile_texts_are_sanitised_on_their_way_in() -> None:
    def change(line: dict[str, Any]) -> None:
        hostile = '<p onclick="x()">Chào</p><script>alert(1)</script>'
        if "content" in line:
            line["content"]["body"] = hostile
        else:
            line["body"] = hostile

    archive = an_archive()
    for part in ("content/posts.jsonl", "content/revisions.jsonl"):
        archive = rewritten(archive, line_changer(part, change))
    new = make_unit()
    unpack(new, archive)

    with unit_scope(new.pk):
        texts = [*Post.objects.values_list("body", flat=True), *(row.content["body"] for row in Revision.objects.all())]
    texts += Entry.objects.filter(unit=new).values_list("body", flat=True)
    assert len(texts) > 20
    assert not [text for text in texts if "script" in text or "onclick" in text]


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (b"{}", "not_ours"),
        (b"[]", "not_ours"),
        (b"x", "not_ours"),
        (b'{"format":"cong-truong","version":2,"parts":{}}', "newer"),
        (b'{"format":"cong-truong","version":1}', "damaged"),
        (b'{"format":"cong-truong","version":1,"parts":{"a":1}}', "damaged"),
        (b'{"format":"cong-truong","version":1,"parts":{"a":{"sha256":"x"}}}', "damaged"),
    ],
)
def test_other_archives_are_told_apart(manifest: bytes, code: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(MANIFEST, manifest)

    assert refused(make_unit(), buffer.getvalue()) == code


def test_commands_carry_a_unit_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    furnished()
    new = make_unit(host="moi.hcm.edu.vn")
    file = tmp_path / "goi.zip"

    call_command("export_unit", str(file), host="cu.hcm.edu.vn")
    told = capsys.readouterr().out.splitlines()[-1]
    call_command("import_unit", str(file), host="moi.hcm.edu.vn")
    dry = capsys.readouterr().out.splitlines()[-1]
    with unit_scope(new.pk):
        assert not Post.objects.exists()
    call_command("import_unit", str(file), host="moi.hcm.edu.vn", wet_run=True)
    wet = capsys.readouterr().out.splitlines()[-1]

    assert [path.name for path in tmp_path.iterdir()] == ["goi.zip"]
    assert (dry, wet) == (f"{told} (chạy thử, chưa ghi)", told)
    assert told.startswith("Bài: 8, bản lưu: ")
    assert content_of(packed(new)) == content_of(file.read_bytes())
    actions = AuditEntry.objects.filter(action__startswith="transfer.unit.").values_list("action", flat=True)
    assert sorted(actions) == ["transfer.unit.exported", "transfer.unit.restored"]


@pytest.mark.parametrize("command", ["export_unit", "import_unit"])
def test_commands_name_a_host_that_is_nobodys(command: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có cổng nào dùng tên miền"):
        call_command(command, str(tmp_path / "a.zip"), host="khong-co.vn")


def test_import_command_explains_a_file_it_cannot_read(tmp_path: Path) -> None:
    make_unit(host="moi.hcm.edu.vn")
    (tmp_path / "a.zip").write_bytes(b"khong phai ZIP")

    with pytest.raises(CommandError, match="Tệp bị hỏng"):
        call_command("import_unit", str(tmp_path / "a.zip"), host="moi.hcm.edu.vn")


def test_file_that_is_gone_from_the_disk_does_not_stop_the_packing() -> None:
    unit = furnished()
    with unit_scope(unit.pk):
        asset = Asset.objects.get(kind=Asset.Kind.FILE)
    default_storage.delete(f"{asset.folder}/{asset.name}")
    archive = packed(unit)
    new = make_unit()

    unpack(new, archive)

    assert content_of(packed(new)) == content_of(archive)
