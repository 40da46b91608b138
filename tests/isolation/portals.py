"""Two schools and their authorities with public things and, beside each, private ones of the same sort."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client

from congtruong.core import clock
from congtruong.editorial.services import add_category, withdraw_post
from congtruong.feeds.models import CategoryRoute, Feed, Item, Source
from congtruong.feeds.services import withdraw_item
from congtruong.portal.services import set_quick_links
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.models import Entry
from congtruong.publication.services import Published, publish
from congtruong.units.enums import Kind, Role
from congtruong.units.models import Unit, User, Ward
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
    with unit_scope(unit.pk):
        category = add_category(unit=unit, channel=Channel.NEWS, name=f"Mục của {tag}", by=BY)
    at["category"] = category.slug
    for channel in Channel:
        if channel in {Channel.DOCUMENT, Channel.PAGE}:
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
            category_id=category.pk if channel == Channel.NEWS else None,
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
    at["invitation"] = Entry.objects.get(unit=unit, channel=Channel.INVITATION).pk
    withdrawn = make_post(unit, private, slug=f"go-{tag}", files=[(withdrawn_file, private)])
    at["withdrawn_entry"] = Entry.objects.get(kind=EntryKind.POST, object_id=withdrawn.pk).pk
    with unit_scope(unit.pk):
        withdraw_post(post=withdrawn, reason=private, by=BY)
    # Addresses carry no mark, so that a page that repeats the address asked for gives no false alarm.
    make_document(unit, f"{public} văn bản {tag}", symbol=f"MARK-{tag}-PUBLIC/CV", signer=public, slug=f"van-ban-{tag}")
    make_document(
        unit,
        f"{private} văn bản {tag}",
        symbol=f"MARK-{tag}-PRIVATE/CV",
        slug=f"van-ban-nhap-{tag}",
        publish=False,
    )
    at["document"], at["draft_document"] = f"/van-ban/van-ban-{tag}/", f"/van-ban/van-ban-nhap-{tag}/"
    at["page"] = f"/gioi-thieu/trang-{tag}/"
    make_page(unit, public, slug=f"trang-{tag}", body=f"<p>{public}</p>")
    set_quick_links(unit=unit, links=[(f"MARK-{tag}-PUBLIC", "file", "/van-ban/")])
    at |= {"file": shown.key, "image": image.key, "draft_file": hidden.key, "draft_image": hidden_image.key}
    at["withdrawn_file"] = withdrawn_file.key
    return Tenant(tag, unit, at)


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


def build() -> World:
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
    make_unit("Trường MARK-c-NAME", host="c.hcm.edu.vn")
    make_authority("UBND MARK-d-NAME", kind=Kind.WARD_COMMITTEE, host="d.hcm.edu.vn")
    return World(tenants, _people(tenants))


def _people(tenants: dict[str, Tenant]) -> dict[str, User]:
    duties = {"insider": ("a", Role.HEAD), "colleague": ("a", Role.CONTRIBUTOR), "outsider": ("b", Role.HEAD)}
    people = {"operator": User.objects.create_user("vanhanh", full_name="Người vận hành", is_staff=True)}
    for name, (tag, role) in duties.items():
        people[name] = User.objects.create_user(f"mark-{tag}-{name}", full_name=f"MARK-{tag}-{name}")
        grant_role(unit=tenants[tag].unit, user=people[name], role=role, by=BY)
    return people
