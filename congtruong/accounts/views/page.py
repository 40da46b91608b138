"""allauth's views as pages of ours: with icons, never stored on the way, 422 where a form was refused."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.views.decorators.http import require_http_methods

from congtruong.accounts.rules.addresses import origin
from congtruong.core.middleware import CONTENT_SECURITY_POLICY
from congtruong.core.templatetags.vi import with_sprite

View = Callable[..., Any]


def entrance(view: View, methods: tuple[str, ...]) -> View:
    """A page for who is not signed in."""
    return require_http_methods(methods)(_page(view))


def personal(view: View, methods: tuple[str, ...]) -> View:
    """A page about the person who is signed in."""
    return login_required(require_http_methods(methods)(_page(view)))


def _page(view: View) -> View:
    """Finish what the view answers."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            if request.method == "POST" and response.status_code == HTTPStatus.OK and _is_refused(response):
                response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
            response.render()
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = with_sprite(response.content.decode()).encode()
        response.headers["Cache-Control"] = "no-store, private"
        if settings.OIDC_ISSUER:
            # The form that begins a sign-in with the outside account ends on that other host.
            wanted = f"form-action 'self' {origin(settings.OIDC_ISSUER)}"
            policy = CONTENT_SECURITY_POLICY.replace("form-action 'self'", wanted)
            response.headers["Content-Security-Policy"] = policy
        return response

    return shown


def _is_refused(response: SimpleTemplateResponse) -> bool:
    context = response.context_data or {}
    forms = (context.get("form"), context.get("webauthn_form"))
    return any(form is not None and form.errors for form in forms)


def without_replay(view: View) -> View:
    """After the password was asked for again the page is opened anew; what had been posted is not sent a second time.

    allauth would keep the whole request in the session, and cannot find its view below /tai/<host>/.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kept = request.session.get(STATE_SESSION_KEY)
        if isinstance(kept, dict) and "request" in kept:
            del request.session[STATE_SESSION_KEY]
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return asked
