"""Addresses in mails and for the provider: from settings and the register, never from what a request claims."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from congtruong.core.addresses import absolute, strip_preview


def origin_of(request: Any) -> str:
    """Scheme and host of the site that was asked: a unit's own, or the central one."""
    is_central = strip_preview(request.META.get("HTTP_HOST", "")) == settings.CENTRAL_HOST
    return absolute(settings.CENTRAL_HOST if is_central else request.host_name, "")


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
