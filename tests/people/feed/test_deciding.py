"""Who may let a file go on that was stopped."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel.errors import NotFound, RuleBroken
from kernel.tasks.kinds import TaskState
from people.feed.planning.brakes import Limits
from people.feed.rows import CellProblem, UnusableRow
from people.feed.runs.deciding import decide, get_run, needs_second_person, runs_of
from people.feed.runs.record import Choice, FeedRun
from people.feed.runs.settings import limits_of, set_limits
from people.organisations import Organisation
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.people.feed.rows import HOMES, STREETS, a_row
from tests.people.feed.runs import applied, jobs_now, planned

LATER = NOON + timedelta(days=7)


@pytest.fixture
def sefton(session: Session) -> Organisation:
    return an_organisation(session, "sefton", "Sefton")


@pytest.fixture
def accounts(session: Session) -> tuple[int, int]:
    unit = a_unit(session, an_organisation(session, "region", "The region"))
    return tuple(an_account(session, a_person(session, unit, name)).id for name in ("Kofi", "Mei Lin"))  # type: ignore[return-value]


def rows(count: int, **said: object) -> list:
    return [a_row(f"{place:05}", f"Person Nº{place}", **{"unit": HOMES, **said}) for place in range(count)]


@pytest.fixture
def stopped(session: Session, sefton: Organisation, accounts: tuple[int, int]) -> FeedRun:
    """A file that would end 5 of 10 jobs, brought by Kofi."""
    applied(session, sefton, rows(10))
    return planned(session, sefton, rows(5), everybody=True, by=accounts[0], now=LATER)


def test_whoever_brought_a_file_that_was_stopped_does_not_agree_to_all_of_it(
    session: Session, stopped: FeedRun, accounts: tuple[int, int]
) -> None:
    kofi, mei_lin = accounts
    assert stopped.is_stopped
    for nobody_else in (kofi, None):
        with pytest.raises(RuleBroken, match="A second person must agree"):
            decide(session, run_id=stopped.id, choice=Choice.ALL, by=nobody_else, now=LATER)
    decide(session, run_id=stopped.id, choice=Choice.ALL, by=mei_lin, now=LATER)
    assert (stopped.state, stopped.decided_by_account_id) == (TaskState.PENDING, mei_lin)


def test_ends_wait_for_a_second_person_while_a_row_may_mean_anybody(
    session: Session, sefton: Organisation, accounts: tuple[int, int]
) -> None:
    applied(session, sefton, rows(100))
    unread = UnusableRow(0, (CellProblem(None, "", "This row ends after 1 of 12 cells.", "Add what is missing."),))
    run = planned(session, sefton, [*rows(99), unread], everybody=True, by=accounts[0], now=LATER)
    assert (run.is_stopped, run.plan["stops"], run.plan["is_unsure"]) == (True, [], True)
    assert needs_second_person(run, Choice.ALL)
    assert not needs_second_person(run, Choice.WITHOUT_LEAVERS)


def test_the_safe_choice_about_leavers_needs_nobody_else(
    session: Session, stopped: FeedRun, accounts: tuple[int, int]
) -> None:
    assert not needs_second_person(stopped, Choice.WITHOUT_LEAVERS)
    decide(session, run_id=stopped.id, choice=Choice.WITHOUT_LEAVERS, by=accounts[0], now=LATER)
    assert stopped.state is TaskState.PENDING


def test_a_file_that_moves_too_many_needs_a_second_person_with_and_without_leavers(
    session: Session, sefton: Organisation, accounts: tuple[int, int]
) -> None:
    applied(session, sefton, rows(10))
    run = planned(session, sefton, rows(9, unit=STREETS), by=accounts[0], now=LATER)
    assert needs_second_person(run, Choice.WITHOUT_LEAVERS)
    assert not needs_second_person(run, Choice.NOTHING)


def test_a_file_that_nothing_stops_is_for_whoever_brought_it(
    session: Session, sefton: Organisation, accounts: tuple[int, int]
) -> None:
    run = planned(session, sefton, rows(10), by=accounts[0])
    decide(session, run_id=run.id, choice=Choice.ALL, by=accounts[0], now=NOON)
    assert run.state is TaskState.PENDING


def test_nothing_changes_where_somebody_chose_so_and_nobody_decides_twice(
    session: Session, sefton: Organisation, stopped: FeedRun, accounts: tuple[int, int]
) -> None:
    before = jobs_now(session, sefton)
    decide(session, run_id=stopped.id, choice=Choice.NOTHING, by=accounts[0], now=LATER)
    assert (stopped.state, jobs_now(session, sefton)) == (TaskState.CANCELLED, before)
    with pytest.raises(RuleBroken, match="decided about this file already"):
        decide(session, run_id=stopped.id, choice=Choice.ALL, by=accounts[1], now=LATER)


def test_an_authority_chooses_its_own_limits(session: Session, sefton: Organisation) -> None:
    assert limits_of(session, organisation_id=sefton.id) == Limits()
    set_limits(session, organisation_id=sefton.id, limits=Limits(leavers=60), by=None, now=NOON)
    applied(session, sefton, rows(10))
    assert not planned(session, sefton, rows(5), everybody=True, now=LATER).is_stopped
    with pytest.raises(RuleBroken, match="from 0 to 100"):
        set_limits(session, organisation_id=sefton.id, limits=Limits(moves=101), by=None, now=NOON)


def test_a_run_of_another_authority_is_not_there(session: Session, sefton: Organisation, stopped: FeedRun) -> None:
    assert get_run(session, run_id=stopped.id, organisation_ids={sefton.id}) is stopped
    with pytest.raises(NotFound):
        get_run(session, run_id=stopped.id, organisation_ids={sefton.id + 1})
    assert [run.id for run in runs_of(session, organisation_id=sefton.id)] == [stopped.id, stopped.id - 1]
