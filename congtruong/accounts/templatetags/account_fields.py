"""What the pages of an account ask of forms, devices and settings."""

from datetime import datetime
from typing import Any

from allauth.account.utils import get_next_redirect_url
from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from congtruong.accounts.rules.devices import device_name
from congtruong.accounts.rules.provider import PROVIDER_ID
from congtruong.core import clock
from congtruong.core.addresses import absolute, strip_preview

register = template.Library()
register.filter("device_name", device_name)
register.filter("host_name", strip_preview)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def field_errors(form: BaseForm) -> list[BoundField]:
    """The visible fields that were refused."""
    return [field for field in form.visible_fields() if field.errors]


@register.filter
def focused_unless(field: BoundField, has_errors: object) -> SafeString:
    """The control; the one that would take focus leaves it to the summary of errors."""
    attrs = field.field.widget.attrs
    if has_errors:
        field.field.widget.attrs = {name: value for name, value in attrs.items() if name != "autofocus"}
    return field.as_widget()


@register.filter
def vn_day_clock(value: datetime) -> str:
    """`23/11/2026 09:41`."""
    return f"{value.astimezone(clock.VIETNAM):%d/%m/%Y %H:%M}"


@register.simple_tag
def sends_mail() -> bool:
    return bool(settings.SENDS_MAIL)


@register.simple_tag(takes_context=True)
def outside_account(context: template.Context) -> dict[str, Any] | None:
    """The account of the outside provider one may sign in with: its name, where it begins, and whether here."""
    if not settings.OIDC_ISSUER:
        return None
    request = context["request"]
    url = reverse("openid_connect_login", kwargs={"provider_id": PROVIDER_ID})
    next_url = get_next_redirect_url(request)
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    return {
        "name": settings.OIDC_NAME,
        "url": url + query,
        "is_here": not hasattr(request, "unit"),
        "central_url": absolute(settings.CENTRAL_HOST, f"{settings.CONSOLE_PREFIX}tai-khoan/lien-thong/"),
    }
