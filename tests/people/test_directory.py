"""Somebody is found by the figures of a payroll number, and by looking up rather than by looking at everybody."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.orm import Session

from people.directory import people_like
from people.jobs.adopting import number_jobs
from people.jobs.employment import Employment, bare_number
from people.names.person_words import make_searchable
from people.persons import Person
from people.visibility import PeopleScope
from tests.builders.region import TODAY, a_person, a_unit, an_organisation

EVERYBODY = PeopleScope(None)
MANY = 4_000
LARGE = ("person", "person_word", "employment", "employment_terms")


@pytest.mark.parametrize(
    ("number", "figures"),
    [
        ("WR107794", "107794"),
        ("WR-0107794", "107794"),
        ("WR 107794", "107794"),
        ("000107794", "107794"),
        ("107794", "107794"),
        ("É107794", "107794"),
        ("107794A", ""),
        ("W1R107794", ""),
        ("erased-12", "12"),
        ("000", ""),
        ("١٢٣٤", ""),
        ("", ""),
    ],
)
def test_the_figures_of_a_payroll_number_stand_behind_its_letters_and_zeros(number: str, figures: str) -> None:
    assert bare_number(number) == figures


@pytest.mark.parametrize("typed", ["107794", "0107794", "000107794"])
@pytest.mark.parametrize("is_filled", [True, False])
def test_a_number_is_found_by_its_figures_also_before_housekeeping_has_come_to_it(
    session: Session, typed: str, is_filled: bool
) -> None:
    unit = a_unit(session, an_organisation(session))
    meant = [a_person(session, unit, payroll_number=one).id for one in ("WR107794", "W0107794")]
    a_person(session, unit, payroll_number="WR9107794")
    if not is_filled:
        session.execute(update(Employment).values(bare_number=None))
    assert sorted(people_like(session, typed=typed, scope=EVERYBODY, on=TODAY).person_ids) == sorted(meant)


def test_housekeeping_fills_in_the_figures_of_jobs_that_older_code_added(session: Session) -> None:
    unit = a_unit(session, an_organisation(session))
    for number in ("WR1077", "WR1078", "WR1079"):
        a_person(session, unit, payroll_number=number)
    session.execute(update(Employment).values(bare_number=None))
    number_jobs(session, most=2)
    session.flush()
    assert session.scalars(select(Employment.bare_number).order_by(Employment.id)).all() == ["1077", "1078", None]
    number_jobs(session, most=2)
    session.flush()
    assert session.scalars(select(Employment.bare_number).order_by(Employment.id)).all() == ["1077", "1078", "1079"]


@pytest.mark.parametrize("typed", ["WR0001234", "1234", "minh khai", "khai team 17", "nobody team 17"])
def test_postgresql_looks_people_up_and_reads_no_large_table_through(session: Session, typed: str) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("a question for the planner of PostgreSQL")
    _many_people(session)
    with _statements(session) as asked:
        people_like(session, typed=typed, scope=EVERYBODY, on=TODAY)
    for statement, values in asked:
        plan = session.connection().exec_driver_sql(f"EXPLAIN {statement}", values).scalars().all()
        assert not [line for line in plan if any(f"Seq Scan on {one} " in line for one in LARGE)], (statement, plan)


@contextmanager
def _statements(session: Session) -> Iterator[list[tuple[str, object]]]:
    asked: list[tuple[str, object]] = []

    def keep(_: Connection, __: object, statement: str, values: object, *___: object) -> None:
        asked.append((statement, values))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", keep)
    yield asked
    event.remove(connection, "before_cursor_execute", keep)


def _many_people(session: Session) -> None:
    organisation = an_organisation(session)
    units = [a_unit(session, organisation, name=f"Team {place}") for place in range(80)]
    first = a_person(session, units[17], name="Nguyễn Thị Minh Khai", payroll_number="WR0001234")
    make_searchable(session, person_ids=[first.id])
    session.execute(
        text(
            "WITH new AS (INSERT INTO person (chosen_name, search_text, created_at) SELECT 'Kim ' || n, 'kim', now()"
            " FROM generate_series(1, :many) AS n RETURNING id), words AS (INSERT INTO person_word (person_id, word)"
            " SELECT id, word FROM new, unnest(ARRAY['kim', 'im', 'm', 'k' || id]) AS word), jobs AS"
            " (INSERT INTO employment (person_id, organisation_id, payroll_number, bare_number, starts_on)"
            " SELECT id, :organisation, 'X' || id, id ::text, '2020-04-01' FROM new RETURNING id)"
            " INSERT INTO employment_terms (employment_id, unit_id, starts_on, job_title, grade, kind, contract, site,"
            " is_main) SELECT id, :first + id % 80, '2020-04-01', '', '', 'employee', '', '', true FROM jobs"
        ),
        {"many": MANY, "organisation": organisation.id, "first": units[0].id},
    )
    for table in (*LARGE, "organisation", "unit"):
        session.execute(text(f"ANALYZE {table}"))
    assert session.scalar(select(Person.id).where(Person.chosen_name == f"Kim {MANY}")) is not None
