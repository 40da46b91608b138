"""The two-tenant crawl: every address × every role × own and foreign objects × every method.

Two unrelated schools, each below its own authority, hold content whose texts carry marks: `MARK-<tenant>-<kind>`.
A mark that turns up where it is not declared is a leak. An address without a declaration fails the first test:
declare pages of portals in `PORTAL`, public pages of the central host in `CENTRAL`, staff pages in `STAFF`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from congtruong.core import clock
from congtruong.editorial.models import Post
from congtruong.editorial.services import save_post, withdraw_post
from congtruong.feeds.models import CategoryRoute, Feed, Item, Source
from congtruong.feeds.services import withdraw_item
from congtruong.portal.services import set_quick_links
from congtruong.publication.enums import FEED_CHANNELS, Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.services import Published, publish
from congtruong.units.enums import Kind, Role
from congtruong.units.models import Oversight, Unit, User, Ward
from congtruong.units.scoping import unit_scope
from congtruong.units.services import grant_role
from tests.factories import (
    BY,
    make_authority,
    make_document,
    make_file,
    make_image,
    make_page,
    make_post,
    make_unit,
    place,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

CENTRAL_HOST = "congtruong.test"
ROLES = ("anonymous", "insider", "colleague", "outsider", "operator")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
PUBLIC_KINDS = ("name", "public")


@dataclass(frozen=True, slots=True)
class PublicPage:
    """An address of a portal. Placeholders are keys of `Tenant.at`; readable by everybody, by GET and HEAD only.

    `own` answers 200 on the portal of the tenant that fills it; `objects` as well, but filled by anybody else they
    answer like `missing`, and so do the `hidden` ones even at home.
    """

    own: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    missing: str = ""
    for_authorities_only: bool = False


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page behind the sign-in. `answers[method][role]` is the status; other methods are refused with 405.

    Who is not signed in is sent to the sign-in page, unless the page `is_open`. Texts may name the person's own unit;
    for the roles in `sees_names` also those of all units. `data` is posted with every body, filled from `World.ids`.
    """

    path: str
    answers: dict[str, dict[str, int]]
    is_open: bool = False
    sees_names: tuple[str, ...] = ()
    data: dict[str, str] = field(default_factory=dict)


def _everybody(status: int) -> dict[str, int]:
    return dict.fromkeys(ROLES, status)


def _operator_only(status: int) -> dict[str, int]:
    return _everybody(404) | {"operator": status}


