"""Writing and approving through the staff pages: who may do what, and that nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from congtruong.core import clock
from congtruong.core.models import AuditEntry
from congtruong.editorial.enums import RevisionKind, State
from congtruong.editorial.models import Category, Document, Post, PostFile, Revision
from congtruong.editorial.services import add_category, remove_empty_drafts, run_due
from congtruong.portal.models import Redirect
from congtruong.publication.enums import Channel
from congtruong.publication.models import Entry
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_document, make_file, make_image, make_page, make_post, make_unit, picture

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "hoaphuong.hcm.edu.vn"}
LIST = "/quan-tri/bai-viet/"
JSON = HOST | {"accept": "application/json"}


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")


@pytest.fixture
def outsiders() -> Unit:
    return make_unit("Trường Bằng Lăng (mẫu)", host="banglang.hcm.edu.vn")


def person(unit: Unit, role: Role, name: str) -> User:
    user = User.objects.create_user(name, full_name=name.title())
    with unit_scope(unit.pk):
        grant_role(unit=unit, user=user, role=role, by=BY)
    return user


Signed = Callable[[Role], Client]


@pytest.fixture
def signed(school: Unit) -> Signed:
    """A browser of somebody with this role in the school; one person for each role."""

    def browser(role: Role) -> Client:
        user = User.objects.filter(username=f"nguoi-{role.value}").first() or person(
            school, role, f"nguoi-{role.value}"
        )
        client = Client()
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def writer(signed: Signed) -> Client:
    return signed(Role.CONTRIBUTOR)


@pytest.fixture
def editor(signed: Signed) -> Client:
    return signed(Role.EDITOR)


def stored(post: Post) -> Post:
    with unit_scope(post.unit_id):
        return Post.objects.select_related("live", "document").get(pk=post.pk)


def at(post: Post, tail: str = "") -> str:
    return f"{LIST}{post.pk}/{tail}"


def page_of(client: Client, post: Post) -> dict[str, Any]:
    """What a browser would send from the editor's page, as it stands now."""
    html = client.get(at(post), headers=HOST).content.decode()
    form = html.split('id="bai"', 1)[1].split("</form>", 1)[0]
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'<input[^>]*?name="([a-z_]+)"[^>]*?value="([^"]*)"', form):
        if "radio" not in name and name not in {"when", "file_drop"}:
            sent.setdefault(name, []).append(value)
    sent = {name: values if name.startswith(("file", "relation")) else values[0] for name, values in sent.items()}
    for name, value in re.findall(r'<textarea[^>]*?name="([a-z_]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        sent[name] = (
            value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&").lstrip("\n")
        )
    for name, body in re.findall(r'<select[^>]*?name="([a-z_]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        value = chosen[1] if chosen else re.findall(r'value="([^"]*)"', body)[0]
        sent[name] = [*sent.get(name, []), value] if name.startswith("relation") else value
    sent["when"] = "hen" if re.search(r'value="hen" checked', form) else "ngay"
    for tick in ("is_pinned", "shows_children", "is_signed_digitally"):
        sent.pop(tick, None)
        if re.search(rf'name="{tick}" checked', form):
            sent[tick] = "on"
    return sent


def send(client: Client, post: Post, step: str, **changes: Any) -> Any:
    headers = changes.pop("headers", HOST)
    return client.post(at(post, step), page_of(client, post) | changes, headers=headers)


def messages_of(client: Client, response: Any) -> list[str]:
    html = client.get(response["Location"], headers=HOST).content.decode()
    return re.findall(r'<div class="callout callout-(?:ok|warn)" role="status">.*?<p>(.*?)</p>', html)


# --- The way of an article --------------------------------------------------------------------------------------------


def test_new_article_goes_from_its_writer_to_the_public(school: Unit, writer: Client, editor: Client) -> None:
    begun = writer.post(f"{LIST}soan/", {"channel": "tin-tuc"}, headers=HOST)
    with unit_scope(school.pk):
        post = Post.objects.get()
    assert (begun.status_code, begun["Location"]) == (302, at(post))
    words = {"title": "Ngày hội đọc sách", "summary": "Tám gian kể chuyện", "body": "<p>Mỗi lớp một <b>gian</b>.</p>"}

    saved = send(writer, post, "luu/", **words)
    assert messages_of(writer, saved) == ["Đã lưu “Ngày hội đọc sách”."]
    submitted = send(writer, post, "gui-duyet/")
    assert (submitted["Location"], stored(post).state) == (LIST, State.SUBMITTED)

    approved = editor.post(at(post, "dang/"), {"seen": stored(post).version}, headers=HOST)
    assert approved["Location"] == "/quan-tri/cho-duyet/"
    entry = Entry.objects.get()
    assert (entry.title, entry.path, entry.body) == (
        "Ngày hội đọc sách",
        "/tin-tuc/ngay-hoi-doc-sach/",
        "<p>Mỗi lớp một <b>gian</b>.</p>",
    )
    assert writer.get("/tin-tuc/ngay-hoi-doc-sach/", headers=HOST).status_code == 200


