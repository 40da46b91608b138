"""Who may give, take and keep duties in a unit."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from congtruong.core import clock
from congtruong.core.errors import DomainError
from congtruong.core.models import AuditEntry
from congtruong.units import errors
from congtruong.units.enums import Role
from congtruong.units.models import Invitation, Membership, Unit, User
from congtruong.units.queries import member_of, members_of, open_invitations, roles_in
from congtruong.units.rules.members import Party, check_password, check_roles
from congtruong.units.scoping import everywhere, unit_scope
from congtruong.units.services import (
    accept_invitation,
    grant_role,
    invite,
    open_invitation,
    remove_member,
    require_password_right,
    revoke_invitation,
    set_roles,
)
from tests.factories import BY, make_authority, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
GIVEN_BY_HEADS = {Role.CONTRIBUTOR, Role.EDITOR, Role.TECHNICIAN}


def person(name: str, unit: Unit | None = None, *roles: Role, is_staff: bool = False) -> User:
    user = User.objects.create_user(name, full_name=f"Cô {name}", is_staff=is_staff)
    for role in roles:
        assert unit is not None
        grant_role(unit=unit, user=user, role=role, by=BY)
    return user


def held(unit: Unit, user: User) -> set[Role]:
    with unit_scope(unit.pk):
        return set(roles_in(unit, user))


def change(unit: Unit, user: User, giver: User, *roles: Role) -> None:
    set_roles(unit=unit, user=user, roles=set(roles), giver=giver, by=str(giver))


def acts_in(unit: Unit, *names: str) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(unit_id=unit.pk, action__in=names).order_by("pk")
    return [(row.action, row.subject, row.detail.get("role", "")) for row in rows]


# --- Changing duties --------------------------------------------------------------------------------------------------


def test_head_gives_and_takes_duties_and_the_trail_names_each() -> None:
    unit = make_unit()
    head = person("truong", unit, Role.HEAD)
    colleague = person("dong", unit, Role.CONTRIBUTOR)

    change(unit, colleague, head, Role.EDITOR, Role.TECHNICIAN)

    assert held(unit, colleague) == {Role.EDITOR, Role.TECHNICIAN}
    assert acts_in(unit, "units.membership.granted", "units.membership.ended")[2:] == [
        ("units.membership.granted", "Cô dong (dong)", "Biên tập, duyệt bài"),
        ("units.membership.granted", "Cô dong (dong)", "Phụ trách kỹ thuật"),
        ("units.membership.ended", "Cô dong (dong)", "Biên tập viên"),
    ]


@pytest.mark.parametrize("role", [Role.HEAD, Role.SUPERVISOR, Role.CONTRACT_OFFICER])
def test_head_names_neither_heads_nor_officers(role: Role) -> None:
    unit = make_authority()
    head, colleague = person("truong", unit, Role.HEAD), person("dong", unit, Role.CONTRIBUTOR)

    with pytest.raises(errors.RoleNotYours):
        change(unit, colleague, head, Role.CONTRIBUTOR, role)

    assert held(unit, colleague) == {Role.CONTRIBUTOR}


@pytest.mark.parametrize("giver", ["editor", "technician", "contributor", "outsider", "closed"])
def test_nobody_else_changes_anything(giver: str) -> None:
    unit, other = make_unit(), make_unit()
    person("truong", unit, Role.HEAD)
    givers = {
        "editor": person("editor", unit, Role.EDITOR),
        "technician": person("technician", unit, Role.TECHNICIAN),
        "contributor": person("contributor", unit, Role.CONTRIBUTOR),
        "outsider": person("outsider", other, Role.HEAD),
        "closed": person("closed", unit, Role.HEAD),
    }
    User.objects.filter(username="closed").update(is_active=False)
    colleague = person("dong", unit, Role.CONTRIBUTOR)

    with pytest.raises(errors.RoleNotYours):
        change(unit, colleague, givers[giver], Role.CONTRIBUTOR, Role.EDITOR)
    with pytest.raises(errors.RankTooHigh):
        remove_member(unit=unit, user=colleague, giver=givers[giver], by=BY)

    assert held(unit, colleague) == {Role.CONTRIBUTOR}


@pytest.mark.parametrize("is_staff", [False, True])
def test_nobody_changes_his_own_duties(is_staff: bool) -> None:
    unit = make_unit()
    head = person("truong", unit, Role.HEAD, is_staff=is_staff)
    person("pho", unit, Role.HEAD)

    for roles in ((), (Role.HEAD, Role.EDITOR)):
        with pytest.raises(errors.OwnRoles):
            change(unit, head, head, *roles)


def test_head_does_not_touch_another_head() -> None:
    unit = make_unit()
    head, other = person("truong", unit, Role.HEAD), person("pho", unit, Role.HEAD, Role.EDITOR)

    for roles in ((), (Role.HEAD,), (Role.HEAD, Role.EDITOR, Role.TECHNICIAN)):
        with pytest.raises(errors.RankTooHigh):
            change(unit, other, head, *roles)

    assert held(unit, other) == {Role.HEAD, Role.EDITOR}


def test_operator_changes_heads_but_never_removes_the_last_active_one() -> None:
    unit = make_unit()
    operator = person("vanhanh", is_staff=True)
    first, second = person("mot", unit, Role.HEAD), person("hai", unit, Role.HEAD)
    User.objects.filter(pk=second.pk).update(is_active=False)

    with pytest.raises(errors.LastHead):
        remove_member(unit=unit, user=first, giver=operator, by=BY)
    User.objects.filter(pk=second.pk).update(is_active=True)
    remove_member(unit=unit, user=first, giver=operator, by=BY)
    with pytest.raises(errors.LastHead):
        change(unit, second, operator, Role.EDITOR)

    assert (held(unit, first), held(unit, second)) == (set(), {Role.HEAD})


def test_operator_names_officers_in_authorities_only() -> None:
    school, office = make_unit(), make_authority()
    operator, officer = person("vanhanh", is_staff=True), person("canbo")

    change(office, officer, operator, Role.SUPERVISOR)
    with pytest.raises(errors.RoleNotYours):
        change(school, officer, operator, Role.SUPERVISOR)

    assert (held(office, officer), held(school, officer)) == ({Role.SUPERVISOR}, set())


def test_rights_are_read_when_the_change_is_made_not_when_the_page_was_opened() -> None:
    unit = make_unit()
    head, other = person("truong", unit, Role.HEAD), person("pho", unit, Role.HEAD)
    colleague, operator = person("dong"), person("vanhanh", is_staff=True)
    remove_member(unit=unit, user=head, giver=operator, by=BY)

    with pytest.raises(errors.RoleNotYours):
        change(unit, colleague, head, Role.EDITOR)

    assert held(unit, colleague) == set()
    assert held(unit, other) == {Role.HEAD}


# --- Passwords --------------------------------------------------------------------------------------------------------


def test_password_is_replaced_only_where_it_opens_no_other_door() -> None:
    unit, other = make_unit(), make_unit()
    head, operator = person("truong", unit, Role.HEAD), person("vanhanh", is_staff=True)
    plain = person("thuong", unit, Role.EDITOR)
    elsewhere = person("haitruong", unit, Role.EDITOR)
    grant_role(unit=other, user=elsewhere, role=Role.CONTRIBUTOR, by=BY)
    working_operator = person("vanhanh2", unit, Role.EDITOR, is_staff=True)
    second_head = person("pho", unit, Role.HEAD)

    require_password_right(unit=unit, user=plain, giver=head)
    for refused in (elsewhere, working_operator, second_head, head):
        with pytest.raises(errors.PasswordNotYours):
            require_password_right(unit=unit, user=refused, giver=head)
    require_password_right(unit=unit, user=elsewhere, giver=operator)
    require_password_right(unit=unit, user=second_head, giver=operator)
    with pytest.raises(errors.PasswordNotYours):
        require_password_right(unit=unit, user=working_operator, giver=operator)
    with pytest.raises(errors.NotAMember):
        require_password_right(unit=other, user=plain, giver=operator)


def test_refusals_about_passwords_tell_nothing_of_other_units() -> None:
    head = Party(1, frozenset({Role.HEAD}), is_operator=False)
    busy_elsewhere = Party(2, frozenset({Role.EDITOR}), is_operator=False)
    second_head = Party(3, frozenset({Role.HEAD}), is_operator=False)

    told = set()
    for taker, is_elsewhere in ((busy_elsewhere, True), (second_head, False)):
        with pytest.raises(errors.PasswordNotYours) as refusal:
            check_password(head, taker, to_authority=False, has_duties_elsewhere=is_elsewhere)
        told.add(refusal.value.message)

    assert len(told) == 1


# --- Invitations ------------------------------------------------------------------------------------------------------


def test_invitation_is_taken_up_once_within_seven_days() -> None:
    unit = make_unit()
    head, guest, late = person("truong", unit, Role.HEAD), person("khach"), person("muon")
    invitation, secret = invite(unit=unit, name="  Cô  Lan ", role=Role.EDITOR, giver=head, by="Cô truong")

    assert (invitation.name, secret in invitation.digest) == ("Cô Lan", False)
    assert invitation.expires_at - clock.now() <= timedelta(days=7)
    assert accept_invitation(unit=unit, secret=secret, user=guest, by=str(guest)) == Role.EDITOR
    with pytest.raises(errors.InvitationOver):
        accept_invitation(unit=unit, secret=secret, user=late, by=str(late))

    assert (held(unit, guest), held(unit, late)) == ({Role.EDITOR}, set())
    assert acts_in(unit, "units.invitation.made", "units.invitation.accepted") == [
        ("units.invitation.made", "Cô Lan", "Biên tập, duyệt bài"),
        ("units.invitation.accepted", "Cô khach (khach)", "Biên tập, duyệt bài"),
    ]


def test_invitation_ends_with_its_time_its_maker_and_its_revocation() -> None:
    unit = make_unit()
    head, guest, operator = person("truong", unit, Role.HEAD), person("khach"), person("vanhanh", is_staff=True)
    person("pho", unit, Role.HEAD)
    made = [invite(unit=unit, name="Lan", role=Role.EDITOR, giver=head, by=BY) for _ in range(3)]
    with unit_scope(unit.pk):
        Invitation.objects.filter(pk=made[0][0].pk).update(expires_at=clock.now())
        assert len(open_invitations(unit, clock.now())) == 2
    revoke_invitation(unit=unit, invitation=made[1][0], giver=head, by=BY)
    remove_member(unit=unit, user=head, giver=operator, by=BY)

    for _, secret in made:
        with pytest.raises(errors.InvitationOver):
            accept_invitation(unit=unit, secret=secret, user=guest, by=BY)

    assert held(unit, guest) == set()


def test_invitation_is_not_for_its_maker_nor_for_another_unit() -> None:
    unit, other = make_unit(), make_unit()
    head, guest = person("truong", unit, Role.HEAD), person("khach")
    _, secret = invite(unit=unit, name="Lan", role=Role.EDITOR, giver=head, by=BY)

    with pytest.raises(errors.OwnRoles):
        accept_invitation(unit=unit, secret=secret, user=head, by=BY)
    with pytest.raises(errors.InvitationOver):
        accept_invitation(unit=other, secret=secret, user=guest, by=BY)

    assert open_invitation(unit=other, secret=secret, now=clock.now()) is None
    assert open_invitation(unit=unit, secret=secret, now=clock.now()) is not None


def test_invitations_offer_and_are_revoked_within_the_rank_of_who_does_it() -> None:
    unit = make_unit()
    head, operator = person("truong", unit, Role.HEAD), person("vanhanh", is_staff=True)
    invitation, _ = invite(unit=unit, name="Hiệu trưởng mới", role=Role.HEAD, giver=operator, by=BY)

    with pytest.raises(errors.RoleNotYours):
        invite(unit=unit, name="Lan", role=Role.HEAD, giver=head, by=BY)
    with pytest.raises(errors.RoleNotYours):
        revoke_invitation(unit=unit, invitation=invitation, giver=head, by=BY)
    revoke_invitation(unit=unit, invitation=invitation, giver=operator, by=BY)
    with pytest.raises(errors.InvitationOver):
        revoke_invitation(unit=unit, invitation=invitation, giver=operator, by=BY)


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_members_are_listed_with_their_duties_here_only(django_assert_num_queries: Any) -> None:
    unit, other = make_unit(), make_unit()
    both = person("an", unit, Role.TECHNICIAN, Role.CONTRIBUTOR)
    grant_role(unit=other, user=both, role=Role.HEAD, by=BY)
    person("binh", unit, Role.HEAD)
    stranger = person("khach", other, Role.EDITOR)

    with unit_scope(unit.pk), django_assert_num_queries(1):
        found = members_of(unit)

    assert [(m.user.username, m.role_names) for m in found] == [
        ("an", "Biên tập viên, Phụ trách kỹ thuật"),
        ("binh", "Trưởng ban biên tập"),
    ]
    with unit_scope(unit.pk):
        assert member_of(unit, stranger.pk) is None


# --- Nobody's rights grow by any sequence of acts ---------------------------------------------------------------------


@pytest.mark.unit
@given(
    giver=st.frozensets(st.sampled_from(Role)),
    before=st.frozensets(st.sampled_from(Role)),
    wanted=st.frozensets(st.sampled_from(Role)),
    is_self=st.booleans(),
    to_authority=st.booleans(),
)
def test_change_by_staff_never_adds_or_takes_what_a_head_may_not_give(
    giver: frozenset[Role], before: frozenset[Role], wanted: frozenset[Role], is_self: bool, to_authority: bool
) -> None:
    try:
        check_roles(
            Party(1, giver, is_operator=False),
            Party(1 if is_self else 2, before, is_operator=False),
            wanted,
            to_authority=to_authority,
            has_other_head=True,
        )
    except DomainError:
        return

    assert not is_self
    assert before ^ wanted <= GIVEN_BY_HEADS
    assert before == wanted or Role.HEAD in giver


_PEOPLE, _UNITS = 5, 2
_roles = st.frozensets(st.sampled_from(Role), max_size=2)
_starts = st.lists(
    st.tuples(st.integers(0, _UNITS - 1), st.integers(0, _PEOPLE - 1), st.sampled_from(Role)), min_size=2, max_size=6
)
_acts = st.lists(
    st.tuples(
        st.sampled_from(["set", "invite", "accept", "remove"]),
        st.integers(0, _UNITS - 1),
        st.integers(0, _PEOPLE - 1),
        st.integers(0, _PEOPLE - 1),
        _roles,
        st.integers(0, 3),
    ),
    max_size=10,
)


class SequencesOfActs(TestCase):
    """Random acts by people who are no operators, in two units."""

    @given(starts=_starts, acts=_acts)
    def test_rights_never_grow_beyond_what_heads_may_give(self, starts: Any, acts: Any) -> None:
        units = [make_unit(), make_authority()]
        people = [User.objects.create_user(f"nguoi{n}") for n in range(_PEOPLE)]
        for unit, who, role in starts:
            grant_role(unit=units[unit], user=people[who], role=role, by=BY)
        before = _rights()
        heads = {(unit, user) for unit, user, role in before if role == Role.HEAD}
        secrets: list[tuple[int, str]] = []

        for act, unit, actor, target, roles, number in acts:
            try:
                _do(act, units[unit], people[actor], people[target], roles, secrets, number)
            except DomainError:
                continue

        gained, lost = _rights() - before, before - _rights()
        assert {role for _, _, role in gained | lost} <= GIVEN_BY_HEADS
        assert {unit for unit, _, _ in gained | lost} <= {unit for unit, _ in heads}
        # A head's own duties change by another head's invitation only, never by his own act.
        alone = {unit for unit, _ in heads if len([1 for other, _ in heads if other == unit]) == 1}
        assert {(unit, user) for unit, user, _ in gained if unit in alone} & heads == set()


def _do(
    act: str, unit: Unit, actor: User, target: User, roles: frozenset[Role], secrets: list[tuple[int, str]], number: int
) -> None:
    if act == "set":
        set_roles(unit=unit, user=target, roles=roles, giver=actor, by=BY)
    elif act == "remove":
        remove_member(unit=unit, user=target, giver=actor, by=BY)
    elif act == "invite":
        made = (invite(unit=unit, name="Ai đó", role=role, giver=actor, by=BY) for role in roles)
        secrets.extend((unit.pk, secret) for _, secret in made)
    elif number < len(secrets):
        accept_invitation(unit=unit, secret=secrets[number][1], user=actor, by=BY)


def _rights() -> set[tuple[int, int, Role]]:
    with everywhere("test"):
        rows = Membership.objects.values_list("unit_id", "user_id", "role")
        return {(unit, user, Role(role)) for unit, user, role in rows}