PORTAL = {
    "portal:home": PublicPage(own=("/",)),
    "portal:channel": PublicPage(own=("/tin-tuc/", "/thong-bao/", "/thu-moi/")),
    "portal:channel-number": PublicPage(own=("/tin-tuc/trang/2/",)),
    "portal:channel-scope": PublicPage(own=("/tin-tuc/nguon/don-vi/", "/thong-bao/nguon/cap-tren/")),
    "portal:channel-scope-number": PublicPage(own=("/tin-tuc/nguon/{long_scope}/trang/2/",)),
    "portal:register": PublicPage(
        own=("/van-ban/", "/van-ban/?so=chungtu", "/van-ban/?so=mark", "/van-ban/?hl=con&nam=2026")
    ),
    "portal:entry": PublicPage(
        objects=("/tin-tuc/dang-{tag}/", "/thong-bao/dang-{tag}/", "/thu-moi/dang-{tag}/", "{document}", "{page}"),
        hidden=(
            "/tin-tuc/nhap-{tag}/",
            "/thong-bao/nhap-{tag}/",
            "/thu-moi/nhap-{tag}/",
            "{draft_document}",
            "/tin-tuc/go-{tag}/",
        ),
        missing="khong-he-co",
    ),
    "portal:source-entry": PublicPage(
        objects=("/nguon/{item}/tin/",),
        hidden=("/nguon/{withdrawn_entry}/go-{tag}/", "/nguon/{withdrawn_item}/tin/"),
        missing="/nguon/999999999/khong-he-co/",
    ),
    "portal:about": PublicPage(own=("/gioi-thieu/",)),
    "portal:contact": PublicPage(own=("/lien-he/",)),
    "portal:site-map": PublicPage(own=("/so-do-trang/",)),
    "portal:search": PublicPage(
        own=(
            "/tim-kiem/",
            "/tim-kiem/?q=chungtu",
            "/tim-kiem/?q=chungtu&trang=2",
            "/tim-kiem/?q=chungtu&muc=van-ban",
            "/tim-kiem/?q=mark+private",
            "/tim-kiem/?q=mark+b+public",
            "/tim-kiem/?q=d",
        )
    ),
    # The directory of an authority names its own units: public data, and of no other authority.
    "portal:units": PublicPage(
        own=("/don-vi/", "/don-vi/?q=mark", "/don-vi/?phuong={foreign_ward}"), for_authorities_only=True
    ),
    "portal:news-below": PublicPage(own=("/tin-don-vi/",), for_authorities_only=True),
    "portal:news-below-number": PublicPage(own=("/tin-don-vi/trang/2/",), for_authorities_only=True),
    "portal:feeds": PublicPage(own=("/rss/",)),
    "portal:rss": PublicPage(
        own=("/rss/tin-tuc.xml", "/rss/thong-bao.xml", "/rss/thu-moi.xml", "/rss/van-ban.xml", "/rss/tat-ca.xml")
    ),
    "portal:sitemap": PublicPage(own=("/sitemap.xml",)),
    "portal:robots": PublicPage(own=("/robots.txt",)),
    "portal:file": PublicPage(
        objects=("/tep/{file}/tep.pdf", "/tep/{image}/40.webp"),
        hidden=("/tep/{draft_file}/rieng.pdf", "/tep/{draft_image}/40.webp", "/tep/{withdrawn_file}/go.pdf"),
        missing="/tep/khonghecokhonghecokh/khong.pdf",
    ),
}
# The front door of the province: a public directory of all units.
CENTRAL = {"front-door": PublicPage(own=("/", "/?q=mark", "/?phuong={foreign_ward}", "/?cap=thcs&trang=2"))}
STAFF = {
    "console:today": StaffPage("/quan-tri/", {"GET": _everybody(200)}),
    "console:sign-in": StaffPage(
        "/quan-tri/dang-nhap/", {"GET": _everybody(200), "POST": _everybody(422)}, is_open=True
    ),
    "console:sign-out": StaffPage("/quan-tri/dang-xuat/", {"POST": _everybody(302)}, is_open=True),
    "console:unplaced": StaffPage("/quan-tri/chua-xac-dinh/", {"GET": _operator_only(200)}, sees_names=("operator",)),
    "console:place": StaffPage(
        "/quan-tri/chua-xac-dinh/ghi/",
        {"GET": _operator_only(302), "POST": _operator_only(302)},
        sees_names=("operator",),
        data={"unit": "{unplaced}", "authority": "{office}"},
    ),
}


@dataclass(frozen=True, slots=True)
class Tenant:
    tag: str
    unit: Unit
    at: dict[str, Any]

    @property
    def host(self) -> str:
        return f"{self.tag}.hcm.edu.vn"

    def fill(self, path: str) -> str:
        return path.format(**self.at)


