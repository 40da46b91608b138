"""The two-tenant crawl: every address × every role × own and foreign objects × every method.

Two unrelated schools, each below its own authority, hold content whose texts carry marks: `MARK-<tenant>-<kind>`.
A mark that turns up where it is not declared is a leak. An address without a declaration fails the first test:
declare pages of portals in `PORTAL`, public pages of the central host in `CENTRAL`. The world is in
`tests/isolation/portals.py`; staff pages, the secret addresses of drafts and that first test are in `tests/isolation`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.isolation.portals import Tenant, World, build

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
            "/hinh-anh/nhap-{tag}/",
            "/tai-nguyen/nhap-{tag}/",
            "/hoi-dap/nhap-{tag}/",
            "/lich-tuan/nhap-{tag}/",
            "/tkb/nhap-{tag}/",
            "{draft_document}",
            "/tin-tuc/go-{tag}/",
        ),
        missing="khong-he-co",
    ),
    "portal:category": PublicPage(objects=("/tin-tuc/muc/{category}/",), missing="/tin-tuc/muc/khong-he-co/"),
    # A second page begins after twenty entries; of fewer there is none.
    "portal:category-number": PublicPage(
        hidden=("/tin-tuc/muc/{category}/trang/2/",), missing="/tin-tuc/muc/khong-he-co/trang/2/"
    ),
    "portal:calendar": PublicPage(
        objects=("/thu-moi/dang-{tag}.ics",), hidden=("/thu-moi/nhap-{tag}.ics",), missing="/thu-moi/khong-he-co.ics"
    ),
    "portal:albums": PublicPage(own=("/hinh-anh/",)),
    "portal:albums-number": PublicPage(hidden=("/hinh-anh/trang/2/",), missing="/hinh-anh/trang/999999/"),
    "portal:resources": PublicPage(own=("/tai-nguyen/",)),
    "portal:questions": PublicPage(own=("/hoi-dap/",)),
    "portal:week": PublicPage(own=("/lich-tuan/",)),
    "portal:timetables": PublicPage(own=("/tkb/",)),
    "portal:source-entry": PublicPage(
        objects=("/nguon/{item}/tin/",),
        hidden=("/nguon/{withdrawn_entry}/go-{tag}/", "/nguon/{withdrawn_item}/tin/"),
        missing="/nguon/999999999/khong-he-co/",
    ),
    "portal:source-calendar": PublicPage(
        objects=("/nguon/{invitation}/dang-{tag}.ics",),
        hidden=("/nguon/{withdrawn_entry}/go-{tag}.ics",),
        missing="/nguon/999999999/khong-he-co.ics",
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
    "portal:guide": PublicPage(own=("/kenh/",), for_authorities_only=True),
    "portal:guide-of": PublicPage(own=("/kenh/thcs/tin-tuc/",), for_authorities_only=True),
    "syndication:own-feed": PublicPage(
        own=("/rss/tin-tuc.xml", "/rss/thong-bao.atom", "/rss/thu-moi.json", "/rss/van-ban.xml", "/rss/tat-ca.xml")
    ),
    # What an authority and those above it broadcast; nothing of the schools below.
    "syndication:level-feed": PublicPage(
        own=("/kenh/tat-ca/tat-ca.json", "/kenh/thcs/tin-tuc.xml"), for_authorities_only=True
    ),
    "syndication:block": PublicPage(own=("/nhung/tat-ca/tat-ca/",), for_authorities_only=True),
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


@pytest.fixture
def world() -> World:
    return build()


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


def test_central_host_is_no_portal(world: World) -> None:
    school = world.tenants["a"]
    for role in ROLES:
        client = world.client(role)
        for _, path in own_paths(school):
            if path.split("?")[0] != "/":
                answer = ask(client, CENTRAL_HOST, "GET", path)
                assert (answer.status, answer.marks()) == (404, set()), (role, path)


def test_forged_headers_do_not_choose_another_portal(world: World) -> None:
    plain = Client().get("/tin-tuc/", headers={"host": "a.hcm.edu.vn"})

    for header in ("x-forwarded-host", "x-host", "forwarded", "x-original-host", "x-forwarded-server"):
        forged = Client().get("/tin-tuc/", headers={"host": "a.hcm.edu.vn", header: "b.hcm.edu.vn"})
        assert forged.content == plain.content, header
