"""Signing in and out, on the central host."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from congtruong.console import errors, services
from congtruong.console.forms import SignInForm
from congtruong.console.views.page import render_page


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            person = services.check_credentials(
                login=form.cleaned_data["login"],
                password=form.cleaned_data["password"],
                address=_address(request),
            )
        except (errors.WrongCredentials, errors.TooManyAttempts) as error:
            problem = error.message
        else:
            login(request, person)
            return HttpResponseRedirect(_next(request))
    status = 200 if request.method == "GET" else 422
    return render_page(
        request, "console/sign_in.html", {"form": form, "problem": problem, "next": _next(request)}, status=status
    )


def _address(request: HttpRequest) -> str:
    """Where the request came from; behind our own proxy, what that proxy added last."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and forwarded:
        return str(forwarded).rsplit(",", 1)[-1].strip()[:60]
    return str(request.META.get("REMOTE_ADDR", ""))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """In place of Django's English page; the reason goes to nobody."""
    return render_page(request, "console/expired.html", {"address": reverse("console:sign-in")}, status=403)


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go; only a path of this console."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_here = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/quan-tri/")
    return wanted if is_here else reverse("console:today")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("console:sign-in"))
