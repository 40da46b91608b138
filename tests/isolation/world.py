"""Two unrelated schools with a row in every table of a unit, and people in every role.

School `a` stands below office `oa`, school `b` below office `ob`. Whatever belongs to a unit carries a mark,
`MARK-<tenant>-<kind>`: a mark that turns up where nobody may see it is a leak. `Tenant.ids` names objects in the
states that the pages of the console need; both schools have the same names, so that any can be put in another's place.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, record_authentication
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from congtruong.core import audit, clock
from congtruong.core.models import AuditEntry
from congtruong.editorial.models import Document, DocumentRelation, EditLock, Post
from congtruong.editorial.services import (
    APPROVER,
    add_category,
    approve_post,
    archive_post,
    make_preview,
    submit_post,
    withdraw_post,
)
from congtruong.editorial.services.previews import preview_link
from congtruong.feeds.models import CategoryRoute, Feed, Item, ItemRevision, Picture, Sighting, Source
from congtruong.media.enums import Consent
from congtruong.media.models import Asset
from congtruong.media.services import describe_asset, set_consent
from congtruong.portal.models import SchoolYear, SiteSettings
from congtruong.portal.services import Word, add_link, add_menu_item, add_redirect, set_quick_links
from congtruong.publication.enums import Channel
from congtruong.transfer.enums import JobKind, JobState, Outcome
from congtruong.transfer.models import Imported, Job
from congtruong.transfer.pipeline.model import OldPost
from congtruong.transfer.services import review_site
from congtruong.units.enums import Kind, Role
from congtruong.units.models import Unit, User
from congtruong.units.rules.duties import Act, allowed
from congtruong.units.scoping import unit_scope
from congtruong.units.services import add_host, grant_role, invite
from congtruong.visits.models import VisitCount
from tests.factories import make_authority, make_document, make_file, make_image, make_page, make_post, make_unit, place
from tests.isolation.hubs import promise
from tests.isolation.sending import send_down

CENTRAL_HOST = "congtruong.test"
# Role in the crawl → unit, duty there.
PEOPLE: dict[str, tuple[str, Role]] = {
    "contributor": ("a", Role.CONTRIBUTOR),
    "editor": ("a", Role.EDITOR),
    "head": ("a", Role.HEAD),
    "technician": ("a", Role.TECHNICIAN),
    "outsider": ("b", Role.HEAD),
    "supervisor": ("oa", Role.SUPERVISOR),
    "contracts": ("oa", Role.CONTRACT_OFFICER),
}
ROLES = ("anonymous", *PEOPLE, "operator")
# No row ever had these.
NO_NUMBER, NO_WORD = 987_654_321, "khonghecokhonghecokhongheco"


@dataclass(frozen=True, slots=True)
class Tenant:
    tag: str
    unit: Unit
    ids: dict[str, Any] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"{self.tag}.hcm.edu.vn"

    def mark(self, kind: str) -> str:
        return f"MARK-{self.tag}-{kind}"


@dataclass(frozen=True, slots=True)
class World:
    tenants: dict[str, Tenant]
    people: dict[str, User]
    cookies: dict[str, str]

    def acts(self, role: str, tag: str) -> frozenset[Act]:
        """What somebody may do in a unit."""
        if role == "anonymous":
            return frozenset()
        return allowed(self.roles(role, tag), is_operator=role == "operator")

    def roles(self, role: str, tag: str) -> frozenset[Role]:
        place_and_duty = PEOPLE.get(role)
        return frozenset({place_and_duty[1]}) if place_and_duty and place_and_duty[0] == tag else frozenset()

    def has_desk(self, role: str, tag: str) -> bool:
        return role == "operator" or bool(self.roles(role, tag))

    @property
    def missing(self) -> dict[str, Any]:
        """Ids of the same form as those of the schools that no object ever had."""
        ids = self.tenants["a"].ids
        words = {name: f"{NO_WORD}@x.vn" if name == "email" else NO_WORD for name in ids}
        return {name: NO_NUMBER if isinstance(value, int) else words[name] for name, value in ids.items()}


def build() -> World:
    tenants: dict[str, Tenant] = {}
    for letter in ("b", "a"):
        office = make_authority(
            f"Sở MARK-o{letter}-NAME", host=f"o{letter}.hcm.edu.vn", email=f"mark-o{letter}-name@x.vn"
        )
        school = make_unit(f"Trường MARK-{letter}-NAME", host=f"{letter}.hcm.edu.vn", address=f"MARK-{letter}-NAME")
        place(school, office)
        for tag, unit in ((letter, school), (f"o{letter}", office)):
            tenants[tag] = Tenant(tag, unit)
            _furnish(tenants[tag])
        send_down(tenants[f"o{letter}"], tenants[letter])
    make_unit("Trường MARK-c-NAME", host="c.hcm.edu.vn")
    make_authority("UBND MARK-d-NAME", kind=Kind.WARD_COMMITTEE, host="d.hcm.edu.vn")
    people = {
        "operator": User.objects.create_user("vanhanh", password="vanhanh", full_name="Người vận hành", is_staff=True)
    }
    for name, (tag, role) in PEOPLE.items():
        tenant = tenants[tag]
        people[name] = User.objects.create_user(
            f"mark-{tag}-{name}", full_name=tenant.mark(name), email=f"mark-{tag}-{name}@x.vn", password=name
        )
        grant_role(unit=tenant.unit, user=people[name], role=role, by=tenant.mark("person"))
    return World(tenants, people, {name: _signed_in(person) for name, person in people.items()})


def _signed_in(person: User) -> str:
    """Signed in, and asked for the password so lately that it is not asked for again."""
    client = Client()
    client.force_login(person)
    session = client.session
    record_authentication(cast(Any, SimpleNamespace(session=session)), person, method="password", reauthenticated=True)
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] += 86_400
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _furnish(tenant: Tenant) -> None:
    with unit_scope(tenant.unit.pk):
        _members(tenant)
        _files(tenant)
        _categories(tenant)
        _posts(tenant)
        _document(tenant)
        _traces(tenant)
        _portal(tenant)
        _feeds(tenant)
        _transfers(tenant)
        audit.record("editorial.post.saved", unit_id=tenant.unit.pk, subject=tenant.mark("trail"), by=tenant.mark("by"))
        tenant.ids["audit"] = AuditEntry.objects.filter(unit_id=tenant.unit.pk).latest("pk").pk


def _members(tenant: Tenant) -> None:
    unit, by = tenant.unit, tenant.mark("person")
    head = User.objects.create_user(
        f"mark-{tenant.tag}-chief", f"mark-{tenant.tag}-chief@x.vn", full_name=tenant.mark("chief")
    )
    mate = User.objects.create_user(f"mark-{tenant.tag}-mate", full_name=tenant.mark("mate"))
    grant_role(unit=unit, user=head, role=Role.HEAD, by=by)
    grant_role(unit=unit, user=mate, role=Role.CONTRIBUTOR, by=by)
    invitation, secret = invite(unit=unit, name=tenant.mark("invited"), role=Role.EDITOR, giver=head, by=by)
    passkey = WebAuthn.add(head, tenant.mark("passkey"), {}).instance
    tenant.ids.update(
        passkey=passkey.pk,
        email=f"mark-{tenant.tag}-chief@x.vn",
        chief=head.pk,
        member=mate.pk,
        invitation=invitation.pk,
        secret=secret,
    )


def _files(tenant: Tenant) -> None:
    unit, tag, by = tenant.unit, tenant.tag, tenant.mark("person")
    file = make_file(unit, f"mark-{tag}-file.pdf", f"%PDF-1.4 {tag}".encode())
    spare = make_file(unit, f"mark-{tag}-spare.pdf", f"%PDF-1.4 thua {tag}".encode())
    image = make_image(unit, f"mark-{tag}-image.png", alt=tenant.mark("alt"), colour="blue")
    shown = make_image(unit, f"mark-{tag}-shown.png", alt=tenant.mark("public"), colour="red")
    bare = make_image(unit, f"mark-{tag}-bare.png", colour="black")
    child = make_image(unit, f"mark-{tag}-child.png", alt=tenant.mark("alt"), colour="lime", shows_children=True)
    describe_asset(asset=image, alt=tenant.mark("alt"), caption=tenant.mark("caption"), is_decorative=False, by=by)
    set_consent(asset=child, consent=Consent.GIVEN, note=tenant.mark("consent"), by=by)
    for name, asset in (("file", file), ("spare", spare), ("image", image), ("bare", bare), ("child", child)):
        tenant.ids[name] = asset.pk
        tenant.ids[f"{name}_key"] = asset.key
    tenant.ids["shown"] = shown.pk
    tenant.ids["file_name"] = file.name


def _categories(tenant: Tenant) -> None:
    for name in ("category", "category2"):
        made = add_category(
            unit=tenant.unit, channel=Channel.NEWS, name=f"{tenant.mark('category')} {name}", by=tenant.mark("by")
        )
        tenant.ids[name] = made.pk


def _posts(tenant: Tenant) -> None:
    unit, by, ids = tenant.unit, tenant.mark("person"), tenant.ids
    private, public = tenant.mark("draft"), tenant.mark("public")
    mate = User.objects.get(pk=ids["member"])
    asset = Asset.objects.filter(unit=unit).in_bulk()
    common: dict[str, Any] = {
        "summary": private,
        "body": f"<p>{private}</p>",
        "author": private,
        "writer": mate,
        "category_id": ids["category"],
        "files": [(asset[ids["file"]], private)],
        "cover": asset[ids["image"]],
    }

    def draft(name: str, **fields: Any) -> Post:
        post = make_post(unit, f"{private} {name}", slug=f"nhap-{name}", publish=False, **common | fields)
        ids[name] = post.pk
        return post

    draft("draft")
    draft("locked")
    for name in ("submitted", "submitted2"):
        submit_post(post=draft(name), acts=APPROVER, by=by, guard_reason=private)
    approve_post(post=draft("approved"), acts=APPROVER, by=by, publish=False, guard_reason=private)
    soon = clock.now() + timedelta(days=3)
    approve_post(post=draft("scheduled", publish_at=soon), acts=APPROVER, by=by, guard_reason=private)
    for name in ("withdrawn", "archived"):
        post = approve_post(post=draft(name), acts=APPROVER, by=by, guard_reason=private)
        withdraw_post(post=post, reason=private, by=by)
        if name == "archived":
            archive_post(post=Post.objects.get(pk=post.pk), acts=APPROVER, by=by)
    shown = make_post(unit, public, slug=f"dang-{tenant.tag}", cover=asset[ids["shown"]], summary=public)
    page = make_page(unit, public, slug=f"trang-{tenant.tag}", body=f"<p>{public}</p>")
    hidden_page = make_page(unit, f"{private} trang", slug="trang-nhap", publish=False, body=f"<p>{private}</p>")
    image = {"asset": ids["image"], "caption": private}
    album = make_post(unit, f"{private} album", channel=Channel.ALBUM, publish=False, facts={"images": [image]})
    ids.update(published=shown.pk, page=page.pk, hidden_page=hidden_page.pk, album=album.pk)


def _document(tenant: Tenant) -> None:
    unit, private, public = tenant.unit, tenant.mark("draft"), tenant.mark("public")
    shown = make_document(unit, f"{public} văn bản", symbol=f"{public}/CV", slug=f"van-ban-{tenant.tag}")
    hidden = make_document(unit, f"{private} văn bản", symbol=f"{private}/CV", slug="van-ban-nhap", publish=False)
    DocumentRelation.objects.create(unit=unit, post=shown, other=hidden, kind="can-cu")
    Document.objects.filter(post=hidden).update(relations=[{"kind": "can-cu", "symbol": private, "post": shown.pk}])
    symbol = Document.objects.get(post=hidden).symbol
    tenant.ids.update(document=hidden.pk, shown_document=shown.pk, symbol=symbol)


def _traces(tenant: Tenant) -> None:
    """What editing leaves: a lock, a secret address, counts of readings, a begun school year."""
    unit, ids = tenant.unit, tenant.ids
    mate = User.objects.get(pk=ids["member"])
    ids["lock"] = f"khoa{tenant.tag}"
    EditLock.objects.create(
        unit=unit, post_id=ids["locked"], user=mate, token=ids["lock"], seen_at=clock.now() + timedelta(hours=9)
    )
    ids["token"] = make_preview(post=Post.objects.get(pk=ids["draft"]), by=tenant.mark("by"))
    link = preview_link(unit, ids["token"], clock.now())
    assert link is not None
    ids["link"] = link.pk
    VisitCount.objects.create(
        unit=unit, day=clock.today(), path=f"/tin-tuc/{tenant.mark('read').lower()}/", channel=Channel.NEWS, count=4321
    )
    SchoolYear.objects.create(unit=unit, year=2025, started_by=tenant.mark("year"))


def _portal(tenant: Tenant) -> None:
    unit, by, public = tenant.unit, tenant.mark("by"), tenant.mark("public")
    set_quick_links(unit=unit, links=[(public, "file", "/van-ban/")])
    ids = tenant.ids
    top = add_menu_item(unit=unit, word=Word(label=public), by=by)
    words = [Word(label=f"{public} {n}", page_id=ids["page"], parent_id=top.pk) for n in (1, 2)]
    items = [add_menu_item(unit=unit, word=word, by=by) for word in words]
    links = [
        add_link(unit=unit, label=public, url=f"https://mark-{tenant.tag}-public.example/{n}", group=public, by=by)
        for n in (1, 2)
    ]
    add_redirect(unit=unit, old=f"/cu/mark-{tenant.tag}-old", new="/tin-tuc/", by=by)
    SiteSettings.objects.create(unit=unit, banner_title=public, banner_caption=public)
    ids["host"] = add_host(unit=unit, name=f"www.{tenant.host}", is_canonical=False, by=by).pk
    ids.update(menu_top=top.pk, menu_item=items[1].pk, menu_item1=items[0].pk, site_link=links[1].pk)


def _feeds(tenant: Tenant) -> None:
    unit, private = tenant.unit, tenant.mark("feed")
    address, now = f"https://mark-{tenant.tag}-feed.example/", clock.now()
    source = Source.objects.create(unit=unit, name=private, homepage=address)
    feed = Feed.objects.create(
        unit=unit, source=source, url=f"{address}rss", channel=Channel.NEWS, next_check_at=now, error_message=private
    )
    CategoryRoute.objects.create(unit=unit, source=source, category=private, channel=Channel.NEWS)
    item = Item.objects.create(unit=unit, source=source, title=private, first_seen_at=now)
    Sighting.objects.create(unit=unit, feed=feed, item=item, key=private, channel=Channel.NEWS)
    promise(unit, feed, f"mark-{tenant.tag}-hub")
    ItemRevision.objects.create(unit=unit, item=item, number=1, title=private, content=private, replaced_at=now)
    Picture.objects.create(unit=unit, source=source, url=f"{address}a.jpg", digest="0" * 64)
    gone = Item.objects.create(unit=unit, source=source, title=private, first_seen_at=now, withdrawn_at=now)
    Sighting.objects.create(unit=unit, feed=feed, item=gone, key=f"{private} 2", channel=Channel.NEWS)
    tenant.ids.update(source=source.pk, item=item.pk, item_gone=gone.pk)
    tenant.ids["feed"] = feed.pk
    moving = Feed.objects.create(
        unit=unit,
        source=source,
        url="http://10.0.0.1/rss",
        channel=Channel.NOTICE,
        next_check_at=now,
        moving_to=f"{address}moi",
        moving_since=now - timedelta(days=3),
        moving_seen=3,
    )
    tenant.ids["feed_moving"] = moving.pk


def _transfers(tenant: Tenant) -> None:
    unit, name, ids = tenant.unit, tenant.mark("import"), tenant.ids
    states = {
        "job": (JobKind.SITE_IN, JobState.REVIEW),
        "job_failed": (JobKind.SITE_IN, JobState.FAILED),
        "job_done": (JobKind.SITE_IN, JobState.DONE),
        "export": (JobKind.OUT, JobState.DONE),
    }
    for key, (kind, state) in states.items():
        made = Job(unit=unit, kind=kind, state=state, token=f"khoa{tenant.tag}{key}", made_by=name)
        made.file_name = f"{name}.xml"
        if key == "job":
            made.report = _review(unit, name)
        if key == "export":
            made.file_path = default_storage.save(f"{made.folder}/{made.file_name}", ContentFile(name.encode()))
        made.save()
        ids[key] = made.pk
    Imported.objects.create(
        unit=unit,
        source_key="0" * 64,
        job_id=ids["job_done"],
        post_id=ids["draft"],
        title=name,
        outcome=Outcome.DRAFT,
        old_urls=[f"https://mark-{tenant.tag}-old.example/"],
        at=clock.now(),
    )


class _NoFiles:
    def find(self, reference: str) -> str:
        return ""

    def read(self, name: str) -> bytes:
        return b""


def _review(unit: Unit, title: str) -> dict[str, Any]:
    """The report on a former site with one article."""
    record = OldPost(key=title, title=title, body=f"<p>{title}</p>", categories=(title,))
    return review_site(unit=unit, records=[record], files=_NoFiles(), source_format="wordpress", left_out={})
