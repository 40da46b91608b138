"""The unit's library: its files, what they show, who agreed, where they are used."""

from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.core.errors import DomainError
from congtruong.core.templatetags.vi import vn_size
from congtruong.editorial.services import show_users_again
from congtruong.media import phrases
from congtruong.media.enums import Consent
from congtruong.media.forms import AltForm, ConsentForm, DescriptionForm, LibraryForm
from congtruong.media.models import Asset, Usage
from congtruong.media.queries import LACKS_ALT, STOPPED, WAITING, counts, library, own_file, quota, usages_of
from congtruong.media.services import delete_asset, describe_asset, set_consent
from congtruong.portal.blocks.paging import Pages
from congtruong.portal.services import end_crest
from congtruong.units.rules.duties import Act

_PAGE = "media"
_FILTERS = {"thieu-mo-ta": LACKS_ALT, "cho-dong-y": WAITING, "ngung-dang": STOPPED}
_INLINE = ("image/webp", "image/avif", "application/pdf")
_ON_A_SHEET = 48


class _Sheets(Pages):
    """Pages of the library are longer than those of other lists: pictures are told apart at a glance."""

    __slots__ = ()

    @property
    def count(self) -> int:
        return max(1, ceil(self.total / _ON_A_SHEET))

    @property
    def offset(self) -> int:
        return (self.number - 1) * _ON_A_SHEET


@dataclass(frozen=True, slots=True)
class Thumb:
    """A file as lists show it to staff; `thumb` is empty for what is no image."""

    asset: Asset
    thumb: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is used; `url` is empty where nothing is edited by hand."""

    usage: Usage
    url: str


def thumb_of(asset: Asset) -> Thumb:
    plain = [r for r in asset.renditions if r["name"].endswith(".webp")]
    if not plain:
        return Thumb(asset, "", _address(asset, asset.name))
    middle = plain[min(1, len(plain) - 1)]
    return Thumb(asset, _address(asset, plain[0]["name"]), _address(asset, middle["name"]))


def as_json(asset: Asset) -> dict[str, Any]:
    """What the editor and the upload page need to know of a file."""
    thumb = thumb_of(asset)
    return {
        "id": asset.pk,
        "key": asset.key,
        "name": asset.name,
        "kind": asset.kind,
        "url": thumb.url,
        "alt": asset.alt,
        "width": asset.width,
        "height": asset.height,
        "thumb": thumb.thumb,
    }


@desk(Act.WRITE)
@require_GET
def index(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    q, shown, kind, number = LibraryForm(request.GET).wanted()
    found = _found(desk, q, shown, kind)
    held = counts(desk.unit)
    query = urlencode([(name, value) for name, value in (("q", q), ("loc", shown), ("loai", kind)) if value])
    pages = _Sheets(number, found.count(), reverse("console:media") + "?", query)
    if not pages.exists:
        pages = _Sheets(1, pages.total, pages.base, query)
    context = {
        "thumbs": [thumb_of(asset) for asset in found[pages.offset : pages.offset + _ON_A_SHEET]],
        "held": held,
        "used": _size(held.used),
        "most": _size(quota()),
        "chips": _chips(held.lack_alt, held.waiting, held.stopped, shown, q, kind),
        "pages": pages,
        "q": q,
        "shown": shown,
        "kind": kind,
    }
    return render_desk(request, desk, "console/media.html", context, page=_PAGE)


@desk(Act.WRITE)
@require_GET
def waiting(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Photos whose papers are awaited, for the duty that names them."""
    return HttpResponseRedirect(f"{reverse('console:media')}?loc=cho-dong-y")


