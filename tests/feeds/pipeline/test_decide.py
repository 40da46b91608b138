from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.feeds.pipeline.decide import (
    AlsoIn,
    Changed,
    Decision,
    KnownItem,
    LeftOut,
    Moved,
    New,
    StillWithdrawn,
    Unchanged,
    channel_for,
    content_hash,
    decide,
    identity,
    repeated_share,
    words_hash,
)
from congtruong.feeds.pipeline.links import canonical_link
from congtruong.feeds.pipeline.model import Enclosure, Entry
from congtruong.feeds.pipeline.sameness import path_of

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
        Changed(1, renamed, "g:news_2", "https://so.example.vn/tb/1", content_hash(renamed)),
        AlsoIn(1, renamed, "g:news_2", NEWS, replaces="g:news_1", is_shown_anew=False),
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
        [StillWithdrawn(1, entries[1], "g:news_9", NOTICE)],
    ]


TOLD = replace(ENTRY, published=DAY)
TAKEN_DOWN = replace(known(TOLD), is_withdrawn=True, published=DAY, words=words_hash("s" * 80, ""))


@pytest.mark.parametrize(
    "comes_back",
    [
        replace(TOLD, title="Tựa đã đổi", guid="khac"),
        replace(TOLD, guid="khac", link="https://so.example.vn/moi/7"),
        replace(TOLD, guid="", link=""),
        replace(TOLD, guid="khac", link="https://moi.example.vn/tb/1", published=None),
        replace(TOLD, guid="khac", link="https://so.example.vn/moi/7", published=None, summary="s" * 80, content=""),
    ],
    ids=["another title", "another link", "no link", "another host", "its words"],
)
def test_decide_knows_a_withdrawn_item_under_other_names(comes_back: Entry) -> None:
    found = decide([comes_back], [TAKEN_DOWN], channel=NOTICE)

    assert found == [StillWithdrawn(1, comes_back, identity(comes_back).key, NOTICE)]
    remembered = replace(TAKEN_DOWN, other_keys=(identity(comes_back).key,))
    renamed = replace(comes_back, title="Tựa hoàn toàn khác", summary="", published=None)
    if identity(renamed).key == identity(comes_back).key:
        assert decide([renamed], [remembered], channel=NOTICE) == [Unchanged(1, renamed)]


def test_decide_lets_another_week_of_a_withdrawn_series_through() -> None:
    next_week = replace(TOLD, guid="news_8", link="https://so.example.vn/tb/8", published=DAY.replace(day=13))

    assert [type(one) for one in decide([next_week], [TAKEN_DOWN], channel=NEWS)] == [New]


def test_decide_follows_a_site_to_another_host_without_telling_readers() -> None:
    moved = replace(TOLD, link="https://moi.example.vn/tb/1")
    bare = replace(TOLD, guid="https://so.example.vn/tb/1")
    rebased = replace(bare, guid="https://moi.example.vn/tb/1", link="https://moi.example.vn/tb/1")

    with_key = decide([moved], [known(TOLD)], channel=NEWS)
    without = decide([rebased], [replace(known(bare), published=DAY)], channel=NEWS)

    assert with_key == [Moved(1, moved, "https://moi.example.vn/tb/1")]
    assert without == [
        Moved(1, rebased, "https://moi.example.vn/tb/1"),
        AlsoIn(1, rebased, identity(rebased).key, NEWS, replaces=identity(bare).key, is_shown_anew=False),
    ]


def test_decide_takes_https_for_the_same_address_and_stores_it() -> None:
    old = replace(known(TOLD), address="http://so.example.vn/tb/1")

    assert decide([TOLD], [old], channel=NEWS) == [Moved(1, TOLD, "https://so.example.vn/tb/1")]
    assert decide([TOLD], [replace(old, address=TOLD.link)], channel=NEWS) == [Unchanged(1, TOLD)]


def test_content_hash_overlooks_what_no_reader_sees() -> None:
    link = "https://so.example.vn/a?id=2&amp;copy=3"
    page = f'<p>Xem <a href="{link}">đây</a></p>\n<img src="https://so.example.vn/a.jpg?v=1" alt="">'
    entry = replace(ENTRY, content=page)
    same = [
        page.replace("?v=1", "?v=2").replace("</p>\n<", "</p>  <"),
        page.replace("copy=3", "copy=3&amp;utm_source=rss&amp;fbclid=x"),
        page.replace("https://so.", "http://so."),
    ]
    other = [page.replace("id=2", "id=4"), page.replace("a.jpg", "b.jpg"), page.replace("đây", "kia")]

    assert {content_hash(replace(entry, content=one)) for one in same} == {content_hash(entry)}
    assert len({content_hash(replace(entry, content=one)) for one in [page, *other]}) == 4