@dataclass(frozen=True, slots=True)
class World:
    """School `a` below office `oa`, school `b` below office `ob`, and `c`, whose ward nobody knows."""

    tenants: dict[str, Tenant]
    people: dict[str, User]
    ids: dict[str, int]

    def client(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(self.people[role])
        return client


def _mark(tag: str, kind: str) -> str:
    return f"MARK-{tag}-{kind} chungtu"


def _with_content(tag: str, unit: Unit) -> Tenant:
    """Public things and, beside each, private ones of the same sort."""
    public, private = _mark(tag, "public"), _mark(tag, "private")
    at: dict[str, Any] = {"tag": tag, "long_scope": "don-vi" if unit.is_authority else "cap-tren"}
    shown, image = make_file(unit, "tep.pdf", f"%PDF-1.4 {tag}".encode()), make_image(unit, alt=public)
    hidden = make_file(unit, "rieng.pdf", f"%PDF-1.4 {private}".encode())
    hidden_image = make_image(unit, "rieng.png", alt=private, colour="blue")
    withdrawn_file = make_file(unit, "go.pdf", f"%PDF-1.4 {private} go".encode())
    for channel in FEED_CHANNELS:
        if channel == Channel.DOCUMENT:
            continue
        soon = clock.now() + timedelta(days=1)
        make_post(
            unit,
            public,
            slug=f"dang-{tag}",
            channel=channel,
            files=[(shown, public)],
            cover=image,
            starts_at=soon,
            place=public,
            author=public,
        )
        make_post(
            unit,
            private,
            slug=f"nhap-{tag}",
            channel=channel,
            files=[(hidden, private)],
            cover=hidden_image,
            body=f"<p>{private}</p>",
            publish=False,
        )
    withdrawn = make_post(unit, private, slug=f"go-{tag}", files=[(withdrawn_file, private)])
    at["withdrawn_entry"] = Entry.objects.get(kind=EntryKind.POST, object_id=withdrawn.pk).pk
    with unit_scope(unit.pk):
        withdraw_post(post=withdrawn, reason=private, by=BY)
    document = make_document(unit, f"{public} văn bản {tag}", symbol=f"MARK-{tag}-PUBLIC/CV", signer=public)
    draft = make_document(unit, f"{private} văn bản {tag}", symbol=f"MARK-{tag}-PRIVATE/CV", publish=False)
    _rename(document, f"van-ban-{tag}")
    _rename(draft, f"van-ban-nhap-{tag}")
    at["document"], at["draft_document"] = f"/van-ban/van-ban-{tag}/", f"/van-ban/van-ban-nhap-{tag}/"
    at["page"] = f"/gioi-thieu/trang-{tag}/"
    make_page(unit, public, slug=f"trang-{tag}", body=f"<p>{public}</p>")
    set_quick_links(unit=unit, links=[(f"MARK-{tag}-PUBLIC", "file", "/van-ban/")])
    at |= {"file": shown.key, "image": image.key, "draft_file": hidden.key, "draft_image": hidden_image.key}
    at["withdrawn_file"] = withdrawn_file.key
    return Tenant(tag, unit, at)


def _rename(post: Post, slug: str) -> None:
    """Addresses carry no mark, so that a page that repeats the address asked for gives no false alarm."""
    post.slug = slug
    with unit_scope(post.unit_id):
        save_post(post=post, by=BY)


def _with_feed(office: Tenant, tag: str) -> None:
    """A source whose settings are nobody's business, its published items and a withdrawn one."""
    unit, private = office.unit, _mark(tag, "private")
    with unit_scope(unit.pk):
        source = Source.objects.create(unit=unit, name=private, homepage=f"https://mark-{tag}-private.example/")
        Feed.objects.create(
            unit=unit,
            source=source,
            url=f"https://mark-{tag}-private.example/rss",
            channel=Channel.NEWS,
            next_check_at=clock.now(),
            last_success_at=clock.now(),
            failures=3,
            error_message=private,
        )
        CategoryRoute.objects.create(unit=unit, source=source, category=private, channel=Channel.NEWS)
        item = Item.objects.create(unit=unit, source=source, title=private, first_seen_at=clock.now())
        kept = [_show_item(unit, tag, 10_000 * unit.pk + number, minutes=number) for number in range(22)]
        office.at["item"] = kept[0].pk
        office.at["withdrawn_item"] = _show_item(unit, tag, item.pk, minutes=0).pk
        withdraw_item(item=item, reason=private, by=BY)


def _show_item(unit: Unit, tag: str, object_id: int, *, minutes: int) -> Entry:
    public = _mark(tag, "public")
    return publish(
        content=Published(
            unit_id=unit.pk,
            kind=EntryKind.ITEM,
            object_id=object_id,
            channels=(Channel.NEWS,),
            title=public,
            slug="tin",
            body=f"<p>{public}</p>",
            source_name=public,
            published_at=clock.now() - timedelta(days=2, minutes=minutes),
            is_broadcast=True,
        )
    )


@pytest.fixture
def world() -> World:
    tenants: dict[str, Tenant] = {}
    for letter in ("a", "b"):
        ward = Ward.objects.create(name=f"MARK-{letter}-name", province="Thành phố Hồ Chí Minh")
        office = make_authority(
            f"Sở MARK-o{letter}-NAME", host=f"o{letter}.hcm.edu.vn", email=f"mark-o{letter}-name@x.vn"
        )
        school = make_unit(
            f"Trường MARK-{letter}-NAME", host=f"{letter}.hcm.edu.vn", ward=ward, address=f"MARK-{letter}-NAME"
        )
        place(school, office)
        tenants[letter], tenants[f"o{letter}"] = _with_content(letter, school), _with_content(f"o{letter}", office)
        _with_feed(tenants[f"o{letter}"], f"o{letter}")
        tenants[letter].at["item"] = tenants[f"o{letter}"].at["item"]
        tenants[letter].at["withdrawn_item"] = tenants[f"o{letter}"].at["withdrawn_item"]
    for tenant in tenants.values():
        foreign = "b" if tenant.tag.endswith("a") else "a"
        tenant.at["foreign_ward"] = tenants[foreign].unit.ward_id
    unplaced = make_unit("Trường MARK-c-NAME", host="c.hcm.edu.vn")
    ward_office = make_authority("UBND MARK-d-NAME", kind=Kind.WARD_COMMITTEE, host="d.hcm.edu.vn")
    return World(tenants, _people(tenants), {"unplaced": unplaced.pk, "office": ward_office.pk})


def _people(tenants: dict[str, Tenant]) -> dict[str, User]:
    duties = {"insider": ("a", Role.HEAD), "colleague": ("a", Role.CONTRIBUTOR), "outsider": ("b", Role.HEAD)}
    people = {"operator": User.objects.create_user("vanhanh", full_name="Người vận hành", is_staff=True)}
    for name, (tag, role) in duties.items():
        people[name] = User.objects.create_user(f"mark-{tag}-{name}", full_name=f"MARK-{tag}-{name}")
        grant_role(unit=tenants[tag].unit, user=people[name], role=role, by=BY)
    return people


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, apart from the address that was asked for."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]

    def marks(self) -> set[tuple[str, str]]:
        """Tenant and kind of every mark in the body and the headers."""
        text = self.body.decode("utf-8", "replace") + repr(self.headers)
        return set(re.findall(r"mark-([a-z]+)-([a-z]+)", text.lower()))


def ask(client: Client, host: str, method: str, path: str, data: dict[str, str] | None = None) -> Answer:
    body = {"data": data} if data and method == "POST" else {}
    response: Any = getattr(client, method.lower())(path, headers={"host": f"{host}.localhost"}, **body)
    content = response.getvalue() if response.streaming else response.content
    bare = path.split("?", maxsplit=1)[0].encode()
    neutral = content.replace(bare, b"PATH") if len(bare) > 1 else content
    return Answer(response.status_code, neutral, tuple(sorted(response.headers.items())))


def missing_like(page: PublicPage, path: str) -> str:
    """An address of the same form at which nothing ever was."""
    return page.missing if page.missing.startswith("/") else f"/{path.split('/')[1]}/{page.missing}/"


def own_paths(tenant: Tenant, pages: Iterable[PublicPage] = PORTAL.values()) -> Iterator[tuple[PublicPage, str]]:
    for page in pages:
        for path in (*page.own, *page.objects):
            yield page, tenant.fill(path)


def kept_away(world: World, tag: str, pages: Iterable[PublicPage] = PORTAL.values()) -> list[tuple[PublicPage, str]]:
    """Objects of the unrelated tenant of the same sort, and what this one hides itself."""
    stranger = world.tenants[tag.replace("a", "b")]
    return [
        *((page, stranger.fill(path)) for page in pages for path in (*page.objects, *page.hidden)),
        *((page, world.tenants[tag].fill(path)) for page in pages for path in page.hidden),
    ]


def crawl(client: Client, world: World, tag: str, pages: Iterable[PublicPage]) -> dict[tuple[str, str], Answer]:
    """Every declared address on one portal, own, hidden, foreign and missing, by every method."""
    here = world.tenants[tag]
    away = kept_away(world, tag, pages)
    paths = {path for _, path in own_paths(here, pages)} | {path for _, path in away}
    paths |= {missing_like(page, path) for page, path in away}
    return {(method, path): ask(client, here.host, method, path) for path in sorted(paths) for method in METHODS}


def named_patterns(urlconf: str) -> list[tuple[str, str]]:
    """Name and route of every address, however deep it is included; an address without a name is named by its route."""

    def walk(patterns: Iterable[Any], spaces: tuple[str, ...], route: str) -> Iterator[tuple[str, str]]:
        for each in patterns:
            here = f"{route}{each.pattern}"
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, (*spaces, each.namespace) if each.namespace else spaces, here)
            elif isinstance(each, URLPattern):
                yield ":".join((*spaces, each.name or here)), here

    return list(walk(get_resolver(urlconf).url_patterns, (), ""))


