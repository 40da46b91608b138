"""Items of the demo site: those shipped with the product and those added while it runs.

The state directory is shared between processes: the server only reads it, `add_item` replaces one file at a time.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from congtruong.core import clock
from congtruong.core.text import shorten, slug

NAME = "Sở Giáo dục và Đào tạo (mẫu)"
FEED_PATHS = {
    "tin-tuc": "/rss/tin-tuc/",
    "thong-bao": "/rss/thong-bao/",
    "van-ban": "/rss.aspx?kt=vb",
    "thu-moi": "/rss.aspx?kt=tm",
}
MOST_ITEMS = 30
_DATA = Path(__file__).resolve().parent.parent / "data" / "upstream"
PHOTOS = _DATA.parent / "photos"
_ADDED, _LOCK, _SITE, _DOWN = "added.json", "lock", "site.json", "down.json"
_FIRST_ADDED_ID = 1_001


@dataclass(frozen=True, slots=True)
class Published:
    """One item of the demo site. `channels` holds its own channel first; `instant` is aware."""

    number: int
    channels: tuple[str, ...]
    instant: datetime
    title: str
    summary: str
    body: tuple[str, ...]
    symbol: str = ""
    kind: str = ""
    photo: str = ""
    photo_alt: str = ""
    first_path: str = ""

    @property
    def path(self) -> str:
        """Address of the item's page, in the manner of its server; it stays when the title is corrected."""
        if self.first_path:
            return self.first_path
        channel = self.channels[0]
        if channel in {"tin-tuc", "thong-bao"}:
            return f"/vi/news/{channel}/{slug(self.title)}-{self.number}.html"
        return f"/chi-tiet.aspx?kt={'vb' if channel == 'van-ban' else 'tm'}&id={self.number}"


@cache
def _shipped() -> tuple[Published, ...]:
    return tuple(
        Published(
            number=raw["id"],
            channels=(channel, *raw.get("also", ())),
            instant=datetime.strptime(raw["date"], "%Y-%m-%d %H:%M").replace(tzinfo=clock.VIETNAM),
            title=raw["title"],
            summary=raw["summary"],
            body=tuple(raw["body"]),
            symbol=raw.get("symbol", ""),
            kind=raw.get("kind", ""),
            photo=raw.get("photo", {}).get("file", ""),
            photo_alt=raw.get("photo", {}).get("alt", ""),
        )
        for channel in FEED_PATHS
        for raw in yaml.safe_load((_DATA / f"{channel}.yaml").read_text(encoding="utf-8"))
    )


def _added(state_dir: Path) -> list[dict[str, Any]]:
    return _stored(state_dir / _ADDED)


def _stored(path: Path) -> list[Any]:
    try:
        stored: list[Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return stored


def published(state_dir: Path) -> list[Published]:
    """All items, newest first."""
    added = (
        Published(
            number=raw["number"],
            channels=(raw["channel"],),
            instant=datetime.fromisoformat(raw["instant"]),
            title=raw["title"],
            summary=shorten(raw["body"], 200),
            body=tuple(raw["body"].split("\n")),
            first_path=raw.get("path", ""),
        )
        for raw in _added(state_dir)
    )
    return sorted((*_shipped(), *added), key=lambda item: (item.instant, item.number), reverse=True)


def of_channel(state_dir: Path, channel: str) -> list[Published]:
    """What a feed of the site shows: the newest items of a channel, with those of other channels that it repeats."""
    return [item for item in published(state_dir) if channel in item.channels][:MOST_ITEMS]


def add_item(state_dir: Path, channel: str, title: str, body: str) -> str:
    """Publish an item now, from any process; the next request sees it. Returns the absolute link of its page.

    `channel` is a key of FEED_PATHS. The site must have been started on this directory once.
    """
    if channel not in FEED_PATHS:
        raise ValueError(f"unknown channel {channel!r}")
    base = base_url(state_dir)
    with _locked(state_dir):
        added = _added(state_dir)
        raw = {
            "number": _FIRST_ADDED_ID + len(added),
            "channel": channel,
            "instant": clock.now().isoformat(),
            "title": title,
            "body": body,
        }
        _replace(state_dir / _ADDED, [*added, raw])
    item = next(item for item in published(state_dir) if item.number == raw["number"])
    return base + item.path


def correct_item(state_dir: Path, link: str, title: str, body: str) -> None:
    """Change the words of an item that was added, as an editor does who found a mistake.

    Raises KeyError when nothing was added under this link.
    """
    number = next((item.number for item in published(state_dir) if link.endswith(item.path)), 0)
    with _locked(state_dir):
        added = _added(state_dir)
        raw = {one["number"]: one for one in added}[number]
        raw |= {"path": raw.get("path") or link.removeprefix(base_url(state_dir)), "title": title, "body": body}
        _replace(state_dir / _ADDED, added)


def set_down(state_dir: Path, channel: str, *, is_down: bool) -> None:
    """Let the feed of a channel answer 500 from now on, or no longer."""
    with _locked(state_dir):
        others = down_channels(state_dir) - {channel}
        _replace(state_dir / _DOWN, sorted(others | {channel} if is_down else others))


def down_channels(state_dir: Path) -> frozenset[str]:
    """Channels whose feed is out of order."""
    return frozenset(_stored(state_dir / _DOWN))


def base_url(state_dir: Path) -> str:
    """Where the site was last started. Raises FileNotFoundError when it never was."""
    site = json.loads((state_dir / _SITE).read_text(encoding="utf-8"))
    return str(site["base_url"])


def keep_base_url(state_dir: Path, base: str) -> None:
    state_dir.mkdir(parents=True, exist_ok=True)
    _replace(state_dir / _SITE, {"base_url": base})


@contextmanager
def _locked(state_dir: Path) -> Iterator[None]:
    with (state_dir / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, value: Any) -> None:
    """Readers see the old file or the new one, never a part."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as made:
        json.dump(value, made, ensure_ascii=False, indent=1)
    os.replace(made.name, path)