def test_content_hash_sees_another_file() -> None:
    with_file = replace(ENTRY, enclosures=(Enclosure("https://so.example.vn/a.pdf", "", 1),))

    assert content_hash(with_file) != content_hash(ENTRY)
    assert content_hash(with_file) == content_hash(
        replace(with_file, enclosures=(Enclosure("http://so.example.vn/a.pdf?utm_source=x", "application/pdf", 9),))
    )


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
    texts: dict[int, Entry] = field(default_factory=dict)

    def known(self, feed: str) -> list[KnownItem]:
        return [self._known(feed, item) for item in self.items]

    def _known(self, feed: str, item: int) -> KnownItem:
        seen = [(key, channel) for (name, key), (one, channel) in self.sightings.items() if (name, one) == (feed, item)]
        key, channel = seen[0] if seen else ("", "")
        link, title, digest = self.items[item]
        text = self.texts[item]
        return KnownItem(
            item,
            key,
            link,
            title,
            digest,
            channel,
            False,
            item in self.withdrawn,
            other_keys=tuple(key for key, _ in seen[1:]),
            address=text.link,
            published=text.published,
            words=words_hash(text.summary, text.content),
        )

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
                self.texts[number] = one.entry
                self.origin[number] = feed
                self.sightings[feed, one.key] = (number, one.channel)
            case Changed():
                assert not one.link or one.link not in {row[0] for n, row in self.items.items() if n != one.item}
                self.items[one.item] = (one.link, one.entry.title, one.content_hash)
                self.texts[one.item] = replace(one.entry, published=self.texts[one.item].published)
            case Moved():
                assert not one.link or one.link not in {row[0] for n, row in self.items.items() if n != one.item}
                _, title, digest = self.items[one.item]
                self.items[one.item] = (one.link, title, digest)
                self.texts[one.item] = replace(self.texts[one.item], link=one.entry.link)
            case AlsoIn():
                if one.replaces:
                    del self.sightings[feed, one.replaces]
                assert self.sightings.get((feed, one.key), (one.item,))[0] == one.item
                self.sightings[feed, one.key] = (one.item, one.channel)
            case StillWithdrawn():
                assert one.item in self.withdrawn
                assert (feed, one.key) not in self.sightings
                self.sightings[feed, one.key] = (one.item, one.channel)


ENTRIES = st.builds(
    Entry,
    title=st.sampled_from(["Họp", "HỌP", "Thi", "Nghỉ"]),
    summary=st.sampled_from(["", "a"]),
    link=st.sampled_from(
        ["", "https://s.vn/1", "http://s.vn/1/", "https://s.vn/2", "https://n.vn/1", "https://n.vn/2"]
    ),
    guid=st.sampled_from(["", "1", " 1", "2", "3"]),
    published=st.sampled_from([None, DAY, DAY.replace(day=9)]),
)
READINGS = st.lists(st.tuples(st.sampled_from([NEWS, NOTICE]), st.lists(ENTRIES, max_size=6)), min_size=1, max_size=5)


@given(READINGS)
def test_decide_has_nothing_to_do_the_second_time(readings: list[tuple[str, list[Entry]]]) -> None:
    store = Store()
    for feed, entries in readings:
        store.read(feed, entries)

        again = store.read(feed, entries)

        # An address that another item has left in this very reading is free from the next one on.
        assert {type(one) for one in again} <= {Unchanged, Moved}


@given(READINGS)
def test_decide_never_touches_withdrawn_items(readings: list[tuple[str, list[Entry]]]) -> None:
    store = Store()
    store.read(*readings[0])
    store.withdrawn = set(store.items)

    decisions = [one for feed, entries in readings for one in store.read(feed, entries)]

    touching = (Changed, Moved, AlsoIn)
    assert [one for one in decisions if isinstance(one, touching) and one.item in store.withdrawn] == []


@given(READINGS)
def test_decide_shows_nothing_anew_of_what_was_withdrawn(readings: list[tuple[str, list[Entry]]]) -> None:
    """Everything a source said, once more in each of its feeds, under another guid and with another summary."""
    store = Store()
    for feed, entries in readings:
        store.read(feed, entries)
    store.withdrawn = set(store.items)
    said = [entry for entry in store.texts.values() if entry.link or entry.published]

    again = [
        one
        for number, entry in enumerate(said)
        for feed in (NEWS, NOTICE)
        for one in store.read(feed, [replace(entry, guid=f"anew {number}", summary="sửa lại")])
    ]

    assert [one for one in again if isinstance(one, New)] == []


@given(READINGS, st.randoms())
def test_decide_knows_the_same_things_whatever_the_order_of_feeds(
    readings: list[tuple[str, list[Entry]]], random: Random
) -> None:
    """Where links identify and guids belong to them, each thing is one row, whichever feed brought it first."""

    def plain(entries: list[Entry]) -> list[Entry]:
        with_link = [entry for entry in entries if entry.link]
        return [
            replace(entry, title=f"Tin {canonical_link(entry.link)}", guid=canonical_link(entry.link), published=DAY)
            for entry in with_link
        ]

    def rows(order: list[tuple[str, list[Entry]]]) -> set[str]:
        store = Store()
        for feed, entries in order:
            store.read(feed, plain(entries))
        assert len({path_of(link) + title for link, title, _ in store.items.values()}) == len(store.items)
        return {title for _, title, _ in store.items.values()}

    other = list(readings)
    random.shuffle(other)

    assert rows(readings) == rows(other)


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
