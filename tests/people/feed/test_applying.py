"""A file goes into the record: planned, agreed to, applied in portions, and never twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit import entries_for
from kernel.errors import RuleBroken
from kernel.tasks.claims import claim
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.feed.runs.applying import begin_run
from people.feed.runs.deciding import decide
from people.feed.runs.record import FEED_RUNS, Choice, FeedItem
from people.jobs.changes import EmploymentChange
from people.jobs.terms import EmploymentTerms
from people.organisations import Organisation, Unit
from people.persons import Person
from people.roles import Role
from tests.builders.region import (
    NOON,
    TODAY,
    a_person,
    a_unit,
    an_account,
    an_employment,
    an_organisation,
    change_job,
    job_of,
)
from tests.people.feed.rows import HOMES, STREETS, a_row
from tests.people.feed.runs import applied, jobs_now, planned, runs, undone, work

NAMES = ("Siân Nguyễn", "محمد", "王芳", "Ọláyínká", "O’Brien", "Bo Li", "Ann Wu", "Jo Roe")


@pytest.fixture
def sefton(session: Session) -> Organisation:
    return an_organisation(session, "sefton", "Sefton")


@pytest.fixture
def hr_lead(session: Session, sefton: Organisation) -> int:
    """Somebody who may agree and works for nobody whom a file could end."""
    unit = a_unit(session, an_organisation(session, "region", "The region"))
    account = an_account(session, a_person(session, unit, "An HR lead"), Role.ADMIN)
    return account.id


def first_rows(count: int = len(NAMES)) -> list:
    return [a_row(f"{place:05}", NAMES[place % len(NAMES)], unit=HOMES, job_title="Carer") for place in range(count)]


def test_the_first_file_adds_everybody_with_their_names_as_they_write_them(
    session: Session, sefton: Organisation
) -> None:
    run = applied(session, sefton, first_rows())
    jobs = jobs_now(session, sefton)
    assert [job.full_name for job in jobs.values()] == list(NAMES)
    assert {(job.unit, job.job_title, job.starts_on) for job in jobs.values()} == {(HOMES, "Carer", TODAY)}
    assert (run.state, run.handled, run.skipped, run.open_key) == (TaskState.DONE, 8, 0, None)
    actions = [one.action for one in entries_for(session, subject_type="feed-run", subject_id=run.id)]
    assert actions == ["feed-planned", "feed-decided", "feed-applied"]


def test_the_same_file_again_changes_nothing(session: Session, sefton: Organisation) -> None:
    applied(session, sefton, first_rows())
    before, lines = jobs_now(session, sefton), session.scalar(select(func.count(EmploymentChange.id)))
    run = applied(session, sefton, first_rows(), everybody=True)
    assert run.plan["summary"] == "Changes nothing."
    assert jobs_now(session, sefton) == before
    assert session.scalar(select(func.count(EmploymentChange.id))) == lines


def test_every_value_of_a_row_arrives_in_the_record(session: Session, sefton: Organisation) -> None:
    rows = [
        a_row(
            "1",
            "Siân Nguyễn",
            unit=STREETS,
            job_title="Driver",
            grade="G4",
            hours_per_week=Decimal("18.50"),
            contract="Permanent",
            site="Depot",
            manager_payroll_number="2",
            is_main=False,
            starts_on=date(2019, 5, 1),
            ends_on=date(2027, 3, 31),
            away_from=date(2026, 10, 1),
            away_until=date(2027, 1, 31),
            email="sian@example.org",
        ),
        a_row("2", "Bo Li", unit=STREETS),
    ]
    applied(session, sefton, rows)
    job = jobs_now(session, sefton)["1"]
    assert (job.unit, job.job_title, job.grade, job.hours_per_week) == (STREETS, "Driver", "G4", Decimal("18.5"))
    assert (job.contract, job.site, job.manager_payroll_number, job.is_main) == ("Permanent", "Depot", "2", False)
    assert (job.starts_on, job.ends_on, job.email) == (date(2019, 5, 1), date(2027, 3, 31), "sian@example.org")
    assert [(one.starts_on, one.ends_on) for one in job.absences] == [(date(2026, 10, 1), date(2027, 1, 31))]
    assert planned(session, sefton, rows).plan["summary"] == "Changes nothing."


def test_an_earlier_first_day_holds_with_what_the_job_was_and_is_said_once(
    session: Session, sefton: Organisation
) -> None:
    before = [a_row("1", "Siân Nguyễn", unit=HOMES, job_title="Carer", grade="G4", starts_on=date(2024, 5, 6))]
    after = [a_row("1", "Siân Nguyễn", unit=STREETS, job_title="Driver", grade="G4", starts_on=date(2019, 5, 6))]
    applied(session, sefton, before)
    run = applied(session, sefton, after, now=NOON + timedelta(days=1))
    job = jobs_now(session, sefton, now=NOON + timedelta(days=1))["1"]
    assert (job.starts_on, job.unit, job.job_title) == (date(2019, 5, 6), STREETS, "Driver")
    first, _ = session.scalars(select(EmploymentTerms).order_by(EmploymentTerms.starts_on)).all()
    assert (first.starts_on, first.job_title, first.grade) == (date(2019, 5, 6), "Carer", "G4")
    assert planned(session, sefton, after, now=NOON + timedelta(days=2)).plan["summary"] == "Changes nothing."
    undone(session, run, now=NOON + timedelta(days=2))
    assert jobs_now(session, sefton, now=NOON + timedelta(days=2))["1"].starts_on == date(2024, 5, 6)


def test_two_jobs_of_one_person_are_one_person(session: Session, sefton: Organisation) -> None:
    rows = [
        a_row("1-1", "Bo Li", unit=HOMES, person_number="77"),
        a_row("1-2", "Bo Li", unit=STREETS, person_number="77"),
    ]
    applied(session, sefton, rows, limit=1)
    assert len({job.person_id for job in jobs_now(session, sefton).values()}) == 1


def test_portions_of_one_do_the_same_as_all_at_once(session: Session, sefton: Organisation) -> None:
    rows = [a_row(f"{n}", f"Person {n}x", unit=HOMES, manager_payroll_number=f"{n + 1}") for n in range(1, 6)]
    rows.append(a_row("6", "The Head", unit=HOMES))
    applied(session, sefton, rows, limit=1)
    managers = {number: job.manager_payroll_number for number, job in jobs_now(session, sefton).items()}
    assert managers == {"1": "2", "2": "3", "3": "4", "4": "5", "5": "6", "6": None}


def test_a_move_is_a_line_in_the_ledger_with_the_number_of_its_run(session: Session, sefton: Organisation) -> None:
    applied(session, sefton, first_rows(1))
    run = applied(session, sefton, [a_row("00000", NAMES[0], unit=STREETS)], now=NOON + timedelta(days=3))
    line = session.scalars(select(EmploymentChange).order_by(EmploymentChange.id.desc())).first()
    assert line is not None
    assert (line.origin, line.run_id, line.effective_on) == ("feed", run.id, TODAY + timedelta(days=3))
    assert jobs_now(session, sefton, now=NOON + timedelta(days=3))["00000"].unit == STREETS
    assert jobs_now(session, sefton)["00000"].unit == HOMES


def test_leavers_wait_for_the_next_file_where_somebody_chose_so(session: Session, sefton: Organisation) -> None:
    applied(session, sefton, first_rows())
    rows = [*first_rows(2)[:1], a_row("00099", "Kim Poe", unit=HOMES)]
    later = NOON + timedelta(days=7)
    run = applied(session, sefton, rows, everybody=True, choice=Choice.WITHOUT_LEAVERS, now=later)
    jobs = jobs_now(session, sefton, now=later)
    assert len([job for job in jobs.values() if job.is_held(later.date())]) == 9
    assert run.state is TaskState.DONE


def test_whoever_leaves_signs_in_no_more_and_whoever_comes_back_does(
    session: Session, sefton: Organisation, hr_lead: int
) -> None:
    applied(session, sefton, first_rows())
    person = session.get_one(Person, jobs_now(session, sefton)["00001"].person_id)
    account = an_account(session, person)
    week, fortnight = NOON + timedelta(days=7), NOON + timedelta(days=14)
    stays = [row for row in first_rows() if row.payroll_number != "00001"]
    applied(session, sefton, stays, everybody=True, by=hr_lead, now=week)
    assert not session.get_one(Account, account.id, populate_existing=True).is_active
    assert jobs_now(session, sefton, now=week)["00001"].ends_on == TODAY + timedelta(days=6)
    applied(session, sefton, first_rows(), everybody=True, by=hr_lead, now=fortnight)
    assert session.get_one(Account, account.id, populate_existing=True).is_active


def test_a_second_file_of_the_same_day_takes_back_who_had_joined_by_the_first(
    session: Session, sefton: Organisation, hr_lead: int
) -> None:
    applied(session, sefton, first_rows())
    run = planned(session, sefton, first_rows(4), everybody=True)
    assert run.is_stopped
    decide(session, run_id=run.id, choice=Choice.ALL, by=hr_lead, now=NOON + timedelta(minutes=1))
    work(session, first_rows(4), now=NOON + timedelta(minutes=1), everybody=True)
    assert len(jobs_now(session, sefton)) == 4


def test_somebody_with_a_job_elsewhere_goes_on_signing_in(session: Session, sefton: Organisation, hr_lead: int) -> None:
    elsewhere = a_unit(session, an_organisation(session, "halton", "Halton"))
    applied(session, sefton, first_rows(3))
    person = session.get_one(Person, jobs_now(session, sefton)["00001"].person_id)
    account = an_account(session, person)
    an_employment(session, person, elsewhere)
    rows = [row for row in first_rows(3) if row.payroll_number != "00001"]
    applied(session, sefton, rows, everybody=True, by=hr_lead, now=NOON + timedelta(days=7))
    assert session.get_one(Account, account.id, populate_existing=True).is_active


def test_a_plan_is_made_again_when_the_record_has_moved_and_somebody_decides_about_that_one(
    session: Session, sefton: Organisation
) -> None:
    applied(session, sefton, first_rows(3))
    rows = [*first_rows(2), a_row("00002", NAMES[2], unit=STREETS)]
    run = planned(session, sefton, rows)
    unit = session.scalars(select(Unit).where(Unit.name == "Adult Social Care")).one()
    person = session.get_one(Person, jobs_now(session, sefton)["00001"].person_id)
    change_job(session, job_of(session, person), TODAY, unit_id=unit.id)
    decide(session, run_id=run.id, choice=Choice.ALL, by=None, now=NOON)
    work(session, rows)
    old, new = runs(session)[-2:]
    assert (old.state, old.replaced_by_id, old.open_key) == (TaskState.CANCELLED, new.id, None)
    assert new.is_planned
    assert new.plan["summary"] == "Moves 2 people."
    assert jobs_now(session, sefton)["00002"].unit == HOMES


def test_a_plan_that_comes_out_the_same_goes_on(session: Session, sefton: Organisation) -> None:
    applied(session, sefton, first_rows(3))
    rows = [a_row("00002", NAMES[2], unit=STREETS)]
    run = planned(session, sefton, rows)
    person = session.get_one(Person, jobs_now(session, sefton)["00002"].person_id)
    change_job(session, job_of(session, person), TODAY, site="Depot")
    decide(session, run_id=run.id, choice=Choice.ALL, by=None, now=NOON)
    work(session, rows)
    job = jobs_now(session, sefton)["00002"]
    assert (job.unit, job.site) == (STREETS, "Depot")


def test_a_job_that_somebody_changes_while_the_file_is_applied_is_left_as_it_is(
    session: Session, sefton: Organisation, hr_lead: int
) -> None:
    applied(session, sefton, first_rows(2))
    rows = [a_row(f"0000{n}", NAMES[n], unit=STREETS) for n in (0, 1)]
    run = planned(session, sefton, rows)
    decide(session, run_id=run.id, choice=Choice.ALL, by=hr_lead, now=NOON)
    person = session.get_one(Person, jobs_now(session, sefton)["00001"].person_id)
    begin_only(session)
    change_job(session, job_of(session, person), TODAY, job_title="Manager")
    work(session, rows)
    run = runs(session)[-1]
    assert (run.state, run.skipped) == (TaskState.DONE, 1)
    assert [job.unit for job in jobs_now(session, sefton).values()] == [STREETS, HOMES]
    left = session.scalars(select(FeedItem).where(FeedItem.run_id == run.id, FeedItem.is_skipped)).all()
    assert [one.payroll_number for one in left] == ["00001"]


def begin_only(session: Session) -> None:
    claimed = claim(session, FEED_RUNS, now=NOON)
    assert claimed is not None
    begin_run(session, claimed, lambda _: pytest.fail("the plan still stands"), now=NOON)


def test_two_files_of_one_authority_are_not_applied_at_once(session: Session, sefton: Organisation) -> None:
    one, other = planned(session, sefton, first_rows(1)), planned(session, sefton, first_rows(2))
    decide(session, run_id=one.id, choice=Choice.ALL, by=None, now=NOON)
    with pytest.raises(RuleBroken, match="Another file of this authority is being applied"):
        decide(session, run_id=other.id, choice=Choice.ALL, by=None, now=NOON)


def test_a_file_without_a_row_is_refused(session: Session, sefton: Organisation) -> None:
    with pytest.raises(RuleBroken, match="no row of a person"):
        planned(session, sefton, [], everybody=True)
