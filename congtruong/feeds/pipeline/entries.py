"""From a reading to what is stored: plain titles, short summaries, sanitised content, checked links, instants."""

from datetime import datetime

from congtruong.core.text import nfc, shorten, squeeze
from congtruong.feeds.pipeline.content import (
    Text,
    first_image,
    pictures_of,
    shown_html,
    summary_of_clean,
    summary_text,
    title_text,
)
from congtruong.feeds.pipeline.dates import read_date
from congtruong.feeds.pipeline.links import absolute
from congtruong.feeds.pipeline.model import Document, Enclosure, Entry
from congtruong.feeds.pipeline.nodes import Node, Reading

MOST_TITLE = 500
MOST_LINK = 1_000
_MOST_NAMES = 20
_MOST_NAME = 200
_MOST_LANGUAGE = 35
_MOST_TTL_MINUTES = 7 * 24 * 60


def document_of(reading: Reading, *, url: str, now: datetime) -> Document:
    """`reading` of the document at `url`, as it is stored. Entries without title, text and link are left out."""
    head = reading.feed
    made = (_entry(node, url=url, now=now) for node in reading.entries)
    return Document(
        title=shorten(title_text(head.title.by_looks())[0], MOST_TITLE),
        link=_link(head, url),
        encoding=reading.encoding,
        ttl_minutes=_ttl(head.ttl),
        hub=_first(head.hrefs("hub"), url),
        entries=tuple(entry for entry in made if entry is not None),
        repairs=(*reading.repairs, *head.repairs),
        format=reading.format,
        topic=_first(head.hrefs("self"), url),
        language=head.language[:_MOST_LANGUAGE],
    )


def _entry(node: Node, *, url: str, now: datetime) -> Entry | None:
    """One entry, or None when it holds neither title, text nor link."""
    link = _link(node, url)
    description = node.summary.by_looks()
    contents = [one.by_looks() for one in node.contents]
    body = max(contents, key=lambda one: (one.is_html, len(one.value)), default=description)
    title, unescaped = title_text(node.title.by_looks())
    content, repairs = shown_html(body)
    summary = _summary(description if description.value else body, body, content, repairs)
    if not (title or summary or link):
        return None
    published, updated, date_repairs = _dates(node, now=now)
    enclosures = _enclosures(node, url)
    pictures = pictures_of(content)
    if unescaped:
        repairs.append("title_unescaped")
    if not link:
        repairs.append("link_missing")
    return Entry(
        title=shorten(title or shorten(summary, 120) or "(Không có tiêu đề)", MOST_TITLE),
        summary=summary,
        content=content,
        link=link,
        guid=nfc(node.id).strip(),
        published=published,
        updated=updated,
        author=shorten(node.author, _MOST_NAME),
        categories=_categories(node),
        enclosures=enclosures,
        image=_image(node, description, pictures, enclosures, url),
        repairs=(*repairs, *node.repairs, *date_repairs),
        pictures=pictures,
        language=node.language[:_MOST_LANGUAGE],
        comments=_bounded(absolute(node.comments, url)),
    )


def _summary(description: Text, body: Text, content: str, repairs: list[str]) -> str:
    """From the content where that is the same text: it has been read already."""
    if description.is_html and description.value == body.value and "content_flattened" not in repairs:
        return summary_of_clean(content)
    return summary_text(description)


def _image(
    node: Node, description: Text, pictures: tuple[str, ...], enclosures: tuple[Enclosure, ...], url: str
) -> str:
    """What stands for the entry: its first picture, else the one the feed names, else an attached one."""
    if pictures:
        return pictures[0]
    shown = first_image(description) or absolute(node.image, url)
    return _bounded(shown) or next((one.url for one in enclosures if one.type.startswith("image/")), "")


def _dates(node: Node, *, now: datetime) -> tuple[datetime | None, datetime | None, list[str]]:
    """Published and updated; each is unknown when it cannot be read completely."""
    published, updated = read_date(node.published, now=now), read_date(node.updated, now=now)
    if published is not None:
        return published, updated, []
    if updated is not None:
        return updated, updated, ["published_from_updated"]
    return None, None, ["date_unreadable"] if node.published or node.updated else []


def _link(node: Node, url: str) -> str:
    return _bounded(absolute(node.link, url))


def _first(addresses: list[str], url: str) -> str:
    return next((_bounded(absolute(one, url)) for one in addresses), "")


def _bounded(address: str) -> str:
    return address if len(address) <= MOST_LINK else ""


def _categories(node: Node) -> tuple[str, ...]:
    names = (squeeze(label)[:_MOST_NAME] for label in node.labels)
    return tuple(list(dict.fromkeys(filter(None, names)))[:_MOST_NAMES])


def _enclosures(node: Node, url: str) -> tuple[Enclosure, ...]:
    made = []
    for one in [link for link in node.links if link.rel == "enclosure"][:_MOST_NAMES]:
        address = absolute(one.href, url)
        size = int(one.length[:15]) if one.length.isascii() and one.length.isdigit() else 0
        if address:
            made.append(Enclosure(address, squeeze(one.type)[:100], size))
    return tuple(dict.fromkeys(made))


def _ttl(ttl: str) -> int:
    return min(int(ttl[:6]), _MOST_TTL_MINUTES) if ttl.isascii() and ttl.isdigit() else 0
