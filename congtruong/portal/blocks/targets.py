"""Pages every portal has and a menu may lead to, as far as this version answers there."""

from functools import cache

from django.conf import settings
from django.urls import Resolver404, resolve

from congtruong.publication.enums import Channel
from congtruong.units.models import Unit

_OTHERS = (("Liên hệ", "/lien-he/"), ("Sơ đồ trang", "/so-do-trang/"), ("Tìm kiếm", "/tim-kiem/"), ("RSS", "/rss/"))
_OF_AUTHORITIES = (("Các đơn vị", "/don-vi/"), ("Tin từ các đơn vị", "/tin-don-vi/"))


def fixed_targets(unit: Unit) -> list[tuple[str, str]]:
    """(name, path) of the lists and fixed pages of a portal."""
    channels = [(channel.label, f"/{channel}/") for channel in Channel]
    offered = [("Trang chủ", "/"), *channels, *(_OF_AUTHORITIES if unit.is_authority else ()), *_OTHERS]
    return [(name, path) for name, path in offered if answers(path)]


@cache
def answers(path: str) -> bool:
    """Does a portal have a page at this path?"""
    try:
        resolve(path, settings.ROOT_URLCONF)
    except Resolver404:
        return False
    return True
