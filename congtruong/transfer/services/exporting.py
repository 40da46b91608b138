"""Everything of a unit in one archive. Rows are named by what stays the same elsewhere: addresses and file contents."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from django.db import models

from congtruong.editorial.models import Category, Document, DocumentType, Post, PostFile, Revision
from congtruong.media.models import Asset
from congtruong.portal.models import Link, MenuItem, QuickLink, Redirect, SiteSettings
from congtruong.portal.rules.home import arrangement
from congtruong.transfer.models import Imported
from congtruong.transfer.pipeline.bundle import BundleWriter
from congtruong.units.models import HostName, Unit

_CHUNK = 2**18
_FILE_ADDRESS = re.compile(r"/tep/([A-Za-z0-9_-]{1,64})/")
# Set by the database, derived, or naming rows of this database; what remains is content.
_NOT_CONTENT = {
    Post: {"id", "unit", "category", "cover", "parent", "live", "writer", "search_title"},
    Asset: {"id", "unit", "key", "is_public"},
    Revision: {"id", "unit", "post", "content"},
    Category: {"id", "unit"},
    Document: {"id", "unit", "post", "type", "relations"},
    SiteSettings: {"id", "unit", "home", "crest", "crest_path", "banner"},
    Unit: {"id", "search_name"},
}


def write_archive(*, unit: Unit, target: BinaryIO, tick: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Write the archive of a unit whose scope was entered; returns how many of what. `tick` is called as it goes on.

    No passwords, no accounts, nothing of other units.
    """
    packing = Packing(unit)
    bundle = BundleWriter(target)
    counts = {
        "categories": bundle.records("content/categories.jsonl", packing.categories()),
        "media": bundle.records("content/media.jsonl", packing.media()),
        "posts": bundle.records("content/posts.jsonl", packing.posts()),
        "revisions": bundle.records("content/revisions.jsonl", packing.revisions()),
        "redirects": bundle.records("content/redirects.jsonl", packing.redirects()),
        "quick": bundle.records("content/quick.jsonl", packing.quick()),
        "links": bundle.records("content/links.jsonl", packing.links()),
        "menu": bundle.records("content/menu.jsonl", packing.menu()),
        "site": bundle.records("content/site.jsonl", packing.site()),
        "imported": bundle.records("content/imported.jsonl", packing.imported()),
    }
    bundle.records("keys.jsonl", packing.keys())
    counts["files"] = 0
    for name, path in packing.stored_files():
        if default_storage.exists(path):
            bundle.file(name, _chunks(path))
            counts["files"] += 1
        tick()
    bundle.finish(unit=packing.unit_facts(), counts=counts)
    return counts