def test_returned_article_tells_its_writer_what_to_change(school: Unit, writer: Client, editor: Client) -> None:
    me = User.objects.get(username=f"nguoi-{Role.CONTRIBUTOR.value}")
    post = make_post(school, "Hội khỏe", publish=False, writer=me)
    writer.post(at(post, "gui-duyet/"), headers=HOST)

    without = editor.post(at(post, "tra-lai/"), {"reason": "  "}, headers=HOST)
    assert (without["Location"], stored(post).state) == (f"/quan-tri/cho-duyet/{post.pk}/", State.SUBMITTED)
    editor.post(at(post, "tra-lai/"), {"reason": "Bổ sung giờ mời phụ huynh"}, headers=HOST)

    assert stored(post).state == State.RETURNED
    assert "Bổ sung giờ mời phụ huynh" in writer.get(at(post), headers=HOST).content.decode()
    today = writer.get("/quan-tri/", headers=HOST).content.decode()
    assert "Bài bị trả lại: Hội khỏe" in today
    assert "chờ duyệt" not in today.split("<main", 1)[1]


def test_approver_sees_what_waits_as_a_duty(school: Unit, writer: Client, editor: Client) -> None:
    for title in ("Một", "Hai"):
        writer.post(at(make_post(school, title, publish=False), "gui-duyet/"), headers=HOST)

    assert "2 bài chờ duyệt" in editor.get("/quan-tri/", headers=HOST).content.decode()
    html = editor.get("/quan-tri/cho-duyet/", headers=HOST).content.decode()
    assert re.findall(r"<h2><a [^>]*>([^<]*)</a></h2>", html) == ["Một", "Hai"]


@pytest.mark.parametrize(
    ("tail", "role", "said"),
    [
        ("gui-duyet/", Role.CONTRIBUTOR, "Chưa gửi duyệt được. Cần sửa:"),
        ("dang/", Role.EDITOR, "Chưa đăng được. Cần sửa:"),
    ],
)
def test_refused_step_says_what_did_not_happen_and_each_reason_once(
    school: Unit, signed: Signed, tail: str, role: Role, said: str
) -> None:
    post = make_post(school, "Hội khỏe", publish=False)

    html = send(signed(role), post, tail, title="").content.decode()

    problems = html.partition('id="loi"')[2].partition("</ul>")[0]
    assert (said in problems, '<a href="#o_title">Tiêu đề</a>' in problems) == (True, True)
    assert html.count("Bài chưa có tiêu đề. Hãy nhập tiêu đề.") == 1


def test_published_article_is_one_tap_away_and_a_planned_one_is_not(school: Unit, editor: Client) -> None:
    shown, planned = make_post(school, "Hội <khỏe>", publish=False), make_post(school, "Mai", publish=False)

    send(editor, shown, "dang/")
    now = editor.get(LIST, headers=HOST).content.decode()
    send(editor, planned, "dang/", when="hen", publish_at="06:30, 25/11/2036")
    later = editor.get(LIST, headers=HOST).content.decode()

    address = re.search(r'“Hội &lt;khỏe&gt;”\. <a href="([^"]+)">Xem bài trên cổng</a>', now)
    assert address is not None
    assert address[1].endswith(Entry.objects.get().path)
    assert ("Đã hẹn đăng “Mai”" in later, "Xem bài trên cổng" in later) == (True, False)


def test_approver_reads_an_opening_or_the_text_but_not_both(school: Unit, writer: Client, editor: Client) -> None:
    texts = {
        "short": ("", "<h2>Mục</h2><p>Câu một. Câu hai. Câu ba.</p>"),
        "written": ("Tóm tắt của người viết", "<p>Câu một. Câu hai. Câu ba.</p>"),
        "long": ("", "<p>Câu một. Câu hai. Câu ba.</p>" + "<p>" + "từ " * 900 + "</p>"),
    }
    seen = {}
    for name, (summary, body) in texts.items():
        post = make_post(school, name, summary=summary, body=body, publish=False)
        writer.post(at(post, "gui-duyet/"), headers=HOST)
        html = editor.get(f"/quan-tri/cho-duyet/{post.pk}/", headers=HOST).content.decode()
        lead = re.search(r'<p class="(lead[^"]*)">([^<]*)</p>', html)
        seen[name] = (lead.groups() if lead else None, '<details class="approval-text" open>' in html)

    assert seen == {
        "short": (None, True),
        "written": (("lead", "Tóm tắt của người viết"), False),
        "long": (("lead approval-excerpt", "Câu một. Câu hai."), False),
    }


