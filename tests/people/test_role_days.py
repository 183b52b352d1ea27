"""A role with a last day holds on that day, and opens nothing from the next one on."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel.audit import entries_for
from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.account_care import LAST_ADMIN, WantedRole, end_due_roles, give_role, switch_off, take_role
from people.accounts import Account
from people.roles import Role, RoleGrant, find_signed_in, roles_of
from people.sessions import begin_session
from people.ways_in.closing import close_accounts
from tests.builders.region import NOON, TODAY, a_person, an_account

DAY = timedelta(days=1)


@pytest.fixture
def admin(session: Session) -> Account:
    return an_account(session, a_person(session, name="Ada Admin"), Role.ADMIN)


@pytest.fixture
def amina(session: Session) -> Account:
    return an_account(session, a_person(session, name="Amina Khan"))


def test_a_role_opens_nothing_after_its_last_day(session: Session, admin: Account, amina: Account) -> None:
    give_role(session, account_id=amina.id, wanted=WantedRole(Role.AUTHOR, ends_on=TODAY), by=admin.id, now=NOON)
    begun = begin_session(session, account_id=amina.id, device="a phone", now=NOON, longest=3 * DAY)
    for now, holds in ((NOON, True), (NOON + DAY, False)):
        person = find_signed_in(session, secret=begun.secret, now=now, unused_for=3 * DAY)
        assert person is not None
        assert person.has(Role.AUTHOR) is holds
        assert bool(roles_of(session, account_id=amina.id, on=local_day(now))) is holds


def test_that_a_role_is_over_is_written_down_once(session: Session, admin: Account, amina: Account) -> None:
    wanted = WantedRole(Role.AUTHOR, reason="Cover", ends_on=TODAY)
    give_role(session, account_id=amina.id, wanted=wanted, by=admin.id, now=NOON)
    assert [end_due_roles(session, now=now) for now in (NOON, NOON + DAY, NOON + DAY)] == [0, 1, 0]
    last = entries_for(session, subject_type="account", subject_id=amina.id)[-1]
    assert (last.action, last.actor_account_id) == ("role-ended", None)
    assert (last.detail["ends_on"], last.detail["reason"]) == (TODAY.isoformat(), "Cover")


def test_a_role_can_be_given_again_once_it_is_over(session: Session, admin: Account, amina: Account) -> None:
    wanted = WantedRole(Role.AUTHOR, ends_on=TODAY)
    give_role(session, account_id=amina.id, wanted=wanted, by=admin.id, now=NOON)
    with pytest.raises(RuleBroken, match="has this role already"):
        give_role(session, account_id=amina.id, wanted=wanted, by=admin.id, now=NOON)
    with pytest.raises(RuleBroken, match="must be today or in the future"):
        give_role(session, account_id=amina.id, wanted=wanted, by=admin.id, now=NOON + DAY)
    lasting = WantedRole(Role.AUTHOR)
    give_role(session, account_id=amina.id, wanted=lasting, by=admin.id, now=NOON + DAY)
    assert [one.ends_on for one in roles_of(session, account_id=amina.id, on=TODAY + DAY)] == [None]


def test_an_admin_for_some_days_is_nobody_to_leave_everything_to(
    session: Session, admin: Account, amina: Account
) -> None:
    wanted = WantedRole(Role.ADMIN, ends_on=TODAY + DAY)
    give_role(session, account_id=amina.id, wanted=wanted, by=admin.id, now=NOON)
    with pytest.raises(RuleBroken, match=LAST_ADMIN):
        switch_off(session, account_id=admin.id, by=amina.id, now=NOON)
    kept = close_accounts(session, person_ids=[admin.person_id], by=None, now=NOON)
    assert kept.kept_account_ids == (admin.id,)
    held = session.query(RoleGrant).filter_by(account_id=amina.id).one()
    take_role(session, account_id=amina.id, grant_id=held.id, by=admin.id, now=NOON)
    assert roles_of(session, account_id=amina.id, on=TODAY) == ()
