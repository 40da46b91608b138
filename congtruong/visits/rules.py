"""What counts as a page that was read; pure."""

import re

from congtruong.publication.enums import Channel

HOME = "/"
# Lists and pages that every portal has.
_FIXED = {
    HOME: "Trang chủ",
    "/lien-he/": "Liên hệ",
    "/tim-kiem/": "Tìm kiếm",
    "/so-do-trang/": "Sơ đồ trang",
    "/rss/": "RSS",
}
_OF_AUTHORITIES = {"/don-vi/": "Các đơn vị", "/tin-don-vi/": "Tin từ các đơn vị"}
_LISTS: dict[str, Channel] = {f"/{channel.value}/": channel for channel in Channel}
# Further pages and narrowed forms of a list count as the list.
_PART_OF_LIST = re.compile(r"(?:nguon/[a-z-]+/)?(?:trang/\d{1,6}/)?")
_ENTRY = re.compile(r"/([a-z-]{2,20})/[a-z0-9-]{1,100}/")
_FROM_ABOVE = re.compile(r"/nguon/(\d{1,18})/[a-z0-9-]{1,100}/")
LONGEST = 300


def counted_path(path: str, *, of_authority: bool) -> str | None:
    """The address under which a reading of `path` is counted; None for what is no address of a portal's page.

    Whether a page of a single thing exists is for the register of what is published to say.
    """
    if len(path) > LONGEST:
        return None
    bases: list[str] = [*_LISTS, *(_OF_AUTHORITIES if of_authority else ())]
    for base in bases:
        if path.startswith(base) and _PART_OF_LIST.fullmatch(path, len(base)):
            return base
    if path in _FIXED:
        return path
    entry = _ENTRY.fullmatch(path)
    is_entry = entry is not None and f"/{entry[1]}/" in _LISTS
    return path if is_entry or _FROM_ABOVE.fullmatch(path) else None


def is_fixed(path: str) -> bool:
    """Does every portal have this page, whatever is published?"""
    return path in _LISTS or path in _FIXED or path in _OF_AUTHORITIES


def channel_of_list(path: str) -> str:
    return str(_LISTS.get(path, ""))


def name_of_fixed(path: str) -> str:
    """What people call a page that every portal has."""
    return _LISTS[path].label if path in _LISTS else (_FIXED | _OF_AUTHORITIES).get(path, path)


def entry_above(path: str) -> int | None:
    """The id in the address of something an authority published, read on another portal."""
    found = _FROM_ABOVE.fullmatch(path)
    return int(found[1]) if found else None
