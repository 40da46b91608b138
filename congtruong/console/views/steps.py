"""The steps of an article from its writer to the public and back; one address each."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.blocks.posts import when
from congtruong.console.forms.articles import AddressForm, ReasonForm
from congtruong.console.services import move_post
from congtruong.console.views.articles import article, is_page, take, title_of, to_editor
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core.addresses import absolute
from congtruong.core.errors import DomainError
from congtruong.editorial import errors
from congtruong.editorial.enums import State
from congtruong.editorial.models import Post
from congtruong.editorial.services import (
    Written,
    approve_post,
    archive_post,
    pin_post,
    recall_post,
    reopen_post,
    return_post,
    submit_post,
    withdraw_post,
)
from congtruong.units.rules.duties import Act


@desk(Act.WRITE)
@require_POST
def submit(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    def step(post: Post, written: Written | None, reason: str) -> Post:
        return submit_post(post=post, acts=desk.acts, by=desk.by, guard_reason=reason, written=written)

    taken = take(request, desk, post_id, step)
    if not isinstance(taken, Post):
        return taken
    messages.success(request, phrases.SUBMITTED.format(title=title_of(taken)))
    return HttpResponseRedirect(reverse("console:posts"))


@desk(Act.APPROVE)
@require_POST
def approve(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Publish now, or at the time the writer asked for."""
    return _approve(request, desk, post_id, publish=True)


@desk(Act.APPROVE)
@require_POST
def accept(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Approve without publishing yet."""
    return _approve(request, desk, post_id, publish=False)


@desk(Act.WRITE)
@require_POST
def recall(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    return _plain(request, desk, post_id, partial(recall_post, acts=desk.acts, by=desk.by), phrases.RECALLED)


@desk(Act.APPROVE)
@require_POST
def send_back(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Return an article to its writer, with what to change."""
    post = article(desk, post_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        post = return_post(post=post, reason=reason, acts=desk.acts, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
        is_waiting = post.state == State.SUBMITTED
        return HttpResponseRedirect(reverse("console:approval" if is_waiting else "console:post-edit", args=(post.pk,)))
    messages.success(request, phrases.RETURNED.format(title=title_of(post)))
    return HttpResponseRedirect(reverse("console:approvals"))


@desk(Act.APPROVE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """A page of its own before an article leaves the portal; its reason stays in the trail."""
    post = article(desk, post_id)
    if post.live is None:
        messages.warning(request, errors.StepNotPossible.message)
        return to_editor(post_id)
    form = ReasonForm(request.POST or None)
    problem = ""
    if request.method == "POST":
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        try:
            if not reason:
                raise errors.WithdrawalReasonMissing
            post = withdraw_post(post=post, reason=reason, by=desk.by)
        except DomainError as error:
            problem = error.message
        else:
            messages.success(request, phrases.WITHDRAWN.format(title=title_of(post)))
            return to_editor(post_id)
    context = {"post": post, "form": form, "problem": problem}
    status = 422 if problem else 200
    return render_desk(request, desk, "console/post_withdraw.html", context, page="posts", status=status)


@desk(Act.APPROVE)
@require_POST
def archive(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    return _plain(request, desk, post_id, partial(archive_post, acts=desk.acts, by=desk.by), phrases.ARCHIVED)


@desk(Act.APPROVE)
@require_POST
def reopen(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    return _plain(request, desk, post_id, partial(reopen_post, acts=desk.acts, by=desk.by), phrases.REOPENED)


@desk(Act.APPROVE)
@require_POST
def pin(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Pin a published article with `ghim=1`, let it go without."""
    is_pinned = request.POST.get("ghim") == "1"
    said = phrases.PINNED if is_pinned else phrases.UNPINNED
    return _plain(request, desk, post_id, partial(pin_post, is_pinned=is_pinned, by=desk.by), said)


@desk(Act.APPROVE)
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Another address for an article; the old one leads visitors on."""
    post = article(desk, post_id)
    if post.state == State.ARCHIVED:
        raise Http404
    form = AddressForm(request.POST or None, initial={"address": "" if post.published_at is None else post.slug})
    problem = ""
    if request.method == "POST":
        wanted = form.cleaned_data["address"] if form.is_valid() else ""
        try:
            post = move_post(post=post, address=wanted, by=desk.by)
        except DomainError as error:
            problem = error.message
        else:
            messages.success(request, phrases.ADDRESS_CHANGED.format(title=title_of(post)))
            return to_editor(post_id)
    context = {"post": post, "form": form, "problem": problem}
    status = 422 if problem else 200
    return render_desk(request, desk, "console/post_address.html", context, page="posts", status=status)


def _approve(request: HttpRequest, desk: Desk, post_id: int, *, publish: bool) -> HttpResponseBase:
    read = request.POST.get("seen", "")
    seen = int(read) if read.isascii() and read.isdecimal() and len(read) < 10 else None

    def step(post: Post, written: Written | None, reason: str) -> Post:
        return approve_post(
            post=post,
            acts=desk.acts,
            by=desk.by,
            publish=publish,
            guard_reason=reason,
            written=written,
            seen=None if written is not None else seen,
        )

    taken = take(request, desk, post_id, step)
    if not isinstance(taken, Post):
        return HttpResponseRedirect(reverse("console:approval", args=(post_id,))) if "seen" in request.POST else taken
    said = {State.PUBLISHED: phrases.PUBLISHED, State.SCHEDULED: phrases.SCHEDULED}.get(
        State(taken.state), phrases.ACCEPTED
    )
    sentence = said.format(title=title_of(taken), moment=when(taken))
    messages.success(request, _with_link(sentence, desk, taken) if taken.state == State.PUBLISHED else sentence)
    return HttpResponseRedirect(reverse("console:posts" if is_page(request) else "console:approvals"))


def _with_link(sentence: str, desk: Desk, post: Post) -> str:
    """The sentence and the way to the article as visitors see it."""
    address = absolute(desk.host, f"/{post.channel}/{post.slug}/")
    return format_html('{} <a href="{}">{}</a>', sentence, address, phrases.SEE_ON_PORTAL)


def _plain(request: HttpRequest, desk: Desk, post_id: int, step: partial[Post], said: str) -> HttpResponseBase:
    """A step that needs nothing but its button."""
    post = article(desk, post_id)
    try:
        post = step(post=post)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, said.format(title=title_of(post)))
    return to_editor(post_id)
