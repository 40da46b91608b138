"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json
from typing import Any

from congtruong.syndication.pipeline.model import Feed, File, Item
from congtruong.syndication.pipeline.xml import clean


def write_json(feed: Feed) -> bytes:
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed.self_url,
        "description": feed.description,
        "icon": feed.icon_url,
        "authors": [{"name": feed.author, "url": feed.home_url}],
        "language": "vi",
        "hubs": [{"type": "WebSub", "url": feed.hub_url}],
        "items": [_item(item) for item in feed.items],
    }
    return json.dumps(_cleaned(made), ensure_ascii=False, indent=1).encode()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, list) else value


def _item(item: Item) -> dict[str, Any]:
    made: dict[str, Any] = {"id": item.id, "url": item.url, "title": item.title}
    # One of the two must stand there.
    made |= {"content_html": item.content} if item.content else {"content_text": item.summary or item.title}
    if item.summary:
        made["summary"] = item.summary
    if item.image:
        made["image"] = item.image
    made["date_published"] = item.published_at.isoformat()
    if item.updated_at != item.published_at:
        made["date_modified"] = item.updated_at.isoformat()
    made |= {"authors": [{"name": item.author or item.source}], "tags": [item.category], "language": "vi"}
    if item.files:
        made["attachments"] = [_attachment(file) for file in item.files]
    return made


def _attachment(file: File) -> dict[str, Any]:
    made: dict[str, Any] = {"url": file.url, "mime_type": file.type}
    if file.name:
        made["title"] = file.name
    if file.size:
        made["size_in_bytes"] = file.size
    return made
