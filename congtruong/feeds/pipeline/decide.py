"""What a reading of a feed means for the items already known. Pure: plain data in, decisions out.

Identity is scoped. Inside a feed the key counts; inside a source the canonical link; a guid alone means nothing outside
its feed, since every site of the same CMS counts its guids from one. Inside a source a path with its title outlives a
move to another host, and a tombstone is known by its title as well.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from congtruong.core.clock import day_of
from congtruong.core.text import fold, nfc, squeeze
from congtruong.feeds.pipeline.links import canonical_link
from congtruong.feeds.pipeline.model import Entry
from congtruong.feeds.pipeline.sameness import bare_address, digest, host_of, path_of, tidied_html

MOST_KEY = 300
MOST_LINK = 1_000
LEFT_OUT = ""

_TELLING = 60


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
    when it is known from other feeds only. `link` is the canonical link, `address` the link as the source wrote it.
    `is_origin` says that the feed at hand was the first to bring the item: only the origin may change its text, or two
    feeds with different summaries would overwrite each other for ever. `words` is `words_hash` of what it says.
    """

    item: int
    key: str
    link: str
    title: str
    content_hash: str
    channel: str
    is_origin: bool
    is_withdrawn: bool = False
    other_keys: tuple[str, ...] = ()
    address: str = ""
    published: datetime | None = None
    words: str = ""


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
    """The origin changed the text. `link` is the canonical link to store from now on. A note for readers, never a
    reason to move the item to the top.
    """

    item: int
    entry: Entry
    key: str
    link: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The same text at another host of the source, or at https. Nothing that readers need to be told of."""

    item: int
    entry: Entry
    link: str


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """The item stands in this feed under `key`, in `channel`; `replaces` is its former key there, if any.

    `is_shown_anew` says that its channels changed and not only its key.
    """

    item: int
    entry: Entry
    key: str
    channel: str
    replaces: str = ""
    is_shown_anew: bool = True


@dataclass(frozen=True, slots=True)
class StillWithdrawn:
    """A withdrawn item came back under another key; remembered under it as well, and not shown."""

    item: int
    entry: Entry
    key: str
    channel: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing to store: seen before, or withdrawn by a manager and never revived."""

    item: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A category routes the entry nowhere."""

    entry: Entry


Decision = New | Changed | Moved | AlsoIn | StillWithdrawn | Unchanged | LeftOut


def identity(entry: Entry, *, trust_guids: bool = True) -> Identity:
    """Key of an entry: guid, else canonical link, else hash of folded title and day.

    With `trust_guids` off (a feed whose guids repeat) the key is the link with the title.
    """
    link, title = _bounded_link(entry.link), _title(entry.title)
    if entry.guid.strip() and trust_guids:
        return Identity(_key("g", nfc(entry.guid).strip()), link, title)
    if link and not trust_guids:
        return Identity(f"t:{digest(link, title)}", link, title)
    if link:
        return Identity(_key("l", link), link, title)
    return Identity(f"h:{digest(title, _day(entry.published))}", link, title)


def content_hash(entry: Entry) -> str:
    """SHA-256 over what a reader would call a change: title, summary, content, files and path of the link.

    White space, tracking parameters, the query of a picture file and a move to another host change nothing.
    """
    host = host_of(entry.link)
    files = sorted({bare_address("href", one.url, host) for one in entry.enclosures})
    return digest(
        squeeze(entry.title),
        squeeze(entry.summary),
        tidied_html(entry.content, host),
        path_of(_bounded_link(entry.link)),
        # Nothing for entries without files: their hashes are as they always were.
        *files,
    )


def words_hash(summary: str, content: str) -> str:
    """What an item says, for recognising one that comes back under another name; empty when it says too little."""
    words = f"{squeeze(summary)} {tidied_html(content, '')}"
    return digest(words) if len(words) >= _TELLING else ""


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
    """Decisions in the order of the document, at most two for one entry (Changed or Moved, then AlsoIn).

    `known` must hold every item that has a key of these entries in this feed or their canonical link in this source
    (see `identity`), each item once; when entries are left that neither meets, also the items of the source with their
    titles, and its withdrawn ones. An entry that repeats another of the document brings no decision.
    """
    identities = [identity(entry, trust_guids=trust_guids) for entry in entries]
    matcher = _Matcher(identities, known)
    decisions: list[Decision] = []
    told: set[int] = set()
    for entry, one in zip(entries, identities, strict=True):
        if matcher.is_repeat(one):
            continue
        target = channel_for(entry.categories, routes or {}, channel)
        item = matcher.match(one, entry)
        if target == LEFT_OUT:
            decisions.append(LeftOut(entry))
        elif item is None:
            decisions.append(New(entry, one.key, matcher.claim(one, None), target, content_hash(entry)))
        elif item.is_withdrawn:
            decisions.append(_about_withdrawn(entry, one, item, target))
        elif item.item in told:
            # Two entries are one item here since it was restored; they may say different things, and it says one.
            decisions.append(Unchanged(item.item, entry))
        else:
            told.add(item.item)
            decisions += _about_known(entry, one, item, target, matcher)
    return decisions


def needs_titles(identities: Iterable[Identity], known: Iterable[KnownItem]) -> bool:
    """Whether some entry meets no known key and no known link, so that titles have to be looked at."""
    items = list(known)
    keys = {key for item in items for key in (item.key, *item.other_keys)}
    links = {item.link for item in items}
    return any(one.key not in keys and (not one.link or one.link not in links) for one in identities)


def _about_withdrawn(entry: Entry, one: Identity, item: KnownItem, channel: str) -> Decision:
    if one.key in {item.key, *item.other_keys}:
        return Unchanged(item.item, entry)
    return StillWithdrawn(item.item, entry, one.key, channel)


def _about_known(entry: Entry, one: Identity, item: KnownItem, channel: str, matcher: "_Matcher") -> Iterator[Decision]:
    replaces = item.key if one.key not in {item.key, *item.other_keys} else ""
    now = content_hash(entry)
    nothing = True
    if item.is_origin and now != item.content_hash:
        nothing = False
        yield Changed(item.item, entry, one.key, matcher.claim(one, item), now)
    elif item.is_origin:
        link = matcher.claim(one, item)
        is_safer = entry.link.startswith("https:") and item.address.startswith("http:") and one.link == item.link
        if (item.link and link != item.link) or is_safer:
            nothing = False
            yield Moved(item.item, entry, link)
    if replaces or not item.key or item.channel != channel:
        nothing = False
        yield AlsoIn(item.item, entry, one.key, channel, replaces, is_shown_anew=item.channel != channel)
    if nothing:
        yield Unchanged(item.item, entry)


class _Matcher:
    """Pairs entries of one document with known items, each item and each link once."""

    def __init__(self, identities: Sequence[Identity], known: Iterable[KnownItem]) -> None:
        items = list(known)
        self.by_key = {key: item for item in items for key in (item.key, *item.other_keys) if key}
        self.by_link = {item.link: item for item in items if item.link}
        self.by_title: dict[str, list[KnownItem]] = {}
        for item in items:
            self.by_title.setdefault(_title(item.title), []).append(item)
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

    def match(self, one: Identity, entry: Entry) -> KnownItem | None:
        """By key; else by link and title; else by a link that identifies, for items this feed has not shown; else by
        the path and title it had at another host; a tombstone also by its title with its day or its words.
        """
        item = self.by_key.get(one.key)
        if item is not None:
            return item
        item = self._by_link(one)
        if item is None:
            item = next((item for item in self.by_title.get(one.title, ()) if self._is_same(item, one, entry)), None)
        if item is not None:
            self.used.add(item.item)
        return item

    def claim(self, one: Identity, item: KnownItem | None) -> str:
        """The canonical link an item may be stored with: one that no other item of the source has."""
        if one.link and one.link not in self.shared | self.claimed:
            self.claimed.add(one.link)
            return one.link
        return item.link if item is not None else ""

    def _by_link(self, one: Identity) -> KnownItem | None:
        item = self.by_link.get(one.link)
        if item is None:
            return None
        is_list = one.link in self.shared
        if item.is_withdrawn:
            # What was taken down stays down, whatever its page is called now.
            return item if not is_list or _title(item.title) == one.title else None
        if item.item in self.used or (_title(item.title) != one.title and (item.key or is_list)):
            return None
        return item

    def _is_same(self, item: KnownItem, one: Identity, entry: Entry) -> bool:
        # An item that shared its address with others has no link of its own, but stood there.
        link = item.link or _bounded_link(item.address)
        same_path = bool(one.link and link) and path_of(one.link) == path_of(link) != "/"
        days = _day(item.published), _day(entry.published)
        if item.is_withdrawn:
            same_words = bool(item.words) and item.words == words_hash(entry.summary, entry.content)
            return same_path or same_words or (days[0] != "" and days[0] == days[1])
        if item.item in self.used or one.link in self.shared | self.by_link.keys():
            return False
        return same_path and ("" in days or days[0] == days[1])


def _shared_links(identities: Sequence[Identity]) -> set[str]:
    """Links under which several different things stand in one document, such as the address of a list page."""
    counts = Counter(link for link, _ in {(one.link, one.title) for one in identities if one.link})
    return {link for link, count in counts.items() if count > 1}


def _bounded_link(link: str) -> str:
    """Canonical link; escaping may make it longer than a column holds, then a hash of it."""
    link = canonical_link(link)
    return link if len(link) <= MOST_LINK else f"sha256:{digest(link)}"


def _day(moment: datetime | None) -> str:
    return day_of(moment).isoformat() if moment else ""


def _title(title: str) -> str:
    return fold(squeeze(title))


def _key(kind: str, text: str) -> str:
    key = f"{kind}:{text}"
    return key if len(key) <= MOST_KEY else f"{kind}:{digest(text)}"
