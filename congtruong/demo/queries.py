"""What the demo tells the person at the terminal."""

from django.conf import settings

from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.demo.data.accounts import ACCOUNTS, PASSWORD
from congtruong.units.enums import AUTHORITY_KINDS
from congtruong.units.models import HostName, Unit
from congtruong.units.queries import unplaced_units

_SHOWN = (
    "thcshoaphuong.tinhmau.edu.vn",
    "thcanhdieu.tinhmau.edu.vn",
    "mnsaomai.tinhmau.edu.vn",
    "giaoduc.banglang.tinhmau.gov.vn",
    "sogddt.tinhmau.edu.vn",
    "pgdbinhtan.hcm.edu.vn",
    "thcstantaoa.hcm.edu.vn",
)


def active_portals() -> list[tuple[str, str]]:
    """(name, canonical host) of every portal that is not an archive."""
    hosts = HostName.objects.filter(is_canonical=True, unit__closed_on=None)
    return list(hosts.order_by("unit__name").values_list("unit__name", "name"))


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
