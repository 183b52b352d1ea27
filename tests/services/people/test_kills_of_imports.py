"""HR files, past learning and sign-in cards with real workers: killed at random moments, and two at once."""

import random
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.platform.extensions import db
from app.platform.queue import JOBS, ring
from app.platform.sealed.files import unseal
from app.platform.storage import FolderStore
from app.platform.work import unit_of_work
from courses.history.planning import HistoryFile, plan_history
from courses.history.reading import HistoryReading, read_entries
from courses.history.runs import start_applying
from courses.history.stored import HISTORY_RUNS, WORK_OFF_HISTORY, HistoryRow, HistoryRun, Stage
from courses.records.completion import Completion
from kernel.audit import AuditEntry
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskKind, TaskState
from people.accounts import Account
from people.feed.mapping.days import DateOrder
from people.feed.reading.opening import open_table
from people.feed.runs.deciding import decide
from people.feed.runs.record import APPLY_FEEDS, FEED_RUNS, Choice, FeedRun
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.jobs.values import Terms
from people.jobs.writing import NewJob, Source, add_jobs
from people.organisations import Organisation, Unit
from people.password_leaves import PasswordReset
from people.password_resets import try_code
from people.persons import Person
from people.roles import Role
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, choose_way
from people.ways_in.needs import Reach
from people.ways_in.rounds import MAKE_WAYS_IN, WAYS_IN, WayInBatch, WayInMember
from people.ways_in.starting import start_round
from tests.builders.hr_files import plan_staff
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.services.conftest import OwnRedis, Site, wait_until

pytestmark = pytest.mark.slow

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
STAFF, TEAMS, CARDS_EACH, ROWS = 2_400, 6, 4, 1_400
KILLS = 3
KINDS = {one.name: one for one in (FEED_RUNS, HISTORY_RUNS, WAYS_IN)}


def kill_again_and_again(site: Site, job: str, is_done: Callable[[], bool]) -> int:
    """Kill the worker at random moments, each time after a lease and a look of housekeeping; returns how often."""
    chance = random.Random(time.monotonic_ns())  # noqa: S311 - when to kill is no secret
    kills = 0
    for _ in range(KILLS):
        worker = site.start("worker")
        wake(site, job)
        wait_until(lambda: is_anything_in_hand(site, KINDS[job]) or is_done(), "a worker at work", every=0.005)
        time.sleep(chance.uniform(0, 0.6))
        worker.kill()
        kills += not is_done()
        grow_old(site, KINDS[job])
    site.start("worker")
    wake(site, job)
    wait_until(is_done, "the end of it", within=90)
    return kills


def two_at_once(site: Site, job: str, is_done: Callable[[], bool]) -> None:
    for _ in range(2):
        site.start("worker")
    wake(site, job)
    deadline = time.monotonic() + 90
    while not is_done() and time.monotonic() < deadline:  # a second one joins as soon as the first has taken the job
        wake(site, job)
        time.sleep(0.2)
    assert is_done()


def wake(site: Site, job: str) -> None:
    with site.app.app_context():
        run_housekeeping()
        ring(job)


def is_anything_in_hand(site: Site, kind: TaskKind[object]) -> bool:  # type: ignore[type-var]
    with site.session() as session:
        return bool(session.scalar(select(func.count()).where(kind.table.state == TaskState.WORKING)))


def grow_old(site: Site, kind: TaskKind[object]) -> None:  # type: ignore[type-var]
    """A lease later. A worker that was killed at the last moment five times would be given up: that is another test."""
    with site.session(is_writing=True) as session:
        old = utc_now() - kind.lease - timedelta(seconds=5)
        is_working = kind.table.state == TaskState.WORKING
        session.execute(update(kind.table).where(is_working).values(claimed_at=old, claims=1))


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


# Sign-in cards


@pytest.fixture
def asked(site: Site, own_redis: OwnRedis) -> None:
    """Cards for the people of some teams."""
    own_redis.start()
    with site.session(is_writing=True) as session:
        organisation = session.get_one(Organisation, an_organisation(session).id)
        units = [a_unit(session, organisation, f"Team {place}") for place in range(TEAMS)]
        lead = an_account(session, a_person(session, units[0], "Lead"), Role.HR_LEAD, unit=units[0])
        lead.last_signed_in_at = utc_now()
        for unit in units:
            for place in range(CARDS_EACH):
                a_person(session, unit, f"Person {place}", payroll_number=f"{unit.id}{place:03}")
        choice = ChosenWay(FirstWay.CARD, UsernameStyle.PAYROLL_NUMBER, "hal")
        choose_way(session, organisation_id=organisation.id, choice=choice, by=lead.id, now=utc_now())
        start_round(session, Reach(organisation.id), way=FirstWay.CARD, by=lead.id, now=utc_now())


def are_all_made(site: Site) -> bool:
    with site.session() as session:
        return set(session.scalars(select(WayInBatch.state))) == {TaskState.DONE}


def check_cards(site: Site, folder: Path) -> None:
    """Each person has one account, and the code on the one sheet that is kept is the one that opens it."""
    with site.session() as session:
        batches: Sequence[WayInBatch] = session.scalars(select(WayInBatch)).all()
        members = session.scalars(select(WayInMember.person_id)).all()
        assert len(members) == len(set(members)) == TEAMS * CARDS_EACH
        accounts = session.scalars(select(Account.person_id).where(Account.person_id.in_(members))).all()
        assert sorted(accounts) == sorted(members)
        is_open = (PasswordReset.ends_at > utc_now(), PasswordReset.used_at.is_(None))
        assert session.scalar(select(func.count()).select_from(PasswordReset).where(*is_open)) == len(members)
    store = FolderStore(site.files)
    found = [card for batch in batches for card in cards_on(site, store, batch, folder)]
    assert len(found) == len(set(found)) == TEAMS * CARDS_EACH
    with site.app.app_context():
        for username, code in found:
            with unit_of_work() as work:
                assert try_code(work.session, username=username, typed=code, now=utc_now()) is not None
    assert len(list((site.files / "sign-in-cards").iterdir())) == TEAMS


def cards_on(site: Site, store: FolderStore, batch: WayInBatch, folder: Path) -> list[tuple[str, str]]:
    with site.app.app_context():
        (folder / "sheet.pdf").write_bytes(unseal(store.read(batch.storage_key)))
    words = subprocess.run([PDFTOTEXT, "-layout", folder / "sheet.pdf", "-"], capture_output=True, check=True)
    text = words.stdout.decode()
    codes = re.findall(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", text)
    names = re.findall(r"\bhal-\d+\b", text)
    return list(zip(names, codes, strict=True))


def test_cards_whose_workers_are_killed_are_made_once(site: Site, asked: None, tmp_path: Path) -> None:
    kill_again_and_again(site, MAKE_WAYS_IN, lambda: are_all_made(site))
    check_cards(site, tmp_path)


def test_two_workers_make_each_card_once(site: Site, asked: None, tmp_path: Path) -> None:
    two_at_once(site, MAKE_WAYS_IN, lambda: are_all_made(site))
    check_cards(site, tmp_path)
