"""The people of a unit: who they are, what they may do, how they come and go."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from congtruong.console import phrases
from congtruong.console.forms.members import InviteForm, PersonForm, RolesForm
from congtruong.console.queries import with_second_factor
from congtruong.console.services import renew_password, take_on
from congtruong.console.views.desk import Desk, desk, render_desk
from congtruong.console.views.page import render_page
from congtruong.core import audit, clock
from congtruong.core.addresses import absolute
from congtruong.core.errors import DomainError
from congtruong.units.enums import Role
from congtruong.units.models import Invitation, Unit, User
from congtruong.units.queries import Member, member_of, members_of, open_invitations
from congtruong.units.rules.duties import Act, grantable
from congtruong.units.rules.members import Party, may_touch
from congtruong.units.scoping import unit_scope
from congtruong.units.services import (
    accept_invitation,
    invite,
    open_invitation,
    remove_member,
    revoke_invitation,
    set_roles,
)

_DONE = "shown_once"


@desk(Act.MEMBERS)
@require_GET
def members(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    found = members_of(desk.unit)
    secured = with_second_factor(member.user.pk for member in found)
    rows = [(member, _may_touch(desk, member), member.user.pk in secured) for member in found]
    context = {"rows": rows, "invitations": open_invitations(desk.unit, clock.now())}
    return render_desk(request, desk, "console/members.html", context, page="members")


@desk(Act.MEMBERS)
@require_http_methods(["GET", "POST"])
@sensitive_variables("password")
def add(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """A colleague who has no account yet."""
    form = PersonForm(request.POST or None, givable=_givable(desk))
    if request.method == "POST" and form.is_valid():
        if _is_repeated(request):
            return _repeated(request)
        try:
            person, password = take_on(
                unit=desk.unit,
                host=desk.host,
                full_name=form.cleaned_data["full_name"],
                honorific=form.cleaned_data["honorific"],
                email=form.cleaned_data["email"],
                roles=form.wanted(),
                giver=desk.person,
                by=desk.by,
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return _show_password(request, desk, person, password, is_new=True)
    return _form(request, desk, "console/members_add.html", form)


@desk(Act.MEMBERS)
@require_http_methods(["GET", "POST"])
@sensitive_variables("secret", "address")
def invite_person(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """A colleague who has an account, wherever: he gets a secret address."""
    form = InviteForm(request.POST or None, givable=_givable(desk))
    if request.method == "POST" and form.is_valid():
        if _is_repeated(request):
            return _repeated(request)
        name, role = form.cleaned_data["name"], Role(form.cleaned_data["role"])
        try:
            invitation, secret = invite(unit=desk.unit, name=name, role=role, giver=desk.person, by=desk.by)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            address = absolute(desk.host, f"{settings.CONSOLE_PREFIX}loi-moi/{secret}/")
            context = {"invitation": invitation, "address": address}
            return render_desk(request, desk, "console/members_invited.html", context, page="members")
    return _form(request, desk, "console/members_invite.html", form)


@desk(Act.MEMBERS)
@require_POST
def revoke(request: HttpRequest, desk: Desk, invitation_id: int) -> HttpResponseBase:
    invitation = Invitation.objects.filter(unit=desk.unit, pk=invitation_id).first()
    if invitation is None:
        raise Http404
    try:
        revoke_invitation(unit=desk.unit, invitation=invitation, giver=desk.person, by=desk.by)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, phrases.INVITATION_REVOKED.format(name=invitation.name))
    return HttpResponseRedirect(reverse("console:members"))


@desk(Act.MEMBERS)
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, desk: Desk, user_id: int) -> HttpResponseBase:
    """One person's duties here."""
    found = _member(desk, user_id)
    may_touch = _may_touch(desk, found)
    initial = {"roles": [role.value for role in found.roles]}
    form = RolesForm(request.POST or None, givable=_givable(desk), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_roles(unit=desk.unit, user=found.user, roles=form.wanted(), giver=desk.person, by=desk.by)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, phrases.MEMBER_SAVED.format(name=found.user))
            return HttpResponseRedirect(reverse("console:members"))
    context = {"member": found, "may_touch": may_touch, "is_self": found.user.pk == desk.person.pk}
    return _form(request, desk, "console/member.html", form, context)


