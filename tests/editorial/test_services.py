"""Writing, publishing and withdrawing posts, documents and pages of one unit."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.editorial import errors
from congtruong.editorial.enums import State
from congtruong.editorial.models import Document, DocumentType, Page, Post, PostFile
from congtruong.editorial.services import publish_page, publish_post, save_post, withdraw_post
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.units.models import Unit
from congtruong.units.scoping import everywhere, unit_scope
from tests.factories import BY, make_authority, make_document, make_file, make_image, make_page, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

NOON = datetime(2026, 9, 7, 5, tzinfo=UTC)


@pytest.fixture
def unit() -> Unit:
    return make_unit("Trường THCS Hoa Phượng (mẫu)")


def draft(unit: Unit, **fields: Any) -> Post:
    values: dict[str, Any] = {"channel": Channel.NEWS, "title": "Ngày hội", "slug": "ngay-hoi", "school_year": 2026}
    return Post(unit=unit, **(values | fields))


def register(**fields: Any) -> Document:
    values: dict[str, Any] = {
        "type": DocumentType.objects.get(name="Công văn"),
        "symbol": "12/KH-THCS",
        "issuer": "Trường THCS Hoa Phượng",
        "issued_on": date(2026, 9, 1),
    }
    return Document(**(values | fields))


def acts(*, unit: Unit) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(unit_id=unit.pk, action__startswith="editorial.").order_by("pk")
    return [(row.action, row.subject, row.actor) for row in rows]


def stored() -> tuple[int, int, int, int, int]:
    """How many posts, register rows, attachments, pages and public rows there are at all."""
    with everywhere("a test counts all rows"):
        counts = [model.objects.count() for model in (Post, Document, PostFile, Page)]
    posts, documents, files, pages = counts
    return posts, documents, files, pages, Entry.objects.count()


def is_public(*assets: Asset) -> list[bool]:
    with everywhere("a test reads assets of several units"):
        rows = dict(Asset.objects.values_list("pk", "is_public"))
    return [rows[asset.pk] for asset in assets]


def test_saved_draft_is_clean_and_seen_by_nobody(unit: Unit) -> None:
    body = (
        '<h1>Tiêu đề</h1><p onclick="x()">Chào <script>alert(1)</script><b>các em</b></p>'
        '<a href="javascript:x()">liên kết</a><img src="x" onerror="y()">'
    )
    with unit_scope(unit.pk):
        post = save_post(post=draft(unit, title="  Ngày \n hội ", body=body, summary="<b>Tóm</b>  tắt"), by=BY)
        post.refresh_from_db()

    assert (post.title, post.summary, post.state) == ("Ngày hội", "Tóm tắt", State.DRAFT)
    assert post.body == '<h2>Tiêu đề</h2><p>Chào <b>các em</b></p><a rel="noopener">liên kết</a>'
    assert not Entry.objects.exists()


@pytest.mark.parametrize("title", ["", "   ", "\n\t", "\u00a0"])
def test_post_without_a_title_is_refused(unit: Unit, title: str) -> None:
    with unit_scope(unit.pk), pytest.raises(errors.TitleMissing):
        save_post(post=draft(unit, title=title), by=BY)

    assert stored() == (0, 0, 0, 0, 0)


def test_repost_needs_the_name_of_its_source(unit: Unit) -> None:
    repost = draft(unit, source_url="https://bao.example.vn/bai-1")
    with unit_scope(unit.pk), pytest.raises(errors.SourceMissing):
        save_post(post=repost, by=BY)
    assert stored() == (0, 0, 0, 0, 0)

    repost.source_name = "Báo Ví dụ"
    with unit_scope(unit.pk):
        save_post(post=repost, by=BY)
        publish_post(post=repost, at=NOON, by=BY)

    entry = Entry.objects.get()
    assert (entry.source_name, entry.source_url) == ("Báo Ví dụ", "https://bao.example.vn/bai-1")


def test_document_needs_register_data(unit: Unit) -> None:
    with unit_scope(unit.pk), pytest.raises(errors.RegisterMissing):
        save_post(post=draft(unit, channel=Channel.DOCUMENT), by=BY)

    assert stored() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("missing", [{"issuer": ""}, {"type": None}, {"issued_on": None}])
def test_document_needs_issuer_type_and_day_of_issue(unit: Unit, missing: dict[str, Any]) -> None:
    with unit_scope(unit.pk), pytest.raises(errors.RegisterMissing):
        save_post(post=draft(unit, channel=Channel.DOCUMENT), document=_without(missing), by=BY)

    assert stored() == (0, 0, 0, 0, 0)


def _without(missing: dict[str, Any]) -> Document:
    values: dict[str, Any] = {
        "type": DocumentType.objects.get(name="Công văn"),
        "issuer": "Trường",
        "issued_on": date(2026, 9, 1),
    } | missing
    return Document(**{name: value for name, value in values.items() if value is not None})


def test_document_register_data_reaches_the_public(unit: Unit) -> None:
    post = draft(unit, channel=Channel.DOCUMENT, title="Kế hoạch năm học")
    document = register(
        effective_on=date(2026, 9, 2),
        expires_on=date(2027, 5, 31),
        signer="Trần Văn A",
        signer_title="Hiệu trưởng",
        parent_issuer="UBND phường",
        recipients=["Như trên", "Lưu: VT"],
        pages=3,
        is_signed_digitally=True,
    )
    with unit_scope(unit.pk):
        save_post(post=post, document=document, by=BY)
        publish_post(post=post, at=NOON, by=BY)

    entry = Entry.objects.get()
    assert (entry.doc_symbol, entry.doc_type, entry.doc_issuer, entry.path) == (
        "12/KH-THCS",
        "Công văn",
        "Trường THCS Hoa Phượng",
        "/van-ban/ngay-hoi/",
    )
    assert (entry.doc_issued_on, entry.doc_effective_on, entry.doc_expires_on) == (
        date(2026, 9, 1),
        date(2026, 9, 2),
        date(2027, 5, 31),
    )
    facts = entry.facts["register"]
    assert {
        name: facts[name] for name in ("signer", "parent_issuer", "recipients", "pages", "is_signed_digitally")
    } == {
        "signer": "Trần Văn A",
        "parent_issuer": "UBND phường",
        "recipients": ["Như trên", "Lưu: VT"],
        "pages": 3,
        "is_signed_digitally": True,
    }
    with unit_scope(unit.pk):
        assert (document.unit_id, Document.objects.get().post_id) == (unit.pk, post.pk)


def test_register_data_of_a_published_document_changes_what_the_public_sees(unit: Unit) -> None:
    post = make_document(unit, symbol="1/KH-THCS")
    with unit_scope(unit.pk):
        document = Document.objects.get(post=post)
        document.symbol = "2/KH-THCS"
        save_post(post=post, document=document, by=BY)

    assert [entry.doc_symbol for entry in Entry.objects.all()] == ["2/KH-THCS"]


def test_published_post_shows_cover_files_place_and_time(unit: Unit) -> None:
    image, first, second = (
        make_image(unit, alt="Sân trường"),
        make_file(unit, "Mẫu đơn.PDF"),
        make_file(unit, "hai.pdf"),
    )
    post = draft(
        unit, channel=Channel.INVITATION, cover=image, cover_caption="Chú thích", place="Hội trường", starts_at=NOON
    )
    with unit_scope(unit.pk):
        save_post(post=post, files=[(second, ""), (first, "Mẫu đơn")], by=BY)
        assert is_public(image, first, second) == [False, False, False]
        publish_post(post=post, at=NOON, by=BY)

    entry = Entry.objects.get()
    assert entry.image == {
        "key": image.key,
        "alt": "Sân trường",
        "caption": "Chú thích",
        "width": 40,
        "height": 25,
        "renditions": [{"name": "40.webp", "width": 40}],
    }
    assert [(file["key"], file["label"], file["type"], file["size"]) for file in entry.files] == [
        (second.key, "hai.pdf", "PDF", 12),
        (first.key, "Mẫu đơn", "PDF", 12),
    ]
    assert (entry.facts, entry.starts_at) == ({"place": "Hội trường"}, NOON)
    assert is_public(image, first, second) == [True, True, True]


def test_summary_comes_from_the_text_when_none_was_written(unit: Unit) -> None:
    make_post(unit, body="<p>" + "từ " * 200 + "</p>")

    entry = Entry.objects.get()
    assert entry.summary.startswith("từ từ từ")
    assert (len(entry.summary) <= 300, entry.summary[-1]) == (True, "…")


def test_saving_a_published_post_changes_the_public_page_at_once(unit: Unit) -> None:
    old, new = make_file(unit, "cu.pdf"), make_file(unit, "moi.pdf", b"%PDF-1.4 moi")
    post = make_post(unit, "Tên cũ", files=[(old, "")], at=NOON)
    post.title, post.body = "Tên mới", "<p>Thân mới<script>x</script></p>"
    with unit_scope(unit.pk):
        save_post(post=post, files=[(new, "Mới")], by=BY)

    entry = Entry.objects.get()
    assert (entry.title, entry.body, entry.path) == ("Tên mới", "<p>Thân mới</p>", "/tin-tuc/ten-cu/")
    assert ([file["name"] for file in entry.files], entry.published_at) == (["moi.pdf"], NOON)


def test_files_stay_when_none_are_named(unit: Unit) -> None:
    post = make_post(unit, files=[(make_file(unit), "Tệp")])
    with unit_scope(unit.pk):
        save_post(post=post, by=BY)
    assert len(Entry.objects.get().files) == 1

    with unit_scope(unit.pk):
        save_post(post=post, files=[], by=BY)
    assert Entry.objects.get().files == []


def test_post_moved_to_another_channel_leaves_its_old_address(unit: Unit) -> None:
    post = make_post(unit, "Khai giảng")
    post.channel = Channel.NOTICE
    with unit_scope(unit.pk):
        save_post(post=post, by=BY)

    assert [(entry.channel, entry.path) for entry in Entry.objects.all()] == [("thong-bao", "/thong-bao/khai-giang/")]


def test_posts_of_an_authority_are_shown_below_and_those_of_a_school_are_not() -> None:
    make_post(make_authority(), "Từ Sở")
    make_post(make_unit(), "Từ trường")

    assert dict(Entry.objects.values_list("title", "is_broadcast")) == {"Từ Sở": True, "Từ trường": False}


def test_withdrawn_post_is_gone_and_stays_gone_when_saved(unit: Unit) -> None:
    post = make_post(unit)
    with unit_scope(unit.pk):
        withdraw_post(post=post, reason="Sai số liệu", by="Cô Hiệu trưởng")
    assert not Entry.objects.exists()

    with unit_scope(unit.pk):
        save_post(post=post, by=BY)
        post.refresh_from_db()

    assert (post.state, Entry.objects.count()) == (State.WITHDRAWN, 0)


def test_withdrawn_post_takes_its_files_off_unless_they_stand_elsewhere(unit: Unit) -> None:
    alone, shared, cover = (
        make_file(unit, "rieng.pdf"),
        make_file(unit, "chung.pdf", b"%PDF-1.4 chung"),
        make_image(unit),
    )
    post = make_post(unit, "Gỡ", files=[(alone, ""), (shared, "")], cover=cover)
    make_post(unit, "Ở lại", files=[(shared, "")])
    with unit_scope(unit.pk):
        withdraw_post(post=post, reason="Lộ thông tin cá nhân", by=BY)

    assert is_public(alone, shared, cover) == [False, True, False]


def test_file_removed_from_a_published_post_is_no_longer_public(unit: Unit) -> None:
    wrong, right = make_file(unit, "sai.pdf"), make_file(unit, "dung.pdf", b"%PDF-1.4 dung")
    post = make_post(unit, files=[(wrong, "")])
    with unit_scope(unit.pk):
        save_post(post=post, files=[(right, "")], by=BY)

    assert is_public(wrong, right) == [False, True]


def test_post_published_again_keeps_its_first_time(unit: Unit) -> None:
    post = make_post(unit, at=NOON)
    with unit_scope(unit.pk):
        withdraw_post(post=post, reason="Sửa", by=BY)
        publish_post(post=post, at=NOON + timedelta(days=3), by=BY)

    assert (post.state, Entry.objects.get().published_at) == (State.PUBLISHED, NOON)


Attempt = Callable[[Unit, Unit], None]


def _with_cover(unit: Unit, other: Unit) -> None:
    save_post(post=draft(unit, cover=make_image(other)), by=BY)


def _with_file(unit: Unit, other: Unit) -> None:
    save_post(post=draft(unit), files=[(make_file(unit), ""), (make_file(other), "")], by=BY)


@pytest.mark.parametrize("attempt", [_with_cover, _with_file])
def test_post_with_a_file_of_another_unit_is_refused_and_nothing_is_saved(unit: Unit, attempt: Attempt) -> None:
    other = make_unit()
    with unit_scope(unit.pk), pytest.raises(errors.AnotherUnit):
        attempt(unit, other)

    assert stored() == (0, 0, 0, 0, 0)
    assert acts(unit=unit) == []


def test_page_below_a_page_of_another_unit_is_refused_and_nothing_is_saved(unit: Unit) -> None:
    parent = make_page(make_unit())
    before = stored()
    with unit_scope(unit.pk), pytest.raises(errors.AnotherUnit):
        publish_page(page=Page(unit=unit, title="Con", slug="con", parent=parent), at=NOON, by=BY)

    assert (stored(), acts(unit=unit)) == (before, [])


def test_published_post_given_a_file_of_another_unit_stays_as_it_was(unit: Unit) -> None:
    post = make_post(unit, "Tên cũ")
    foreign = make_image(make_unit())
    post.title, post.cover = "Tên mới", foreign
    with unit_scope(unit.pk), pytest.raises(errors.AnotherUnit):
        save_post(post=post, by=BY)

    entry = Entry.objects.get()
    assert (entry.title, entry.image, is_public(foreign)) == ("Tên cũ", None, [False])
    with unit_scope(unit.pk):
        assert Post.objects.get().title == "Tên cũ"


def test_publishing_shows_what_was_saved_and_nothing_else(unit: Unit) -> None:
    post = make_post(unit, "Đã lưu", publish=False)
    post.cover = make_image(make_unit())
    post.body = "<script>alert(1)</script>"
    with unit_scope(unit.pk):
        publish_post(post=post, at=NOON, by=BY)

    entry = Entry.objects.get()
    assert (entry.title, entry.image, entry.body) == ("Đã lưu", None, "<p>Nội dung của Đã lưu.</p>")


def test_saving_an_old_copy_does_not_bring_a_withdrawn_post_back(unit: Unit) -> None:
    post = make_post(unit)
    with unit_scope(unit.pk):
        old = Post.objects.get(pk=post.pk)
        withdraw_post(post=post, reason="Sai", by=BY)
        save_post(post=old, by=BY)

    assert (old.state, Entry.objects.exists()) == (State.WITHDRAWN, False)


def test_post_cannot_be_published_at_a_time_to_come(unit: Unit) -> None:
    post = make_post(unit, publish=False)
    with unit_scope(unit.pk), pytest.raises(errors.NotYet):
        publish_post(post=post, at=clock.now() + timedelta(minutes=1), by=BY)

    assert not Entry.objects.exists()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//nguon.vn", "nguon.vn/tin"])
def test_source_must_be_a_web_address(unit: Unit, address: str) -> None:
    with unit_scope(unit.pk), pytest.raises(errors.SourceAddressInvalid):
        save_post(post=draft(unit, source_name="Nguồn", source_url=address), by=BY)


def test_post_saved_after_publication_says_when_it_changed(unit: Unit) -> None:
    post = make_post(unit, at=NOON)
    assert Entry.objects.get().changed_at is None

    with unit_scope(unit.pk):
        save_post(post=post, by=BY)

    changed_at = Entry.objects.get().changed_at
    assert changed_at is not None
    assert changed_at > NOON


def test_register_data_of_another_unit_cannot_be_taken(unit: Unit) -> None:
    other = make_unit()
    theirs = make_document(other, symbol="97/GM-MNSM")
    with unit_scope(other.pk):
        document = Document.objects.get(post=theirs)
    with unit_scope(unit.pk), pytest.raises(errors.AnotherUnit):
        save_post(post=draft(unit, channel=Channel.DOCUMENT), document=document, by=BY)

    with unit_scope(other.pk):
        assert Document.objects.get(symbol="97/GM-MNSM").post_id == theirs.pk
    with unit_scope(unit.pk):
        assert not Post.objects.exists()


def test_page_is_cleaned_and_shown_with_its_place_in_the_tree(unit: Unit) -> None:
    parent = make_page(unit, "Tổ chức")
    page = Page(
        unit=unit, title=" Ban  Giám hiệu ", slug="bgh", parent=parent, order=3, body="<p>Bà A<script>x</script></p>"
    )
    with unit_scope(unit.pk):
        publish_page(page=page, at=NOON, by=BY)

    entry = Entry.objects.get(kind=EntryKind.PAGE, object_id=page.pk)
    assert (entry.title, entry.path, entry.body, entry.channel) == (
        "Ban Giám hiệu",
        "/gioi-thieu/bgh/",
        "<p>Bà A</p>",
        "gioi-thieu",
    )
    assert entry.facts == {"order": 3, "parent": "to-chuc"}


def test_page_without_a_title_is_refused(unit: Unit) -> None:
    with unit_scope(unit.pk), pytest.raises(errors.TitleMissing):
        publish_page(page=Page(unit=unit, title="  ", slug="x"), at=NOON, by=BY)

    assert stored() == (0, 0, 0, 0, 0)


def test_page_published_again_moves_with_its_address(unit: Unit) -> None:
    page = make_page(unit, "Lịch sử")
    page.title, page.slug = "Truyền thống", "truyen-thong"
    with unit_scope(unit.pk):
        publish_page(page=page, at=NOON, by=BY)

    assert [(entry.title, entry.path) for entry in Entry.objects.all()] == [
        ("Truyền thống", "/gioi-thieu/truyen-thong/")
    ]


def test_every_act_leaves_a_line_in_the_trail(unit: Unit) -> None:
    post = draft(unit)
    with unit_scope(unit.pk):
        save_post(post=post, by="Cô C")
        publish_post(post=post, at=NOON, by="Thầy Hiệu trưởng")
        withdraw_post(post=post, reason="Sai ngày", by="Thầy Hiệu trưởng")
        page = publish_page(page=Page(unit=unit, title="Lịch sử", slug="lich-su"), at=NOON, by="Cô C")

    assert acts(unit=unit) == [
        ("editorial.post.saved", "Ngày hội", "Cô C"),
        ("editorial.post.published", "Ngày hội", "Thầy Hiệu trưởng"),
        ("editorial.post.withdrawn", "Ngày hội", "Thầy Hiệu trưởng"),
        ("editorial.page.published", "Lịch sử", "Cô C"),
    ]
    details = dict(AuditEntry.objects.filter(unit_id=unit.pk).values_list("action", "detail"))
    assert details["editorial.post.withdrawn"] == {"post_id": post.pk, "reason": "Sai ngày"}
    assert details["editorial.page.published"] == {"page_id": page.pk}