def test_today_leads_to_writing_for_who_may_write(signed: Signed) -> None:
    new = f'<a class="btn" href="{LIST}soan/">'

    pages = [
        signed(role).get("/quan-tri/", headers=HOST).content.decode() for role in (Role.CONTRIBUTOR, Role.TECHNICIAN)
    ]

    assert [new in page for page in pages] == [True, False]


def test_published_article_is_changed_without_hiding_it(school: Unit, writer: Client, editor: Client) -> None:
    post = make_post(school, "Bản cũ", slug="ban-cu")
    send(writer, post, "luu/", title="Bản mới")

    assert (stored(post).state, Entry.objects.get().title) == (State.DRAFT, "Bản cũ")
    assert "Đang đăng bản cũ" in writer.get(LIST, headers=HOST).content.decode()
    send(editor, post, "dang/")
    assert (stored(post).state, Entry.objects.get().title, Entry.objects.get().path) == (
        State.PUBLISHED,
        "Bản mới",
        "/tin-tuc/ban-cu/",
    )


def test_discarding_brings_the_public_version_back(school: Unit, writer: Client) -> None:
    post = make_post(school, "Bản cũ")
    send(writer, post, "luu/", title="Bản mới")
    writer.post(at(post, "bo-ban-sua/"), headers=HOST)

    assert (stored(post).title, stored(post).state) == ("Bản cũ", State.PUBLISHED)


def test_recalled_article_is_a_draft_again(school: Unit, writer: Client) -> None:
    post = make_post(school, publish=False)
    writer.post(at(post, "gui-duyet/"), headers=HOST)
    assert send(writer, post, "luu/", title="Sửa lúc chờ", has_page="1").status_code == 422
    assert stored(post).title != "Sửa lúc chờ"

    writer.post(at(post, "rut-ve/"), headers=HOST)
    assert stored(post).state == State.DRAFT


def test_approver_publishes_what_he_read_and_nothing_newer(school: Unit, writer: Client, editor: Client) -> None:
    post = make_post(school, "Đã đọc", publish=False)
    writer.post(at(post, "gui-duyet/"), headers=HOST)
    seen = stored(post).version
    writer.post(at(post, "rut-ve/"), headers=HOST)
    send(writer, post, "gui-duyet/", title="Đổi sau khi đọc")

    refused = editor.post(at(post, "dang/"), {"seen": seen}, headers=HOST)

    assert refused["Location"] == f"/quan-tri/cho-duyet/{post.pk}/"
    assert (stored(post).state, Entry.objects.count()) == (State.SUBMITTED, 0)


def test_scheduled_article_appears_at_its_time_and_leaves_at_its_end(school: Unit, editor: Client) -> None:
    post = make_post(school, "Hẹn giờ", publish=False)
    soon, end = clock.now() + timedelta(hours=2), clock.now() + timedelta(hours=5)
    local = [moment.astimezone(clock.VIETNAM) for moment in (soon, end)]
    times = {"when": "hen", "publish_at": f"{local[0]:%d/%m/%Y %H:%M}", "expires_at": f"{local[1]:%Y-%m-%dT%H:%M}"}
    send(editor, post, "dang/", **times)
    assert (stored(post).state, Entry.objects.count()) == (State.SCHEDULED, 0)
    assert f"{local[0]:%H:%M, %d/%m/%Y}" in editor.get("/quan-tri/cho-duyet/", headers=HOST).content.decode()

    run_due(now=soon)
    assert Entry.objects.get().title == "Hẹn giờ"
    run_due(now=end)
    assert (stored(post).state, Entry.objects.count()) == (State.EXPIRED, 0)


def test_article_leaves_the_portal_with_a_reason_only(school: Unit, editor: Client) -> None:
    post = make_post(school, "Gỡ")
    assert "Gỡ bài khỏi cổng thông tin" in editor.get(at(post, "go/"), headers=HOST).content.decode()

    without = editor.post(at(post, "go/"), {"reason": ""}, headers=HOST)
    assert (without.status_code, Entry.objects.count()) == (422, 1)
    editor.post(at(post, "go/"), {"reason": "Đăng nhầm"}, headers=HOST)

    assert (stored(post).state, Entry.objects.count()) == (State.WITHDRAWN, 0)
    assert AuditEntry.objects.get(action="editorial.post.withdrawn").detail["reason"] == "Đăng nhầm"
    editor.post(at(post, "luu-tru/"), headers=HOST)
    assert stored(post).state == State.ARCHIVED
    assert "Gỡ</a>" not in editor.get(LIST, headers=HOST).content.decode()
    editor.post(at(post, "lay-ra/"), headers=HOST)
    assert stored(post).state == State.DRAFT


