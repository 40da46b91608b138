"""Titles without diacritics beside the articles, so that drafts are found by what is typed without them."""

from typing import Any

from django.db import migrations, models

from congtruong.core.rowsecurity import see_everything
from congtruong.core.text import fold

_AT_ONCE = 500


def fold_titles(apps: Any, schema_editor: Any) -> None:
    see_everything(schema_editor)
    Post = apps.get_model("editorial", "Post")
    changed: list[Any] = []
    for post in Post.objects.exclude(title="").only("pk", "title").order_by("pk").iterator(chunk_size=_AT_ONCE):
        post.search_title = fold(post.title)
        changed.append(post)
        if len(changed) == _AT_ONCE:
            Post.objects.bulk_update(changed, ["search_title"])
            changed.clear()
    Post.objects.bulk_update(changed, ["search_title"])


class Migration(migrations.Migration):
    dependencies = [("editorial", "0007_no_pages")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="search_title",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
            preserve_default=False,
        ),
        migrations.RunPython(fold_titles, migrations.RunPython.noop),
    ]
