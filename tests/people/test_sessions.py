"""Sign-in sessions as rows."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from people.accounts import Account
from people.roles import find_signed_in
from people.sessions import (
    KEPT_AFTER_THE_END,
    SignInSession,
    begin_session,
    end_session,
    end_sessions,
    forget_old_sessions,
    open_sessions_of,
)
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def an_entry(session: Session, slug: str = "halton") -> Account:
    return an_account(session, a_person(session, a_unit(session, an_organisation(session, slug))))


def begin(session: Session, account: Account) -> str:
    return begin_session(session, account_id=account.id, device="A test", now=NOON, longest=WEEK).secret


def is_in(session: Session, secret: str, after: timedelta = timedelta()) -> bool:
    return find_signed_in(session, secret=secret, now=NOON + after, unused_for=12 * HOUR) is not None


def test_a_secret_opens_its_session_until_it_is_unused_for_too_long(session: Session) -> None:
    secret = begin(session, an_entry(session))
    assert [is_in(session, secret, hours * HOUR) for hours in (0, 11, 12, 13)] == [True, True, False, False]


def test_sqlite_reads_not_all_jobs_where_nobody_has_a_manager(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("a question for the planner of SQLite")
    unit, asked = a_unit(session, an_organisation(session)), []
    accounts = [an_account(session, a_person(session, unit)) for _ in range(60)]
    secrets = [begin(session, account) for account in accounts]
    connection = session.connection()
    connection.execute(text("ANALYZE"))
    event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    assert is_in(session, secrets[7])
    [(statement, values)] = asked
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    scans = [row.detail for row in plan if row.detail.startswith("SCAN employment")]
    # That index holds those alone who have a manager; SQLite 3.46 goes through it from end to end, 3.40 looks into it.
    assert [one for one in scans if "USING INDEX ix_employment_terms_manager_id" not in one] == []


def test_the_secret_itself_is_stored_nowhere(session: Session) -> None:
    secret = begin(session, an_entry(session))
    stored = session.scalars(select(SignInSession)).one()
    assert secret not in (stored.secret_sha256, stored.device)


def test_one_session_ends_and_the_others_go_on(session: Session) -> None:
    account = an_entry(session)
    first, second = begin(session, account), begin(session, account)
    found = open_sessions_of(session, account_id=account.id, now=NOON, unused_for=HOUR)
    assert end_session(session, account_id=account.id, session_id=found[-1].id, now=NOON)
    assert not end_session(session, account_id=account.id, session_id=found[-1].id, now=NOON)
    assert (is_in(session, first), is_in(session, second)) == (False, True)


def test_all_sessions_of_one_account_end_and_nobody_elses(session: Session) -> None:
    account, other = an_entry(session), an_entry(session, "wirral")
    mine, theirs = [begin(session, account) for _ in range(3)], begin(session, other)
    kept = open_sessions_of(session, account_id=account.id, now=NOON, unused_for=HOUR)[0].id
    assert end_sessions(session, account_id=account.id, now=NOON, besides=kept)
    assert [is_in(session, secret) for secret in mine] == [False, False, True]
    end_sessions(session, account_id=account.id, now=NOON)
    assert not any(is_in(session, secret) for secret in mine)
    assert is_in(session, theirs)


def test_what_is_long_over_is_deleted(session: Session) -> None:
    begin(session, an_entry(session))
    forget_old_sessions(session, now=NOON + WEEK + KEPT_AFTER_THE_END - HOUR)
    assert session.scalar(select(func.count()).select_from(SignInSession)) == 1
    forget_old_sessions(session, now=NOON + WEEK + KEPT_AFTER_THE_END + HOUR)
    assert session.scalar(select(func.count()).select_from(SignInSession)) == 0
