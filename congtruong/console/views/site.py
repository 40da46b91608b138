"""Menu, links and the tree of pages: what leads visitors through a portal."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.forms.site import LinkForm, MenuForm, ParentForm
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core.errors import DomainError
from congtruong.editorial.models import Post
from congtruong.editorial.queries import page_tree
from congtruong.editorial.services import move_page, place_page
from congtruong.portal.blocks.shell import default_nav
from congtruong.portal.blocks.targets import fixed_targets
from congtruong.portal.models import Link, MenuItem
from congtruong.portal.queries import links_of, menu_items
from congtruong.portal.services import (
    Word,
    add_link,
    add_menu_item,
    change_link,
    change_menu_item,
    move_link,
    move_menu_item,
    remove_link,
    remove_menu_item,
    reset_menu,
    start_menu,
)
from congtruong.publication.enums import Channel
from congtruong.units.rules.duties import Act

Saved = TypeVar("Saved")

_OTHER = "khac"
# Which field of the form a refusal belongs to.
_FIELDS = {
    "portal.label_invalid": "label",
    "portal.target_invalid": "address",
    "portal.menu_too_deep": "parent",
    "portal.menu_full": "parent",
    "portal.link_twice": "url",
}


# --- Menu -------------------------------------------------------------------------------------------------------------


@desk(Act.STRUCTURE)
@require_GET
def menu(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    items = menu_items(desk.unit)
    names = {path: name for name, path in fixed_targets(desk.unit)}
    tops = [item for item in items if item.parent_id is None]
    rows = [(top, _leads(top, names), _below(top, items, names)) for top in tops]
    context = {"rows": rows, "standard": default_nav(desk.unit)}
    return render_desk(request, desk, "console/site_menu.html", context, page="menu")


@desk(Act.STRUCTURE)
@require_POST
def menu_start(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """From the product's menu to one of the unit's own, which looks the same at first."""
    items = [(item.label, item.path) for item in default_nav(desk.unit)]
    start_menu(unit=desk.unit, items=items, by=desk.by)
    messages.success(request, phrases.MENU_STARTED)
    return _to("console:menu")


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def menu_add(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    form = _menu_form(request, desk, None)
    if request.method == "POST" and form.is_valid():
        saved = _try(form, lambda: add_menu_item(unit=desk.unit, word=_word(form, desk), by=desk.by))
        if saved is not None:
            messages.success(request, phrases.MENU_SAVED.format(label=saved.label))
            return _to("console:menu")
    return _page(request, desk, "console/site_menu_item.html", {"form": form, "item": None}, form, "menu")


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def menu_item(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    item = _own_item(desk, item_id)
    form = _menu_form(request, desk, item)
    if request.method == "POST" and form.is_valid():
        saved = _try(form, lambda: change_menu_item(unit=desk.unit, item=item, word=_word(form, desk), by=desk.by))
        if saved is not None:
            messages.success(request, phrases.MENU_SAVED.format(label=saved.label))
            return _to("console:menu")
    return _page(request, desk, "console/site_menu_item.html", {"form": form, "item": item}, form, "menu")


@desk(Act.STRUCTURE)
@require_POST
def menu_up(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    move_menu_item(unit=desk.unit, item=_own_item(desk, item_id), step=-1, by=desk.by)
    return _to("console:menu", f"muc-{item_id}")


@desk(Act.STRUCTURE)
@require_POST
def menu_down(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    move_menu_item(unit=desk.unit, item=_own_item(desk, item_id), step=1, by=desk.by)
    return _to("console:menu", f"muc-{item_id}")


@desk(Act.STRUCTURE)
@require_POST
def menu_remove(request: HttpRequest, desk: Desk, item_id: int) -> HttpResponseBase:
    item = _own_item(desk, item_id)
    remove_menu_item(unit=desk.unit, item=item, by=desk.by)
    messages.success(request, phrases.MENU_REMOVED.format(label=item.label))
    return _to("console:menu")


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def menu_reset(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Give up the unit's own menu; a page of its own, because the words are gone then."""
    if request.method == "POST":
        reset_menu(unit=desk.unit, by=desk.by)
        messages.success(request, phrases.MENU_RESET)
        return _to("console:menu")
    context = {"standard": default_nav(desk.unit)}
    return render_desk(request, desk, "console/site_menu_reset.html", context, page="menu")


def _own_item(desk: Desk, item_id: int) -> MenuItem:
    item = MenuItem.objects.filter(unit=desk.unit, pk=item_id).first()
    if item is None:
        raise Http404
    return item


def _leads(item: MenuItem, names: dict[str, str]) -> tuple[str, bool]:
    """Where an item leads, in words, and whether visitors see nothing there now."""
    if item.page is not None:
        return item.page.title or phrases.UNTITLED, item.page.live_id is None
    return names.get(item.target, item.target), False


def _below(top: MenuItem, items: list[MenuItem], names: dict[str, str]) -> list[tuple[MenuItem, tuple[str, bool]]]:
    return [(item, _leads(item, names)) for item in items if item.parent_id == top.pk]


def _menu_form(request: HttpRequest, desk: Desk, item: MenuItem | None) -> MenuForm:
    fixed = fixed_targets(desk.unit)
    pages = [(row.post.pk, "– " * row.depth + (row.post.title or phrases.UNTITLED)) for row in page_tree(desk.unit)]
    tops = MenuItem.objects.filter(unit=desk.unit, parent=None)
    if item is not None:
        tops = tops.exclude(pk=item.pk)
    initial: dict[str, Any] = {"where": _OTHER}
    if item is not None:
        is_fixed = item.target in {path for _, path in fixed}
        where = f"t:{item.page_id}" if item.page_id else f"p:{item.target}" if is_fixed else _OTHER
        initial = {
            "label": item.label,
            "where": where if item.page_id or item.target else "",
            "address": "" if is_fixed else item.target,
            "parent": item.parent_id,
            "is_hidden": item.is_hidden,
        }
    parents = list(tops.values_list("pk", "label"))
    return MenuForm(request.POST or None, fixed=fixed, pages=pages, parents=parents, initial=initial)