@pytest.mark.parametrize(
    ("urlconf", "declared"),
    [("congtruong.config.urls", set(PORTAL)), ("congtruong.config.central_urls", set(CENTRAL) | set(STAFF))],
)
def test_every_address_is_declared(urlconf: str, declared: set[str]) -> None:
    import_module(urlconf)
    found = [name for name, _ in named_patterns(urlconf)]

    assert sorted(found) == sorted(declared), "declare the address in PORTAL, CENTRAL or STAFF of this module"


def test_declared_paths_are_those_of_their_addresses(world: World) -> None:
    school, office = world.tenants["a"], world.tenants["oa"]
    wanted = [
        ("congtruong.config.urls", name, tenant.fill(path))
        for name, page in PORTAL.items()
        for path in (*page.own, *page.objects, *page.hidden)
        for tenant in (school, office)
    ]
    wanted += [
        ("congtruong.config.urls", name, page.missing) for name, page in PORTAL.items() if page.missing.startswith("/")
    ]
    wanted += [
        ("congtruong.config.central_urls", name, school.fill(path))
        for name, page in CENTRAL.items()
        for path in page.own
    ]
    wanted += [("congtruong.config.central_urls", name, page.path) for name, page in STAFF.items()]

    found = [(urlconf, resolve(path.split("?")[0], urlconf).view_name, path) for urlconf, _, path in wanted]

    assert found == wanted


