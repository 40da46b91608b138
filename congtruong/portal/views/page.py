"""What every public page has in common: its frame, its sprite, its headers."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from congtruong.core.middleware import VIDEO_POLICY
from congtruong.core.templatetags.vi import with_sprite
from congtruong.portal.blocks.shell import Shell, shell, structured_unit
from congtruong.units.models import Unit


def unit_of(request: HttpRequest) -> Unit:
    """The unit whose portal was asked."""
    unit = getattr(request, "unit", None)
    if not isinstance(unit, Unit):
        raise Http404
    return unit


def host_of(request: HttpRequest) -> str:
    return str(getattr(request, "host_name", ""))


def authority_of(request: HttpRequest) -> Unit:
    """The authority whose portal was asked; pages about units below exist nowhere else."""
    unit = unit_of(request)
    if not unit.is_authority:
        raise Http404
    return unit


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    description: str = "",
    canonical: str = "",
    status: int = 200,
    structured: dict[str, Any] | None = None,
    is_indexed: bool = True,
    section: str = "",
    frame: Shell | None = None,
) -> HttpResponse:
    """A full page, in a `frame` made before or now. The same bytes for every visitor: nothing here reads a cookie."""
    unit, host = unit_of(request), host_of(request)
    frame = frame or shell(unit, host, request.path, canonical=canonical, section=section)
    html = render_to_string(
        template,
        {
            **context,
            "shell": frame,
            "page_title": title,
            "page_description": description or frame.unit.tagline or frame.unit.name,
            "structured": _json_ld(structured or structured_unit(frame)),
            "is_indexed": is_indexed,
        },
    )
    response = HttpResponse(with_sprite(html), status=status)
    if context.get("has_video"):
        response.headers["Content-Security-Policy"] = VIDEO_POLICY
    return response


def _json_ld(value: dict[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # Nothing in a value may close the script element.
    return mark_safe(text.replace("<", "\\u003c"))  # noqa: S308 - JSON without "<"
