from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.pipeline.decide import (
    AlsoIn,
    Changed,
    Decision,
    KnownItem,
    LeftOut,
    New,
    Unchanged,
    channel_for,
    content_hash,
    decide,
    identity,
    repeated_share,
)
from congtruong.feeds.pipeline.links import canonical_link
from congtruong.feeds.pipeline.model import Entry

pytestmark = pytest.mark.unit

DAY = datetime(2023, 10, 6, 1, 5, tzinfo=UTC)
NEWS, NOTICE = "tin-tuc", "thong-bao"
ENTRY = Entry("Thông báo họp", summary="s", content="<p>c</p>", link="https://so.example.vn/tb/1", guid="news_1")


def known(entry: Entry, *, item: int = 1, channel: str = NEWS, is_origin: bool = True) -> KnownItem:
    one = identity(entry)
    return KnownItem(item, one.key, one.link, entry.title, content_hash(entry), channel, is_origin)


def elsewhere(entry: Entry, *, item: int = 1) -> KnownItem:
    """Known from another feed of the same source."""
    return replace(known(entry, item=item), key="", channel="", is_origin=False)


def test_identity_takes_guid_then_link_then_title_with_day() -> None:
    bare = Entry("Thông  BÁO", published=DAY)

    keys = [
        identity(ENTRY).key,
        identity(replace(ENTRY, guid=" news_1\n")).key,
        identity(replace(ENTRY, guid="")).key,
    ]

    assert keys == ["g:news_1", "g:news_1", "l:https://so.example.vn/tb/1"]
    assert identity(bare).key == identity(Entry("thong bao", published=DAY.replace(hour=16))).key
    assert identity(bare).key != identity(replace(bare, published=DAY.replace(hour=17))).key


def test_identity_fits_into_its_columns() -> None:
    long = identity(replace(ENTRY, guid="x" * 5_000, link="https://so.example.vn/" + "ế" * 900))

    assert [len(long.key), len(long.link)] == [len("g:") + 64, len("sha256:") + 64]


def test_decide_announces_an_unknown_entry() -> None:
    assert decide([ENTRY], [], channel=NEWS) == [
        New(ENTRY, "g:news_1", "https://so.example.vn/tb/1", NEWS, content_hash(ENTRY))
    ]


def test_decide_leaves_a_known_entry_alone() -> None:
    same = replace(ENTRY, link="http://so.example.vn/tb/1/?utm_source=rss", published=DAY, author="khác")

    assert decide([same], [known(ENTRY)], channel=NEWS) == [Unchanged(1, same)]


@pytest.mark.parametrize(
    "change", [{"title": "Khác"}, {"summary": "khác"}, {"content": "khác"}, {"link": "https://k.vn/"}]
)
def test_decide_reports_changed_text(change: dict[str, str]) -> None:
    edited = replace(ENTRY, **change)  # type: ignore[arg-type]

    link = canonical_link(edited.link)

    decisions = decide([edited], [known(ENTRY)], channel=NEWS)

    assert decisions == [Changed(1, edited, "g:news_1", link, content_hash(edited))]


def test_decide_updates_an_item_whose_guid_changed() -> None:
    renamed = replace(ENTRY, guid="news_2", title="Thông báo  HỌP")

    assert decide([renamed], [known(ENTRY)], channel=NEWS) == [
        Changed(1, renamed, "g:news_2", "https://so.example.vn/tb/1", content_hash(renamed), replaces="g:news_1")
    ]


def test_decide_takes_another_title_at_the_same_link_for_another_item() -> None:
    other = replace(ENTRY, guid="news_2", title="Lịch thi")

    assert decide([other], [known(ENTRY)], channel=NEWS) == [New(other, "g:news_2", "", NEWS, content_hash(other))]


def test_decide_does_not_hand_the_link_of_one_item_to_another() -> None:
    second = replace(ENTRY, guid="news_2", title="Lịch thi", link="https://so.example.vn/tb/2")
    moved = replace(second, link=ENTRY.link)

    decisions = decide([moved], [known(ENTRY), known(second, item=2)], channel=NEWS)

    assert decisions == [Changed(2, moved, "g:news_2", "https://so.example.vn/tb/2", content_hash(moved))]


