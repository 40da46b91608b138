"""What a feed says, in the words of no format: the one reading from which documents and records are made."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from congtruong.core.text import nfc
from congtruong.feeds.pipeline.content import NOTHING, Text
from congtruong.feeds.pipeline.legacy import is_unicode_vietnamese, legacy_of, to_unicode
from congtruong.feeds.pipeline.links import UNSAFE_SCHEME


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written, made absolute where its base is known."""

    href: str
    rel: str = "alternate"
    type: str = ""
    length: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A feed or an entry. Texts, dates and numbers are as written; what the document does not say is empty.

    `tags` holds terms, `labels` what people are to read instead.
    """

    title: Text = NOTHING
    summary: Text = NOTHING
    contents: tuple[Text, ...] = ()
    link: str = ""
    id: str = ""
    published: str = ""
    updated: str = ""
    language: str = ""
    author: str = ""
    author_name: str = ""
    image: str = ""
    ttl: str = ""
    comments: str = ""
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    repairs: tuple[str, ...] = ()

    def hrefs(self, rel: str) -> list[str]:
        return [one.href for one in self.links if one.rel == rel]


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document. `format` is named as feedparser names it, `encoding` as Python does."""

    encoding: str
    format: str
    feed: Node
    entries: tuple[Node, ...] = ()
    repairs: tuple[str, ...] = field(default=())


def safe_link(address: str) -> str:
    """An address that may be stored: trimmed, NFC, and nothing that runs or reads files."""
    address = nfc(address).strip()
    return "" if UNSAFE_SCHEME.match(address) else address


def from_old_fonts(node: Node) -> Node:
    """`node` with texts typed for old fonts in Unicode. One entry may be old in a feed that is not."""
    texts = (node.title, node.summary, *node.contents)
    if all(one.value.isascii() for one in texts):
        return node
    legacy = _legacy([one.value for one in texts])
    if not legacy:
        return node

    def converted(text: Text) -> Text:
        old = not is_unicode_vietnamese(text.value)
        return replace(text, value=to_unicode(text.value, legacy)) if old else text

    return replace(
        node,
        title=converted(node.title),
        summary=converted(node.summary),
        contents=tuple(converted(one) for one in node.contents),
        repairs=(*node.repairs, legacy),
    )


def _legacy(values: Sequence[str]) -> str:
    together = legacy_of("\n".join(values))
    return together or next(filter(None, (legacy_of(one) for one in values)), "")