@desk(Act.MEMBERS)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, desk: Desk, user_id: int) -> HttpResponseBase:
    """End all duties of a person here; a page of its own, because it takes effect at once."""
    found = _member(desk, user_id)
    problem = ""
    if request.method == "POST":
        try:
            remove_member(unit=desk.unit, user=found.user, giver=desk.person, by=desk.by)
        except DomainError as error:
            problem = error.message
        else:
            messages.success(request, phrases.MEMBER_REMOVED.format(name=found.user))
            return HttpResponseRedirect(reverse("console:members"))
    context = {"member": found, "problem": problem}
    return render_desk(
        request, desk, "console/members_remove.html", context, page="members", status=422 if problem else 200
    )


@desk(Act.MEMBERS)
@require_http_methods(["GET", "POST"])
@sensitive_variables("password")
def password(request: HttpRequest, desk: Desk, user_id: int) -> HttpResponseBase:
    """A new initial password in place of a forgotten one."""
    found = _member(desk, user_id)
    problem = ""
    if request.method == "POST":
        if _is_repeated(request):
            return _repeated(request)
        try:
            made = renew_password(unit=desk.unit, person=found.user, giver=desk.person, by=desk.by)
        except DomainError as error:
            problem = error.message
        else:
            return _show_password(request, desk, found.user, made, is_new=False)
    context = {"member": found, "problem": problem, "once": secrets.token_hex(8)}
    return render_desk(
        request, desk, "console/members_password.html", context, page="members", status=422 if problem else 200
    )


@login_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Where a person who was invited takes up his duty; he has none here yet, so this is no desk."""
    unit, person = getattr(request, "unit", None), request.user
    if not isinstance(unit, Unit) or not isinstance(person, User):
        raise Http404
    with unit_scope(unit.pk), audit.acting(person.pk):
        offered = open_invitation(unit=unit, secret=secret, now=clock.now())
        problem = ""
        if request.method == "POST":
            try:
                role = accept_invitation(unit=unit, secret=secret, user=person, by=str(person))
            except DomainError as error:
                problem = error.message
            else:
                messages.success(request, phrases.INVITATION_ACCEPTED.format(role=role.label, unit=unit.name))
                return HttpResponseRedirect(reverse("console:today"))
    is_over = offered is None
    context = {"page": "today", "unit": unit, "invitation": offered, "problem": problem}
    status = 410 if is_over else 422 if problem else 200
    return render_page(request, "console/members_invitation.html", context, status=status)


def _member(desk: Desk, user_id: int) -> Member:
    found = member_of(desk.unit, user_id)
    if found is None:
        raise Http404
    return found


def _givable(desk: Desk) -> frozenset[Role]:
    return grantable(desk.roles, is_operator=desk.person.is_staff, to_authority=desk.unit.is_authority)


def _may_touch(desk: Desk, other: Member) -> bool:
    giver = Party(desk.person.pk, desk.roles, desk.person.is_staff)
    taker = Party(other.user.pk, frozenset(other.roles), other.user.is_staff)
    return may_touch(giver, taker, to_authority=desk.unit.is_authority)


def _is_repeated(request: HttpRequest) -> bool:
    """Was this form sent before? A reloaded page must not make a second account or password."""
    once = request.POST.get("once", "")[:32]
    done = request.session.get(_DONE, [])
    if once in done:
        return True
    request.session[_DONE] = [*done, once][-20:]
    return False


def _repeated(request: HttpRequest) -> HttpResponseBase:
    messages.warning(request, phrases.ALREADY_DONE)
    return HttpResponseRedirect(reverse("console:members"))


def _show_password(request: HttpRequest, desk: Desk, person: User, password: str, *, is_new: bool) -> HttpResponseBase:
    """Answered directly: the password is stored nowhere, not even between two requests."""
    address = absolute(desk.host, settings.CONSOLE_PREFIX)
    context = {"person": person, "password": password, "is_new": is_new, "address": address}
    return render_desk(request, desk, "console/members_secret.html", context, page="members")


def _form(
    request: HttpRequest, desk: Desk, template: str, form: Any, context: dict[str, Any] | None = None
) -> HttpResponseBase:
    once = request.POST.get("once") or secrets.token_hex(8)
    status = 422 if form.is_bound else 200
    return render_desk(
        request, desk, template, {"form": form, "once": once, **(context or {})}, page="members", status=status
    )
