"""The record is written as a ledger, and what holds on a day follows from it."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from people.jobs.absences import Absence
from people.jobs.changes import ChangeOrigin, EmploymentChange, changes_of
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentKind, EmploymentTerms
from people.jobs.values import Terms
from people.jobs.writing import (
    NewChange,
    NewJob,
    Source,
    add_jobs,
    record_changes,
    undo_changes,
    undo_run,
)
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

DAY = timedelta(days=1)
HAND = Source(ChangeOrigin.HAND)


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    return a_unit(session, halton)


@pytest.fixture
def parks(session, halton):
    return a_unit(session, halton, "Parks")


@pytest.fixture
def job(session, care):
    return job_of(session, a_person(session, care))


def spans(session, job):
    """From when to when the job was in which unit, with which title."""
    terms = EmploymentTerms
    rows = session.execute(
        select(terms.starts_on, terms.ends_on, terms.unit_id, terms.job_title)
        .where(terms.employment_id == job.id)
        .order_by(terms.starts_on)
    )
    return [tuple(row) for row in rows]


def first_day(session, job):
    return session.scalar(select(Employment.starts_on).where(Employment.id == job.id))


@contextmanager
def statements(session):
    """The statements that are sent meanwhile; one for thousands of rows is one."""
    seen, connection = [], session.connection()

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def test_a_move_leaves_the_days_before_it_as_they_were(session, job, care, parks):
    change_job(session, job, TODAY, unit_id=parks.id)
    assert spans(session, job) == [
        (date(2020, 4, 1), TODAY - DAY, care.id, "Officer"),
        (TODAY, None, parks.id, "Officer"),
    ]


def test_everything_that_is_said_of_a_job_is_kept(session, job, care):
    boss = an_employment(session, a_person(session), care)
    values = {
        **{"job_title": "محمد’s deputy", "grade": "G7", "kind": EmploymentKind.CASUAL, "contract": "fixed-term"},
        **{"site": "Runcorn", "hours_per_week": Decimal("18.33"), "manager_id": boss.id, "is_main": False},
    }
    change_job(session, job, TODAY, **values)
    row = session.scalars(
        select(EmploymentTerms).where(EmploymentTerms.employment_id == job.id, EmploymentTerms.starts_on == TODAY)
    ).one()
    assert {name: getattr(row, name) for name in values} == {**values, "hours_per_week": 18.33}


def test_the_first_day_of_a_job_moves_with_a_correction(session, job, care):
    change_job(session, job, date(2019, 1, 1), held=True, unit_id=care.id)
    assert first_day(session, job) == date(2019, 1, 1)
    change_job(session, job, date(2019, 1, 1), now=NOON + DAY, held=False)
    assert first_day(session, job) == date(2020, 4, 1)


def test_a_change_of_a_past_day_says_that_it_is_a_correction(session, job):
    outcome = record_changes(
        session,
        [NewChange(job.id, TODAY - DAY, {"grade": "G6"}), NewChange(job.id, TODAY, {"grade": "G7"})],
        source=HAND,
        now=NOON,
    )
    assert (outcome.change_count, outcome.correction_count) == (2, 1)
    rows = changes_of(session, employment_ids=[job.id])[-2:]
    assert [(row.values, row.is_correction) for row in rows] == [({"grade": "G6"}, True), ({"grade": "G7"}, False)]


def test_a_run_is_taken_back_and_what_was_said_since_is_kept(session, job, care, parks):
    account = an_account(session, a_person(session))
    change_job(session, job, TODAY, run_id=5, unit_id=parks.id, job_title="Gardener")
    change_job(session, job, TODAY + DAY, now=NOON + DAY, job_title="Head gardener")
    source = Source(ChangeOrigin.FEED, 5, account.id)
    assert undo_run(session, source=source, now=NOON + DAY) == 1
    assert spans(session, job) == [
        (date(2020, 4, 1), TODAY, care.id, "Officer"),
        (TODAY + DAY, None, care.id, "Head gardener"),
    ]
    assert undo_run(session, source=source, now=NOON + DAY) == 0
    undone = [row.undone_by_account_id for row in changes_of(session, employment_ids=[job.id]) if row.undone_at]
    assert undone == [account.id]


def test_a_run_of_another_kind_with_the_same_number_stays(session, job, care, parks):
    change_job(session, job, TODAY, run_id=5, unit_id=parks.id)
    assert undo_run(session, source=Source(ChangeOrigin.REORGANISATION, 5), now=NOON) == 0
    assert len(spans(session, job)) == 2


def test_a_job_whose_adding_is_taken_back_is_held_on_no_day_and_stays_in_the_ledger(session, job):
    (change,) = changes_of(session, employment_ids=[job.id])
    assert undo_changes(session, change_ids=[change.id], by=None, now=NOON) == 1
    assert spans(session, job) == []
    assert first_day(session, job) == date(2020, 4, 1)


def test_only_the_jobs_that_are_meant_change(session, job, care, parks):
    other = job_of(session, a_person(session, care))
    before = spans(session, other)
    change_job(session, job, TODAY, unit_id=parks.id)
    assert spans(session, other) == before


def test_a_new_job_with_an_end_and_leave_is_stored_as_it_is(session, care, parks):
    person = a_person(session)
    job = an_employment(session, person, care, ends_on=TODAY, away_from=TODAY - 9 * DAY, away_until=TODAY - 3 * DAY)
    assert spans(session, job) == [(date(2020, 4, 1), TODAY, care.id, "Officer")]
    leave = session.execute(select(Absence.starts_on, Absence.ends_on)).one()
    assert tuple(leave) == (TODAY - 9 * DAY, TODAY - 3 * DAY)


def test_a_job_without_an_end_may_name_the_last_day_there_is(session, care):
    job = an_employment(session, a_person(session), care, ends_on=date.max)
    assert spans(session, job) == [(date(2020, 4, 1), None, care.id, "Officer")]


def test_a_payroll_number_belongs_to_one_job_of_an_authority(session, job, care):
    again = NewJob(job.person_id, care.organisation_id, job.payroll_number, TODAY, Terms(care.id))
    with pytest.raises(IntegrityError), session.begin_nested():
        add_jobs(session, [again], source=HAND, now=NOON)


def test_nobody_manages_themselves(session, job):
    with pytest.raises(IntegrityError), session.begin_nested():
        change_job(session, job, TODAY, manager_id=job.id)


def test_what_a_job_cannot_be_leaves_nothing_behind(session, job):
    changes = [NewChange(job.id, TODAY, {"grade": "G6"}), NewChange(job.id, TODAY, {"unit_id": "Parks"})]
    with pytest.raises(ValueError, match="Parks"):
        record_changes(session, changes, source=HAND, now=NOON)
    assert session.scalar(select(func.count()).select_from(EmploymentChange)) == 1


def test_thousands_of_jobs_take_few_statements(session, care, parks):
    person = a_person(session)
    terms = Terms(care.id, "Officer")
    jobs = [NewJob(person.id, care.organisation_id, f"M{one}", TODAY, terms) for one in range(2500)]
    with statements(session) as seen:
        ids = add_jobs(session, jobs, source=HAND, now=NOON)
        changes = [NewChange(one, TODAY + DAY, {"unit_id": parks.id}) for one in ids]
        record_changes(session, changes, source=HAND, now=NOON)
    numbers = session.scalars(select(Employment.payroll_number).where(Employment.id.in_(ids)).order_by(Employment.id))
    assert list(numbers) == [f"M{one}" for one in range(2500)]
    assert len(seen) < 60
    assert session.scalar(select(func.count()).select_from(EmploymentTerms)) == 5000


STEPS = st.lists(
    st.tuples(
        st.integers(0, 9), st.dictionaries(st.sampled_from(["job_title", "grade"]), st.sampled_from("ABC"), min_size=1)
    ),
    max_size=5,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.randoms())
def test_the_same_changes_recorded_in_any_order_give_the_same_terms(session, halton, care, steps, random):
    jobs = [an_employment(session, a_person(session), care, starts_on=TODAY) for _ in range(2)]
    stated = [(on, NOON + hour * DAY, values) for hour, (on, values) in enumerate(steps)]
    for job in jobs:
        for on, at, values in stated:
            change = NewChange(job.id, TODAY + on * DAY, values, stated_at=at)
            record_changes(session, [change], source=HAND, now=NOON + 30 * DAY)
        random.shuffle(stated)
    one, other = ([row[:2] + row[3:] for row in spans(session, job)] for job in jobs)
    assert one == other