def test_portals_answer_with_their_own_public_content_and_no_other(world: World) -> None:
    for tag, tenant in world.tenants.items():
        letter = tag.removeprefix("o")
        allowed = {(owner, kind) for owner in (letter, f"o{letter}") for kind in PUBLIC_KINDS}
        seen: set[tuple[str, str]] = set()

        for page, path in own_paths(tenant):
            answer = ask(Client(), tenant.host, "GET", path)
            expected = 404 if page.for_authorities_only and not tenant.unit.is_authority else 200
            assert (answer.status, answer.marks() - allowed) == (expected, set()), (tag, path)
            seen |= answer.marks()

        assert (tag, seen) == (tag, allowed)


@pytest.mark.parametrize("tag", ["a", "oa"])
def test_portal_is_the_same_for_every_role_and_silent_about_what_is_not_its_own(
    world: World, tag: str, caplog: pytest.LogCaptureFixture
) -> None:
    # A thousand refusals are meant; writing each to the log costs more than asking.
    caplog.set_level("ERROR", "django.request")
    # Pages of any portal are crawled on that of the school; the authority has some of its own, and its own objects.
    pages = [page for page in PORTAL.values() if tag == "a" or page.objects or page.for_authorities_only]
    visitor = crawl(Client(), world, tag, pages)
    away = kept_away(world, tag, pages)

    for page, path in away:
        for method in METHODS:
            assert visitor[method, path] == visitor[method, missing_like(page, path)], (method, path)
        assert visitor["GET", path].status == 404, path
    for (method, path), answer in visitor.items():
        if method == "HEAD":
            assert (answer.status, answer.body) == (visitor["GET", path].status, b""), path
        elif method != "GET":
            assert (answer.status, answer.body) == (405, b""), (method, path)
    # For each role one address of every sort will do: what varies further does not know who asks.
    few = [replace(page, own=page.own[:1], objects=page.objects[:1], hidden=page.hidden[:1]) for page in pages]
    for role in ROLES[1:]:
        signed_in = crawl(world.client(role), world, tag, few)
        assert (role, {key for key, answer in signed_in.items() if answer != visitor[key]}) == (role, set())
    assert len(away) > 25


