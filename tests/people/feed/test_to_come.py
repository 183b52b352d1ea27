"""Jobs to come: a whole file that names them no more withdraws them, and who comes back comes back once."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from people.feed.planning.exporting import rows_of_record
from people.feed.planning.plan import Plan
from people.feed.planning.sentences import sentences_of, summary_of
from people.feed.runs.planning import make_plan
from people.feed.runs.state import read_state
from people.organisations import Organisation
from tests.builders.region import NOON, an_organisation
from tests.people.feed.rows import HOMES, STREETS, a_row, rows_of
from tests.people.feed.runs import a_file, applied, jobs_now, undone

STARTS = date(2027, 1, 4)
WEEK = NOON + timedelta(days=7)
HERE = a_row("0001", unit=HOMES)
STARTER = a_row("0002", "Bo Li", unit=STREETS, starts_on=STARTS)


@pytest.fixture
def sefton(session: Session) -> Organisation:
    return an_organisation(session, "sefton", "Sefton")


def planned(session: Session, sefton: Organisation, *rows: object, everybody: bool = True) -> Plan:
    session.expire_all()
    state = read_state(session, sefton, on=WEEK.date())
    return make_plan(state, rows_of(*rows), file=a_file(everybody=everybody), now=WEEK)  # type: ignore[arg-type]


def test_a_starter_whom_the_next_whole_file_does_not_name_never_begins(session: Session, sefton: Organisation) -> None:
    applied(session, sefton, [HERE, STARTER], everybody=True)
    assert planned(session, sefton, HERE, STARTER).items == ()
    assert planned(session, sefton, HERE, everybody=False).items == ()
    plan = planned(session, sefton, HERE)
    assert [(one.payroll_number, one.is_withdrawn) for one in plan.items] == [("0002", True)]
    words = "1 job that was to begin never does. A file before named it, and this one does not."
    assert words in [one.plain for one in sentences_of(plan)]
    assert summary_of(plan) == "Withdraws 1 job to come."
    run = applied(session, sefton, [HERE], everybody=True, now=WEEK)
    assert set(jobs_now(session, sefton, now=WEEK)) == {"0001"}
    assert planned(session, sefton, HERE).items == ()
    undone(session, run, now=WEEK + timedelta(hours=1))
    assert jobs_now(session, sefton, now=WEEK)["0002"].starts_on == STARTS


def test_a_starter_of_whom_no_whole_file_has_spoken_stays(session: Session, sefton: Organisation) -> None:
    applied(session, sefton, [HERE], everybody=True)
    applied(session, sefton, [STARTER])
    assert planned(session, sefton, HERE).items == ()


def test_whoever_comes_back_later_is_planned_once(session: Session, sefton: Organisation) -> None:
    left = a_row("0002", "Bo Li", unit=STREETS, starts_on=date(2020, 1, 6), ends_on=date(2025, 3, 31))
    applied(session, sefton, [HERE, left])
    applied(session, sefton, [HERE, STARTER], everybody=True)
    plan = planned(session, sefton, HERE, STARTER)
    assert (plan.items, plan.unchanged) == ((), 2)
    job = jobs_now(session, sefton, now=WEEK)["0002"]
    assert (job.starts_on, job.ends_on, job.held_until) == (STARTS, None, date(2025, 3, 31))
    state = read_state(session, sefton, on=WEEK.date())
    exported = {row.payroll_number: row.starts_on for row in rows_of_record(state, WEEK.date())}
    assert exported["0002"] == STARTS
    # Rows of the time before say nothing about the time to come.
    assert planned(session, sefton, HERE, left).items == ()
    original = a_row("0002", "Bo Li", unit=STREETS, starts_on=date(2020, 1, 6))
    assert planned(session, sefton, HERE, original).items == ()
    no_first_day = a_row("0002", "Bo Li", unit=STREETS, ends_on=date(2025, 3, 31))
    plan = planned(session, sefton, HERE, no_first_day)
    assert (plan.items, plan.unusable) == ((), ())
