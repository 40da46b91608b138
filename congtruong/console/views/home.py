"""The unit's home page: order of its parts, errands, banner."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from congtruong.console import phrases
from congtruong.console.forms.site import QUICK_ICONS, BannerForm, QuickForm
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core.addresses import absolute
from congtruong.core.errors import DomainError
from congtruong.core.templatetags.vi import vn_date
from congtruong.media.models import Asset
from congtruong.media.queries import library, own_file, public_file
from congtruong.portal.enums import ALWAYS_SHOWN, HomeBlock
from congtruong.portal.models import SiteSettings
from congtruong.portal.queries import quick_links, site_of
from congtruong.portal.rules.home import arrangement, moved
from congtruong.portal.services import MOST_QUICK, Banner, arrange_home, remove_banner, set_banner, set_quick_links
from congtruong.units.rules.duties import Act

_PAGE, _OFFERED = "home", 24
_FIELDS = {"portal.alt_missing": "alt", "portal.dates_reversed": "to_on", "portal.target_invalid": "target"}


@desk(Act.STRUCTURE)
@require_GET
def home(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    site = site_of(desk.unit)
    order = arrangement(site.home, is_authority=desk.unit.is_authority)
    rows = [
        (block, is_on, block in ALWAYS_SHOWN, place == 0, place == len(order) - 1)
        for place, (block, is_on) in enumerate(order)
    ]
    context = {
        "rows": rows,
        "quick": quick_links(desk.unit),
        "site": site,
        "banner": _banner_image(desk, site),
        "portal_url": absolute(desk.host),
    }
    return render_desk(request, desk, "console/site_home.html", context, page=_PAGE)


@desk(Act.STRUCTURE)
@require_POST
def home_up(request: HttpRequest, desk: Desk, block: str) -> HttpResponseBase:
    return _move(desk, block, -1)


@desk(Act.STRUCTURE)
@require_POST
def home_down(request: HttpRequest, desk: Desk, block: str) -> HttpResponseBase:
    return _move(desk, block, 1)


@desk(Act.STRUCTURE)
@require_POST
def home_switch(request: HttpRequest, desk: Desk, block: str) -> HttpResponseBase:
    """Show a part that was off, or the other way round."""
    order = _order(desk)
    _known(order, block)
    wanted = [(key.value, (not is_on) if key == block else is_on) for key, is_on in order]
    arrange_home(unit=desk.unit, order=wanted, by=desk.by)
    return HttpResponseRedirect(f"{reverse('console:home')}#muc-{block}")


def _move(desk: Desk, block: str, step: int) -> HttpResponseBase:
    order = _order(desk)
    known, switched = _known(order, block), dict(order)
    wanted = [(key.value, switched[key]) for key in moved(list(switched), known, step)]
    arrange_home(unit=desk.unit, order=wanted, by=desk.by)
    return HttpResponseRedirect(f"{reverse('console:home')}#muc-{block}")


def _order(desk: Desk) -> list[tuple[HomeBlock, bool]]:
    return arrangement(site_of(desk.unit).home, is_authority=desk.unit.is_authority)


def _known(order: list[tuple[HomeBlock, bool]], block: str) -> HomeBlock:
    found = next((key for key, _ in order if key.value == block), None)
    if found is None:
        raise Http404
    return found


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def quick(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Six frequent errands; an empty line is left out."""
    made = formset_factory(QuickForm, extra=0, max_num=MOST_QUICK, validate_max=True)
    initial: list[dict[str, str]] = [
        {"label": link.label, "path": link.path, "icon": link.icon} for link in quick_links(desk.unit)
    ]
    initial += [{"label": "", "path": "", "icon": "note"}] * (MOST_QUICK - len(initial))
    forms: BaseFormSet[QuickForm] = made(request.POST or None, initial=initial, prefix="viec")
    if request.method == "POST" and forms.is_valid():
        links = [
            (form.cleaned_data["label"], form.cleaned_data["icon"] or "note", form.cleaned_data["path"])
            for form in forms
            if form.cleaned_data.get("label")
        ]
        problem = _quick_problem(forms, links)
        if not problem:
            set_quick_links(unit=desk.unit, links=links, by=desk.by)
            messages.success(request, phrases.QUICK_SAVED)
            return HttpResponseRedirect(reverse("console:home"))
    status = 422 if forms.is_bound else 200
    context = {"forms": forms, "icons": QUICK_ICONS}
    return render_desk(request, desk, "console/site_quick.html", context, page=_PAGE, status=status)


