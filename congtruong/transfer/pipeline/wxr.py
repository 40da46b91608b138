"""The export file of WordPress (WXR): read as a stream, twice, so that files of any size fit into memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

from congtruong.core.sanitize import plain_text
from congtruong.core.text import shorten, squeeze
from congtruong.feeds.pipeline.dates import read_date
from congtruong.transfer.pipeline.markup import is_file, is_picture, plain_body
from congtruong.transfer.pipeline.model import PAGE, POST, OldPost, Tally
from congtruong.transfer.pipeline.paragraphs import with_paragraphs
from congtruong.transfer.pipeline.safe_xml import Open, elements
from congtruong.transfer.pipeline.shortcodes import Attached, expand_shortcodes

_MOST_TITLE = 500
_MOST_SUMMARY = 1_000
_HEAD = 64 * 2**10
_GUTENBERG = re.compile(r"<!--\s*/?wp:.*?-->", re.DOTALL)
_MORE = re.compile(r"<!--\s*(?:more|nextpage)\b.*?-->", re.DOTALL)
_KINDS = {"post": POST, "page": PAGE}
_DRAFTS = {"draft", "pending", "private", "future"}
# Not content: left out without a word.
_MACHINERY = {"nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache", "wp_global_styles"}
_MACHINERY |= {"wp_navigation", "wp_template", "wp_template_part", "wp_block", "acf-field", "acf-field-group"}


@dataclass(slots=True)
class _Site:
    """What the first pass gathers."""

    base: str = ""
    attached: dict[str, Attached] = field(default_factory=dict)
    hanging: dict[str, list[str]] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def is_wxr(head: bytes) -> bool:
    """Whether a file begins like an export of WordPress."""
    return b"wordpress.org/export/" in head[:_HEAD]


def read_wxr(open_file: Open, *, now: datetime, tally: Tally) -> Iterator[OldPost]:
    """Posts and pages in the order of the file. Raises SourceError when it is no XML, or declares entities."""
    site = _survey(open_file)
    for item in elements(open_file, "item"):
        kind = _text(item, "post_type") or "post"
        status = _text(item, "status")
        if kind == "attachment" or kind in _MACHINERY:
            continue
        if kind not in _KINDS:
            tally.add("other_kind")
        elif status in {"trash", "auto-draft", "inherit"}:
            tally.add("trash")
        elif _text(item, "post_password"):
            tally.add("password")
        else:
            yield _post(item, site, kind=_KINDS[kind], is_draft=status in _DRAFTS, now=now)


def _survey(open_file: Open) -> _Site:
    site = _Site()
    for element in elements(open_file, "item", "base_site_url", "base_blog_url", "author"):
        name = etree.QName(element).localname
        if name.startswith("base_"):
            site.base = squeeze(element.text or "") or site.base
        elif name == "author":
            site.authors[_text(element, "author_login")] = _text(element, "author_display_name")
        else:
            _survey_item(site, element)
    return site


def _survey_item(site: _Site, item: etree._Element) -> None:
    post_id = _text(item, "post_id")
    url = _text(item, "attachment_url")
    if _text(item, "post_type") != "attachment":
        site.keys[post_id] = _key(item, site)
    elif url:
        parent = _text(item, "post_parent")
        alt = _meta(item).get("_wp_attachment_image_alt", "")
        site.attached[post_id] = Attached(url, _text(item, "title"), squeeze(alt), plain_text(_excerpt(item)), parent)
        site.hanging.setdefault(parent, []).append(post_id)


def _post(item: etree._Element, site: _Site, *, kind: str, is_draft: bool, now: datetime) -> OldPost:
    post_id, meta = _text(item, "post_id"), _meta(item)
    source = _text_of(item, "encoded", "content", squeezed=False)
    is_classic = not _GUTENBERG.search(source)
    expanded = expand_shortcodes(
        _MORE.sub("", _GUTENBERG.sub("", source)), attached=site.attached, own=site.hanging.get(post_id, [])
    )
    link = _text(item, "link")
    title = shorten(plain_text(_text(item, "title")), _MOST_TITLE)
    plain = plain_body(
        with_paragraphs(expanded.html) if is_classic else expanded.html,
        title=title,
        resolve=lambda written: _resolved(written, link or site.base),
    )
    cover = site.attached.get(meta.get("_thumbnail_id", ""))
    published_at = _published(item, now=now)
    notes = [
        *(["shortcode"] if expanded.unknown else []),
        *(["no_date"] if published_at is None and not is_draft else []),
    ]
    return OldPost(
        key=_key(item, site),
        title=title,
        body=plain.body,
        summary=shorten(plain_text(_excerpt(item)), _MOST_SUMMARY),
        published_at=published_at,
        author=site.authors.get(_text(item, "creator"), "") or _text(item, "creator"),
        categories=_categories(item),
        old_urls=_old_urls(item, link, post_id, kind),
        cover=cover.url if cover and is_picture(cover.url) else "",
        images=plain.images,
        attachments=tuple(dict.fromkeys([*plain.attachments, *_hanging_files(site, post_id)])),
        kind=kind,
        is_draft=is_draft,
        parent=site.keys.get(_text(item, "post_parent"), ""),
        order=_number(_text(item, "menu_order")),
        notes=tuple(notes),
    )


def _hanging_files(site: _Site, post_id: str) -> list[str]:
    """Documents that were uploaded to this post, whether or not its text names them."""
    return [site.attached[one].url for one in site.hanging.get(post_id, []) if is_file(site.attached[one].url)]


def _old_urls(item: etree._Element, link: str, post_id: str, kind: str) -> tuple[str, ...]:
    urls = [link, _text(item, "guid"), f"/?{'page_id' if kind == PAGE else 'p'}={post_id}" if post_id else ""]
    return tuple(dict.fromkeys(filter(None, urls)))


def _key(item: etree._Element, site: _Site) -> str:
    """Ids begin at one on every site."""
    host = urlsplit(site.base).hostname or ""
    return f"wp:{host}:{_text(item, 'post_id') or _text(item, 'guid') or _text(item, 'link')}"


def _published(item: etree._Element, *, now: datetime) -> datetime | None:
    """WordPress writes local time, world time, or zeros for a draft."""
    world, local = _text(item, "post_date_gmt"), _text(item, "post_date")
    if world and not world.startswith("0000"):
        return read_date(f"{world} +0000", now=now)
    if local and not local.startswith("0000"):
        return read_date(local, now=now)
    found = read_date(_text(item, "pubDate"), now=now)
    # Drafts carry the first day of all, which is none.
    return found if found and found > datetime(2000, 1, 2, tzinfo=UTC) else None


def _categories(item: etree._Element) -> tuple[str, ...]:
    names = [
        squeeze(one.text or "")
        for one in item.iterfind("{*}category")
        if one.get("domain", "category") == "category" and one.get("nicename") != "uncategorized"
    ]
    return tuple(dict.fromkeys(filter(None, names)))


def _meta(item: etree._Element) -> dict[str, str]:
    return {_text(one, "meta_key"): _text(one, "meta_value") for one in item.iterfind("{*}postmeta")}


def _excerpt(item: etree._Element) -> str:
    return _text_of(item, "encoded", "excerpt")


def _text(item: etree._Element, name: str) -> str:
    return squeeze(item.findtext(f"{{*}}{name}") or "")


def _text_of(item: etree._Element, name: str, space: str, *, squeezed: bool = True) -> str:
    """`content:encoded` and `excerpt:encoded` differ by their namespace only."""
    for one in item.iterfind(f"{{*}}{name}"):
        namespace = etree.QName(one).namespace or ""
        if ("excerpt" in namespace) == (space == "excerpt"):
            return squeeze(one.text or "") if squeezed else one.text or ""
    return ""


def _resolved(written: str, base: str) -> str:
    try:
        address = urljoin(base, written.strip())
        scheme = urlsplit(address).scheme
    except ValueError:
        return ""
    return address if scheme in {"http", "https", ""} and address else ""


def _number(written: str) -> int:
    return min(int(written), 30_000) if written.isascii() and written.isdigit() and len(written) < 7 else 0
