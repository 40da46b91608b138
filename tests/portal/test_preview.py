"""Reading an article before it is public, at an address nobody can guess."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from congtruong.core import clock
from congtruong.editorial.models import Post, PreviewLink
from congtruong.editorial.services import Content, make_preview, revoke_preview
from congtruong.editorial.services.storing import store
from congtruong.media.models import Asset
from congtruong.publication.models import Entry
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import BY, make_document, make_file, make_image, make_post, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = {"host": "hoaphuong.hcm.edu.vn"}


@pytest.fixture
def school() -> Unit:
    return make_unit("Trường Hoa Phượng (mẫu)", host="hoaphuong.hcm.edu.vn")


def link_to(post: Post) -> str:
    with unit_scope(post.unit_id):
        return f"/xem-thu/{make_preview(post=post, by=BY)}/"


def main_of(html: str) -> str:
    return html.split("<main", 1)[1].split("</main>", maxsplit=1)[0]


def test_preview_is_the_page_visitors_will_get(client: Client, school: Unit) -> None:
    cover, inner = make_image(school, alt="Sân"), make_image(school, "b.png", alt="Lớp", colour="blue")
    file = make_file(school)
    body = f'<h2>Một</h2><figure class="image"><img src="/tep/{inner.key}/960.webp" alt="Lớp"></figure>'
    post = make_post(school, "Sắp đăng", body=body, cover=cover, files=[(file, "Tệp")], publish=False, slug="sap-dang")
    address = link_to(post)

    response = client.get(address, headers=HOST)
    html = response.content.decode()

    assert response.status_code == 200
    assert Entry.objects.count() == 0
    assert "Bản xem thử – chưa đăng" in html
    assert re.findall(r'/tep/[^"]*', main_of(html).replace(f"{address.rstrip('/')}/tep/", "")) == []
    for source in set(re.findall(rf"{address}tep/[\w-]+/[\w.-]+", html)):
        assert client.get(source, headers=HOST).status_code == 200
    published = make_post(school, "Sắp đăng", body=body, cover=cover, files=[(file, "Tệp")], slug="da-dang")
    public = main_of(client.get("/tin-tuc/da-dang/", headers=HOST).content.decode())
    times = re.compile(r"<time.*?</time>")
    assert times.sub("", main_of(html).replace(f"{address}tep/", "/tep/")).split("<aside")[0].replace(
        " layout layout-side", ""
    ) == times.sub("", public).split("<aside")[0].replace(" layout layout-side", "")
    assert published.pk != post.pk


def test_preview_is_secret_and_framed_by_the_console_only(client: Client, school: Unit) -> None:
    response = client.get(link_to(make_post(school, publish=False)), headers=HOST)

    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store, private",
        "noindex, nofollow",
        "no-referrer",
    )
    assert "frame-ancestors 'self' http" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    assert '<meta name="robots" content="noindex, follow">' in response.content.decode()


def test_preview_shows_the_working_copy_beside_the_live_one(client: Client, school: Unit) -> None:
    post = make_post(school, "Bản cũ", slug="bai")
    with unit_scope(school.pk):
        store(post, Content.of(post).replaced(title="Bản mới"))

    assert "<h1>Bản mới</h1>" in client.get(link_to(post), headers=HOST).content.decode()
    assert "<h1>Bản cũ</h1>" in client.get("/tin-tuc/bai/", headers=HOST).content.decode()


def test_document_preview_names_its_register(client: Client, school: Unit) -> None:
    html = client.get(link_to(make_document(school, symbol="7/KH", publish=False)), headers=HOST).content.decode()

    assert "<dd>7/KH</dd>" in html


def test_expired_revoked_unknown_and_foreign_addresses_do_not_exist(client: Client, school: Unit) -> None:
    other = make_unit("Trường khác (mẫu)", host="khac.hcm.edu.vn")
    post = make_post(school, "Bí mật MARK", publish=False)
    expired, revoked, working = link_to(post), link_to(post), link_to(post)
    with unit_scope(school.pk):
        first, second, _ = PreviewLink.objects.order_by("pk")
        PreviewLink.objects.filter(pk=first.pk).update(expires_at=clock.now() - timedelta(seconds=1))
        revoke_preview(link=second, by=BY)

    assert client.get(working, headers=HOST).status_code == 200
    for address, host in (
        (expired, HOST),
        (revoked, HOST),
        (f"/xem-thu/{'a' * 43}/", HOST),
        (working, {"host": "khac.hcm.edu.vn"}),
    ):
        response = client.get(address, headers=host)
        assert response.status_code == 404
        assert "MARK" not in response.content.decode()
    assert other.pk != school.pk


def test_files_of_other_articles_stay_closed(client: Client, school: Unit) -> None:
    own, other = make_image(school, alt="x"), make_image(school, "khac.png", alt="x", colour="blue")
    stopped = make_image(school, "ngung.png", alt="x", colour="green")
    with unit_scope(school.pk):
        Asset.objects.filter(pk=stopped.pk).update(consent="ngung")
    body = f'<figure class="image"><img src="/tep/{stopped.key}/960.webp" alt="x"></figure>'
    address = link_to(make_post(school, cover=own, body=body, publish=False))
    name = own.renditions[0]["name"]

    codes = [
        client.get(f"{address}tep/{asset.key}/{name}", headers=HOST).status_code for asset in (own, other, stopped)
    ]

    assert codes == [200, 404, 404]
    assert client.get(f"/tep/{own.key}/{name}", headers=HOST).status_code == 404
    assert stopped.key not in client.get(address, headers=HOST).content.decode()


def test_staff_make_and_revoke_addresses(school: Unit) -> None:
    user = User.objects.create_user("lan", full_name="Cô Lan")
    with unit_scope(school.pk):
        grant_role(unit=school, user=user, role=Role.CONTRIBUTOR, by=BY)
    staff, visitor = Client(), Client()
    staff.force_login(user)
    post = make_post(school, "Một", publish=False)
    here = f"/quan-tri/bai-viet/{post.pk}/xem-thu/"

    made = staff.post(here, {"has_page": "1", "title": "Hai", "body": "<p>x</p>", "version": 1}, headers=HOST)
    shown = staff.get(made["Location"], headers=HOST)
    address = re.search(r'<iframe src="[^"]*?(/xem-thu/[^"]+)"', shown.content.decode())

    assert address is not None
    assert "<h1>Hai</h1>" in visitor.get(address[1], headers=HOST).content.decode()
    assert "; frame-src 'self' http" in shown["Content-Security-Policy"]
    with unit_scope(school.pk):
        link = PreviewLink.objects.get()
    assert link.digest not in shown.content.decode()
    staff.post(f"{here}{link.pk}/thu-hoi/", headers=HOST)
    assert visitor.get(address[1], headers=HOST).status_code == 404


def test_old_addresses_make_room(school: Unit) -> None:
    post = make_post(school, publish=False)
    for _ in range(12):
        link_to(post)

    with unit_scope(school.pk):
        assert PreviewLink.objects.count() == 10