def test_article_is_pinned_and_let_go(school: Unit, editor: Client) -> None:
    post = make_post(school)
    editor.post(at(post, "ghim/"), {"ghim": "1"}, headers=HOST)
    assert Entry.objects.get().is_pinned is True
    editor.post(at(post, "ghim/"), headers=HOST)
    assert Entry.objects.get().is_pinned is False


def test_accepted_article_waits_for_the_last_button(school: Unit, writer: Client, editor: Client) -> None:
    post = make_post(school, publish=False)
    writer.post(at(post, "gui-duyet/"), headers=HOST)
    editor.post(at(post, "duyet/"), {"seen": stored(post).version}, headers=HOST)
    assert (stored(post).state, Entry.objects.count()) == (State.APPROVED, 0)

    editor.post(at(post, "dang/"), {"seen": stored(post).version}, headers=HOST)
    assert Entry.objects.count() == 1


# --- Who may --------------------------------------------------------------------------------------------------------

GETS = ("", "lich-su/", "lich-su/so-sanh/?tu=1&den=0", "xem-thu/")
WRITERS_POSTS = (
    "luu/",
    "gui-duyet/",
    "rut-ve/",
    "bo-ban-sua/",
    "xem-thu/",
    "lich-su/1/khoi-phuc/",
    "tiep-quan/",
    "nha/",
)
APPROVERS_POSTS = ("tra-lai/", "dang/", "duyet/", "go/", "luu-tru/", "lay-ra/", "ghim/", "dia-chi/")


@pytest.mark.parametrize("tail", APPROVERS_POSTS)
def test_writer_takes_no_step_of_an_approver(school: Unit, writer: Client, tail: str) -> None:
    post = make_post(school, publish=False)
    data = {
        "reason": "x",
        "address": "x",
        "ghim": "1",
        "has_page": "1",
        "version": "1",
        "title": "x",
        "body": "<p>x</p>",
    }

    assert writer.post(at(post, tail), data, headers=HOST).status_code == 404
    assert (stored(post).state, stored(post).version, Entry.objects.count()) == (State.DRAFT, 1, 0)


@pytest.mark.parametrize("tail", [*WRITERS_POSTS, *APPROVERS_POSTS, "tu-luu/"])
@pytest.mark.parametrize("role", [None, Role.TECHNICIAN])
def test_nobody_else_takes_a_step(school: Unit, signed: Signed, role: Role | None, tail: str) -> None:
    post = make_post(school, "Nháp của trường", publish=False)
    client = signed(role) if role else Client()

    response = client.post(at(post, tail), {"title": "x", "reason": "x"}, headers=HOST)

    is_json = tail in {"tu-luu/", "tiep-quan/", "nha/"}
    assert response.status_code == (404 if role else 401 if is_json else 302)
    assert (stored(post).title, stored(post).state) == ("Nháp của trường", State.DRAFT)


@pytest.mark.parametrize("tail", [*GETS, *WRITERS_POSTS, *APPROVERS_POSTS, "tu-luu/"])
def test_another_units_article_does_not_exist(outsiders: Unit, signed: Signed, school: Unit, tail: str) -> None:
    foreign = make_post(outsiders, "Nháp MARK của trường khác", publish=False)
    head = signed(Role.HEAD)
    call = head.get if tail in GETS else head.post

    response = call(at(foreign, tail), headers=HOST)

    assert response.status_code == 404
    assert "MARK" not in response.content.decode()
    assert stored(foreign).version == 1


@pytest.mark.parametrize("path", [LIST, f"{LIST}soan/", f"{LIST}lien-ket/", "/quan-tri/cho-duyet/", f"{LIST}muc/"])
def test_lists_show_the_own_unit_only(school: Unit, outsiders: Unit, signed: Signed, path: str) -> None:
    with unit_scope(outsiders.pk):
        add_category(unit=outsiders, channel=Channel.NEWS, name="MARK mục", by=BY)
    for publish in (True, False):
        make_post(outsiders, f"MARK {publish}", publish=publish)

    response = signed(Role.HEAD).get(path, headers=HOST)

    assert response.status_code == 200
    assert "MARK" not in response.content.decode()


def test_technician_keeps_headings_and_reads_no_drafts(school: Unit, signed: Signed) -> None:
    technician = signed(Role.TECHNICIAN)

    assert technician.get(f"{LIST}muc/", headers=HOST).status_code == 200
    assert [technician.get(path, headers=HOST).status_code for path in (LIST, "/quan-tri/cho-duyet/")] == [404, 404]


def test_writer_changes_nothing_that_waits(school: Unit, writer: Client) -> None:
    post = make_post(school, "Đang chờ", publish=False)
    page = page_of(writer, post)
    writer.post(at(post, "gui-duyet/"), headers=HOST)

    response = writer.post(at(post, "luu/"), page | {"title": "Lén sửa"}, headers=HOST)

    assert response.status_code == 422
    assert "nên chưa sửa được" in response.content.decode()
    assert stored(post).title == "Đang chờ"


