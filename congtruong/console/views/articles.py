"""What the pages of one article share: finding it, reading what was sent, showing it in the editor."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import get_script_prefix, reverse

from congtruong.console import phrases
from congtruong.console.blocks.posts import look, steps
from congtruong.console.blocks.recipients import recipients
from congtruong.console.forms.articles import GuardForm
from congtruong.console.forms.posts import PostForm, school_years
from congtruong.console.forms.structured import structured_for
from congtruong.console.views.desk import Desk, render_desk
from congtruong.console.views.media import private_json, thumb_of
from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.core.middleware import WRITING_POLICY
from congtruong.delivery.errors import DueInPast
from congtruong.editorial import errors
from congtruong.editorial.enums import RelationKind, State
from congtruong.editorial.models import DocumentType, Post
from congtruong.editorial.pipeline.body import for_editor
from congtruong.editorial.queries import categories, lock_on, own_documents, own_post, pages_above
from congtruong.editorial.services import Content, Written
from congtruong.editorial.services.review import review
from congtruong.editorial.services.storing import read_assets
from congtruong.editorial.services.writing import LOCK_LAPSES
from congtruong.media.errors import FileRefused
from congtruong.media.models import Asset
from congtruong.media.services import add_asset
from congtruong.publication.enums import Channel

P = ParamSpec("P")
# Where a sentence of a service belongs in the form.
_FIELDS: dict[type[DomainError], str] = {
    errors.TitleMissing: "title",
    errors.SourceMissing: "source_name",
    errors.SourceAddressInvalid: "source_url",
    errors.RegisterMissing: "type",
    errors.DatesReversed: "expires_at",
    errors.ParentInvalid: "parent",
    errors.AltMissing: "body",
    DueInPast: "asks_due_at",
}

# What did not happen, by the address that was asked for.
_REFUSED = {
    "post-submit": phrases.NOT_SUBMITTED,
    "post-approve": phrases.NOT_PUBLISHED,
    "post-preview": phrases.NOT_PREVIEWED,
}


def signed_in_json(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Tell a script that the session ended, instead of leading it to the sign-in page."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return private_json({"reason": "signed-out"}, status=401)
        return view(request, *args, **kwargs)

    return answered


def article(desk: Desk, post_id: int) -> Post:
    """The unit's own article; another unit's does not exist here."""
    post = own_post(desk.unit, post_id)
    if post is None:
        raise Http404
    return post


def title_of(post: Post) -> str:
    return post.title or phrases.UNTITLED


def to_editor(post_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:post-edit", args=(post_id,)))


def wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@dataclass(slots=True)
class Sent:
    """The editor's page as it was sent."""

    form: PostForm
    content: Content
    version: int

    @property
    def written(self) -> Written:
        return Written(self.content, self.version)


def read_page(request: HttpRequest, desk: Desk, post: Post) -> Sent:
    """Read the editor's page, files sent with it included; problems stand in the form."""
    form = PostForm(request.POST, unit=desk.unit, channel=Channel(post.channel), post_id=post.pk, base=Content.of(post))
    form.full_clean()
    content = form.content()
    if form.is_valid():
        content = _with_uploads(request, desk, form, content)
    structured = structured_for(post.channel)
    if structured is not None:
        read = structured.clean(data=request.POST, files=request.FILES, content=content, post=post, by=desk.by)
        content = read.content
        for problem in read.problems:
            form.add_error(None, problem)
    sent = request.POST.get("version", "")
    return Sent(form, content, int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else -1)


def is_page(request: HttpRequest) -> bool:
    """Was a step taken on the editor's page, which sends everything written there?"""
    return "has_page" in request.POST


def take(
    request: HttpRequest, desk: Desk, post_id: int, step: Callable[[Post, Written | None, str], Post]
) -> Post | HttpResponseBase:
    """Take a step of the workflow with what the editor's page sent, or without; returns the page to answer with.

    Nothing typed is lost: what is refused is shown again, what came too late is a version of its own.
    """
    reason_form = GuardForm(request.POST)
    reason = reason_form.cleaned_data["guard_reason"] if reason_form.is_valid() else ""
    if not is_page(request):
        try:
            # The service reads the article behind its lock.
            return step(Post(pk=post_id, unit=desk.unit), None, reason)
        except Post.DoesNotExist as missing:
            raise Http404 from missing
        except DomainError as error:
            messages.warning(request, error.message)
            return to_editor(post_id)
    post = article(desk, post_id)
    sent = read_page(request, desk, post)
    if not sent.form.is_valid():
        return show_editor(request, desk, post, sent=sent)
    try:
        return step(post, sent.written, reason)
    except errors.Overtaken as error:
        messages.warning(request, error.message)
        return to_editor(post.pk)
    except DomainError as error:
        return refuse(request, desk, post, sent, error)


