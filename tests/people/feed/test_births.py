"""Dates of birth come in with an HR file where its mapping says so, go out with it, and no plan shows the day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from people.feed.mapping.days import DateOrder
from people.feed.mapping.files_back import lines_as_sent
from people.feed.mapping.mappings import Column, Empty
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.mapping.uses import ColumnUse
from people.feed.planning.exporting import rows_of_record
from people.feed.planning.sentences import sentences_of
from people.feed.runs.forgetting import forget_births
from people.feed.runs.record import FeedItem
from people.feed.runs.state import read_state
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from tests.builders.region import NOON, TODAY, an_account, an_organisation
from tests.people.feed.mapping.made import fault_of, mapping_with, read_one, row_of, table_of
from tests.people.feed.rows import HOMES, ON, a_job, a_plan, a_row, a_state
from tests.people.feed.runs import applied, jobs_now, undone

BORN, OTHER = date(1980, 5, 17), date(1980, 5, 18)
WEEK = NOON + timedelta(days=7)


@pytest.fixture
def sefton(session: Session) -> Organisation:
    return an_organisation(session, "sefton", "Sefton")


def born(session: Session, sefton: Organisation, number: str = "0001") -> date | None:
    person_id = jobs_now(session, sefton, now=WEEK)[number].person_id
    return session.scalar(select(Person.born_on).where(Person.id == person_id))


def given(session: Session, sefton: Organisation, born_on: date | None, **values: object) -> None:
    applied(session, sefton, [a_row("0001", unit=HOMES, born_on=born_on)], **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("heading", ["Date of birth", "DOB", "D.O.B.", "Birth date", "BIRTH_DATE", "dateOfBirth"])
def test_a_date_of_birth_is_known_and_never_suggested(heading: str) -> None:
    found = suggest_mapping(table_of({heading: "17/05/1980"}))
    assert found.mapping.column_for(ColumnUse.BORN_ON) is None
    assert found.mapping.columns[-1] == Column(heading, ColumnUse.UNUSED)
    (said,) = [one for one in found.sentences if heading in one]
    assert said.endswith("only to match past learning by it where there are no payroll numbers.")


@pytest.mark.parametrize(
    ("order", "cell"),
    [
        (DateOrder.DAY_FIRST, "17/05/1980"),
        (DateOrder.MONTH_FIRST, "05/17/1980"),
        (DateOrder.YEAR_FIRST, "1980-05-17"),
        (DateOrder.EXCEL_NUMBER, "29358"),
        (DateOrder.DAY_FIRST, "17 May 80"),
    ],
)
def test_it_is_read_in_the_order_of_the_file(order: DateOrder, cell: str) -> None:
    assert row_of(ColumnUse.BORN_ON, cell, dates=order).born_on == BORN


def test_people_born_long_before_any_job_here_are_read_and_nobody_before_1900() -> None:
    assert row_of(ColumnUse.BORN_ON, "31/12/1931").born_on == date(1931, 12, 31)
    assert fault_of(ColumnUse.BORN_ON, "31/12/1899") == (
        "31/12/1899: Nobody who works today was born before 1900. Put the year right."
    )
    assert fault_of(ColumnUse.BORN_ON, "05/17/1980").startswith("05/17/1980: This is no date in the order of this file")


def test_an_empty_cell_keeps_or_clears_as_the_mapping_says() -> None:
    known = a_state(a_job("001234", "Siân O’Brien", born_on=BORN, unit=("Adult Social Care", "Home Care")))
    keep = read_one({"X": ""}, Column("X", ColumnUse.BORN_ON))
    clear = read_one({"X": ""}, Column("X", ColumnUse.BORN_ON, Empty.CLEAR))
    assert a_plan(known, keep).items == ()
    (item,) = a_plan(known, clear).items
    assert (dict(item.person), dict(item.shown)) == ({"born_on": ("1980-05-17", None)}, {"born-on": ("a date", "")})


@pytest.mark.parametrize(
    ("born_on", "problem"),
    [
        (ON + timedelta(days=1), "The date of birth must be in the past."),
        (date(2012, 11, 28), "By this date of birth they are under 14."),
        (date(2012, 11, 27), None),
    ],
)
def test_impossible_days_are_listed_and_change_nothing(born_on: date, problem: str | None) -> None:
    plan = a_plan(a_state(a_job()), a_row(born_on=born_on))
    assert [one.problem for row in plan.unusable for one in row.problems] == ([problem] if problem else [])
    assert len(plan.items) == (0 if problem else 1)


def test_a_plan_says_that_it_changes_and_not_to_which_day() -> None:
    (item,) = a_plan(a_state(a_job(born_on=OTHER)), a_row(born_on=BORN)).items
    assert dict(item.shown) == {"born-on": ("a date", "another date")}
    (item,) = a_plan(a_state(), a_row(born_on=BORN, unit=HOMES)).items
    assert "born-on" not in item.shown


def test_a_file_sets_corrects_and_clears_it(session: Session, sefton: Organisation) -> None:
    given(session, sefton, BORN)
    assert born(session, sefton) == BORN
    given(session, sefton, OTHER, now=NOON + timedelta(hours=1))
    assert born(session, sefton) == OTHER
    applied(session, sefton, [a_row("0001", unit=HOMES, grade="G6")], now=NOON + timedelta(hours=2))
    assert born(session, sefton) == OTHER
    given(session, sefton, None, now=NOON + timedelta(hours=3))
    assert born(session, sefton) is None


def test_undo_puts_the_former_one_back(session: Session, sefton: Organisation) -> None:
    given(session, sefton, BORN)
    run = applied(session, sefton, [a_row("0001", unit=HOMES, born_on=OTHER)], now=WEEK)
    undone(session, run, now=WEEK + timedelta(hours=1))
    assert born(session, sefton) == BORN


def test_undo_keeps_one_that_somebody_has_corrected_since(session: Session, sefton: Organisation) -> None:
    given(session, sefton, BORN)
    run = applied(session, sefton, [a_row("0001", unit=HOMES, born_on=OTHER)], now=WEEK)
    corrected = date(1981, 1, 1)
    session.get_one(Person, jobs_now(session, sefton)["0001"].person_id).born_on = corrected
    session.flush()
    undone(session, run, now=WEEK + timedelta(hours=1))
    assert born(session, sefton) == corrected


def test_undo_leaves_none_of_somebody_who_joined_by_the_file(session: Session, sefton: Organisation) -> None:
    run = applied(session, sefton, [a_row("0001", unit=HOMES, born_on=BORN)])
    undone(session, run)
    assert session.scalars(select(Person.born_on)).all() == [None]


def test_that_of_somebody_with_a_role_is_no_name_that_an_admin_must_agree_to(
    session: Session, sefton: Organisation
) -> None:
    given(session, sefton, BORN)
    person = session.get_one(Person, jobs_now(session, sefton)["0001"].person_id)
    an_account(session, person, Role.ADMIN)
    run = applied(session, sefton, [a_row("0001", unit=HOMES, born_on=OTHER)], now=WEEK)
    assert (run.is_stopped, run.skipped, born(session, sefton)) == (False, 0, OTHER)
    undone(session, run, now=WEEK + timedelta(hours=1))
    assert born(session, sefton) == BORN


def test_an_export_has_it_only_where_the_mapping_reads_it(session: Session, sefton: Organisation) -> None:
    given(session, sefton, BORN)
    rows = list(rows_of_record(read_state(session, sefton, on=TODAY), TODAY))
    with_it = mapping_with(Column("DOB", ColumnUse.BORN_ON))
    assert list(lines_as_sent(with_it, rows))[1][-1] == "17/05/1980"
    without = list(lines_as_sent(mapping_with(Column("DOB")), rows))
    assert without[1][-1] == ""
    assert "1980" not in str(without)
    assert a_plan(read_state(session, sefton, on=TODAY), *rows).items == ()


def test_files_that_cannot_be_undone_any_more_say_none(session: Session, sefton: Organisation) -> None:
    given(session, sefton, BORN)
    given(session, sefton, OTHER, now=WEEK)
    forget_births(session, before=WEEK.date() + timedelta(days=1))
    session.expire_all()
    assert sum("born_on" in one["person"] for one in session.scalars(select(FeedItem.detail))) == 2
    forget_births(session, before=WEEK.date() + timedelta(days=365))
    session.expire_all()
    details = session.scalars(select(FeedItem.detail).order_by(FeedItem.id)).all()
    assert [sorted(one["person"]) for one in details] == [["full_name"], []]
    assert born(session, sefton) == OTHER


def test_a_plan_says_how_years_of_two_figures_are_read() -> None:
    read = row_of(ColumnUse.BORN_ON, "03/04/49")
    (said,) = [one for one in sentences_of(a_plan(a_state(), read)) if one.about == "short-year"]
    assert said.plain.startswith("1 row writes years with two figures. A date of birth is never read as one to come")
