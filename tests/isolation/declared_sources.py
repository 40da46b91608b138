"""What holds of the pages about the sources of a unit's portal and their feeds."""

from typing import Any

from congtruong.units.rules.duties import Act
from tests.isolation.pages import Page

_SOURCES = "/quan-tri/nguon-tin/"
_READ: dict[str, int] = {"GET": 200}
_STEP: dict[str, int] = {"POST": 302}
_BOTH: dict[str, int] = {"GET": 200, "POST": 302}
# A school has nobody below.
_NOT_IN_A_SCHOOL = {(role, "GET"): 404 for role in ("editor", "head")}
# Refused before anything is sent.
_PRIVATE = "http://10.0.0.1/rss"


def _page(path: str, answers: dict[str, int], body: dict[str, Any] | None = None, **more: Any) -> Page:
    return Page(path=_SOURCES + path, who=Act.SOURCES, answers=answers, body=body or {}, **more)


# `feed` is a feed of `source`; `feed_moving` says for days that it has moved to another owner.
SOURCES: list[tuple[str, Page]] = [
    ("console:sources", _page("", _READ)),
    (
        "console:sources-below",
        Page(path=f"{_SOURCES}truc-thuoc/", who=Act.FOLLOW, answers=_READ, but=_NOT_IN_A_SCHOOL),
    ),
    ("console:source-new", _page("them/", {"GET": 200, "POST": 422}, {"url": _PRIVATE})),
    (
        "console:source-use",
        _page("dung/", _STEP, {"url": "https://moi.example/rss", "channel": "tin-tuc", "source": "{source}"}),
    ),
    (
        "console:source",
        _page("{source}/", _BOTH, {"name": "Trang khác", "homepage": "https://khac.example/"}),
    ),
    ("console:source-routes", _page("{source}/the-loai/", _STEP, {"the_loai": ["Tin"], "kenh": ["van-ban"]})),
    ("console:source-remove", _page("{source}/bo/", _BOTH, {"items": "giu"})),
    ("console:feed", _page("kenh/{feed}/", _READ)),
    ("console:feed", _page("kenh/{feed_moving}/", _READ)),
    (
        "console:feed-change",
        _page("kenh/{feed}/sua/", _BOTH, {"url": "https://moi.example/rss", "channel": "tin-tuc"}),
    ),
    ("console:feed-try", _page("kenh/{feed_moving}/doc-thu/", {"POST": 200})),
    ("console:feed-read", _page("kenh/{feed}/doc-ngay/", _STEP)),
    ("console:feed-pause", _page("kenh/{feed}/tam-dung/", _STEP)),
    ("console:feed-resume", _page("kenh/{feed}/doc-tiep/", _STEP)),
    ("console:feed-move", _page("kenh/{feed_moving}/dia-chi-moi/", _STEP)),
    ("console:feed-stay", _page("kenh/{feed_moving}/giu-dia-chi/", _STEP)),
    ("console:feed-remove", _page("kenh/{feed}/bo/", _BOTH, {"items": "go"})),
]
