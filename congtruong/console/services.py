"""The operator's work on the register, and acts that concern several apps at once."""

from collections.abc import Sequence, Set
from datetime import date

from django.db import transaction

from congtruong.accounts.services import create_account, issue_initial_password
from congtruong.core import audit
from congtruong.core.text import squeeze
from congtruong.editorial.models import Post
from congtruong.editorial.services import change_address
from congtruong.portal.services import add_redirect
from congtruong.units.enums import OversightKind, Role
from congtruong.units.models import Unit, User
from congtruong.units.queries import free_username
from congtruong.units.services import place_unit, require_password_right, set_roles

# Resolution 1685/NQ-UBTVQH15: wards manage units from this day.
WARDS_FROM = date(2025, 7, 1)


@transaction.atomic
def place_under_ward(*, units: Sequence[Unit], authority: Unit, by: str) -> None:
    """Record the ward that manages these units; all of them or, on any `DomainError`, none."""
    for unit in units:
        place_unit(
            unit=unit,
            authority=authority,
            kind=OversightKind.MANAGING,
            from_on=WARDS_FROM,
            reason="Người vận hành xác định theo địa chỉ của đơn vị",
            by=by,
        )


@transaction.atomic
def move_post(*, post: Post, address: str, by: str) -> Post:
    """Give an article another address; its old one leads visitors on. Raises what `change_address` raises."""
    post, before = change_address(post=post, address=address, by=by)
    if before:
        add_redirect(unit=post.unit, old=before, new=f"/{post.channel}/{post.slug}/", by=by)
    return post


@transaction.atomic
def take_on(
    *, unit: Unit, host: str, full_name: str, honorific: str, email: str, roles: Set[Role], giver: User, by: str
) -> tuple[User, str]:
    """Make an account for a new colleague and give him his first duties; returns the password, which is shown once.

    Raises what `set_roles` raises, then nothing is made.
    """
    username = free_username(full_name, host)
    person, password = create_account(
        username=username, full_name=squeeze(full_name), honorific=honorific, email=email, by=by
    )
    audit.record("console.member.taken_on", unit_id=unit.pk, subject=f"{person} ({username})", by=by)
    set_roles(unit=unit, user=person, roles=roles, giver=giver, by=by)
    return person, password


@transaction.atomic
def renew_password(*, unit: Unit, person: User, giver: User, by: str) -> str:
    """Replace a forgotten password by an initial one, shown once. Raises what `require_password_right` raises."""
    require_password_right(unit=unit, user=person, giver=giver)
    audit.record("console.member.password_renewed", unit_id=unit.pk, subject=f"{person} ({person.username})", by=by)
    return issue_initial_password(user=person, by=by)
