"""A unit's own record: contact, name, colours, crest, host names."""

from django.conf import settings as conf
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.blocks.settings import host_rows, palettes
from congtruong.console.forms.site import ContactForm, CrestForm, HostForm, SettingsForm
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.console.views.home import thumb
from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.media.models import Asset
from congtruong.media.services import add_asset
from congtruong.portal.blocks.contact import contact_gaps, contact_is_old
from congtruong.portal.queries import site_of
from congtruong.portal.services import remove_crest, set_crest
from congtruong.units.enums import Crest
from congtruong.units.errors import FieldsInvalid
from congtruong.units.models import HostName
from congtruong.units.rules.duties import Act
from congtruong.units.services import (
    add_host,
    change_contact,
    change_settings,
    confirm_contact,
    remove_host,
)
from congtruong.units.services.register import CONTACT_FIELDS, SETTINGS_FIELDS


@desk(Act.CONTACT)
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    initial = {name: getattr(desk.unit, name) for name in CONTACT_FIELDS}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_contact(unit=desk.unit, values=form.cleaned_data, by=desk.by)
        except FieldsInvalid as error:
            form.take_errors(error.fields)
        else:
            messages.success(request, phrases.CONTACT_SAVED)
            return HttpResponseRedirect(reverse("console:contact"))
    context = {
        "form": form,
        "gaps": contact_gaps(desk.unit),
        "is_old": contact_is_old(desk.unit, clock.now()),
        "checked_at": desk.unit.contact_checked_at,
    }
    status = 422 if form.is_bound else 200
    return render_desk(request, desk, "console/settings_contact.html", context, page="contact", status=status)


@desk(Act.CONTACT)
@require_POST
def contact_checked(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Everything is still right."""
    confirm_contact(unit=desk.unit, by=desk.by)
    messages.success(request, phrases.CONTACT_CHECKED)
    return HttpResponseRedirect(reverse("console:contact"))


@desk(Act.SETTINGS)
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    initial = {name: getattr(desk.unit, name) for name in SETTINGS_FIELDS}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_settings(unit=desk.unit, values=form.cleaned_data, by=desk.by)
        except FieldsInvalid as error:
            form.take_errors(error.fields)
        else:
            messages.success(request, phrases.SETTINGS_SAVED)
            return HttpResponseRedirect(reverse("console:settings"))
    return _settings_page(request, desk, form, CrestForm())


@desk(Act.SETTINGS)
@require_POST
def crest(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The unit's own crest, straight from a file."""
    upload = CrestForm(request.POST, request.FILES)
    if upload.is_valid():
        given = upload.cleaned_data["file"]
        try:
            alt = f"Huy hiệu {desk.unit.name}"
            asset = add_asset(unit=desk.unit, body=given.read(), name=given.name, alt=alt, by=desk.by)
            set_crest(unit=desk.unit, asset_id=asset.pk, by=desk.by)
        except DomainError as error:
            upload.add_error("file", error.message)
        else:
            messages.success(request, phrases.SETTINGS_SAVED)
            return HttpResponseRedirect(reverse("console:settings"))
    initial = {name: getattr(desk.unit, name) for name in SETTINGS_FIELDS}
    return _settings_page(request, desk, SettingsForm(initial=initial), upload)


@desk(Act.SETTINGS)
@require_POST
def crest_remove(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    remove_crest(unit=desk.unit, by=desk.by)
    messages.success(request, phrases.CREST_REMOVED)
    return HttpResponseRedirect(reverse("console:settings"))


def _settings_page(request: HttpRequest, desk: Desk, form: SettingsForm, upload: CrestForm) -> HttpResponseBase:
    site = site_of(desk.unit)
    own = Asset.objects.filter(unit=desk.unit, pk=site.crest_id).first() if site.crest_id else None
    chosen, chosen_crest = str(form["theme"].value()), str(form["crest"].value() or "")
    context = {
        "form": form,
        "upload": upload,
        "palettes": [(palette, palette.key == chosen) for palette in palettes()],
        "crests": [
            (c.value, c.label, static(f"img/{c.value or 'hieu-ct'}.svg"), c.value == chosen_crest) for c in Crest
        ],
        "own_crest": thumb(own) if own is not None else "",
    }
    status = 422 if form.is_bound or upload.is_bound else 200
    return render_desk(request, desk, "console/settings.html", context, page="settings", status=status)


# --- Host names -------------------------------------------------------------------------------------------------------


@desk(Act.SETTINGS)
@require_GET
def hosts(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    return _hosts_page(request, desk, HostForm())


@desk(Act.SETTINGS)
@require_POST
def host_add(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """Only operators: whoever adds a name decides which portal answers there."""
    _require_operator(desk)
    form = HostForm(request.POST)
    if form.is_valid():
        try:
            made = add_host(unit=desk.unit, **form.cleaned_data, by=desk.by)
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, phrases.HOST_ADDED.format(name=made.name))
            return HttpResponseRedirect(reverse("console:hosts"))
    return _hosts_page(request, desk, form)


@desk(Act.SETTINGS)
@require_POST
def host_remove(request: HttpRequest, desk: Desk, host_id: int) -> HttpResponseBase:
    _require_operator(desk)
    host = HostName.objects.filter(unit=desk.unit, pk=host_id).first()
    if host is None:
        raise Http404
    try:
        remove_host(unit=desk.unit, host=host, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, phrases.HOST_REMOVED.format(name=host.name))
    return HttpResponseRedirect(reverse("console:hosts"))


def _require_operator(desk: Desk) -> None:
    if not desk.person.is_staff:
        raise Http404


def _hosts_page(request: HttpRequest, desk: Desk, form: HostForm) -> HttpResponseBase:
    rows = host_rows(desk.unit, clock.today())
    context = {"form": form, "rows": rows, "is_operator": desk.person.is_staff, "central_host": conf.CENTRAL_HOST}
    status = 422 if form.is_bound else 200
    return render_desk(request, desk, "console/settings_hosts.html", context, page="hosts", status=status)
