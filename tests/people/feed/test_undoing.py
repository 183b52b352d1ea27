"""The last file is undone in one step, and what happened since stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import RuleBroken
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.feed.runs.record import FeedRun
from people.feed.runs.undoing import UndoPreview, ask_to_undo, preview_undo, why_not_undone
from people.organisations import Organisation
from people.persons import Person
from people.ways_in.settling import close_after_last_days
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation, change_job, job_of
from tests.people.feed.rows import HOMES, STREETS, a_row
from tests.people.feed.runs import applied, jobs_now, undone

WEEK = NOON + timedelta(days=7)
AFTER = WEEK + timedelta(hours=1)


@pytest.fixture
def sefton(session: Session) -> Organisation:
    return an_organisation(session, "sefton", "Sefton")


@pytest.fixture
def somebody(session: Session) -> int:
    unit = a_unit(session, an_organisation(session, "region", "The region"))
    return an_account(session, a_person(session, unit, "Mei Lin")).id


def rows(count: int) -> list:
    return [a_row(f"{place:05}", f"Person Nº{place}", unit=HOMES) for place in range(count)]


@pytest.fixture
def run(session: Session, sefton: Organisation, somebody: int) -> FeedRun:
    """A file by which two of ten leave, one moves, one is renamed, and one joins; applied a week later."""
    applied(session, sefton, rows(10))
    changed = [
        *rows(6),
        a_row("00006", "Person Nº6", unit=STREETS),
        a_row("00007", "Nº7 O’Brien", email="seven@example.org"),
        a_row("00010", "Kim Poe", unit=HOMES),
    ]
    return applied(session, sefton, changed, everybody=True, by=somebody, now=WEEK)


def person_at(session: Session, sefton: Organisation, number: str) -> Person:
    return session.get_one(Person, jobs_now(session, sefton, now=WEEK)[number].person_id)


def test_undoing_brings_back_what_was_there(session: Session, sefton: Organisation, run: FeedRun) -> None:
    assert preview_undo(session, run) == UndoPreview(joined=1, ended=2, changed=2, changed_since=0)
    undone(session, run, now=AFTER)
    jobs = jobs_now(session, sefton, now=AFTER)
    assert set(jobs) == {f"{place:05}" for place in range(10)}
    assert {(job.full_name, job.unit, job.ends_on, job.email) for job in jobs.values()} == {
        (f"Person Nº{place}", HOMES, None, None) for place in range(10)
    }
    assert (run.state, run.open_key) == (TaskState.EXPIRED, None)


def test_nobody_is_deleted_and_whoever_had_joined_is_the_same_person_when_they_join_again(
    session: Session, sefton: Organisation, run: FeedRun
) -> None:
    kim, people = person_at(session, sefton, "00010").id, session.scalar(select(func.count(Person.id)))
    undone(session, run, now=AFTER)
    assert session.scalar(select(func.count(Person.id))) == people
    applied(session, sefton, [a_row("00010", "Kim Poe", unit=STREETS)], now=AFTER)
    assert person_at(session, sefton, "00010").id == kim
    assert jobs_now(session, sefton, now=AFTER)["00010"].unit == STREETS


def test_what_happened_since_is_kept(session: Session, sefton: Organisation, run: FeedRun) -> None:
    moved, renamed = person_at(session, sefton, "00006"), person_at(session, sefton, "00007")
    change_job(session, job_of(session, moved), WEEK.date(), now=AFTER, job_title="Driver")
    renamed.chosen_name = "Seven O’Brien"
    session.flush()
    assert preview_undo(session, run).changed_since == 1
    undone(session, run, now=AFTER + timedelta(hours=1))
    jobs = jobs_now(session, sefton, now=AFTER)
    assert (jobs["00006"].unit, jobs["00006"].job_title) == (HOMES, "Driver")
    assert (jobs["00007"].full_name, jobs["00007"].email) == ("Seven O’Brien", None)


def test_accounts_that_the_file_closed_are_open_again(session: Session, sefton: Organisation, somebody: int) -> None:
    applied(session, sefton, rows(3))
    account = an_account(session, person_at(session, sefton, "00002"))
    run = applied(session, sefton, rows(2), everybody=True, by=somebody, now=WEEK)
    assert not session.get_one(Account, account.id, populate_existing=True).is_active
    undone(session, run, now=AFTER)
    assert session.get_one(Account, account.id, populate_existing=True).is_active


def test_an_account_closes_after_a_last_day_that_a_file_had_said_before_it_came(
    session: Session, sefton: Organisation, somebody: int
) -> None:
    applied(session, sefton, rows(3))
    account = an_account(session, person_at(session, sefton, "00002"))
    last_day = WEEK.date() + timedelta(days=3)
    applied(session, sefton, [a_row("00002", "Person Nº2", ends_on=last_day)], now=WEEK)
    assert close_after_last_days(session, on=last_day, now=WEEK) == 0
    assert session.get_one(Account, account.id, populate_existing=True).is_active
    assert close_after_last_days(session, on=last_day + timedelta(days=1), now=WEEK) == 1
    assert not session.get_one(Account, account.id, populate_existing=True).is_active


def test_only_the_last_file_is_undone_and_only_for_a_fortnight(
    session: Session, sefton: Organisation, run: FeedRun
) -> None:
    first = session.scalars(select(FeedRun).order_by(FeedRun.id)).first()
    assert first is not None
    assert why_not_undone(session, first, now=WEEK) == "Another file has been applied since. Undo that one first"
    late = WEEK + timedelta(days=15)
    assert why_not_undone(session, run, now=late) == "This file could be undone until 12 December 2026"
    undone(session, run, now=AFTER)
    with pytest.raises(RuleBroken, match="undone already"):
        ask_to_undo(session, run_id=run.id, by=None, now=AFTER)
    assert why_not_undone(session, first, now=WEEK) is None
