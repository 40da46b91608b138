"""The archive of a unit, put back into a unit that has no content yet: all of it or nothing."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import Error as DatabaseError
from django.db import transaction

from congtruong.core import audit
from congtruong.core.errors import DomainError
from congtruong.editorial.models import DocumentType, Post, Revision
from congtruong.editorial.services.restoring import (
    finish_post,
    restore_category,
    restore_post,
    restore_relations,
    restore_revision,
)
from congtruong.media.errors import QuotaFull
from congtruong.media.models import Asset
from congtruong.media.services import MOST_BYTES
from congtruong.media.services.restoring import restore_asset
from congtruong.portal.services import (
    Banner,
    Word,
    add_link,
    add_menu_item,
    add_redirects,
    arrange_home,
    set_banner,
    set_crest,
    set_quick_links,
)
from congtruong.transfer import errors
from congtruong.transfer.models import Imported
from congtruong.transfer.pipeline.bundle import Bundle
from congtruong.transfer.pipeline.errors import SourceError
from congtruong.units.models import Unit

_FILE_ADDRESS = re.compile(r"/tep/([0-9a-f]{32})/")


@transaction.atomic
def restore_unit(*, unit: Unit, bundle: Bundle, by: str) -> dict[str, int]:
    """Bring the content of a checked archive into a unit whose scope was entered; returns how many of what.

    Raises `UnitNotEmpty`, `SourceError` for an archive that contradicts itself, `QuotaFull`.
    """
    if Post.objects.filter(unit=unit).exists() or Asset.objects.filter(unit=unit).exists():
        raise errors.UnitNotEmpty
    try:
        counts = _Unpacking(unit, bundle, by).run()
    except (QuotaFull, SourceError):
        raise
    except (DomainError, DatabaseError, ValidationError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise SourceError("damaged", f"{type(problem).__name__}: {problem}"[:300]) from problem
    audit.record("transfer.unit.restored", unit_id=unit.pk, subject=unit.name, by=by, **counts)
    return counts


class _Unpacking:
    """Names in the archive on one side, rows of this database on the other."""

    def __init__(self, unit: Unit, bundle: Bundle, by: str) -> None:
        self._unit = unit
        self._bundle = bundle
        self._by = by
        self._categories: dict[str, int] = {}
        self._assets: dict[str, Asset] = {}
        self._posts: dict[str, Post] = {}
        self._live: dict[str, int] = {}
        self._revisions: dict[tuple[str, int], Revision] = {}
        self._types = {(one.group, one.name): one.pk for one in DocumentType.objects.all()}

    def run(self) -> dict[str, int]:
        steps: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "categories": self._category,
            "media": self._asset,
            "posts": self._post,
            "revisions": self._revision,
            "imported": self._imported,
        }
        self._keys = {one["file"]: str(one["key"]) for one in self._bundle.records("keys.jsonl")}
        counts = {}
        for name, step in steps.items():
            counts[name] = 0
            for record in self._bundle.records(f"content/{name}.jsonl"):
                step(record)
                counts[name] += 1
            if name == "posts":
                self._relate()
        for name, post in self._posts.items():
            live = self._revisions[name, self._live[name]] if name in self._live else None
            finish_post(post=post, live=live)
        redirects = [(one["old"], one["new"]) for one in self._bundle.records("content/redirects.jsonl")]
        add_redirects(unit=self._unit, redirects=redirects, by=self._by)
        return {**counts, "redirects": len(redirects), **self._arrange()}

    def _arrange(self) -> dict[str, int]:
        """What the portal shows around the content."""
        quick = [(one["label"], one["icon"], one["path"]) for one in self._bundle.records("content/quick.jsonl")]
        set_quick_links(unit=self._unit, links=quick)
        counts = {"quick": len(quick), "links": 0, "menu": 0}
        for one in self._bundle.records("content/links.jsonl"):
            add_link(unit=self._unit, label=one["label"], url=one["url"], group=one["group"], by=self._by)
            counts["links"] += 1
        for one in self._bundle.records("content/menu.jsonl"):
            top = add_menu_item(unit=self._unit, word=self._word(one, None), by=self._by)
            for below in one["below"]:
                add_menu_item(unit=self._unit, word=self._word(below, top.pk), by=self._by)
            counts["menu"] += 1
        for one in self._bundle.records("content/site.jsonl"):
            self._settle(one)
        return counts

    def _word(self, record: Mapping[str, Any], parent_id: int | None) -> Word:
        return Word(
            label=record["label"],
            page_id=self._post_id(record["page"]),
            target=record["target"],
            parent_id=parent_id,
            is_hidden=bool(record["is_hidden"]),
        )

    def _settle(self, record: Mapping[str, Any]) -> None:
        order = [(str(block), bool(is_on)) for block, is_on in record["home"]]
        arrange_home(unit=self._unit, order=order, by=self._by)
        if record["crest"]:
            set_crest(unit=self._unit, asset_id=self._assets[record["crest"]].pk, by=self._by)
        if record["banner"]:
            banner = Banner(
                asset_id=self._assets[record["banner"]].pk,
                alt=record["banner_alt"],
                title=record["banner_title"],
                caption=record["banner_caption"],
                target=record["banner_target"],
                from_on=_day(record["banner_from"]),
                to_on=_day(record["banner_to"]),
                is_hero=bool(record["banner_is_hero"]),
            )
            set_banner(unit=self._unit, banner=banner, by=self._by)

    def _category(self, record: Mapping[str, Any]) -> None:
        made = restore_category(unit=self._unit, facts=record)
        self._categories[f"{made.channel}/{made.slug}"] = made.pk

    def _asset(self, record: Mapping[str, Any]) -> None:
        file = record["file"]
        names = [record["name"]]
        if record["kind"] == Asset.Kind.IMAGE:
            copies = [*([record["original"]] if record.get("original") else []), *record["renditions"]]
            names = [copy["name"] for copy in copies]
        bodies = {name: self._bundle.file(f"files/{file}/{name}", most=MOST_BYTES) for name in names}
        present = {name: body for name, body in bodies.items() if body is not None}
        self._assets[file] = restore_asset(unit=self._unit, key=self._keys.get(file, ""), facts=record, files=present)

    def _post(self, record: Mapping[str, Any]) -> None:
        register = record.get("register")
        post = restore_post(
            unit=self._unit,
            facts={**record, "body": self._body(record["body"]), "facts": self._facts(record["facts"])},
            category_id=self._category_id(record),
            cover_id=self._asset_id(record["cover"]),
            files=[(self._assets[file].pk, str(label)) for file, label in record["files"]],
            register=register,
            type_id=self._type_id(register) if register else None,
        )
        name = f"{post.channel}/{post.slug}"
        self._posts[name] = post
        if record["live"] is not None:
            self._live[name] = int(record["live"])

    def _relate(self) -> None:
        for record in self._bundle.records("content/posts.jsonl"):
            post = self._posts[f"{record['channel']}/{record['slug']}"]
            relations = (record.get("register") or {}).get("relations", [])
            restore_relations(
                post=post, parent_id=self._post_id(record["parent"]), relations=self._relations(relations)
            )

    def _revision(self, record: Mapping[str, Any]) -> None:
        post = self._posts[record["post"]]
        made = restore_revision(post=post, facts=record, content=self._content(record["content"]))
        self._revisions[record["post"], made.number] = made

    def _imported(self, record: Mapping[str, Any]) -> None:
        Imported.objects.create(
            unit=self._unit,
            source_key=str(record["source_key"])[:64],
            post_id=self._post_id(record["post"]),
            title=str(record["title"])[:500],
            outcome=str(record["outcome"])[:10],
            notes=list(record["notes"]),
            old_urls=list(record["old_urls"]),
            at=Imported._meta.get_field("at").to_python(record["at"]),  # noqa: SLF001
        )

    def _content(self, content: Mapping[str, Any]) -> dict[str, Any]:
        made = {name: value for name, value in content.items() if name not in {"category", "cover", "parent"}}
        made["category_id"] = self._category_id(content)
        made["cover_id"] = self._asset_id(content.get("cover"))
        made["parent_id"] = self._post_id(content.get("parent"))
        made["body"] = self._body(content.get("body", ""))
        made["facts"] = self._facts(content.get("facts", {}))
        made["files"] = [[self._assets[file].pk, label] for file, label in content.get("files", ())]
        register = content.get("register")
        if register is not None:
            kept = {name: value for name, value in register.items() if name != "type"}
            relations = self._relations(register.get("relations", ()))
            made["register"] = {**kept, "type_id": self._type_id(register), "relations": relations}
        return made

    def _body(self, body: str) -> str:
        def addressed(match: re.Match[str]) -> str:
            asset = self._assets.get(match[1])
            return f"/tep/{asset.key}/" if asset is not None else match.group()

        return _FILE_ADDRESS.sub(addressed, body)

    def _facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(facts)
        if "images" in made:
            made["images"] = [{**image, "asset": self._assets[image["asset"]].pk} for image in made["images"]]
        return made

    def _relations(self, relations: Any) -> list[dict[str, Any]]:
        return [{**one, "post": self._post_id(one.get("post"))} for one in relations]

    def _category_id(self, record: Mapping[str, Any]) -> int | None:
        return self._categories[record["category"]] if record.get("category") else None

    def _asset_id(self, file: str | None) -> int | None:
        return self._assets[file].pk if file else None

    def _post_id(self, name: str | None) -> int | None:
        return self._posts[name].pk if name else None

    def _type_id(self, register: Mapping[str, Any]) -> int | None:
        """Document types are the same everywhere; one that an installation added is looked for in vain."""
        return self._types.get(tuple(register["type"])) if register.get("type") else None


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