def test_decide_adds_a_channel_to_an_item_of_another_feed() -> None:
    longer = replace(ENTRY, guid="khac", summary="tóm tắt khác")

    assert decide([longer], [elsewhere(ENTRY)], channel=NOTICE) == [AlsoIn(1, longer, "g:khac", NOTICE)]


def test_decide_lets_only_the_origin_change_the_text() -> None:
    longer = replace(ENTRY, summary="tóm tắt khác")

    assert decide([longer], [known(ENTRY, is_origin=False)], channel=NEWS) == [Unchanged(1, longer)]


def test_decide_does_not_trust_a_guid_of_another_feed() -> None:
    stranger = replace(ENTRY, link="https://so.example.vn/tb/2", title="Khác")

    assert [type(one) for one in decide([stranger], [elsewhere(ENTRY)], channel=NEWS)] == [New]


def test_decide_never_revives_a_withdrawn_item() -> None:
    withdrawn = replace(known(ENTRY), is_withdrawn=True)
    entries = [replace(ENTRY, summary="sửa"), replace(ENTRY, guid="news_9", summary="đăng lại")]

    assert [decide([entry], [withdrawn], channel=NOTICE) for entry in entries] == [
        [Unchanged(1, entries[0])],
        [Unchanged(1, entries[1])],
    ]


def test_decide_takes_a_repeated_entry_once() -> None:
    entries = [ENTRY, replace(ENTRY, summary="lần hai"), replace(ENTRY, guid="news_2")]

    assert [one.entry for one in decide(entries, [], channel=NEWS)] == [ENTRY]


def test_decide_keeps_items_apart_that_share_the_address_of_a_list() -> None:
    entries = [replace(ENTRY, guid=f"vb-{n}", title=f"Công văn {n}") for n in (1, 2)]

    decisions = decide(entries, [], channel=NEWS)

    assert [(one.key, one.link) for one in decisions if isinstance(one, New)] == [("g:vb-1", ""), ("g:vb-2", "")]


def test_decide_moves_an_entry_whose_category_changed() -> None:
    routed = replace(ENTRY, categories=("Thông báo",))

    decisions = decide([routed], [known(ENTRY)], channel=NEWS, routes={"thong bao": NOTICE})

    assert decisions == [AlsoIn(1, routed, "g:news_1", NOTICE)]


def test_decide_leaves_out_what_a_route_drops() -> None:
    quiet = replace(ENTRY, categories=("Nội bộ",))

    assert decide([quiet], [], channel=NEWS, routes={"noi bo": ""}) == [LeftOut(quiet)]


@pytest.mark.parametrize(
    ("categories", "expected"),
    [((), NEWS), (("Thể thao",), NEWS), (("  THÔNG  báo ",), NOTICE), (("Thể thao", "Nội bộ", "Thông báo"), "")],
)
def test_channel_for_follows_the_first_routed_category(categories: tuple[str, ...], expected: str) -> None:
    assert channel_for(categories, {"thong bao": NOTICE, "noi bo": ""}, NEWS) == expected


def test_repeated_share_counts_guids_that_stand_for_several_things() -> None:
    entries = [replace(ENTRY, guid="0", title=f"Tin {n}", link=f"https://so.example.vn/{n}") for n in range(3)]

    assert repeated_share([*entries, ENTRY]) == 0.75
    assert repeated_share([ENTRY, ENTRY]) == 0
    assert len(decide(entries, [], channel=NEWS, trust_guids=False)) == 3


