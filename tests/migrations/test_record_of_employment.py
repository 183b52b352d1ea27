"""Jobs keep what they were when the record gets a ledger, and when it is taken back."""

from datetime import date

import pytest
from sqlalchemy import Date, bindparam, select, text
from sqlalchemy.orm import Session

from people.counting import people_of
from people.jobs.changes import ChangeOrigin, changes_of
from people.jobs.employment import Employment
from people.jobs.history import StatedChange, history_of
from people.jobs.reading import jobs_on
from people.jobs.rebuilding import rebuild
from people.jobs.writing import undo_changes
from tests.builders.region import NOON, a_person, a_unit, an_organisation, change_job, job_of
from tests.migrations.conftest import OwnDatabase
from tests.migrations.test_promises_become_tasks import step

BEFORE = "0015"
JOB = (
    "INSERT INTO employment (person_id, organisation_id, unit_id, payroll_number, job_title, grade, kind, is_main,"
    " starts_on, ends_on, away_from, away_until) VALUES (:person, :organisation, :unit, :number, 'Officer', 'G5',"
    " :kind, :main, :starts, :ends, :away, :until)"
)
DAYS = [bindparam(name, type_=Date) for name in ("starts", "ends", "away", "until")]
OLD = (
    "SELECT unit_id, job_title, grade, kind, is_main, starts_on, ends_on, away_from, away_until"
    " FROM employment ORDER BY payroll_number"
)
ROWS = [
    {},
    {"ends": date(2025, 3, 31), "main": False, "kind": "agency"},
    {"away": date(2026, 1, 1)},
    {"away": date(2019, 1, 1), "until": date(2026, 6, 30), "ends": date(2026, 3, 31)},
    {"away": date(2018, 1, 1), "until": date(2018, 6, 30)},
    {"starts": date(2027, 1, 1), "ends": date.max},
]


@pytest.fixture
def filled(own_database: OwnDatabase) -> OwnDatabase:
    """A database as the release before left it, with jobs of all kinds."""
    with Session(own_database.engine) as session, session.begin():
        unit = a_unit(session, an_organisation(session))
        of = {"organisation": unit.organisation_id, "unit": unit.id}
        people = [a_person(session).id for _ in ROWS]
    step(own_database, "downgrade", BEFORE)
    usual = {"kind": "employee", "main": True, "starts": date(2020, 4, 1), "ends": None, "away": None, "until": None}
    with own_database.engine.begin() as connection:
        for place, (person, row) in enumerate(zip(people, ROWS, strict=True), start=1):
            values = {**usual, **of, "person": person, "number": f"00{place}", **row}
            connection.execute(text(JOB).bindparams(*DAYS), values)
    return own_database


def old_rows(database: OwnDatabase) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(OLD))]


def test_every_job_is_afterwards_what_its_columns_said(filled: OwnDatabase) -> None:
    step(filled, "upgrade", "head")
    with Session(filled.engine) as session:
        jobs = jobs_on(date(2026, 2, 1))
        found = session.execute(
            select(jobs.c.payroll_number, jobs.c.kind, jobs.c.is_held, jobs.c.is_away, jobs.c.ends_on).order_by(
                jobs.c.payroll_number
            )
        )
        assert [
            (row.payroll_number, str(row.kind), bool(row.is_held), bool(row.is_away), row.ends_on) for row in found
        ] == [
            ("001", "employee", True, False, None),
            ("002", "agency", False, False, date(2025, 3, 31)),
            ("003", "employee", True, True, None),
            ("004", "employee", True, True, date(2026, 3, 31)),
            ("005", "employee", True, False, None),
            ("006", "employee", False, False, None),
        ]
        people = people_of(organisation_id=None, on=date(2026, 2, 1))
        left_out = session.scalars(select(people.c.left_out).order_by(people.c.person_id)).all()
        assert left_out == [None, "left", "away", "away", None, "not-started-yet"]


def test_the_ledger_tells_the_same_as_what_was_filled_in(filled: OwnDatabase) -> None:
    step(filled, "upgrade", "head")
    held = "SELECT employment_id, starts_on, ends_on FROM employment_{} ORDER BY employment_id, starts_on"
    with Session(filled.engine) as session, session.begin():
        before = [session.execute(text(held.format(name))).all() for name in ("terms", "absence")]
        ids = session.scalars(select(Employment.id)).all()
        rows = changes_of(session, employment_ids=ids)
        assert {(row.origin, row.is_correction) for row in rows} == {(ChangeOrigin.MIGRATION, False)}
        assert all(history_of([StatedChange(row.effective_on, row.stated_at, row.values)]) for row in rows)
        rebuild(session, ids)
        after = [session.execute(text(held.format(name))).all() for name in ("terms", "absence")]
    assert len(before[1]) == 2
    # A job that ends on the last day there is goes on, whichever of the two says so.
    assert [[row[:2] for row in rows] for rows in before] == [[row[:2] for row in rows] for rows in after]


def test_a_step_back_leaves_the_columns_as_they_were_and_the_newest_of_what_was_said_since(filled: OwnDatabase) -> None:
    before = old_rows(filled)
    step(filled, "upgrade", "head")
    step(filled, "downgrade", BEFORE)
    unchanged = old_rows(filled)
    assert [unchanged[place] for place in (0, 1, 2)] == [before[place] for place in (0, 1, 2)]
    step(filled, "upgrade", "head")
    with Session(filled.engine) as session, session.begin():
        unit = a_unit(session, an_organisation(session, "sefton", "Sefton Council"))
        person = a_person(session, unit)
        job, taken_back = job_of(session, person), job_of(session, a_person(session, unit))
        change_job(session, job, date(2026, 11, 1), job_title="Lead", held=True)
        change_job(session, job, date(2027, 1, 1), held=False)
        change_job(session, job, date(2026, 12, 1), manager_id=taken_back.id)
        (added,) = changes_of(session, employment_ids=[taken_back.id])
        undo_changes(session, change_ids=[added.id], by=None, now=NOON)
        expected = (unit.id, "Lead", "G5")
    step(filled, "downgrade", BEFORE)
    rows = old_rows(filled)
    assert len(rows) == len(ROWS) + 1
    assert rows[-1][:3] == expected
    assert str(rows[-1][6]) == "2026-12-31"