# --- Foreign ids ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["cover", "file", "category", "parent"])
def test_foreign_id_in_any_field_saves_nothing(school: Unit, outsiders: Unit, editor: Client, field: str) -> None:
    post = make_page(school, publish=False) if field == "parent" else make_post(school, publish=False)
    image, page = make_image(outsiders), make_page(outsiders, "Trang khác")
    with unit_scope(outsiders.pk):
        category = add_category(unit=outsiders, channel=Channel.NEWS, name="Khác", by=BY)
    value = {"cover": image.pk, "file": image.pk, "category": category.pk, "parent": page.pk}[field]
    before = stored(post)

    response = send(editor, post, "luu/", **{field: value, "title": "Đã đổi"})

    assert response.status_code == 422
    assert "không thuộc đơn vị này" in response.content.decode()
    assert (stored(post).version, stored(post).title) == (before.version, before.title)


@pytest.mark.parametrize(("field", "value"), [("cover", "x"), ("file", "1e3"), ("category", "-"), ("type", "9999999")])
def test_nonsense_ids_are_refused_with_a_sentence(school: Unit, editor: Client, field: str, value: str) -> None:
    post = make_document(school, publish=False) if field == "type" else make_post(school, publish=False)

    response = send(editor, post, "luu/", **{field: value})

    assert response.status_code == 422
    assert "Hãy chọn lại trong danh sách" in response.content.decode()


# --- Every field ----------------------------------------------------------------------------------------------------


def test_every_field_of_news_is_kept(school: Unit, editor: Client) -> None:
    cover, first, second = (
        make_image(school, alt="Sân trường"),
        make_file(school, "mot.pdf"),
        make_file(school, "hai.pdf", b"%PDF-1.4 hai"),
    )
    with unit_scope(school.pk):
        category = add_category(unit=school, channel=Channel.NEWS, name="Hoạt động Đội", by=BY)
    post = make_post(school, publish=False)

    send(
        editor,
        post,
        "luu/",
        title="Tiêu đề",
        summary="Tóm tắt",
        cover=cover.pk,
        cover_caption="Chú thích",
        category=category.pk,
        file=[first.pk, second.pk],
        file_label=["", "Bản hai"],
        file_place=["2", "1"],
        author="Cô Lan",
        source_name="Báo Giáo dục",
        source_url="https://example.org/bai",
        is_pinned="on",
        shows_children="on",
        school_year=clock.school_year(clock.today()) - 1,
    )

    kept = stored(post)
    assert (kept.title, kept.summary, kept.cover_id, kept.cover_caption, kept.category_id) == (
        "Tiêu đề",
        "Tóm tắt",
        cover.pk,
        "Chú thích",
        category.pk,
    )
    assert (kept.author, kept.source_name, kept.source_url, kept.is_pinned, kept.shows_children, kept.school_year) == (
        "Cô Lan",
        "Báo Giáo dục",
        "https://example.org/bai",
        True,
        True,
        clock.school_year(clock.today()) - 1,
    )
    with unit_scope(school.pk):
        assert list(PostFile.objects.filter(post=post).values_list("asset_id", "label")) == [
            (second.pk, "Bản hai"),
            (first.pk, ""),
        ]
    send(editor, post, "luu/", file_drop=[str(first.pk)])
    with unit_scope(school.pk):
        assert list(PostFile.objects.filter(post=post).values_list("asset_id", flat=True)) == [second.pk]


def test_page_sent_unchanged_changes_nothing(school: Unit, editor: Client) -> None:
    post = make_document(school, publish=False, recipients=("UBND", "Lưu VT"), signing_authority="KT.")
    before = stored(post).document

    send(editor, post, "luu/")

    after = stored(post).document
    assert [getattr(after, f.name) for f in Document._meta.fields] == [
        getattr(before, f.name) for f in Document._meta.fields
    ]


def test_document_names_others_by_symbol(school: Unit, outsiders: Unit, editor: Client) -> None:
    old = make_document(school, "Kế hoạch cũ", symbol="1/KH", slug="cu")
    make_document(outsiders, symbol="9/KH")
    post = make_document(school, "Kế hoạch mới", symbol="2/KH", slug="moi", publish=False)
    relations = {
        "relation_kind": ["thay-the", "sua-doi", "can-cu"],
        "relation_to": ["1/KH (07/09/2026)", "9/KH", "2/KH"],
    }
    send(editor, post, "dang/", **relations)

    assert stored(post).document.relations == [
        {"kind": "thay-the", "symbol": "1/KH", "post": old.pk},
        {"kind": "sua-doi", "symbol": "9/KH", "post": None},
        {"kind": "can-cu", "symbol": "2/KH", "post": None},
    ]
    new_page = editor.get("/van-ban/moi/", headers=HOST).content.decode()
    assert re.findall(r'<a href="(/van-ban/cu/)">.*?<span>(.*?) <b>(.*?)</b>', new_page) == [
        ("/van-ban/cu/", "Thay thế", "1/KH")
    ]
    old_page = editor.get("/van-ban/cu/", headers=HOST).content.decode()
    assert re.findall(r"<span>(Được thay thế bởi) <b>(.*?)</b>", old_page) == [("Được thay thế bởi", "2/KH")]