def _word(form: MenuForm, desk: Desk) -> Word:
    given = form.cleaned_data
    kind, _, value = str(given["where"]).partition(":")
    return Word(
        label=given["label"],
        page_id=int(value) if kind == "t" else None,
        target=value if kind == "p" else given["address"] if kind == _OTHER else "",
        parent_id=given["parent"],
        is_hidden=given["is_hidden"],
        own_host=desk.host,
    )


# --- Links ------------------------------------------------------------------------------------------------------------


@desk(Act.STRUCTURE)
@require_GET
def links(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    context = {"links": links_of(desk.unit)}
    return render_desk(request, desk, "console/site_links.html", context, page="links")


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def link_add(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = _try(form, lambda: add_link(unit=desk.unit, **form.cleaned_data, by=desk.by))
        if saved is not None:
            messages.success(request, phrases.LINK_SAVED.format(label=saved.label))
            return _to("console:links")
    return _page(request, desk, "console/site_link.html", {"form": form, "link": None}, form, "links")


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, desk: Desk, link_id: int) -> HttpResponseBase:
    own = _own_link(desk, link_id)
    form = LinkForm(request.POST or None, initial={"label": own.label, "url": own.url, "group": own.group})
    if request.method == "POST" and form.is_valid():
        saved = _try(form, lambda: change_link(unit=desk.unit, link=own, **form.cleaned_data, by=desk.by))
        if saved is not None:
            messages.success(request, phrases.LINK_SAVED.format(label=saved.label))
            return _to("console:links")
    return _page(request, desk, "console/site_link.html", {"form": form, "link": own}, form, "links")


@desk(Act.STRUCTURE)
@require_POST
def link_up(request: HttpRequest, desk: Desk, link_id: int) -> HttpResponseBase:
    move_link(unit=desk.unit, link=_own_link(desk, link_id), step=-1, by=desk.by)
    return _to("console:links", f"muc-{link_id}")


@desk(Act.STRUCTURE)
@require_POST
def link_down(request: HttpRequest, desk: Desk, link_id: int) -> HttpResponseBase:
    move_link(unit=desk.unit, link=_own_link(desk, link_id), step=1, by=desk.by)
    return _to("console:links", f"muc-{link_id}")


@desk(Act.STRUCTURE)
@require_POST
def link_remove(request: HttpRequest, desk: Desk, link_id: int) -> HttpResponseBase:
    own = _own_link(desk, link_id)
    remove_link(unit=desk.unit, link=own, by=desk.by)
    messages.success(request, phrases.LINK_REMOVED.format(label=own.label))
    return _to("console:links")


def _own_link(desk: Desk, link_id: int) -> Link:
    found = Link.objects.filter(unit=desk.unit, pk=link_id).first()
    if found is None:
        raise Http404
    return found


# --- Pages ------------------------------------------------------------------------------------------------------------


@desk(Act.STRUCTURE)
@require_GET
def pages(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    context = {"rows": page_tree(desk.unit), "may_write": desk.can(Act.WRITE), "channel": Channel.PAGE.value}
    return render_desk(request, desk, "console/site_pages.html", context, page="pages")


@desk(Act.STRUCTURE)
@require_POST
def page_up(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    return _step(request, desk, post_id, -1)


@desk(Act.STRUCTURE)
@require_POST
def page_down(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    return _step(request, desk, post_id, 1)


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def page_place(request: HttpRequest, desk: Desk, post_id: int) -> HttpResponseBase:
    post = _own_page(desk, post_id)
    others = [
        (row.post.pk, "– " * row.depth + (row.post.title or phrases.UNTITLED))
        for row in page_tree(desk.unit)
        if row.post.pk != post.pk
    ]
    form = ParentForm(request.POST or None, pages=others, initial={"parent": post.parent_id})
    if request.method == "POST" and form.is_valid():
        parent_id = form.cleaned_data["parent"]
        if _try(form, lambda: place_page(post=post, parent_id=parent_id, by=desk.by), field="parent") is not None:
            messages.success(request, phrases.PAGE_MOVED.format(title=post.title or phrases.UNTITLED))
            return _to("console:pages", f"muc-{post_id}")
    return _page(request, desk, "console/site_page_place.html", {"form": form, "post": post}, form, "pages")


def _step(request: HttpRequest, desk: Desk, post_id: int, step: int) -> HttpResponseBase:
    try:
        move_page(post=_own_page(desk, post_id), step=step, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
    return _to("console:pages", f"muc-{post_id}")


def _own_page(desk: Desk, post_id: int) -> Post:
    found = Post.objects.filter(unit=desk.unit, channel=Channel.PAGE, pk=post_id).first()
    if found is None:
        raise Http404
    return found


# --- Shared -----------------------------------------------------------------------------------------------------------


def _try(form: Any, save: Callable[[], Saved], *, field: str = "") -> Saved | None:
    """What the service saved, or None when it refused; then the form says why."""
    try:
        return save()
    except DomainError as error:
        name = field or _FIELDS.get(error.code, "")
        if error.code == "portal.target_invalid" and "url" in form.fields:
            name = "url"
        form.add_error(name if name in form.fields else None, error.message)
        return None


def _to(name: str, anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name) + (f"#{anchor}" if anchor else ""))


def _page(
    request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], form: Any, page: str
) -> HttpResponseBase:
    return render_desk(request, desk, template, context, page=page, status=422 if form.is_bound else 200)
