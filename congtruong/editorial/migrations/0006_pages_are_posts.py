"""Pages become posts of the channel Giới thiệu, and what is public gets the version that the public sees."""

from typing import Any

from django.db import migrations

from congtruong.core.rowsecurity import see_everything

PAGE_CHANNEL = "gioi-thieu"
_COPIED = ("title", "slug", "summary", "body", "state", "published_at", "order")
_TEXTS = ("title", "summary", "body", "author", "source_name", "source_url", "cover_caption", "place")
_OTHERS = ("category_id", "cover_id", "school_year", "is_pinned", "levels", "shows_children", "parent_id", "order")
_DOCUMENT = (
    *("type_id", "number", "symbol", "second_reference", "issuer", "parent_issuer", "place", "signer", "signer_title"),
    *("signing_authority", "urgency", "field", "recipients", "pages", "is_signed_digitally", "relations"),
)


def move_pages(apps: Any, schema_editor: Any) -> None:
    see_everything(schema_editor)
    Page, Post = apps.get_model("editorial", "Page"), apps.get_model("editorial", "Post")
    Entry = apps.get_model("publication", "Entry")
    made: dict[int, Any] = {}
    for page in Page.objects.order_by("pk"):
        moment = page.published_at or page.created_at
        year = moment.year if moment.month >= 8 else moment.year - 1
        post = Post(unit_id=page.unit_id, channel=PAGE_CHANNEL, school_year=year)
        for name in _COPIED:
            setattr(post, name, getattr(page, name))
        post.save()
        made[page.pk] = post
        # The same id may stand for a post already: the kind changes with the id in one statement.
        Entry.objects.filter(kind="page", object_id=page.pk).update(kind="post", object_id=post.pk)
    for page in Page.objects.exclude(parent=None):
        Post.objects.filter(pk=made[page.pk].pk).update(parent_id=made[page.parent_id].pk)


def keep_live_versions(apps: Any, schema_editor: Any) -> None:
    see_everything(schema_editor)
    Post, Revision = apps.get_model("editorial", "Post"), apps.get_model("editorial", "Revision")
    PostFile, Document = apps.get_model("editorial", "PostFile"), apps.get_model("editorial", "Document")
    for post in Post.objects.filter(state="da-dang", live=None).order_by("pk").iterator():
        content = {name: getattr(post, name) for name in (*_TEXTS, *_OTHERS)}
        content["starts_at"] = post.starts_at.isoformat() if post.starts_at else None
        content["facts"] = post.facts
        files = PostFile.objects.filter(post=post).order_by("order", "pk")
        content["files"] = [[file.asset_id, file.label] for file in files]
        document = Document.objects.filter(post=post).first()
        content["register"] = _register(document) if document is not None else None
        live = Revision.objects.create(
            unit_id=post.unit_id, post=post, number=1, kind="dang", content=content, saved_by="Chuyển phiên bản"
        )
        Post.objects.filter(pk=post.pk).update(live=live)


def _register(document: Any) -> dict[str, Any]:
    register = {name: getattr(document, name) for name in _DOCUMENT}
    for name in ("issued_on", "effective_on", "expires_on"):
        value = getattr(document, name)
        register[name] = value.isoformat() if value else None
    return register


class Migration(migrations.Migration):
    dependencies = [("editorial", "0005_workflow_row_security"), ("publication", "0004_category")]

    operations = [
        migrations.RunPython(move_pages, migrations.RunPython.noop),
        migrations.RunPython(keep_live_versions, migrations.RunPython.noop),
    ]