def test_foreign_objects_work_at_home(world: World) -> None:
    """What is absent elsewhere is really there."""
    for stranger in (world.tenants["b"], world.tenants["ob"]):
        for page in PORTAL.values():
            for path in map(stranger.fill, page.objects):
                answer = ask(Client(), stranger.host, "GET", path)
                assert answer.status == 200, path
                is_text = dict(answer.headers)["Content-Type"].startswith("text/html")
                assert not is_text or {kind for _, kind in answer.marks()} == set(PUBLIC_KINDS), path


def test_front_door_names_units_and_nothing_else(world: World) -> None:
    for page in CENTRAL.values():
        for path in map(world.tenants["a"].fill, page.own):
            visitor = {method: ask(Client(), CENTRAL_HOST, method, path) for method in METHODS}
            assert [visitor[method].status for method in METHODS] == [200, 200, 405, 405, 405, 405, 405], path
            assert {kind for _, kind in visitor["GET"].marks()} <= {"name"}, path
            for role in ROLES[1:]:
                client = world.client(role)
                assert {method: ask(client, CENTRAL_HOST, method, path) for method in METHODS} == visitor, (role, path)


def test_staff_pages_show_a_person_nothing_of_other_units(world: World) -> None:
    before = set(Oversight.objects.values_list("unit", "authority"))

    for role in ROLES:
        own = {"insider": "a", "colleague": "a", "outsider": "b"}.get(role, "")
        for name, page in STAFF.items():
            data = {key: value.format(**world.ids) for key, value in page.data.items()}
            allowed = {(own, "name"), (own, role)}
            if role in page.sees_names:
                allowed |= {(tag, "name") for tag in (*world.tenants, "c", "d")}
            for method in METHODS:
                answer = ask(world.client(role), CENTRAL_HOST, method, page.path, data)
                asked = (role, name, method)
                assert (asked, answer.status) == (asked, _expected(page, method, role))
                assert (asked, answer.marks() - allowed) == (asked, set())
        meant = {(world.ids["unplaced"], world.ids["office"])} if role == "operator" else set()
        assert (role, set(Oversight.objects.values_list("unit", "authority")) - before) == (role, meant)


def _expected(page: StaffPage, method: str, role: str) -> int:
    if role == "anonymous" and not page.is_open:
        return 302
    return page.answers[method][role] if method in page.answers else 405


def test_operator_sees_the_units_that_wait_and_others_do_not(world: World) -> None:
    """The mark of the waiting unit is there to be found, so that its absence above says something."""
    answer = ask(world.client("operator"), CENTRAL_HOST, "GET", "/quan-tri/chua-xac-dinh/")

    assert {("c", "name"), ("d", "name")} <= answer.marks()


def test_portals_hold_no_staff_pages_and_the_central_host_no_portal(world: World) -> None:
    school = world.tenants["a"]
    for role in ROLES:
        client = world.client(role)

        for page in STAFF.values():
            assert ask(client, school.host, "GET", page.path).status == 404, (role, page.path)
        for _, path in own_paths(school):
            if path.split("?")[0] != "/":
                answer = ask(client, CENTRAL_HOST, "GET", path)
                assert (answer.status, answer.marks()) == (404, set()), (role, path)


def test_forged_headers_do_not_choose_another_portal(world: World) -> None:
    plain = Client().get("/tin-tuc/", headers={"host": "a.hcm.edu.vn"})

    for header in ("x-forwarded-host", "x-host", "forwarded", "x-original-host", "x-forwarded-server"):
        forged = Client().get("/tin-tuc/", headers={"host": "a.hcm.edu.vn", header: "b.hcm.edu.vn"})
        assert forged.content == plain.content, header
