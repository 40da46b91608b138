from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from congtruong.core.templatetags.vi import with_sprite


def render_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A staff page: never stored by anybody on the way."""
    html = render_to_string(template, context, request=request)
    response = HttpResponse(with_sprite(html), status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
