"""The desk of a person in one unit: every staff page of a unit passes through here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from congtruong.console.blocks.nav import Frame, frame
from congtruong.console.views.page import render_page
from congtruong.core import audit
from congtruong.units.enums import Role
from congtruong.units.models import Unit, User
from congtruong.units.queries import roles_in
from congtruong.units.rules.duties import Act, allowed
from congtruong.units.scoping import unit_scope

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """A person at work in a unit."""

    person: User
    unit: Unit
    host: str
    roles: frozenset[Role]
    acts: frozenset[Act]

    def can(self, act: Act) -> bool:
        return act in self.acts

    @property
    def by(self) -> str:
        """The name that the trail and the article's history keep."""
        return str(self.person)


def desk(
    act: Act | None = None,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Desk, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let in who may do `act` in the unit of this address (None: whoever has any duty there); 404 for all others.

    The whole view runs inside the scope of this one unit.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        @login_required
        def entered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            unit = getattr(request, "unit", None)
            if not isinstance(unit, Unit):
                raise Http404
            with unit_scope(unit.pk):
                found = desk_of(request, unit)
                if found is None or (act is not None and not found.can(act)):
                    raise Http404
                with audit.acting(found.person.pk):
                    return view(request, found, *args, **kwargs)

        return entered

    return decorate


def desk_of(request: HttpRequest, unit: Unit) -> Desk | None:
    """The desk of who is signed in, in a unit whose scope was entered; None where he has no duty; one query."""
    person = request.user
    if not isinstance(person, User):
        return None
    roles = roles_in(unit, person)
    if not roles and not person.is_staff:
        return None
    host = str(getattr(request, "host_name", ""))
    return Desk(person, unit, host, roles, allowed(roles, is_operator=person.is_staff))


def around_account(request: HttpRequest) -> dict[str, object]:
    """Context processor: a person's own account pages stand in the frame of the unit on whose console they are."""
    if not request.path_info.startswith(f"{settings.CONSOLE_PREFIX}tai-khoan/") or not hasattr(request, "user"):
        return {}
    unit = getattr(request, "unit", None)
    if not isinstance(unit, Unit):
        return {}
    with unit_scope(unit.pk):
        found = desk_of(request, unit)
        if found is None:
            return {}
        return {"desk": found, "frame": frame(found.unit, found.host, found.acts, found.roles, "account")}


def render_desk(
    request: HttpRequest, desk: Desk, template: str, context: dict[str, Any], *, page: str, status: int = 200
) -> HttpResponseBase:
    """A staff page of the unit; `page` is the key of the menu word to mark."""
    around: Frame = frame(desk.unit, desk.host, desk.acts, desk.roles, page)
    return render_page(request, template, {**context, "desk": desk, "frame": around}, status=status)
