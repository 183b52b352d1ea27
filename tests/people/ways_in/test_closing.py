"""Accounts are closed when people leave, and opened again when they come back."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry, entries_for
from kernel.clock import local_day
from people.account_care import switch_off, switch_on
from people.accounts import Account
from people.organisations import Unit
from people.password_resets import make_code, try_code
from people.roles import Role, find_signed_in, roles_of
from people.sessions import begin_session
from people.ways_in.closing import close_accounts, reopen_accounts
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation

LATER = NOON + timedelta(days=1)


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def admin(session: Session, unit: Unit) -> Account:
    return an_account(session, a_person(session, unit), Role.ADMIN)


def actions(session: Session, account: Account) -> list[str]:
    return [one.action for one in entries_for(session, subject_type="account", subject_id=account.id)]


def test_a_closed_account_is_signed_out_and_its_codes_open_nothing(
    session: Session, unit: Unit, admin: Account
) -> None:
    account = an_account(session, a_person(session, unit))
    begun = begin_session(session, account_id=account.id, device="A test", now=NOON, longest=timedelta(days=9))
    code = make_code(session, account_id=account.id, made_by_account_id=None, now=NOON)
    closed = close_accounts(session, person_ids=[account.person_id], by=admin.id, now=LATER)
    assert closed.account_ids == (account.id,)
    assert (account.is_active, account.closed_at) == (False, LATER)
    assert find_signed_in(session, secret=begun.secret, now=LATER, unused_for=timedelta(days=9)) is None
    reopen_accounts(session, person_ids=[account.person_id], by=admin.id, now=LATER)
    assert try_code(session, username=account.username, typed=code, now=LATER) is None
    assert find_signed_in(session, secret=begun.secret, now=LATER, unused_for=timedelta(days=9)) is None
    assert actions(session, account) == ["account-closed", "account-reopened"]


def test_closing_twice_changes_nothing(session: Session, unit: Unit, admin: Account) -> None:
    account = an_account(session, a_person(session, unit))
    for when in (NOON, LATER):
        close_accounts(session, person_ids=[account.person_id], by=None, now=when)
    assert (account.closed_at, actions(session, account)) == (NOON, ["account-closed"])


def test_what_an_admin_switched_off_stays_off(session: Session, unit: Unit, admin: Account) -> None:
    account = an_account(session, a_person(session, unit))
    switch_off(session, account_id=account.id, by=admin.id, now=NOON)
    assert close_accounts(session, person_ids=[account.person_id], by=None, now=NOON).account_ids == ()
    assert reopen_accounts(session, person_ids=[account.person_id], by=None, now=LATER) == ()
    assert not account.is_active


def test_an_account_that_was_closed_and_then_switched_off_is_not_opened_by_coming_back(
    session: Session, unit: Unit, admin: Account
) -> None:
    account = an_account(session, a_person(session, unit))
    close_accounts(session, person_ids=[account.person_id], by=None, now=NOON)
    switch_off(session, account_id=account.id, by=admin.id, now=NOON)
    assert reopen_accounts(session, person_ids=[account.person_id], by=None, now=LATER) == ()
    switch_on(session, account_id=account.id, by=admin.id, now=LATER)
    assert (account.is_active, account.closed_at) == (True, None)


def test_roles_end_with_the_job_before_but_not_when_the_closing_is_undone(
    session: Session, unit: Unit, admin: Account
) -> None:
    lead = an_account(session, a_person(session, unit), Role.HR_LEAD, unit=unit)
    close_accounts(session, person_ids=[lead.person_id], by=None, now=NOON)
    reopen_accounts(session, person_ids=[lead.person_id], by=admin.id, now=NOON, keeps_roles=True)
    assert [one.role for one in roles_of(session, account_id=lead.id, on=local_day(LATER))] == [Role.HR_LEAD]
    close_accounts(session, person_ids=[lead.person_id], by=None, now=LATER)
    reopen_accounts(session, person_ids=[lead.person_id], by=admin.id, now=LATER)
    assert roles_of(session, account_id=lead.id, on=local_day(LATER)) == ()
    assert actions(session, lead)[-2:] == ["role-taken", "account-reopened"]


def test_the_last_admins_keep_their_accounts(session: Session, unit: Unit, admin: Account) -> None:
    other = an_account(session, a_person(session, unit), Role.ADMIN)
    learner = an_account(session, a_person(session, unit))
    every = [one.person_id for one in (admin, other, learner)]
    outcome = close_accounts(session, person_ids=every, by=None, now=NOON)
    assert outcome.account_ids == (learner.id,)
    assert outcome.kept_account_ids == (admin.id, other.id)
    assert close_accounts(session, person_ids=[other.person_id], by=None, now=NOON).account_ids == (other.id,)


def test_thousands_take_a_few_statements(
    session: Session, unit: Unit, admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("people.ways_in.closing.AT_ONCE", 10)
    people = [an_account(session, a_person(session, unit)).person_id for _ in range(20)]
    session.flush()
    counted: list[str] = []
    event.listen(session.connection().engine, "before_cursor_execute", lambda *told: counted.append(told[2]))
    close_accounts(session, person_ids=people, by=None, now=NOON)
    reopen_accounts(session, person_ids=people, by=None, now=NOON)
    assert len(counted) < 20
    assert len(session.scalars(select(AuditEntry.id)).all()) == 40