def refuse(request: HttpRequest, desk: Desk, post: Post, sent: Sent, error: DomainError) -> HttpResponseBase:
    """The editor's page again, with the sentence where it belongs."""
    field = _FIELDS.get(type(error))
    sent.form.add_error(field if field in sent.form.fields else None, error.message)
    return show_editor(request, desk, post, sent=sent)


def show_editor(
    request: HttpRequest, desk: Desk, post: Post, *, sent: Sent | None = None, words: str | None = None
) -> HttpResponseBase:
    """The editor's page: what is stored, or with `sent` what was refused.

    With `words` nothing was refused: units with these words in their names were looked for.
    """
    channel = Channel(post.channel)
    if sent is None:
        content = Content.of(post)
        form = PostForm(unit=desk.unit, channel=channel, post_id=post.pk, base=content)
        form.initial["body"] = for_editor(content.body, get_script_prefix().rstrip("/"))
    else:
        content, form = sent.content, sent.form
    assets = read_assets(post.unit_id, content)
    lock = lock_on(post, clock.now() - LOCK_LAPSES)
    holder = lock if lock is not None and lock.user_id != desk.person.pk else None
    allowed = steps(post, desk.acts)
    is_open = allowed.edit and (holder is None or sent is not None)
    own = own_documents(desk.unit, post.pk) if channel == Channel.DOCUMENT else []
    cover = assets.get(content.cover_id or 0)
    structured = structured_for(post.channel)
    context: dict[str, Any] = {
        "post": post,
        "form": form,
        "structured": structured.initial(content=content, post=post, query=request.GET) if structured else {},
        "structured_template": structured.template if structured else "",
        "channel": channel,
        "look": look(State(post.state)),
        "steps": allowed,
        "is_open": is_open,
        "body_read": "" if is_open else for_editor(content.body, get_script_prefix().rstrip("/")),
        "review": review(post, content, assets),
        "cover": thumb_of(cover) if cover is not None else None,
        "attached": [(thumb_of(assets[pk]), label) for pk, label in content.files if pk in assets],
        "version": post.version if sent is None else sent.version,
        "lock": lock.token if lock is not None and lock.user_id == desk.person.pk else "",
        "holder": holder,
        "categories": categories(desk.unit, channel),
        "years": school_years(content.school_year),
        "guard_reason": request.POST.get("guard_reason", post.guard_reason),
        "documents": own,
        "relations": form.relation_rows(own) if channel == Channel.DOCUMENT else [],
        "relation_kinds": RelationKind.choices,
        "types": list(DocumentType.objects.all()) if channel == Channel.DOCUMENT else [],
        "above": pages_above(desk.unit, post.pk) if channel == Channel.PAGE else [],
        "recipients": recipients(desk.unit, content.targets, words or "") if form.is_sent else None,
        "problems": form.problems() if sent is not None and words is None else [],
        "refused": _REFUSED.get(getattr(request.resolver_match, "url_name", "") or "", phrases.NOT_SAVED),
    }
    status = 422 if sent is not None and words is None else 200
    response = render_desk(request, desk, "console/post_edit.html", context, page="posts", status=status)
    response.headers["Content-Security-Policy"] = WRITING_POLICY
    return response


def _with_uploads(request: HttpRequest, desk: Desk, form: PostForm, content: Content) -> Content:
    """Files chosen on the page itself, for browsers without scripts."""
    cover = _stored(request, desk, form, "cover_upload")
    attached = _stored(request, desk, form, "attach_upload")
    known = {pk for pk, _ in content.files}
    files = (*content.files, *((asset.pk, "") for asset in attached if asset.pk not in known))
    return content.replaced(files=files, cover_id=cover[0].pk if cover else content.cover_id)


def _stored(request: HttpRequest, desk: Desk, form: PostForm, name: str) -> list[Asset]:
    stored: dict[int, Asset] = {}
    for file in request.FILES.getlist(name):
        try:
            asset = add_asset(unit=desk.unit, body=file.read(), name=file.name or "", by=desk.by)
        except FileRefused as error:
            form.add_error(None, f"{file.name}: {error.message}")
        else:
            stored[asset.pk] = asset
    return list(stored.values())
