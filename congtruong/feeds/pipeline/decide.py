"""What a reading of a feed means for the items already known. Pure: plain data in, decisions out.

Identity is scoped. Inside a feed the key counts; inside a source the canonical link; a guid alone means nothing outside
its feed, since every site of the same CMS counts its guids from one.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from congtruong.core.clock import day_of
from congtruong.core.text import fold, nfc, squeeze
from congtruong.feeds.pipeline.links import canonical_link
from congtruong.feeds.pipeline.model import Entry

MOST_KEY = 300
MOST_LINK = 1_000
LEFT_OUT = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """How an entry is recognised: `key` inside its feed, `link` (canonical, may be empty) inside its source."""

    key: str
    link: str
    title: str


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item of the source, as stored.

    `key` and `channel` say under which key and in which channel it was last seen in the feed at hand; both are empty
    when it is known from other feeds only. `link` is the canonical link. `is_origin` says that the feed at hand was
    the first to bring the item: only the origin may change its text, or two feeds with different summaries would
    overwrite each other for ever.
    """

    item: int
    key: str
    link: str
    title: str
    content_hash: str
    channel: str
    is_origin: bool
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class New:
    """Store a new item. `link` is empty when the address is shared by several items and identifies none."""

    entry: Entry
    key: str
    link: str
    channel: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The origin changed the text. `link` is the canonical link to store from now on; `replaces` is the key this one
    takes the place of, when the guid changed. A note for readers, never a reason to move the item to the top.
    """

    item: int
    entry: Entry
    key: str
    link: str
    content_hash: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """The item stands in this feed under `key`, in `channel`; `replaces` is its former key there, if any."""

    item: int
    entry: Entry
    key: str
    channel: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing to store: seen before, or withdrawn by a manager and never revived."""

    item: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A category routes the entry nowhere."""

    entry: Entry


Decision = New | Changed | AlsoIn | Unchanged | LeftOut


def identity(entry: Entry, *, trust_guids: bool = True) -> Identity:
    """Key of an entry: guid, else canonical link, else hash of folded title and day.

    With `trust_guids` off (a feed whose guids repeat) the key is the link with the title.
    """
    link, title = _bounded_link(entry.link), _title(entry.title)
    if entry.guid.strip() and trust_guids:
        return Identity(_key("g", nfc(entry.guid).strip()), link, title)
    if link and not trust_guids:
        return Identity(f"t:{_digest(link, title)}", link, title)
    if link:
        return Identity(_key("l", link), link, title)
    day = day_of(entry.published).isoformat() if entry.published else ""
    return Identity(f"h:{_digest(title, day)}", link, title)


def content_hash(entry: Entry) -> str:
    """SHA-256 over NFC title, summary, content and canonical link."""
    return _digest(nfc(entry.title), nfc(entry.summary), nfc(entry.content), canonical_link(entry.link))


def repeated_share(entries: Sequence[Entry]) -> float:
    """Share of entries whose key stands at another entry with another title; above 0.05 guids are not to be trusted."""
    titles: dict[str, set[str]] = {}
    identities = [identity(entry) for entry in entries]
    for one in identities:
        titles.setdefault(one.key, set()).add(one.title)
    return sum(1 for one in identities if len(titles[one.key]) > 1) / max(1, len(identities))


def fold_category(text: str) -> str:
    """The form in which categories are compared and routes are stored."""
    return fold(squeeze(text))


def channel_for(categories: Iterable[str], routes: Mapping[str, str], default: str) -> str:
    """Channel of an entry: that of its first routed category (keys folded), else `default`. LEFT_OUT drops it."""
    for category in categories:
        route = routes.get(fold_category(category))
        if route is not None:
            return route
    return default


def decide(
    entries: Sequence[Entry],
    known: Iterable[KnownItem],
    *,
    channel: str,
    routes: Mapping[str, str] | None = None,
    trust_guids: bool = True,
) -> list[Decision]:
    """Decisions in the order of the document, at most two for one entry (Changed, then AlsoIn).

    `known` must hold every item that has a key of these entries in this feed or their canonical link in this source
    (see `identity`), each item once. An entry that repeats another of the document brings no decision.
    """
    identities = [identity(entry, trust_guids=trust_guids) for entry in entries]
    matcher = _Matcher(identities, known)
    decisions: list[Decision] = []
    for entry, one in zip(entries, identities, strict=True):
        if matcher.is_repeat(one):
            continue
        target = channel_for(entry.categories, routes or {}, channel)
        item = matcher.match(one)
        if target == LEFT_OUT:
            decisions.append(LeftOut(entry))
        elif item is None:
            decisions.append(New(entry, one.key, matcher.claim(one, None), target, content_hash(entry)))
        else:
            decisions += _about_known(entry, one, item, target, matcher)
    return decisions


def _about_known(entry: Entry, one: Identity, item: KnownItem, channel: str, matcher: "_Matcher") -> Iterator[Decision]:
    if item.is_withdrawn:
        yield Unchanged(item.item, entry)
        return
    replaces = item.key if item.key != one.key else ""
    digest = content_hash(entry)
    changed = item.is_origin and (digest != item.content_hash or bool(replaces))
    # A Changed that replaces the key has moved the sighting already.
    moved = bool(replaces) and not changed
    also = moved or not item.key or item.channel != channel
    if changed:
        yield Changed(item.item, entry, one.key, matcher.claim(one, item), digest, replaces)
    if also:
        yield AlsoIn(item.item, entry, one.key, channel, replaces if moved else "")
    if not changed and not also:
        yield Unchanged(item.item, entry)


class _Matcher:
    """Pairs entries of one document with known items, each item and each link once."""

    def __init__(self, identities: Sequence[Identity], known: Iterable[KnownItem]) -> None:
        items = list(known)
        self.by_key = {item.key: item for item in items if item.key}
        self.by_link = {item.link: item for item in items if item.link}
        self.shared = _shared_links(identities)
        # Keys are matched before links, wherever they stand in the document.
        keyed = [one for one in identities if one.key in self.by_key]
        self.used = {self.by_key[one.key].item for one in keyed}
        self.told = {(one.link, one.title) for one in keyed if one.link}
        self.claimed = set(self.by_link)
        self.keys: set[str] = set()

    def is_repeat(self, one: Identity) -> bool:
        """Whether the document has said this before, or says it elsewhere under a known key. Remembers the entry."""
        pair = (one.link, one.title)
        repeat = one.key in self.keys or (one.key not in self.by_key and pair in self.told)
        self.keys.add(one.key)
        if one.link:
            self.told.add(pair)
        return repeat

    def match(self, one: Identity) -> KnownItem | None:
        """By key; else by link and title; else by a link that identifies, for items this feed has not shown."""
        item = self.by_key.get(one.key)
        if item is not None:
            return item
        item = self.by_link.get(one.link)
        if item is None or item.item in self.used:
            return None
        if _title(item.title) != one.title and (item.key or one.link in self.shared):
            return None
        self.used.add(item.item)
        return item

    def claim(self, one: Identity, item: KnownItem | None) -> str:
        """The canonical link an item may be stored with: one that no other item of the source has."""
        if one.link and one.link not in self.shared | self.claimed:
            self.claimed.add(one.link)
            return one.link
        return item.link if item is not None else ""


def _shared_links(identities: Sequence[Identity]) -> set[str]:
    """Links under which several different things stand in one document, such as the address of a list page."""
    counts = Counter(link for link, _ in {(one.link, one.title) for one in identities if one.link})
    return {link for link, count in counts.items() if count > 1}


def _bounded_link(link: str) -> str:
    """Canonical link; escaping may make it longer than a column holds, then a hash of it."""
    link = canonical_link(link)
    return link if len(link) <= MOST_LINK else f"sha256:{_digest(link)}"


def _title(title: str) -> str:
    return fold(squeeze(title))


def _key(kind: str, text: str) -> str:
    key = f"{kind}:{text}"
    return key if len(key) <= MOST_KEY else f"{kind}:{_digest(text)}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