def test_invitation_asks_time_and_place(school: Unit, editor: Client) -> None:
    post = make_post(school, "Mời họp", channel=Channel.INVITATION, publish=False, slug="moi-hop")
    send(editor, post, "dang/", starts_at="2026-12-01T07:30", place="Hội trường")

    entry = Entry.objects.get()
    assert (entry.starts_at and entry.starts_at.astimezone(clock.VIETNAM).isoformat(), entry.facts["place"]) == (
        "2026-12-01T07:30:00+07:00",
        "Hội trường",
    )
    calendar = editor.get("/thu-moi/moi-hop.ics", headers=HOST)
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART:20261201T003000Z" in calendar.content.decode()
    assert 'href="/thu-moi/moi-hop.ics"' in editor.get("/thu-moi/moi-hop/", headers=HOST).content.decode()


def test_wrong_values_stay_on_the_page_with_a_sentence_each(school: Unit, editor: Client) -> None:
    post = make_post(school, "Trước", publish=False)

    response = send(
        editor,
        post,
        "luu/",
        title="Sau",
        when="hen",
        publish_at="",
        expires_at="mai",
        source_url="bai",
        body="<p>Giữ</p>",
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert sorted(re.findall(r'<li><a href="#o_(\w+)">', html)) == ["expires_at", "publish_at", "source_url"]
    assert ">Sau</textarea>" in html
    assert "&lt;p&gt;Giữ&lt;/p&gt;" in html
    assert 'value="mai"' in html
    assert stored(post).title == "Trước"


def test_incomplete_article_is_not_handed_in_and_nothing_typed_is_lost(school: Unit, writer: Client) -> None:
    post = make_post(school, publish=False)

    response = send(writer, post, "gui-duyet/", title="", body="<p>Vẫn còn</p>")

    html = response.content.decode()
    assert response.status_code == 422
    assert 'id="o_title_error"' in html
    assert "Vẫn còn" in html
    assert stored(post).state == State.DRAFT


def test_browser_without_scripts_uploads_on_the_page(school: Unit, editor: Client) -> None:
    post = make_post(school, publish=False)
    files = [SimpleUploadedFile("ke-hoach.pdf", b"%PDF-1.4 kh"), SimpleUploadedFile("gia.pdf", b"<html>")]
    refused = send(editor, post, "luu/", attach_upload=files)
    assert (refused.status_code, "gia.pdf" in refused.content.decode()) == (422, True)

    good = SimpleUploadedFile("anh.png", picture())
    send(editor, post, "luu/", cover_upload=good, attach_upload=[SimpleUploadedFile("ke-hoach.pdf", b"%PDF-1.4 kh")])

    assert stored(post).cover_id is not None
    with unit_scope(school.pk):
        assert [row.asset.name for row in PostFile.objects.select_related("asset")] == ["ke-hoach.pdf"]


def test_images_of_the_text_are_shown_through_the_console(school: Unit, editor: Client) -> None:
    image = make_image(school, alt="Sân")
    body = f'<figure class="image"><img src="/tep/{image.key}/960.webp" alt="Sân"></figure>'
    post = make_post(school, body=body, publish=False)

    assert f'src="/quan-tri/tep/{image.key}/960.webp"' in page_of(editor, post)["body"]
    send(editor, post, "luu/", title="Đổi")
    assert stored(post).body == body


# --- Personal data and children ---------------------------------------------------------------------------------------


def test_personal_data_needs_a_reason_that_is_recorded(school: Unit, writer: Client) -> None:
    post = make_post(school, body="<p>Căn cước công dân: 079203001234</p>", publish=False)

    refused = send(writer, post, "gui-duyet/", guard_reason=" ")
    html = refused.content.decode()
    assert (refused.status_code, stored(post).state) == (422, State.DRAFT)
    assert "Bài có thông tin cá nhân" in html
    panel = html.split('id="truoc-khi-gui"')[1].split("</section>")[0]
    assert "079203001234" not in panel

    send(writer, post, "gui-duyet/", guard_reason="Kết quả công khai theo quy chế")
    assert (stored(post).state, stored(post).guard_reason) == (State.SUBMITTED, "Kết quả công khai theo quy chế")


def test_cover_without_words_is_not_handed_in(school: Unit, writer: Client) -> None:
    post = make_post(school, cover=make_image(school), publish=False)

    response = send(writer, post, "gui-duyet/")

    assert response.status_code == 422
    assert "Ảnh bìa thiếu mô tả" in response.content.decode()


# --- Versions, headings, addresses ------------------------------------------------------------------------------------


def test_history_compares_and_brings_back(school: Unit, writer: Client) -> None:
    post = make_post(school, "Một", body="<p>Giờ vào học là bảy giờ.</p>", publish=False)
    send(writer, post, "luu/", title="Hai", body="<p>Giờ vào học là tám giờ.</p>")

    history = writer.get(at(post, "lich-su/"), headers=HOST).content.decode()
    assert re.findall(r"<b>(Bản [^<]*)</b>", history) == ["Bản đang soạn", "Bản 2", "Bản 1"]
    compared = writer.get(at(post, "lich-su/so-sanh/?tu=1&den=2"), headers=HOST).content.decode()
    assert re.findall(r"<(del|ins)>(Một|Hai)</", compared) == [("del", "Một"), ("ins", "Hai")]
    assert [writer.get(at(post, f"lich-su/so-sanh/?tu=1&den={n}"), headers=HOST).status_code for n in (7, "x")] == [
        404,
        404,
    ]

    writer.post(at(post, "lich-su/1/khoi-phuc/"), headers=HOST)
    assert stored(post).title == "Một"
    with unit_scope(school.pk):
        assert Revision.objects.get(number=3).kind == RevisionKind.RESTORED


def test_headings_are_kept_in_order_and_leave_their_articles_behind(
    school: Unit, signed: Signed, outsiders: Unit
) -> None:
    head = signed(Role.HEAD)
    for name in ("Đội", "Đoàn", " đội "):
        head.post(f"{LIST}muc/", {"channel": "tin-tuc", "name": name}, headers=HOST)
    with unit_scope(school.pk):
        first, second = Category.objects.all()
    assert (first.name, first.slug, second.slug) == ("Đội", "doi", "doan")
    post = make_post(school, "Trong mục", category_id=first.pk)
    assert head.get("/tin-tuc/muc/doi/", headers=HOST).content.decode().count("Trong mục</a>") == 1

    head.post(f"{LIST}muc/{first.pk}/doi-ten/", {"name": "Đội TNTP"}, headers=HOST)
    head.post(f"{LIST}muc/{second.pk}/thu-tu/", {"len": "1"}, headers=HOST)
    with unit_scope(school.pk):
        assert list(Category.objects.values_list("name", flat=True)) == ["Đoàn", "Đội TNTP"]
    head.post(f"{LIST}muc/{first.pk}/xoa/", headers=HOST)
    assert (stored(post).category_id, Entry.objects.get().category) == (None, None)
    assert head.get("/tin-tuc/muc/doi/", headers=HOST).status_code == 404

    with unit_scope(outsiders.pk):
        foreign = add_category(unit=outsiders, channel=Channel.NEWS, name="Khác", by=BY)
    for tail in ("doi-ten/", "thu-tu/", "xoa/"):
        assert head.post(f"{LIST}muc/{foreign.pk}/{tail}", {"name": "x"}, headers=HOST).status_code == 404


def test_old_address_leads_to_the_new_one(school: Unit, editor: Client) -> None:
    post = make_post(school, "Bài", slug="dia-chi-cu")
    make_post(school, "Bài khác", slug="co-roi")
    for wrong in ("Có dấu", "co-roi", "", "a--b"):
        assert editor.post(at(post, "dia-chi/"), {"address": wrong}, headers=HOST).status_code == 422

    editor.post(at(post, "dia-chi/"), {"address": "dia-chi-moi"}, headers=HOST)

    assert editor.get("/tin-tuc/dia-chi-moi/", headers=HOST).status_code == 200
    assert editor.get("/tin-tuc/dia-chi-cu/", headers=HOST)["Location"] == "/tin-tuc/dia-chi-moi/"
    with unit_scope(school.pk):
        assert Redirect.objects.count() == 1


def test_drafts_nobody_wrote_in_go_away_after_a_day(school: Unit, writer: Client) -> None:
    for _ in range(2):
        writer.post(f"{LIST}soan/", {"channel": "van-ban"}, headers=HOST)
    with unit_scope(school.pk):
        begun, other = Post.objects.all()
    send(writer, other, "tu-luu/", title="Có chữ", headers=JSON)
    make_post(school, "Đã có", publish=False)

    assert remove_empty_drafts(now=clock.now()) == 0
    assert remove_empty_drafts(now=clock.now() + timedelta(days=2)) == 1
    with unit_scope(school.pk):
        assert begun.pk not in Post.objects.values_list("pk", flat=True)
        assert Post.objects.count() == 2


# --- The list ---------------------------------------------------------------------------------------------------------


def titles(client: Client, query: str = "") -> list[str]:
    html = client.get(f"{LIST}{query}", headers=HOST).content.decode()
    return re.findall(r'<h2><a href="/quan-tri/bai-viet/\d+/">([^<]*)</a></h2>', html)


def test_drafts_are_found_without_diacritics(school: Unit, writer: Client) -> None:
    draft = make_post(school, "Đại hội Đoàn trường", publish=False)
    make_post(school, "Dã ngoại", publish=False)

    asked = ("dai hoi", "ĐẠI HỘI", "đại HOI", "doan", "hoi-doan", "dai ngoai", "…")
    found = {q: titles(writer, f"?q={q}") for q in asked}
    send(writer, draft, "luu/", title="Hội thi vẽ")

    one = ["Đại hội Đoàn trường"]
    assert found == dict.fromkeys(asked[:5], one) | {"dai ngoai": [], "…": []}
    assert (titles(writer, "?q=thi ve"), titles(writer, "?q=doan")) == (["Hội thi vẽ"], [])


def test_list_is_narrowed_by_what_is_asked(school: Unit, writer: Client) -> None:
    me = User.objects.get(username=f"nguoi-{Role.CONTRIBUTOR.value}")
    make_post(school, "Đọc sách", publish=False, writer=me)
    make_post(school, "Họp phụ huynh", channel=Channel.NOTICE, school_year=2023)

    assert titles(writer) == ["Họp phụ huynh", "Đọc sách"]
    assert titles(writer, "?q=đọc") == ["Đọc sách"]
    assert titles(writer, "?q=hop+phu") == ["Họp phụ huynh"]
    assert titles(writer, "?muc=thong-bao") == ["Họp phụ huynh"]
    assert titles(writer, "?tt=nhap") == ["Đọc sách"]
    assert titles(writer, "?tt=dang-hien") == ["Họp phụ huynh"]
    assert titles(writer, "?toi=1") == ["Đọc sách"]
    assert titles(writer, "?nam=2023") == ["Họp phụ huynh"]
    assert titles(writer, "?q=không-có") == []
    assert titles(writer, "?muc=la&trang=99&nam=x") == ["Họp phụ huynh", "Đọc sách"]


@pytest.mark.parametrize("path", [LIST, f"{LIST}?q=bai&muc=tin-tuc", "/quan-tri/cho-duyet/"])
def test_lists_cost_the_same_queries_with_one_and_many_rows(
    school: Unit, editor: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts: list[int] = []
    for more in (1, 3):
        for _ in range(more):
            post = make_post(
                school, cover=make_image(school, f"{Post.__name__}{len(counts)}.png", alt="x"), publish=False
            )
            editor.post(at(post, "gui-duyet/"), headers=HOST)
        with django_assert_max_num_queries(20) as captured:
            assert editor.get(path, headers=HOST).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("others", [3, 60])
def test_editor_costs_a_bounded_number_of_queries(
    school: Unit, editor: Client, others: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(others):
        make_document(school, symbol=f"{number}/KH", slug=f"van-ban-{number}", publish=number % 2 == 0)
    post = make_document(school, publish=False, relations=({"kind": "can-cu", "symbol": "x", "post": None},))
    with django_assert_max_num_queries(20):
        assert editor.get(at(post), headers=HOST).status_code == 200


@pytest.mark.parametrize("channel", [Channel.NEWS, Channel.DOCUMENT])
def test_publishing_costs_at_most_25_queries(
    school: Unit,
    writer: Client,
    editor: Client,
    channel: Channel,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    image = make_image(school, alt="Sân")
    inner = make_image(school, "trong.png", alt="x", colour="blue")
    files = [(make_file(school, f"{n}.pdf", b"%PDF-1.4 " + bytes([n])), "") for n in range(3)]
    with unit_scope(school.pk):
        category = add_category(unit=school, channel=channel, name="Mục", by=BY)
    if channel == Channel.DOCUMENT:
        make_document(school, symbol="1/KH")
        post = make_document(school, publish=False)
    else:
        post = make_post(school, publish=False)
    send(
        writer,
        post,
        "gui-duyet/",
        cover=image.pk,
        category=category.pk,
        body=f'<figure class="image"><img src="/tep/{inner.key}/960.webp" alt="x"></figure>',
        file=[asset.pk for asset, _ in files],
        **({"relation_kind": ["thay-the"], "relation_to": ["1/KH"]} if channel == Channel.DOCUMENT else {}),
    )
    assert stored(post).state == State.SUBMITTED
    seen = stored(post).version

    with django_assert_max_num_queries(25):
        response = editor.post(at(post, "dang/"), {"seen": seen}, headers=HOST)

    assert (response["Location"], stored(post).state) == ("/quan-tri/cho-duyet/", State.PUBLISHED)
