"""The versions of an article: the list, two side by side, bringing one back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from congtruong.console import phrases
from congtruong.console.blocks.posts import FACTS, facts, steps
from congtruong.console.forms.articles import CompareForm
from congtruong.console.views.articles import article, title_of, to_editor
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core.errors import DomainError
from congtruong.editorial.models import Post, Revision
from congtruong.editorial.pipeline.compare import compare_facts, compare_html
from congtruong.editorial.queries import categories, revision_numbered, revisions
from congtruong.editorial.services import Content, restore
from congtruong.editorial.services.storing import read_assets
from congtruong.portal.blocks.paging import Pages
from congtruong.publication.enums import Channel
from congtruong.units.rules.duties import Act

_ON_A_PAGE = 50


@desk(Act.WRITE)
@require_GET
def index(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Every version, the last one first; two may be chosen for comparing."""
    post = article(desk, post_id)
    found = revisions(post)
    asked = request.GET.get("trang", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    base = reverse("console:post-history", args=(post.pk,)) + "?"
    pages = Pages(number, found.count(), base, size=_ON_A_PAGE)
    if not pages.exists:
        pages = Pages(1, pages.total, base, size=_ON_A_PAGE)
    context = {
        "post": post,
        "revisions": list(found[pages.offset : pages.offset + _ON_A_PAGE]),
        "pages": pages,
        "steps": steps(post, desk.acts),
    }
    return render_desk(request, desk, "console/history.html", context, page="posts")


@desk(Act.WRITE)
@require_GET
def compare(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """Two versions, or with 0 one version and what stands in the editor now."""
    post = article(desk, post_id)
    form = CompareForm(request.GET)
    if not form.is_valid():
        raise Http404
    first, second = sorted((form.cleaned_data["tu"], form.cleaned_data["den"]), key=lambda number: number or 10**9)
    old_revision, new_revision = _version(post, first), _version(post, second)
    old, new = _content(post, old_revision), _content(post, new_revision)
    assets = read_assets(post.unit_id, old, new)
    named = {row.pk: row for row in categories(desk.unit, Channel(post.channel))}
    context = {
        "post": post,
        "old": old_revision,
        "new": new_revision,
        "changes": compare_html(old.body, new.body),
        "facts": compare_facts(facts(old, assets, named), facts(new, assets, named), FACTS),
        "steps": steps(post, desk.acts),
    }
    return render_desk(request, desk, "console/history_compare.html", context, page="posts")


@desk(Act.WRITE)
@require_POST
def bring_back(request: HttpRequest, desk: Desk, post_id: int, number: int) -> HttpResponseBase:
    post = article(desk, post_id)
    revision = _version(post, number)
    if revision is None:
        raise Http404
    try:
        post = restore(post=post, revision=revision, acts=desk.acts, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
        return HttpResponseRedirect(reverse("console:post-history", args=(post_id,)))
    messages.success(request, phrases.RESTORED.format(number=number, title=title_of(post)))
    return to_editor(post_id)


def _version(post: Post, number: int) -> Revision | None:
    """A version by its number; None for 0, the working copy."""
    if number == 0:
        return None
    found = revision_numbered(post, number)
    if found is None:
        raise Http404
    return found


def _content(post: Post, revision: Revision | None) -> Content:
    return Content.from_json(revision.content) if revision is not None else Content.of(post)