def _quick_problem(forms: BaseFormSet[QuickForm], links: list[tuple[str, str, str]]) -> bool:
    """Marks lines that lead nowhere on the portal, or twice to the same place."""
    seen: set[str] = set()
    found = False
    for form in forms:
        path = form.cleaned_data.get("path", "")
        if path and (not path.startswith("/") or path.startswith("//") or path in seen):
            form.add_error("path", phrases.QUICK_TWICE if path in seen else phrases.QUICK_PATH)
            found = True
        seen.add(path)
    return found


@desk(Act.STRUCTURE)
@require_http_methods(["GET", "POST"])
def banner(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Choose the large image of the home page from the library."""
    site, words = site_of(desk.unit), request.GET.get("q", "")[:100]
    images = _images(desk, words, site.banner_id, request.POST.get("asset", ""))
    choices = [(image.pk, _called(image)) for image, _ in images]
    initial = {
        "asset": site.banner_id,
        "alt": site.banner_alt,
        "title": site.banner_title,
        "caption": site.banner_caption,
        "target": site.banner_target,
        "from_on": site.banner_from,
        "to_on": site.banner_to,
        "is_hero": site.banner_is_hero,
    }
    form = BannerForm(request.POST or None, images=choices, initial=initial)
    if request.method == "POST" and form.is_valid() and _save_banner(desk, form):
        messages.success(request, phrases.BANNER_SAVED)
        return HttpResponseRedirect(reverse("console:home"))
    chosen = str(form["asset"].value() or "")
    context = {
        "form": form,
        "images": [(image, _called(image), url, str(image.pk) == chosen) for image, url in images],
        "q": words,
        "has_banner": site.banner_id is not None,
    }
    status = 422 if form.is_bound else 200
    return render_desk(request, desk, "console/site_banner.html", context, page=_PAGE, status=status)


def _save_banner(desk: Desk, form: BannerForm) -> bool:
    given = form.cleaned_data
    wanted = Banner(
        asset_id=given["asset"],
        alt=given["alt"],
        title=given["title"],
        caption=given["caption"],
        target=given["target"],
        from_on=given["from_on"],
        to_on=given["to_on"],
        is_hero=given["is_hero"],
        own_host=desk.host,
    )
    try:
        set_banner(unit=desk.unit, banner=wanted, by=desk.by)
    except DomainError as error:
        form.add_error(_FIELDS.get(error.code, "asset"), error.message)
        return False
    return True


@desk(Act.STRUCTURE)
@require_POST
def banner_remove(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    remove_banner(unit=desk.unit, by=desk.by)
    messages.success(request, phrases.BANNER_REMOVED)
    return HttpResponseRedirect(reverse("console:home"))


@desk()
@require_safe
def image(request: HttpRequest, desk: Desk, key: str, name: str) -> HttpResponseBase:
    """An image of the unit on these screens: who does not write sees only what visitors see, too."""
    reader: Any = own_file if desk.can(Act.WRITE) else public_file
    found = reader(unit=desk.unit, key=key, name=name)
    if found is None or not found.content_type.startswith("image/") or not default_storage.exists(found.path):
        raise Http404
    response = FileResponse(default_storage.open(found.path), filename=found.name, content_type=found.content_type)
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def thumb(asset: Asset) -> str:
    """Where a small copy of an image is seen on these screens; empty while it has none."""
    plain = [copy for copy in asset.renditions if str(copy["name"]).endswith(".webp")]
    return reverse("console:site-image", args=(asset.key, plain[0]["name"])) if plain else ""


def _images(desk: Desk, words: str, present: int | None, sent: str) -> list[tuple[Asset, str]]:
    """Images to choose from: the one in use, the one just chosen, then the latest that fit the words.

    Who does not write chooses among those that visitors see already.
    """
    may_choose = Q() if desk.can(Act.WRITE) else Q(is_public=True)
    given = int(sent) if sent.isdecimal() and len(sent) < 19 else None
    all_images = library(desk.unit, kind=Asset.Kind.IMAGE)
    kept = list(all_images.filter(Q(pk=present) | (Q(pk=given) & may_choose))) if present or given else []
    latest = library(desk.unit, q=words, kind=Asset.Kind.IMAGE).filter(may_choose)[:_OFFERED]
    rest = [asset for asset in latest if asset not in kept]
    return [(asset, thumb(asset)) for asset in [*kept, *rest] if asset.renditions]


def _called(image: Asset) -> str:
    """What an image is called where one is chosen; file names of cameras say nothing."""
    return image.alt or image.caption or phrases.IMAGE_UNDESCRIBED.format(day=vn_date(image.created_at))


def _banner_image(desk: Desk, site: SiteSettings) -> str:
    asset = Asset.objects.filter(unit=desk.unit, pk=site.banner_id).first() if site.banner_id else None
    return thumb(asset) if asset is not None else ""
