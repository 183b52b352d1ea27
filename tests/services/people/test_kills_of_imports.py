"""HR files and past learning with real workers: killed at random moments, and two at once."""

from datetime import date
from importlib import import_module
from io import BytesIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.platform.extensions import db
from app.platform.queue import JOBS
from courses.history.planning import HistoryFile, plan_history
from courses.history.reading import HistoryReading, read_entries
from courses.history.runs import start_applying
from courses.history.stored import WORK_OFF_HISTORY, HistoryRow, HistoryRun, Stage
from courses.records.completion import Completion
from kernel.audit import AuditEntry
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskState
from people.feed.mapping.days import DateOrder
from people.feed.reading.opening import open_table
from people.feed.runs.deciding import decide
from people.feed.runs.record import APPLY_FEEDS, Choice, FeedRun
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.jobs.values import Terms
from people.jobs.writing import NewJob, Source, add_jobs
from people.organisations import Unit
from people.persons import Person
from tests.builders.hr_files import plan_staff
from tests.builders.region import a_course, a_person, a_unit, an_organisation
from tests.services.conftest import OwnRedis, Site
from tests.services.people.killing import kill_again_and_again, two_at_once

pytestmark = pytest.mark.slow

STAFF, ROWS = 2_400, 1_400


# An HR file


def a_staff_file(site: Site, slug: str) -> tuple[int, int]:
    """An authority, and its first file, decided on: the ids of both."""
    rows = [f"{place:05},Person {place:05},Team {place % 7},Officer {place % 3}" for place in range(STAFF)]
    with site.app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        organisation = an_organisation(session, slug, f"Council of {slug}")
        run = plan_staff(session, organisation, *rows, everybody=True)
        decide(session, run_id=run.id, choice=Choice.ALL, by=None, now=utc_now())
        session.commit()
        return organisation.id, run.id


def staff_of(session: Session, organisation_id: int) -> list[tuple[object, ...]]:
    """Who works there as what, and how much was ever said of each."""
    said = (
        select(func.count())
        .where(EmploymentChange.employment_id == Employment.id)
        .correlate(Employment)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Employment.payroll_number,
            Person.chosen_name,
            Unit.path,
            EmploymentTerms.job_title,
            EmploymentTerms.starts_on,
            EmploymentTerms.ends_on,
            said,
        )
        .join(Person, Person.id == Employment.person_id)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .join(Unit, Unit.id == EmploymentTerms.unit_id)
        .where(Employment.organisation_id == organisation_id)
        .order_by(Employment.payroll_number, EmploymentTerms.starts_on)
    )
    return [tuple(row) for row in rows]


def check_staff(site: Site, disturbed: tuple[int, int], quiet: tuple[int, int]) -> None:
    with site.session() as session:
        assert staff_of(session, disturbed[0]) == staff_of(session, quiet[0])
        assert len(staff_of(session, disturbed[0])) == STAFF
        for _, run_id in (disturbed, quiet):
            run = session.get_one(FeedRun, run_id)
            assert (run.state, run.handled, run.skipped) == (TaskState.DONE, run.item_count, 0)
            log = select(AuditEntry.action).where(
                AuditEntry.subject_type == "feed-run", AuditEntry.subject_id == str(run_id)
            )
            assert session.scalars(log).all().count("feed-applied") == 1
        assert session.scalar(select(func.count()).select_from(Person)) == 2 * STAFF


def is_applied(site: Site, run_id: int) -> bool:
    with site.session() as session:
        return session.scalar(select(FeedRun.state).where(FeedRun.id == run_id)) is TaskState.DONE


@pytest.fixture
def both(site: Site, own_redis: OwnRedis) -> tuple[tuple[int, int], tuple[int, int]]:
    """The same file for two authorities; that of the second is applied in peace."""
    own_redis.start()
    quiet = a_staff_file(site, "quiet")
    work_here(APPLY_FEEDS, site)
    return a_staff_file(site, "disturbed"), quiet


def work_here(job: str, site: Site) -> None:
    module, _, name = JOBS[job].rpartition(".")
    with site.app.app_context():
        getattr(import_module(module), name)()


def test_a_file_whose_workers_are_killed_is_applied_as_one_in_peace(
    site: Site, both: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    disturbed, quiet = both
    kill_again_and_again(site, APPLY_FEEDS, lambda: is_applied(site, disturbed[1]))
    check_staff(site, disturbed, quiet)


def test_two_workers_apply_one_file_once(site: Site, both: tuple[tuple[int, int], tuple[int, int]]) -> None:
    disturbed, quiet = both
    two_at_once(site, APPLY_FEEDS, lambda: is_applied(site, disturbed[1]))
    check_staff(site, disturbed, quiet)


# Past learning


@pytest.fixture
def past(site: Site, own_redis: OwnRedis) -> int:
    """A file of past learning that is to be applied; its run."""
    own_redis.start()
    with site.session(is_writing=True) as session:
        a_course(session)
        unit = a_unit(session, an_organisation(session))
        people = ROWS // 2
        persons = [a_person(session, name=f"Person {place}") for place in range(people)]
        jobs = [
            NewJob(one.id, unit.organisation_id, f"{place:05}", date(2020, 4, 1), Terms(unit.id))
            for place, one in enumerate(persons)
        ]
        add_jobs(session, jobs, source=Source(ChangeOrigin.HAND), now=utc_now())
        days = [f"{place % people:05},TC,{1 + place // people:02}/03/2024" for place in range(ROWS)]
        table = open_table(BytesIO("\n".join(("Payroll number,Course,Date completed", *days, "")).encode()))
        how, now = HistoryReading(DateOrder.DAY_FIRST, "Records"), utc_now()
        rows = read_entries(table, how, on=local_day(now))
        file = HistoryFile("records.csv", ())
        run = plan_history(session, file, rows, organisation_id=unit.organisation_id, by=None, now=now)
        start_applying(session, run_id=run.id, account_id=None, now=now)
        return run.id


def is_in_the_record(site: Site, run_id: int) -> bool:
    with site.session() as session:
        return session.get_one(HistoryRun, run_id).stage is Stage.APPLIED


def check_completions(site: Site, run_id: int) -> None:
    """Each row once, and the run counted them right."""
    with site.session() as session:
        run = session.get_one(HistoryRun, run_id)
        assert (run.state, run.done, run.wanted) == (TaskState.DONE, ROWS, ROWS)
        counted = session.execute(select(func.count(), func.count(Completion.person_id.distinct()))).one()
        assert tuple(counted) == (ROWS, ROWS // 2)
        of_rows = select(func.count(HistoryRow.completion_id.distinct())).where(HistoryRow.run_id == run_id)
        assert session.scalar(of_rows) == ROWS
        each = select(Completion.person_id).group_by(Completion.person_id).having(func.count() != 2)
        assert session.scalars(each).all() == []


def test_past_learning_whose_workers_are_killed_comes_in_once(site: Site, past: int) -> None:
    kill_again_and_again(site, WORK_OFF_HISTORY, lambda: is_in_the_record(site, past))
    check_completions(site, past)


def test_two_workers_bring_past_learning_in_once(site: Site, past: int) -> None:
    two_at_once(site, WORK_OFF_HISTORY, lambda: is_in_the_record(site, past))
    check_completions(site, past)
