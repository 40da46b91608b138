"""The headings of each channel."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.forms.articles import CategoryForm
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core.errors import DomainError
from congtruong.editorial.models import Category
from congtruong.editorial.queries import all_categories, posts_under
from congtruong.editorial.services import add_category, delete_category, move_category, rename_category
from congtruong.publication.enums import FEED_CHANNELS, Channel
from congtruong.units.rules.duties import Act

_PAGE = "categories"
# Channels whose public lists are read heading by heading.
_WITH_HEADINGS = (*FEED_CHANNELS, Channel.RESOURCE, Channel.QUESTION)


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """All headings by channel; POST adds one."""
    form = CategoryForm(request.POST or None)
    problem = ""
    if request.method == "POST":
        if not form.is_valid():
            problem = phrases.CHOOSE_AGAIN
        else:
            channel = Channel(form.cleaned_data["channel"])
            try:
                made = add_category(unit=desk.unit, channel=channel, name=form.cleaned_data["name"], by=desk.by)
            except DomainError as error:
                problem = error.message
            else:
                messages.success(request, phrases.CATEGORY_ADDED.format(name=made.name))
                return HttpResponseRedirect(reverse("console:categories"))
    return _page(request, desk, problem=problem)


@desk(Act.STRUCTURE)
@require_POST
def rename(request: HttpRequest, desk: Desk, category_id: int) -> HttpResponseBase:
    category = _category(desk, category_id)
    try:
        category = rename_category(category=category, name=request.POST.get("name", "")[:200], by=desk.by)
    except DomainError as error:
        return _page(request, desk, problem=error.message)
    messages.success(request, phrases.CATEGORY_RENAMED.format(name=category.name))
    return HttpResponseRedirect(reverse("console:categories"))


@desk(Act.STRUCTURE)
@require_POST
def move(request: HttpRequest, desk: Desk, category_id: int) -> HttpResponseBase:
    """One place up with `len=1`, down without."""
    move_category(category=_category(desk, category_id), up=request.POST.get("len") == "1", by=desk.by)
    messages.success(request, phrases.CATEGORY_MOVED)
    return HttpResponseRedirect(reverse("console:categories"))


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, desk: Desk, category_id: int) -> HttpResponseBase:
    """A page of its own that says how many articles lose their heading."""
    category = _category(desk, category_id)
    if request.method == "POST":
        name = category.name
        delete_category(category=category, by=desk.by)
        messages.success(request, phrases.CATEGORY_DELETED.format(name=name))
        return HttpResponseRedirect(reverse("console:categories"))
    context = {"category": category, "count": posts_under(category), "channel": Channel(category.channel)}
    return render_desk(request, desk, "console/post_category_delete.html", context, page=_PAGE)


def _category(desk: Desk, category_id: int) -> Category:
    found = Category.objects.filter(unit=desk.unit, pk=category_id).select_related("unit").first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, desk: Desk, *, problem: str) -> HttpResponseBase:
    by_channel: dict[Channel, list[Category]] = {}
    for category in all_categories(desk.unit):
        by_channel.setdefault(Channel(category.channel), []).append(category)
    context = {
        "groups": [(channel, by_channel.get(channel, [])) for channel in _WITH_HEADINGS],
        "problem": problem,
        "sent": request.POST,
    }
    status = 422 if problem else 200
    return render_desk(request, desk, "console/post_categories.html", context, page=_PAGE, status=status)
