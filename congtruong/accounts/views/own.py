"""Pages of an account that allauth has not, or has otherwise."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_change import finalize_password_change
from allauth.account.models import Login
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from congtruong.accounts import services
from congtruong.accounts.forms import FirstPasswordForm
from congtruong.units.models import User


@sensitive_post_parameters("password1", "password2")
def first_password(request: HttpRequest) -> HttpResponse:
    """In place of every other page of the console while the password is one that somebody else chose."""
    person = request.user
    if not isinstance(person, User) or not person.must_change_password:
        return HttpResponseRedirect(reverse("console:today"))
    form = FirstPasswordForm(data=request.POST if request.method == "POST" else None, user=person)
    if form.is_valid():
        form.save()
        finalize_password_change(request, person)
        return HttpResponseRedirect(get_login_redirect_url(request))
    context = {"form": form, "next": get_next_redirect_url(request) or "", "until": person.initial_password_until}
    return TemplateResponse(request, "account/first_password.html", context)


class LoginWithKey(LoginWebAuthnView):  # type: ignore[misc]
    """Leads on to the page that was asked for, and tells the trail what was refused."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = perform_passwordless_login(self.request, authenticator, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        services.note_refusal(way="khóa truy cập", address=get_adapter().get_client_ip(self.request))
        response: HttpResponse = super().form_invalid(form)
        return response


login_with_key = LoginWithKey.as_view()
