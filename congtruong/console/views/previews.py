"""Secret addresses at which an article is read before it is public."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.views.articles import article, is_page, read_page, refuse, show_editor, to_editor
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core import clock
from congtruong.core.addresses import absolute
from congtruong.core.errors import DomainError
from congtruong.core.middleware import CONTENT_SECURITY_POLICY
from congtruong.editorial import errors
from congtruong.editorial.models import PreviewLink
from congtruong.editorial.queries import preview_links
from congtruong.editorial.services import make_preview, revoke_preview, save_draft
from congtruong.editorial.services.previews import preview_link
from congtruong.units.rules.duties import Act


@desk(Act.WRITE)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    """POST makes an address (and saves what the editor's page sent); GET shows the page behind it."""
    post = article(desk, post_id)
    here = reverse("console:post-preview", args=(post.pk,))
    if request.method == "POST":
        if is_page(request):
            refused = _save(request, desk, post_id)
            if refused is not None:
                return refused
        token = make_preview(post=post, by=desk.by)
        return HttpResponseRedirect(f"{here}?{urlencode({'ma': token})}")
    token = request.GET.get("ma", "")[:64]
    now = clock.now()
    link = preview_link(desk.unit, token, now) if token else None
    if link is not None and link.post_id != post.pk:
        raise Http404
    is_narrow = request.GET.get("rong") == "360"
    url = absolute(desk.host, f"/xem-thu/{token}/") if link is not None else ""
    context = {
        "post": post,
        "url": url,
        "link": link,
        "links": preview_links(post, now),
        "is_narrow": is_narrow,
        "wide_url": f"{here}?{urlencode({'ma': token})}",
        "narrow_url": f"{here}?{urlencode({'ma': token, 'rong': '360'})}",
    }
    response = render_desk(request, desk, "console/post_preview.html", context, page="posts")
    # On the central host the portal is another origin.
    response.headers["Content-Security-Policy"] = (
        f"{CONTENT_SECURITY_POLICY}; frame-src 'self' {absolute(desk.host, '')}"
    )
    # The token stands in the address of this page.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@desk(Act.WRITE)
@require_POST
def revoke(request: HttpRequest, desk: Desk, post_id: int, link_id: int) -> HttpResponseBase:
    post = article(desk, post_id)
    link = PreviewLink.objects.filter(post=post, pk=link_id).select_related("post").first()
    if link is None:
        raise Http404
    revoke_preview(link=link, by=desk.by)
    messages.success(request, phrases.PREVIEW_REVOKED)
    return HttpResponseRedirect(reverse("console:post-preview", args=(post.pk,)))


def _save(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase | None:
    """Store what stands on the editor's page, where this person may; returns the page to answer with instead."""
    post = article(desk, post_id)
    sent = read_page(request, desk, post)
    if not sent.form.is_valid():
        return show_editor(request, desk, post, sent=sent)
    try:
        save_draft(post=post, content=sent.content, acts=desk.acts, by=desk.by, version=sent.version)
    except errors.NotOpen:
        return None
    except errors.Overtaken as error:
        messages.warning(request, error.message)
        return to_editor(post_id)
    except DomainError as error:
        return refuse(request, desk, post, sent, error)
    return None