@desk(Act.WRITE)
@require_GET
def picker(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The library as data, for choosing a file inside the editor."""
    q, shown, kind, number = LibraryForm(_renamed(request.GET)).wanted()
    found = _found(desk, q, shown, kind)
    pages = _Sheets(number, found.count(), "")
    items = [as_json(asset) for asset in found[pages.offset : pages.offset + _ON_A_SHEET]]
    following = number + 1 if number < pages.count else None
    return private_json({"items": items, "total": pages.total, "page": number, "next": following})


@desk(Act.WRITE)
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, desk: Desk, asset_id: int) -> HttpResponseBase:
    """One file: what it shows, who agreed, where it is used."""
    asset = _asset(desk, asset_id)
    if request.method == "GET":
        return _item_page(request, desk, asset)
    form = DescriptionForm(request.POST)
    if not form.is_valid():
        return _item_page(request, desk, asset, description=form)
    describe_asset(asset=asset, by=desk.by, **form.cleaned_data)
    messages.success(request, phrases.DESCRIBED.format(name=asset.name))
    return _to_item(asset)


@desk(Act.WRITE)
@require_POST
def consent(request: HttpRequest, desk: Desk, asset_id: int) -> HttpResponseBase:
    """Record the consent of the children shown, or that somebody wants the photo gone."""
    asset = _asset(desk, asset_id)
    form = ConsentForm(request.POST)
    if form.is_valid():
        given = Consent(form.cleaned_data["consent"])
        was_public = asset.is_public
        try:
            asset = set_consent(asset=asset, consent=given, note=form.cleaned_data["note"], by=desk.by)
        except DomainError as error:
            form.add_error("note", error.message)
        else:
            if was_public != asset.is_public or asset.is_blocked:
                show_users_again(unit=desk.unit, asset=asset)
            if asset.is_blocked:
                end_crest(unit=desk.unit, asset_id=asset.pk, by=desk.by)
            said = phrases.CONSENT_HIDDEN if was_public and not asset.is_public else phrases.CONSENT_SET
            messages.success(request, said.format(name=asset.name, consent=given.label))
            return _to_item(asset)
    return _item_page(request, desk, asset, consent=form)


@desk(Act.WRITE)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, desk: Desk, asset_id: int) -> HttpResponseBase:
    """A page of its own before a file is gone for good."""
    asset = _asset(desk, asset_id)
    problem = ""
    if request.method == "POST":
        try:
            delete_asset(asset=asset, by=desk.by)
        except DomainError as error:
            problem = error.message
        else:
            messages.success(request, phrases.DELETED.format(name=asset.name))
            return HttpResponseRedirect(reverse("console:media"))
    context = {"thumb": thumb_of(asset), "asset": asset, "places": _places(desk, asset), "problem": problem}
    status = 422 if problem else 200
    return render_desk(request, desk, "console/media_delete.html", context, page=_PAGE, status=status)


@desk(Act.WRITE)
@require_http_methods(["GET", "POST"])
def alts(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Images without a description, one after another; `sau` is the one just left out."""
    lacking = library(desk.unit).filter(LACKS_ALT)
    form = None
    if request.method == "POST":
        form = AltForm(request.POST)
        if form.is_valid():
            asset = _asset(desk, form.cleaned_data["asset"])
            describe_asset(
                asset=asset,
                alt=form.cleaned_data["alt"],
                caption=asset.caption,
                is_decorative=form.cleaned_data["is_decorative"],
                by=desk.by,
            )
            messages.success(request, phrases.DESCRIBED.format(name=asset.name))
            return HttpResponseRedirect(f"{reverse('console:media-alts')}?sau={asset.pk}")
        asset_id = form.cleaned_data.get("asset")
        lacking_now = _asset(desk, asset_id) if asset_id else None
    else:
        after = request.GET.get("sau", "")
        older = lacking.filter(pk__lt=int(after)) if after.isdecimal() and len(after) < 19 else lacking
        lacking_now = older.first()
    context = {
        "thumb": thumb_of(lacking_now) if lacking_now else None,
        "left": lacking.count(),
        "form": form,
    }
    status = 422 if form is not None else 200
    return render_desk(request, desk, "console/media_alts.html", context, page=_PAGE, status=status)


@desk(Act.WRITE)
@require_safe
def file(request: HttpRequest, desk: Desk, key: str, name: str) -> HttpResponseBase:
    """A file of the unit for those who work on it, public or not."""
    found = own_file(unit=desk.unit, key=key, name=name)
    if found is None or not default_storage.exists(found.path):
        raise Http404
    response = FileResponse(
        default_storage.open(found.path),
        filename=found.name,
        as_attachment=found.content_type not in _INLINE,
        content_type=found.content_type,
    )
    # Stored by this person's browser only, and asked for again once the session may have ended.
    response.headers["Cache-Control"] = "private, max-age=300"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def private_json(data: dict[str, Any], *, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, headers={"Cache-Control": "no-store, private"})


def _address(asset: Asset, name: str) -> str:
    return reverse("console:file", args=(asset.key, name))


def _size(size: int) -> str:
    return f"{size / 1024**3:.1f} GB".replace(".0 GB", " GB").replace(".", ",") if size >= 1024**3 else vn_size(size)


def _asset(desk: Desk, asset_id: int) -> Asset:
    """The unit's own file; another unit's does not exist here."""
    asset = Asset.objects.filter(unit=desk.unit, pk=asset_id).first()
    if not isinstance(asset, Asset):
        raise Http404
    return asset


def _found(desk: Desk, q: str, shown: str, kind: str) -> QuerySet[Asset]:
    found = library(desk.unit, q=q, kind=kind)
    return found.filter(_FILTERS[shown]) if shown else found


def _renamed(given: QueryDict) -> dict[str, Any]:
    """The words of the address in English, as the editor's own code has them."""
    names = {"q": "q", "kind": "loai", "page": "trang"}
    return {own: given[name] for name, own in names.items() if name in given}


def _chips(lack_alt: int, waiting: int, stopped: int, shown: str, q: str, kind: str) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the present one."""
    words = (
        ("", "Tất cả"),
        ("thieu-mo-ta", f"Thiếu mô tả {lack_alt}"),
        ("cho-dong-y", f"Chờ giấy đồng ý {waiting}"),
        ("ngung-dang", f"Đã ngừng đăng {stopped}"),
    )
    made = []
    for name, label in words:
        query = urlencode([(key, value) for key, value in (("q", q), ("loc", name), ("loai", kind)) if value])
        made.append((label, reverse("console:media") + (f"?{query}" if query else ""), name == shown))
    return made


def _item_page(
    request: HttpRequest,
    desk: Desk,
    asset: Asset,
    *,
    description: DescriptionForm | None = None,
    consent: ConsentForm | None = None,
) -> HttpResponseBase:
    facts = {"alt": asset.alt, "caption": asset.caption, "is_decorative": asset.is_decorative}
    context = {
        "asset": asset,
        "thumb": thumb_of(asset),
        "download": _address(asset, (asset.original or {"name": asset.name})["name"]) if asset.original else "",
        "description": description or DescriptionForm(initial=facts),
        "consent": consent or ConsentForm(initial={"consent": asset.consent, "note": asset.consent_note}),
        "consents": Consent.choices,
        "places": _places(desk, asset),
    }
    status = 422 if description or consent else 200
    return render_desk(request, desk, "console/media_item.html", context, page=_PAGE, status=status)


def _places(desk: Desk, asset: Asset) -> list[Place]:
    return [Place(usage, _edit_address(desk, usage)) for usage in usages_of(asset)]


# Where a unit has only one: its screen, and who may open it.
_SCREENS = {"banner": ("console:banner", Act.STRUCTURE), "crest": ("console:settings", Act.SETTINGS)}


def _edit_address(desk: Desk, usage: Usage) -> str:
    """The page on which this person edits the object; kinds without one, or not for him, have no link."""
    if usage.kind in _SCREENS:
        name, act = _SCREENS[usage.kind]
        return reverse(name) if desk.can(act) else ""
    try:
        return reverse(f"console:{usage.kind}-edit", args=(usage.object_id,))
    except NoReverseMatch:
        return ""


def _to_item(asset: Asset) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:media-item", args=(asset.pk,)))