class Packing:
    """The rows of a unit as records. Names of rows are looked up once."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        assets = Asset.objects.filter(unit=unit).only("pk", "key", "sha256", "name")
        self._file_of = {asset.pk: stable_name(asset.sha256, asset.name) for asset in assets}
        self._file_of_key = {asset.key: self._file_of[asset.pk] for asset in assets}
        posts = Post.objects.filter(unit=unit).values_list("pk", "channel", "slug")
        self._post_of = {pk: f"{channel}/{slug}" for pk, channel, slug in posts}
        categories = Category.objects.filter(unit=unit).values_list("pk", "channel", "slug")
        self._category_of = {pk: f"{channel}/{slug}" for pk, channel, slug in categories}
        self._type_of = {one.pk: [one.group, one.name] for one in DocumentType.objects.all()}

    def unit_facts(self) -> dict[str, Any]:
        """What the unit says of itself, for people who open the archive; not read back."""
        facts = plain_fields(self._unit)
        facts["hosts"] = sorted(HostName.objects.filter(unit=self._unit).values_list("name", flat=True))
        return facts

    def categories(self) -> Iterator[dict[str, Any]]:
        for row in Category.objects.filter(unit=self._unit).order_by("channel", "slug"):
            yield plain_fields(row)

    def media(self) -> Iterator[dict[str, Any]]:
        for asset in self._assets():
            yield {"file": self._file_of[asset.pk], **plain_fields(asset)}

    def keys(self) -> Iterator[dict[str, Any]]:
        for asset in self._assets():
            yield {"file": self._file_of[asset.pk], "key": asset.key}

    def stored_files(self) -> Iterator[tuple[str, str]]:
        """Name in the archive and path in the storage of every stored file."""
        for asset in self._assets():
            for name in sorted(asset.stored_names):
                yield f"files/{self._file_of[asset.pk]}/{name}", f"{asset.folder}/{name}"

    def _assets(self) -> list[Asset]:
        return sorted(Asset.objects.filter(unit=self._unit), key=lambda asset: self._file_of[asset.pk])

    def posts(self) -> Iterator[dict[str, Any]]:
        documents = {row.post_id: row for row in Document.objects.filter(unit=self._unit)}
        files: dict[int, list[list[str]]] = {}
        for row in PostFile.objects.filter(unit=self._unit).order_by("order", "id"):
            files.setdefault(row.post_id, []).append([self._file_of[row.asset_id], row.label])
        rows = Post.objects.filter(unit=self._unit).select_related("live").order_by("channel", "slug")
        for post in rows.iterator(chunk_size=200):
            document = documents.get(post.pk)
            yield {
                **plain_fields(post),
                "body": self._body(post.body),
                "facts": self._facts(post.facts),
                "category": self._category_of.get(post.category_id or 0),
                "cover": self._file_of.get(post.cover_id or 0),
                "parent": self._post_of.get(post.parent_id or 0),
                "live": post.live.number if post.live else None,
                "files": files.get(post.pk, []),
                "register": self._document(document) if document else None,
            }

    def revisions(self) -> Iterator[dict[str, Any]]:
        rows = Revision.objects.filter(unit=self._unit).order_by("post__channel", "post__slug", "number")
        for row in rows.iterator(chunk_size=200):
            yield {"post": self._post_of[row.post_id], **plain_fields(row), "content": self._content(row.content)}

    def redirects(self) -> Iterator[dict[str, Any]]:
        for row in Redirect.objects.filter(unit=self._unit).order_by("old_path").iterator(chunk_size=1000):
            yield {"old": row.old_path, "new": row.new_path}

    def quick(self) -> Iterator[dict[str, Any]]:
        for row in QuickLink.objects.filter(unit=self._unit):
            yield {"label": row.label, "icon": row.icon, "path": row.path}

    def links(self) -> Iterator[dict[str, Any]]:
        for row in Link.objects.filter(unit=self._unit):
            yield {"label": row.label, "url": row.url, "group": row.group}

    def menu(self) -> Iterator[dict[str, Any]]:
        """The words of the first level, each with those below it."""
        rows = list(MenuItem.objects.filter(unit=self._unit))
        for row in rows:
            if row.parent_id is None:
                below = [self._menu_item(one) for one in rows if one.parent_id == row.pk]
                yield {**self._menu_item(row), "below": below}

    def _menu_item(self, row: MenuItem) -> dict[str, Any]:
        page = self._post_of.get(row.page_id or 0)
        return {"label": row.label, "page": page, "target": row.target, "is_hidden": row.is_hidden}

    def site(self) -> Iterator[dict[str, Any]]:
        """Order of the home page, own crest, banner; one record or none."""
        row = SiteSettings.objects.filter(unit=self._unit).first()
        if row is not None:
            yield {
                **plain_fields(row),
                "home": [
                    [str(block), is_on] for block, is_on in arrangement(row.home, is_authority=self._unit.is_authority)
                ],
                "crest": self._file_of.get(row.crest_id or 0),
                "banner": self._file_of.get(row.banner_id or 0),
            }

    def imported(self) -> Iterator[dict[str, Any]]:
        for row in Imported.objects.filter(unit=self._unit).order_by("source_key").iterator(chunk_size=1000):
            yield {
                "source_key": row.source_key,
                "post": self._post_of.get(row.post_id or 0),
                "title": row.title,
                "outcome": row.outcome,
                "notes": row.notes,
                "old_urls": row.old_urls,
                "at": row.at.isoformat(),
            }

    def _body(self, body: str) -> str:
        def named(match: re.Match[str]) -> str:
            return f"/tep/{self._file_of_key.get(match[1], match[1])}/"

        return _FILE_ADDRESS.sub(named, body)

    def _facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(facts)
        if "images" in made:
            made["images"] = [
                {**image, "asset": self._file_of[image["asset"]]}
                for image in made["images"]
                if image.get("asset") in self._file_of
            ]
        return made

    def _document(self, document: Document) -> dict[str, Any]:
        return {
            **plain_fields(document),
            "type": self._type_of.get(document.type_id or 0),
            "relations": self._relations(document.relations),
        }

    def _relations(self, relations: Any) -> list[dict[str, Any]]:
        return [{**one, "post": self._post_of.get(one.get("post") or 0)} for one in relations]

    def _content(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """A version with names for numbers; files and headings that are gone since are left out."""
        made = dict(content)
        made["body"] = self._body(made.get("body", ""))
        made["facts"] = self._facts(made.get("facts", {}))
        made["category"] = self._category_of.get(made.pop("category_id", None) or 0)
        made["cover"] = self._file_of.get(made.pop("cover_id", None) or 0)
        made["parent"] = self._post_of.get(made.pop("parent_id", None) or 0)
        made["files"] = [[self._file_of[pk], label] for pk, label in made.get("files", ()) if pk in self._file_of]
        register = made.get("register")
        if register is not None:
            register = dict(register)
            register["type"] = self._type_of.get(register.pop("type_id", None) or 0)
            register["relations"] = self._relations(register.get("relations", ()))
            made["register"] = register
        return made


def stable_name(sha256: str, name: str) -> str:
    """What a file is called in archives: the same in every database that holds it."""
    return hashlib.sha256(f"{sha256}/{name}".encode()).hexdigest()[:32]


def plain_fields(row: models.Model) -> dict[str, Any]:
    """The columns of a row that are content, as JSON has them; relations by their words."""
    made = {}
    for column in row._meta.concrete_fields:  # noqa: SLF001 - Django documents `_meta`
        if column.name in _NOT_CONTENT[type(row)]:
            continue
        value = getattr(row, column.name)
        if isinstance(value, datetime | date):
            value = value.isoformat()
        elif isinstance(value, models.Model):
            value = str(value)
        made[column.name] = value
    return made


def _chunks(path: str) -> Iterator[bytes]:
    with default_storage.open(path) as stored:
        while chunk := stored.read(_CHUNK):
            yield chunk
