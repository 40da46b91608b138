"""What the demo tells the person at the terminal."""

from django.conf import settings
from django.utils.html import escape

from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.demo.data.accounts import ACCOUNTS, PASSWORD
from congtruong.feeds.models import Feed, Item
from congtruong.units.enums import AUTHORITY_KINDS
from congtruong.units.models import HostName, Unit
from congtruong.units.queries import unplaced_units
from congtruong.units.scoping import unit_scope

_DEPARTMENT_HOST = "sogddt.tinhmau.edu.vn"
_SHOWN = (
    "thcshoaphuong.tinhmau.edu.vn",
    "thcanhdieu.tinhmau.edu.vn",
    "mnsaomai.tinhmau.edu.vn",
    "giaoduc.banglang.tinhmau.gov.vn",
    _DEPARTMENT_HOST,
    "pgdbinhtan.hcm.edu.vn",
    "thcstantaoa.hcm.edu.vn",
)


def active_portals() -> list[tuple[str, str]]:
    """(name, canonical host) of every portal that is not an archive."""
    hosts = HostName.objects.filter(is_canonical=True, unit__closed_on=None)
    return list(hosts.order_by("unit__name").values_list("unit__name", "name"))


def item_at(link: str) -> Item:
    """What the demo's Sở published under this address."""
    with unit_scope(_department()):
        return Item.objects.get(link=link)


def state_of_feed(path: str) -> str:
    """Code of the error that the feed of the demo's Sở shows at present, or nothing."""
    with unit_scope(_department()):
        return Feed.objects.get(url__endswith=path).error_code


def newest_title(path: str) -> str:
    """The latest that this feed of the demo's Sở brought, as it stands in the source of a page."""
    with unit_scope(_department()):
        item = Item.objects.filter(origin__url__endswith=path).order_by("-published_at").first()
    return escape(item.title) if item else ""


def _department() -> int:
    return HostName.objects.get(name=_DEPARTMENT_HOST).unit_id


def welcome() -> str:
    """Addresses and what is left to do, in Vietnamese."""
    names = dict(HostName.objects.filter(name__in=_SHOWN).values_list("name", "unit__name"))
    portals = HostName.objects.filter(is_canonical=True).count()
    authorities = Unit.objects.filter(kind__in=AUTHORITY_KINDS).count()
    unplaced = unplaced_units(clock.today()).count()
    lines = [
        "",
        f"Cổng Trường đang chạy: {portals} cổng ({portals - authorities} trường, {authorities} cơ quan quản lý).",
        f"  Danh bạ tất cả các cổng:  {absolute(settings.CENTRAL_HOST)}",
        *(f"  {names[host]}:  {absolute(host)}" for host in _SHOWN if host in names),
        "",
        f"Đăng nhập dùng thử tại {absolute(settings.CENTRAL_HOST, '/quan-tri/')} (mật khẩu chung: {PASSWORD})",
        *(
            f"  {account.username}: {account.shown_name}"
            + (f", {account.role.label}, {account.unit}" if account.role else "")
            for account in ACCOUNTS
        ),
        "",
        f"Còn {unplaced} trường chưa xác định phường quản lý từ 01/07/2025: congtruong list-unplaced",
        "Nhấn Ctrl-C để dừng.",
    ]
    return "\n".join(lines)
