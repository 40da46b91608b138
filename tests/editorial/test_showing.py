"""What of a post reaches the public: its live version, complete, and nothing else."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from congtruong.core import clock
from congtruong.editorial import errors
from congtruong.editorial.enums import State
from congtruong.editorial.models import DocumentType, Post, Revision
from congtruong.editorial.services import (
    APPROVER,
    Content,
    RegisterContent,
    approve_post,
    create_draft,
    pin_post,
    save_draft,
    show_again,
    show_users_again,
    withdraw_post,
)
from congtruong.media.enums import Consent
from congtruong.media.models import Asset
from congtruong.media.services import set_consent
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


def register(**fields: Any) -> RegisterContent:
    values: dict[str, Any] = {
        "type_id": DocumentType.objects.get(name="Công văn").pk,
        "symbol": "12/KH-THCS",
        "issuer": "Trường THCS Hoa Phượng",
        "issued_on": date(2026, 9, 1),
    }
    return RegisterContent(**(values | fields))


def change(post: Post, **changes: Any) -> Post:
    with unit_scope(post.unit_id):
        return save_draft(post=post, content=Content.of(post).replaced(**changes), acts=APPROVER, by=BY)


def publish(post: Post, **options: Any) -> Post:
    with unit_scope(post.unit_id):
        return approve_post(post=post, acts=APPROVER, by=BY, **options)


def is_public(*assets: Asset) -> list[bool]:
    with everywhere("a test reads assets of several units"):
        rows = dict(Asset.objects.values_list("pk", "is_public"))
    return [rows[asset.pk] for asset in assets]


def counts() -> tuple[int, int, int]:
    with everywhere("a test counts all rows"):
        return Post.objects.count(), Revision.objects.count(), Entry.objects.count()


def test_draft_is_cleaned_and_seen_by_nobody(unit: Unit) -> None:
    body = (
        '<h1>Tiêu đề</h1><p onclick="x()">Chào <script>alert(1)</script><b>các em</b></p>'
        '<a href="javascript:x()">liên kết</a><img src="x" onerror="y()">'
    )
    post = make_post(unit, "  Ngày \n hội ", body=body, summary="<b>Tóm</b>  tắt", publish=False)

    assert (post.title, post.summary, post.state) == ("Ngày hội", "Tóm tắt", State.DRAFT)
    assert post.body.startswith("<h2>Tiêu đề</h2><p>Chào <b>các em</b></p>")
    assert not any(word in post.body for word in ("script", "onclick", "onerror", "alert"))
    assert not Entry.objects.exists()


def test_changed_draft_of_a_published_post_leaves_the_public_page_alone(unit: Unit) -> None:
    post = make_post(unit, "Tên cũ", body="<p>Cũ</p>")
    changed = change(post, title="Tên mới", body="<p>Mới</p>")

    assert (changed.state, changed.live is None) == (State.DRAFT, False)
    assert [(e.title, e.body) for e in Entry.objects.all()] == [("Tên cũ", "<p>Cũ</p>")]
    with unit_scope(unit.pk):
        show_again(unit=unit)
    assert [e.title for e in Entry.objects.all()] == ["Tên cũ"]

    publish(changed)
    assert [(e.title, e.body, e.path) for e in Entry.objects.all()] == [("Tên mới", "<p>Mới</p>", "/tin-tuc/ten-cu/")]


def test_republished_post_keeps_its_time_and_says_when_it_changed(unit: Unit) -> None:
    post = make_post(unit, at=NOON)
    assert Entry.objects.get().changed_at is None

    publish(change(post, title="Đã sửa"))

    entry = Entry.objects.get()
    assert entry.published_at == NOON
    assert entry.changed_at is not None
    assert entry.changed_at > NOON


def test_document_register_data_reaches_the_public(unit: Unit) -> None:
    facts = {
        "signer": "Trần Văn A",
        "parent_issuer": "UBND phường",
        "recipients": ("Như trên", "Lưu: VT"),
        "pages": 3,
        "is_signed_digitally": True,
    }
    spans = {"effective_on": date(2026, 9, 2), "expires_on": date(2027, 5, 31)}
    make_post(unit, "Kế hoạch năm học", channel=Channel.DOCUMENT, register=register(**facts, **spans))

    entry = Entry.objects.get()
    assert (entry.doc_symbol, entry.doc_type, entry.doc_issuer, entry.path) == (
        *("12/KH-THCS", "Công văn", "Trường THCS Hoa Phượng"),
        "/van-ban/ke-hoach-nam-hoc/",
    )
    assert (entry.doc_issued_on, entry.doc_effective_on, entry.doc_expires_on) == (date(2026, 9, 1), *spans.values())
    assert {name: entry.facts["register"][name] for name in facts} == facts | {"recipients": ["Như trên", "Lưu: VT"]}


def test_document_that_replaces_another_is_named_on_both_pages(unit: Unit) -> None:
    old = make_document(unit, "Quy chế cũ", symbol="1/QC-THCS")
    relations = ({"kind": "thay-the", "symbol": "1/QC-THCS", "post": old.pk},)
    new = make_post(unit, "Quy chế mới", channel=Channel.DOCUMENT, register=register(relations=relations))

    def shown(post: Post) -> dict[str, Any]:
        facts = Entry.objects.get(object_id=post.pk).facts["register"]
        return {name: facts[name] for name in ("relations", "acted_on")}

    assert shown(new)["relations"] == [{"kind": "Thay thế", "symbol": "1/QC-THCS", "path": "/van-ban/quy-che-cu/"}]
    assert shown(old)["acted_on"] == [
        {"kind": "Được thay thế bởi", "symbol": "12/KH-THCS", "path": "/van-ban/quy-che-moi/"}
    ]

    with unit_scope(unit.pk):
        withdraw_post(post=new, reason="Sai", by=BY)
    assert shown(old)["acted_on"] == []


def test_published_post_shows_cover_files_place_and_time(unit: Unit) -> None:
    image = make_image(unit, alt="Sân trường")
    first, second = make_file(unit, "Mẫu đơn.PDF"), make_file(unit, "hai.pdf", b"%PDF-1.4 hai")
    post = make_post(
        unit,
        channel=Channel.INVITATION,
        cover=image,
        cover_caption="Chú thích",
        place="Hội trường",
        starts_at=NOON,
        files=[(second, ""), (first, "Mẫu đơn")],
        publish=False,
    )
    assert is_public(image, first, second) == [False, False, False]

    publish(post)

    entry = Entry.objects.get()
    assert entry.image is not None
    assert {name: entry.image[name] for name in ("key", "alt", "caption", "width", "height")} == {
        "key": image.key,
        "alt": "Sân trường",
        "caption": "Chú thích",
        "width": 40,
        "height": 25,
    }
    assert [(file["key"], file["label"], file["type"]) for file in entry.files] == [
        (second.key, "hai.pdf", "PDF"),
        (first.key, "Mẫu đơn", "PDF"),
    ]
    assert (entry.facts, entry.starts_at) == ({"place": "Hội trường", "summary_from_text": True}, NOON)
    assert is_public(image, first, second) == [True, True, True]


def test_image_inside_the_text_is_public_as_long_as_the_text_is(unit: Unit) -> None:
    image = make_image(unit, alt="Cổng trường")
    body = f'<figure class="image"><img src="/tep/{image.key}/40.webp" alt="Cổng trường"></figure>'
    post = make_post(unit, body=body)
    assert (is_public(image), image.key in Entry.objects.get().body) == ([True], True)
    # Lists show it; the page does not show it twice.
    shown = Entry.objects.get()
    assert shown.image is not None
    assert (shown.image["key"], shown.facts["image_in_text"]) == (image.key, True)

    with unit_scope(unit.pk):
        withdraw_post(post=post, reason="Gỡ", by=BY)
    assert is_public(image) == [False]


def test_file_taken_out_of_a_draft_stays_public_until_the_new_version_is(unit: Unit) -> None:
    wrong, right = make_file(unit, "sai.pdf"), make_file(unit, "dung.pdf", b"%PDF-1.4 dung")
    post = change(make_post(unit, files=[(wrong, "")]), files=((right.pk, ""),))
    assert is_public(wrong, right) == [True, False]

    publish(post)
    assert is_public(wrong, right) == [False, True]


def test_withdrawn_post_takes_its_files_off_unless_they_stand_elsewhere(unit: Unit) -> None:
    alone, shared = make_file(unit, "rieng.pdf"), make_file(unit, "chung.pdf", b"%PDF-1.4 chung")
    cover = make_image(unit)
    post = make_post(unit, "Gỡ", files=[(alone, ""), (shared, "")], cover=cover)
    make_post(unit, "Ở lại", files=[(shared, "")])

    with unit_scope(unit.pk):
        withdraw_post(post=post, reason="Lộ thông tin cá nhân", by=BY)

    assert (is_public(alone, shared, cover), Entry.objects.count()) == ([False, True, False], 1)


def test_withdrawn_post_stays_gone_when_saved_and_comes_back_when_published(unit: Unit) -> None:
    post = make_post(unit, at=NOON)
    with unit_scope(unit.pk):
        post = withdraw_post(post=post, reason="Sai số liệu", by=BY)
    assert (post.state, post.live) == (State.WITHDRAWN, None)

    post = change(post, title="Đã sửa")
    assert (post.state, Entry.objects.count()) == (State.DRAFT, 0)

    publish(post, at=NOON + timedelta(days=3))
    assert Entry.objects.get().published_at == NOON


def test_summary_comes_from_the_text_when_none_was_written(unit: Unit) -> None:
    make_post(unit, body="<p>" + "từ " * 200 + "</p>")

    entry = Entry.objects.get()
    summary = entry.summary
    assert (summary[:11], len(summary) <= 200, summary[-1]) == ("từ từ từ từ", True, "…")
    assert entry.facts["summary_from_text"] is True


def test_written_summary_stays_as_it_is_and_empty_headings_are_not_kept(unit: Unit) -> None:
    make_post(unit, summary="Tóm tắt của trường", body="<h2>\u00a0</h2><p>Lời bài.</p><h3></h3>")

    entry = Entry.objects.get()
    assert (entry.summary, "summary_from_text" in entry.facts, entry.body) == (
        "Tóm tắt của trường",
        False,
        "<p>Lời bài.</p>",
    )


def test_news_of_an_authority_is_shown_below_and_its_pages_are_not() -> None:
    office = make_authority()
    make_post(office, "Từ Sở")
    make_page(office, "Chức năng")
    make_post(make_unit(), "Từ trường")

    assert dict(Entry.objects.values_list("title", "is_broadcast")) == {
        "Từ Sở": True,
        "Chức năng": False,
        "Từ trường": False,
    }


def test_pinning_shows_at_once_and_takes_nothing_else_of_the_draft_along(unit: Unit) -> None:
    post = change(make_post(unit, "Tên cũ"), title="Chưa duyệt")
    with unit_scope(unit.pk):
        pin_post(post=post, is_pinned=True, by=BY)

    assert [(e.title, e.is_pinned) for e in Entry.objects.all()] == [("Tên cũ", True)]
    with unit_scope(unit.pk):
        assert Post.objects.get().title == "Chưa duyệt"


def test_page_is_shown_with_its_place_in_the_tree(unit: Unit) -> None:
    parent = make_page(unit, "Tổ chức")
    page = make_page(unit, " Ban  Giám hiệu ", parent=parent, order=3, slug="bgh")

    entry = Entry.objects.get(kind=EntryKind.POST, object_id=page.pk)
    assert (entry.title, entry.path, entry.channel) == ("Ban Giám hiệu", "/gioi-thieu/bgh/", "gioi-thieu")
    assert entry.facts == {"order": 3, "parent": "to-chuc", "summary_from_text": True}


def test_page_cannot_stand_below_itself(unit: Unit) -> None:
    upper = make_page(unit, "Trên")
    lower = make_page(unit, "Dưới", parent=upper)

    for post, parent in ((upper, lower), (upper, upper)):
        with pytest.raises(errors.ParentInvalid):
            change(post, parent_id=parent.pk)


def test_two_posts_with_one_title_get_addresses_of_their_own(unit: Unit) -> None:
    made = []
    for _ in range(3):
        with unit_scope(unit.pk):
            content = Content(title="Nhập học lớp 1", body="<p>Bài</p>")
            post = create_draft(unit=unit, channel=Channel.NEWS, writer=None, by=BY, content=content)
        made.append(publish(post).slug)

    assert made == ["nhap-hoc-lop-1", "nhap-hoc-lop-1-2", "nhap-hoc-lop-1-3"]


def test_repost_needs_the_name_of_its_source(unit: Unit) -> None:
    post = make_post(unit, source_url="https://bao.example.vn/bai-1", publish=False)
    with pytest.raises(errors.SourceMissing):
        publish(post)

    publish(change(post, source_name="Báo Ví dụ"))
    entry = Entry.objects.get()
    assert (entry.source_name, entry.source_url) == ("Báo Ví dụ", "https://bao.example.vn/bai-1")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//nguon.vn", "nguon.vn/tin"])
def test_source_must_be_a_web_address(unit: Unit, address: str) -> None:
    with pytest.raises(errors.SourceAddressInvalid):
        make_post(unit, source_name="Nguồn", source_url=address, publish=False)


@pytest.mark.parametrize("title", ["", "   ", "\n\t", "\u00a0"])
def test_post_without_a_title_stays_a_draft(unit: Unit, title: str) -> None:
    post = change(make_post(unit, publish=False), title=title)
    with pytest.raises(errors.TitleMissing):
        publish(post)

    assert not Entry.objects.exists()


@pytest.mark.parametrize("missing", [{"issuer": ""}, {"type_id": None}, {"issued_on": None}])
def test_document_needs_issuer_type_and_day_of_issue(unit: Unit, missing: dict[str, Any]) -> None:
    post = make_post(unit, channel=Channel.DOCUMENT, register=register(**missing), publish=False)
    with pytest.raises(errors.RegisterMissing):
        publish(post)

    assert not Entry.objects.exists()


def test_image_without_a_description_is_not_published(unit: Unit) -> None:
    image = make_image(unit)
    post = make_post(
        unit, body=f'<figure class="image"><img src="/tep/{image.key}/40.webp" alt=""></figure>', publish=False
    )
    with pytest.raises(errors.AltMissing) as refused:
        publish(post)

    assert (refused.value.count, is_public(image)) == (1, [False])


def test_post_cannot_be_published_at_a_time_to_come(unit: Unit) -> None:
    post = make_post(unit, publish=False)
    with pytest.raises(errors.NotYet):
        publish(post, at=clock.now() + timedelta(minutes=1))

    assert not Entry.objects.exists()


Foreign = Callable[[Unit, Unit], dict[str, Any]]


def _cover(unit: Unit, other: Unit) -> dict[str, Any]:
    return {"cover_id": make_image(other).pk}


def _file(unit: Unit, other: Unit) -> dict[str, Any]:
    return {"files": ((make_file(unit).pk, ""), (make_file(other, "la.pdf").pk, ""))}


def _album(unit: Unit, other: Unit) -> dict[str, Any]:
    return {"facts": {"images": [{"asset": make_image(other).pk, "caption": ""}]}}


def _parent(unit: Unit, other: Unit) -> dict[str, Any]:
    return {"parent_id": make_page(other).pk}


def _relation(unit: Unit, other: Unit) -> dict[str, Any]:
    theirs = make_document(other).pk
    return {"register": register(relations=({"kind": "thay-the", "symbol": "", "post": theirs},))}


@pytest.mark.parametrize("foreign", [_cover, _file, _album, _parent, _relation])
def test_whatever_belongs_to_another_unit_is_refused_and_nothing_is_saved(unit: Unit, foreign: Foreign) -> None:
    post = make_post(unit, "Tên cũ", channel=Channel.DOCUMENT, register=register())
    fields = foreign(unit, make_unit())
    before = counts()

    with pytest.raises(errors.AnotherUnit):
        change(post, title="Tên mới", **fields)

    assert counts() == before
    with unit_scope(unit.pk):
        assert Post.objects.get(pk=post.pk).title == "Tên cũ"


def test_image_of_another_unit_inside_the_text_is_not_shown(unit: Unit) -> None:
    theirs = make_image(make_unit(), alt="Của trường khác")
    make_post(unit, body=f'<p>Chữ</p><figure class="image"><img src="/tep/{theirs.key}/40.webp" alt="x"></figure>')

    assert (is_public(theirs), theirs.key in Entry.objects.get().body) == ([False], False)


def test_photo_whose_consent_ends_leaves_the_page_and_the_article_can_still_be_mended(unit: Unit) -> None:
    photo = make_image(unit, alt="Sân trường")
    post = make_post(unit, cover=photo)
    with unit_scope(unit.pk):
        stopped = set_consent(asset=photo, consent=Consent.STOPPED, note="Phụ huynh yêu cầu", by=BY)
        assert show_users_again(unit=unit, asset=stopped) == 1
    assert (Entry.objects.get().image, is_public(photo)) == (None, [False])

    publish(change(post, cover_id=None))
    assert [entry.image for entry in Entry.objects.all()] == [None]