@dataclass
class Store:
    """What services do with decisions, in memory: one source with several feeds."""

    items: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    sightings: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    origin: dict[int, str] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)

    def known(self, feed: str) -> list[KnownItem]:
        seen = {item: (key, channel) for (name, key), (item, channel) in self.sightings.items() if name == feed}
        return [KnownItem(item, *self._key(seen, item), item in self.withdrawn) for item in self.items]

    def _key(self, seen: dict[int, tuple[str, str]], item: int) -> tuple[str, str, str, str, str, bool]:
        link, title, digest = self.items[item]
        key, channel = seen.get(item, ("", ""))
        return key, link, title, digest, channel, False

    def read(self, feed: str, entries: Sequence[Entry]) -> list[Decision]:
        rows = [replace(one, is_origin=self.origin[one.item] == feed) for one in self.known(feed)]
        decisions = decide(entries, rows, channel=feed)
        for one in decisions:
            self.apply(feed, one)
        return decisions

    def apply(self, feed: str, one: Decision) -> None:
        match one:
            case New():
                number = len(self.items) + 1
                assert not one.link or one.link not in {link for link, _, _ in self.items.values()}
                assert (feed, one.key) not in self.sightings
                self.items[number] = (one.link, one.entry.title, one.content_hash)
                self.origin[number] = feed
                self.sightings[feed, one.key] = (number, one.channel)
            case Changed():
                assert not one.link or one.link not in {row[0] for n, row in self.items.items() if n != one.item}
                self.items[one.item] = (one.link, one.entry.title, one.content_hash)
                if one.replaces:
                    assert (feed, one.key) not in self.sightings
                    self.sightings[feed, one.key] = self.sightings.pop((feed, one.replaces))
            case AlsoIn():
                if one.replaces:
                    del self.sightings[feed, one.replaces]
                assert self.sightings.get((feed, one.key), (one.item,))[0] == one.item
                self.sightings[feed, one.key] = (one.item, one.channel)


ENTRIES = st.builds(
    Entry,
    title=st.sampled_from(["Họp", "HỌP", "Thi", "Nghỉ"]),
    summary=st.sampled_from(["", "a"]),
    link=st.sampled_from(["", "https://s.vn/1", "http://s.vn/1/", "https://s.vn/2", "https://s.vn/3"]),
    guid=st.sampled_from(["", "1", " 1", "2", "3"]),
    published=st.sampled_from([None, DAY]),
)
READINGS = st.lists(st.tuples(st.sampled_from([NEWS, NOTICE]), st.lists(ENTRIES, max_size=6)), min_size=1, max_size=5)


@given(READINGS)
def test_decide_has_nothing_to_do_the_second_time(readings: list[tuple[str, list[Entry]]]) -> None:
    store = Store()
    for feed, entries in readings:
        store.read(feed, entries)

        again = store.read(feed, entries)

        assert {type(one) for one in again} <= {Unchanged}


@given(READINGS)
def test_decide_never_touches_withdrawn_items(readings: list[tuple[str, list[Entry]]]) -> None:
    store = Store()
    store.read(*readings[0])
    store.withdrawn = set(store.items)

    decisions = [one for feed, entries in readings for one in store.read(feed, entries)]

    assert [one for one in decisions if isinstance(one, (Changed, AlsoIn)) and one.item in store.withdrawn] == []


@given(st.lists(ENTRIES, max_size=8))
def test_decide_gives_each_key_and_link_to_one_new_item(entries: list[Entry]) -> None:
    made = [one for one in decide(entries, [], channel=NEWS) if isinstance(one, New)]
    links = [one.link for one in made if one.link]
    assert len({one.key for one in made}) == len(made)
    assert len(set(links)) == len(links)


@given(st.lists(ENTRIES, max_size=8))
def test_decide_leaves_out_only_what_stood_there_before(entries: list[Entry]) -> None:
    made = [id(one.entry) for one in decide(entries, [], channel=NEWS)]

    for at, entry in enumerate(entries):
        one = identity(entry)
        before = [identity(earlier) for earlier in entries[:at]]
        is_repeat = any(
            one.key == earlier.key or (one.link != "" and (one.link, one.title) == (earlier.link, earlier.title))
            for earlier in before
        )
        assert (id(entry) in made) == (not is_repeat)
