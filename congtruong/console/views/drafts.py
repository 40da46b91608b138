"""Writing: the editor's page, saving it, saving by itself, and who writes now."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from congtruong.console import phrases
from congtruong.console.views.articles import (
    article,
    read_page,
    refuse,
    show_editor,
    signed_in_json,
    title_of,
    to_editor,
    wants_json,
)
from congtruong.console.views.desk import Desk, desk
from congtruong.console.views.media import private_json
from congtruong.core.errors import DomainError
from congtruong.core.templatetags.vi import vn_clock
from congtruong.editorial import errors
from congtruong.editorial.models import Post
from congtruong.editorial.services import Content, Writing, autosave, discard_changes, release, save_draft, take_over
from congtruong.editorial.services.review import Review, review
from congtruong.editorial.services.storing import read_assets
from congtruong.units.rules.duties import Act


@desk(Act.WRITE)
@require_GET
def edit(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    return show_editor(request, desk, article(desk, post_id))


@desk(Act.WRITE)
@require_POST
def save(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Store everything on the page and keep it as a version."""
    post = article(desk, post_id)
    sent = read_page(request, desk, post)
    if not sent.form.is_valid():
        return show_editor(request, desk, post, sent=sent)
    try:
        post = save_draft(post=post, content=sent.content, acts=desk.acts, by=desk.by, version=sent.version)
    except errors.Overtaken as error:
        messages.warning(request, error.message)
    except DomainError as error:
        return refuse(request, desk, post, sent, error)
    else:
        messages.success(request, phrases.SAVED.format(title=title_of(post)))
    return to_editor(post_id)


@signed_in_json
@desk(Act.WRITE)
@require_POST
def autosave_page(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """What the page sends by itself; a heartbeat only says that somebody still writes there.

    Of a field with a problem the stored value stays: the rest of the page is not lost for it.
    """
    post = article(desk, post_id)
    sent = read_page(request, desk, post)
    try:
        writing = autosave(
            post=post,
            content=None if "heartbeat" in request.POST else sent.content,
            version=sent.version,
            token=request.POST.get("lock", "")[:32],
            user=desk.person,
            acts=desk.acts,
            by=desk.by,
        )
    except errors.LockHeld as error:
        return _conflict(post, "held", error, holder=error.holder)
    except (errors.Overtaken, errors.ChangedElsewhere) as error:
        return _conflict(post, "overtaken", error)
    except errors.NotOpen as error:
        return _conflict(post, "closed", error)
    except DomainError as error:
        return private_json({"message": error.message}, status=422)
    checks = {} if writing.content is None else {"checks": _fresh_checks(post, writing.content)}
    return _written(writing, **checks)


@signed_in_json
@desk(Act.WRITE)
@require_POST
def take_over_page(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Write on in place of somebody else; what he wrote is a version."""
    post = article(desk, post_id)
    try:
        writing = take_over(post=post, user=desk.person, acts=desk.acts, by=desk.by)
    except DomainError as error:
        if wants_json(request):
            return _conflict(post, "closed", error)
        messages.warning(request, error.message)
        return to_editor(post_id)
    if wants_json(request):
        return _written(writing, url=reverse("console:post-edit", args=(post_id,)))
    messages.success(request, phrases.TAKEN_OVER)
    return to_editor(post_id)


@signed_in_json
@desk(Act.WRITE)
@require_POST
def release_page(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """The page was closed: others may write."""
    release(post=article(desk, post_id), token=request.POST.get("lock", "")[:32])
    return HttpResponse(status=204)


@desk(Act.WRITE)
@require_POST
def discard(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Back to what the public sees."""
    post = article(desk, post_id)
    try:
        post = discard_changes(post=post, acts=desk.acts, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, phrases.DISCARDED.format(title=title_of(post)))
    return to_editor(post_id)


@require_GET
def session(request: HttpRequest) -> HttpResponseBase:
    """For a page that was open while its person signed in again elsewhere."""
    return private_json({"csrf": get_token(request), "signed_in": request.user.is_authenticated})


def _written(writing: Writing, **more: Any) -> HttpResponseBase:
    return private_json(
        {"version": writing.version, "lock": writing.token, "saved_at": vn_clock(writing.saved_at), **more}
    )


def _fresh_checks(post: Post, content: Content) -> dict[str, Any]:
    """What stands in the page's panel after this saving, and the sentence for who does not see it."""
    fresh = review(post, content, read_assets(post.unit_id, content))
    return {
        "html": render_to_string("console/post_checks.html", {"review": fresh, "links": True}),
        "said": _in_short(fresh),
        "found": bool(fresh.found),
        "must_explain": fresh.must_explain,
    }


def _in_short(fresh: Review) -> str:
    to_mend = sum(check.tone == "bad" for check in fresh.checks)
    if to_mend:
        return phrases.CHECKS_TO_MEND.format(count=to_mend)
    return phrases.CHECKS_TO_EXPLAIN if fresh.must_explain else phrases.CHECKS_READY


def _conflict(post: Post, reason: str, error: DomainError, *, holder: str = "") -> HttpResponseBase:
    return private_json(
        {
            "reason": reason,
            "message": error.message,
            "holder": holder,
            "take_over_url": "" if reason == "closed" else reverse("console:post-takeover", args=(post.pk,)),
        },
        status=409,
    )
