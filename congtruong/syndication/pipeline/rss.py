"""RSS 2.0 with the full text (content:encoded) and links to itself and its hub (atom:link)."""

from email.utils import format_datetime
from html import escape

from congtruong.syndication.pipeline.model import Feed, Item
from congtruong.syndication.pipeline.xml import DECLARATION, element, empty

_SPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
# How long a reader without WebSub may wait.
_TTL_MINUTES = "10"


def write_rss(feed: Feed) -> bytes:
    parts = [
        DECLARATION,
        f'<rss version="2.0" {_SPACES}>\n<channel>\n',
        element("title", feed.title),
        element("link", feed.home_url),
        element("description", feed.description),
        element("language", "vi"),
        element("lastBuildDate", format_datetime(feed.updated_at)),
        element("ttl", _TTL_MINUTES),
        empty("atom:link", href=feed.self_url, rel="self", type="application/rss+xml"),
        empty("atom:link", href=feed.hub_url, rel="hub"),
        *(_item(item) for item in feed.items),
        "</channel>\n</rss>\n",
    ]
    return "".join(parts).encode()


def _item(item: Item) -> str:
    parts = [
        "<item>\n",
        element("title", item.title),
        element("link", item.url),
        element("guid", item.id, isPermaLink="false"),
        element("pubDate", format_datetime(item.published_at)),
        # HTML by custom: what looks like a tag in a plain text must not become one.
        element("description", escape(item.summary, quote=False)),
    ]
    if item.content:
        parts.append(element("content:encoded", item.content))
    parts.append(element("dc:creator", item.author or item.source))
    parts.append(element("category", item.category))
    if item.updated_at != item.published_at:
        parts.append(element("atom:updated", item.updated_at.isoformat()))
    # Readers expect one at most; the others stand in the text.
    parts += [empty("enclosure", url=file.url, length=str(file.size), type=file.type) for file in item.files[:1]]
    parts.append("</item>\n")
    return "".join(parts)
