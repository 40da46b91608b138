"""Reading what waits, and deciding."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from congtruong.console.blocks.posts import FACTS, facts, for_staff, reading_minutes
from congtruong.console.views.articles import article, to_editor
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.console.views.media import thumb_of
from congtruong.core import clock
from congtruong.editorial.enums import State
from congtruong.editorial.models import Category, Post, Revision
from congtruong.editorial.pipeline.body import word_count
from congtruong.editorial.pipeline.compare import compare_facts, compare_html
from congtruong.editorial.queries import approved, categories, last_handed_in, waiting
from congtruong.editorial.services import Content
from congtruong.editorial.services.review import review
from congtruong.editorial.services.showing import published
from congtruong.editorial.services.storing import read_assets
from congtruong.portal.blocks.cards import picture_of
from congtruong.publication.enums import Channel
from congtruong.publication.services import unsaved
from congtruong.units.rules.duties import Act

_PAGE, _LONG = "approvals", 2


@desk(Act.APPROVE)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """What waits, the longest waiting first, and what was approved and is not public yet."""
    context = {
        "waiting": [(post, Channel(post.channel).label, _thumb(post)) for post in waiting(desk.unit)[:100]],
        "approved": [(post, Channel(post.channel).label) for post in approved(desk.unit)[:100]],
        "scheduled": State.SCHEDULED,
    }
    return render_desk(request, desk, "console/approvals.html", context, page=_PAGE)


@desk(Act.APPROVE)
@require_GET
def approval(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """One article as visitors will see it, what was checked, what was changed, two buttons."""
    post = article(desk, post_id)
    if post.state not in {State.SUBMITTED, State.APPROVED, State.SCHEDULED}:
        return to_editor(post_id)
    content = Content.of(post)
    before = post.live or last_handed_in(post)
    old = Content.from_json(before.content) if before is not None else None
    assets = read_assets(post.unit_id, content, old)
    entry = unsaved(content=published(post, content, at=post.published_at or clock.now(), assets=assets))
    line = list(waiting(desk.unit).values_list("pk", flat=True)) if post.state == State.SUBMITTED else []
    place = line.index(post.pk) if post.pk in line else None
    cover = assets.get(content.cover_id or 0)
    minutes = reading_minutes(word_count(content.body))
    # A short text without a summary is simply there.
    is_there = minutes < _LONG and "summary_from_text" in entry.facts
    context: dict[str, Any] = {
        "post": post,
        "entry": entry,
        "excerpt": "" if is_there else entry.summary,
        "channel": Channel(post.channel),
        "body": for_staff(entry.body, assets),
        "cover": thumb_of(cover) if cover is not None else None,
        "picture": picture_of(entry),
        "files": [(thumb_of(assets[pk]), label) for pk, label in content.files if pk in assets],
        "minutes": minutes,
        "review": review(post, content, assets),
        "number": place + 1 if place is not None else None,
        "count": len(line),
        "next_id": line[place + 1] if place is not None and place + 1 < len(line) else None,
        "register": content.register,
        "before": before,
        **_comparison(desk, post, before, old, content, assets),
    }
    return render_desk(request, desk, "console/approval.html", context, page=_PAGE)


def _comparison(
    desk: Desk, post: Post, before: Revision | None, old: Content | None, new: Content, assets: dict[int, Any]
) -> dict[str, Any]:
    """What was changed since the version that is public, or since the one that was returned."""
    if before is None or old is None:
        return {"changes": None, "facts": None}
    named: dict[int, Category] = {}
    if old.category_id != new.category_id:
        named = {row.pk: row for row in categories(desk.unit, Channel(post.channel))}
    return {
        "changes": compare_html(old.body, new.body),
        "facts": compare_facts(facts(old, assets, named), facts(new, assets, named), FACTS),
    }


def _thumb(post: Post) -> str:
    return thumb_of(post.cover).thumb if post.cover is not None else ""
