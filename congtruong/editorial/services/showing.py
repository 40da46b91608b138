"""What the public sees of a post: always its live version, never the working copy."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from congtruong.editorial.enums import RelationKind
from congtruong.editorial.models import Category, DocumentRelation, DocumentType, Post
from congtruong.editorial.pipeline.body import ImageFacts, for_public, keys_in, opening
from congtruong.editorial.services.content import Content, RegisterContent, document_of
from congtruong.editorial.services.storing import read_assets
from congtruong.media.models import Asset
from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.services import Published, Register, change_register_facts, publish


def show(post: Post, *, assets: dict[int, Asset] | None = None, is_new: bool = False) -> None:
    """Write the public form of the live version; `assets` is what `read_assets` found for it.

    A photo whose consent was withdrawn since is left out. `is_new` says that the public saw nothing of the post before.
    """
    if post.live is None or post.published_at is None:
        raise ValueError("a live post has its version and its time")
    content = Content.from_json(post.live.content)
    acted_on = _relate(post, content, is_new=is_new)
    found = read_assets(post.unit_id, content) if assets is None else assets
    allowed = {pk: asset for pk, asset in found.items() if not asset.is_blocked}
    made = published(post, content, at=post.published_at, assets=allowed, acted_on=acted_on)
    publish(content=made, is_new=is_new)


def published(
    post: Post,
    content: Content,
    *,
    at: datetime,
    assets: dict[int, Asset] | None = None,
    acted_on: list[dict[str, str]] | None = None,
) -> Published:
    """How a version of a post looks in public; used for previews as well. At most five queries.

    `acted_on` is what later documents do to it, if somebody has read that already.
    """
    if assets is None:
        assets = read_assets(post.unit_id, content)
    register = content.register
    type_name = _type_name(post, register) if register is not None else ""
    by_key = {asset.key: asset for asset in assets.values()}
    body = for_public(content.body, {key: _image_facts(asset) for key, asset in by_key.items()})
    cover = assets.get(content.cover_id) if content.cover_id is not None else None
    facts = _facts(post, content, assets, acted_on)
    # An album without a cover shows its first photo in lists, an article the first one of its text.
    image = image_of(cover, content.cover_caption) if cover is not None else (facts.get("images") or [None])[0]
    if image is None:
        image = next(
            (image_of(by_key[key], "") for key in keys_in(body) if key in by_key and by_key[key].is_image), None
        )
        facts |= {"image_in_text": True} if image is not None else {}
    summary = content.summary or opening(content.body)
    if summary and not content.summary:
        # For lists and search only: the page itself would say the same words twice.
        facts["summary_from_text"] = True
    return Published(
        unit_id=post.unit_id,
        kind=EntryKind.POST,
        object_id=post.pk,
        channels=(Channel(post.channel),),
        title=content.title,
        slug=post.slug,
        path=f"/{post.channel}/{post.slug}/",
        summary=summary,
        body=body,
        author=content.author,
        source_name=content.source_name,
        source_url=content.source_url,
        image=image,
        files=[_file(assets[asset_id], label) for asset_id, label in content.files if asset_id in assets],
        facts=facts,
        published_at=at,
        changed_at=post.changed_at,
        school_year=content.school_year,
        category=_category(post, content),
        is_pinned=content.is_pinned,
        starts_at=content.starts_at,
        is_broadcast=is_sent_below(post),
        levels=content.levels,
        targets=content.targets,
        register=_register(register, type_name),
    )


def is_sent_below(post: Post) -> bool:
    """Do the units below see it on their own portals, too?"""
    return post.unit.is_authority and post.channel in _BROADCAST


# What an authority says to the units below; its own pages, albums and calendars concern nobody else.
_BROADCAST = frozenset({Channel.NEWS, Channel.NOTICE, Channel.DOCUMENT, Channel.INVITATION})


def image_of(asset: Asset, caption: str) -> dict[str, Any]:
    """An image as public pages know it."""
    return {
        "key": asset.key,
        "alt": asset.alt,
        "caption": caption,
        "width": asset.width,
        "height": asset.height,
        "renditions": asset.renditions,
    }


def _image_facts(asset: Asset) -> ImageFacts:
    return ImageFacts(width=asset.width or 0, height=asset.height or 0, renditions=asset.renditions)


def _file(asset: Asset, label: str) -> dict[str, Any]:
    return {
        "key": asset.key,
        "name": asset.name,
        "label": label or asset.name,
        "type": asset.name.rsplit(".", 1)[-1].upper(),
        "size": asset.size,
    }


def _type_name(post: Post, register: RegisterContent) -> str:
    if register.type_id is None:
        return ""
    document = document_of(post)
    if document is not None and document.type is not None and document.type_id == register.type_id:
        return document.type.name
    return DocumentType.objects.get(pk=register.type_id).name


def _category(post: Post, content: Content) -> str | None:
    if content.category_id is None:
        return None
    if post.category is not None and post.category_id == content.category_id:
        return post.category.slug
    return Category.objects.filter(pk=content.category_id).values_list("slug", flat=True).first()


def _register(register: RegisterContent | None, type_name: str) -> Register:
    if register is None:
        return Register()
    return Register(
        symbol=register.symbol,
        type=type_name,
        issuer=register.issuer,
        issued_on=register.issued_on,
        effective_on=register.effective_on,
        expires_on=register.expires_on,
    )


def _facts(
    post: Post, content: Content, assets: dict[int, Asset], acted_on: list[dict[str, str]] | None
) -> dict[str, Any]:
    facts: dict[str, Any] = {name: value for name, value in content.facts.items() if name != "images"}
    if content.place:
        facts["place"] = content.place
    if post.channel == Channel.PAGE:
        parent = Post.objects.filter(pk=content.parent_id or 0).values_list("slug", flat=True).first()
        facts |= {"order": content.order, "parent": parent or ""}
    if post.channel == Channel.ALBUM:
        facts["images"] = [
            image_of(assets[image["asset"]], image.get("caption", ""))
            for image in content.facts.get("images", ())
            if image["asset"] in assets
        ]
        # Lists name the numbers without reading all of it.
        facts |= {"photos": len(facts["images"]), "videos": content.body.count("<oembed ")}
    if content.register is not None:
        acts = _acted_on(post) if acted_on is None else acted_on
        facts["register"] = _register_facts(content.register) | {"acted_on": acts}
    return facts


def _register_facts(register: RegisterContent) -> dict[str, Any]:
    return {
        "second_reference": register.second_reference,
        "parent_issuer": register.parent_issuer,
        "place": register.place,
        "signer": register.signer,
        "signer_title": register.signer_title,
        "signing_authority": register.signing_authority,
        "urgency": register.urgency,
        "field": register.field,
        "recipients": list(register.recipients),
        "pages": register.pages,
        "is_signed_digitally": register.is_signed_digitally,
        "relations": _relations(register),
    }


def _relations(register: RegisterContent) -> list[dict[str, str]]:
    """What this document does to others; one of the unit that is live is named with its address."""
    ids = [relation["post"] for relation in register.relations if relation.get("post")]
    others = Post.objects.filter(live__isnull=False).select_related("document").in_bulk(ids) if ids else {}
    made = []
    for relation in register.relations:
        other = others.get(relation.get("post"))
        made.append(
            {
                "kind": RelationKind(relation["kind"]).label,
                "symbol": relation.get("symbol") or (_name(other) if other is not None else ""),
                "path": _where(other) if other is not None else "",
            }
        )
    return made


def _acted_on(post: Post) -> list[dict[str, str]]:
    """What later documents of the unit do to this one."""
    return _acts_on({post.pk})[post.pk]


def _public_relations(relations: QuerySet[DocumentRelation]) -> QuerySet[DocumentRelation]:
    return relations.filter(post__live__isnull=False).select_related("post__document").order_by("pk")


def _passive(row: DocumentRelation) -> dict[str, str]:
    return {"kind": RelationKind(row.kind).passive, "symbol": _name(row.post), "path": _where(row.post)}


def _name(post: Post) -> str:
    """How other documents call this one."""
    document = document_of(post)
    return document.symbol if document is not None and document.symbol else post.title


def _where(post: Post) -> str:
    return f"/{post.channel}/{post.slug}/"


def _relate(post: Post, content: Content, *, is_new: bool) -> list[dict[str, str]] | None:
    """Keep which documents the live version acts on, and let those say so; what acts on it, if that was read."""
    if post.channel != Channel.DOCUMENT:
        return None
    relations = content.register.relations if content.register is not None else ()
    wanted = {(relation["post"], relation["kind"]) for relation in relations if relation.get("post")}
    return replace_relations(post, wanted, is_new=is_new)


def replace_relations(post: Post, wanted: set[tuple[int, str]], *, is_new: bool = False) -> list[dict[str, str]] | None:
    """Store the published relations of a document and let the documents it acts on say so.

    Returns what later documents do to it when it had to be read together with theirs, else None.
    """
    before = DocumentRelation.objects.filter(post=post).values_list("other_id", "kind")
    stored = set() if is_new else set(before)
    if stored == wanted:
        return None
    if stored:
        DocumentRelation.objects.filter(post=post).delete()
    if wanted:
        DocumentRelation.objects.bulk_create(
            DocumentRelation(unit_id=post.unit_id, post=post, other_id=other, kind=kind)
            for other, kind in sorted(wanted)
        )
    acts = _acts_on({other for other, _ in stored ^ wanted} | {post.pk})
    own = acts.pop(post.pk)
    # Their pages name what acts on them.
    change_register_facts(kind=EntryKind.POST, changes={pk: {"acted_on": found} for pk, found in acts.items()})
    return own


def _acts_on(documents: set[int]) -> dict[int, list[dict[str, str]]]:
    """What published documents of the unit do to each of these; one query."""
    found: dict[int, list[dict[str, str]]] = {pk: [] for pk in documents}
    for row in _public_relations(DocumentRelation.objects.filter(other__in=documents)):
        found[row.other_id].append(_passive(row))
    return found
