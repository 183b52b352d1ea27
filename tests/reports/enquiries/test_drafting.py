"""An answer is drafted from what was published, so nothing small gets in, and its date follows from who asks."""

import re
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from people.organisations import UnitKind
from people.persons import Person
from reports.answers.published import Published, publish
from reports.enquiries.drafting import draft
from reports.enquiries.record import AskerKind, due_date
from reports.figures.definition import By, Cut, FigureDefinition
from tests.builders.region import NOON, a_course, a_unit, an_organisation
from tests.reports.taken_course import people_in

LONG_AGO, DAY = NOON.replace(year=2024), date(2026, 10, 31)


@pytest.fixture
def figures(session: Session) -> list[Published]:
    halton, course = an_organisation(session), a_course(session)
    care, mayor = a_unit(session, halton), a_unit(session, halton, "Mayor’s Office")
    people_in(session, care, 83, course=course, complete=41, at=LONG_AGO)
    people_in(session, mayor, 4, course=course, complete=3, at=LONG_AGO)
    people_in(session, a_unit(session, halton, "Highways"), 62, course=course, complete=31, at=LONG_AGO)
    session.execute(update(Person).values(created_at=LONG_AGO))
    cuts = (Cut(By.UNIT), Cut(By.GRADE))
    definitions = [FigureDefinition("halton", "test-course", DAY, cut) for cut in cuts]
    return [publish(session, one, is_public=True, account_id=None, now=NOON) for one in definitions]


def test_an_answer_says_the_figures_who_counts_and_why_small_groups_are_not_given(figures: list[Published]) -> None:
    said = draft(AskerKind.FOI, figures)
    total = figures[0].result["groups"][0]
    assert (
        f"On 31 October 2026, at Halton Borough Council, about {total['people']} people were counted for the course "
        f"“Test course”. About {total['complete']} of them"
    ) in said
    assert "Who is counted. A person counts once" in said
    assert "withheld under section 40 of the Freedom of Information Act 2000 (personal information)" in said
    assert "rounded to the nearest 10; groups of fewer than 50 people are not given." in said
    assert all(one.number in said for one in figures)


def test_units_of_one_level_are_listed_so_that_nobody_is_read_twice(session: Session) -> None:
    halton, course = an_organisation(session), a_course(session)
    care = a_unit(session, halton)
    home = a_unit(session, halton, "Home Care", parent=care, kind=UnitKind.SERVICE)
    people_in(session, home, 120, course=course, complete=60, at=LONG_AGO)
    people_in(session, a_unit(session, halton, "Highways"), 62, course=course, complete=31, at=LONG_AGO)
    session.execute(update(Person).values(created_at=LONG_AGO))
    whole, part = (
        publish(session, FigureDefinition("halton", "test-course", DAY, cut), is_public=True, account_id=None, now=NOON)
        for cut in (Cut(By.UNIT), Cut(By.UNIT, str(care.id)))
    )
    said = draft(AskerKind.COUNCILLOR, [whole])
    assert "Finished, by directorate:" in said
    assert said.count("\n- ") == 2
    assert "Home Care" not in said
    assert "The units below are counted in each directorate, and are not listed here." in said
    below = draft(AskerKind.COUNCILLOR, [part])
    assert "Finished, by service:" in below
    assert "- Adult Social Care / Home Care: about 60 of about 120 people" in below
    assert "The units below" not in below


def test_nothing_small_is_in_it(figures: list[Published]) -> None:
    said = draft(AskerKind.COUNCILLOR, figures)
    assert "Freedom of Information" not in said
    assert "Mayor" not in said
    shown = {int(found.replace(",", "")) for found in re.findall(r"([\d,]+) (?:of|people)", said)}
    assert shown
    assert all(number >= 10 for number in shown - {1, 2, 3})


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2026, 10, 1), date(2026, 10, 29)),  # none on the way
        (date(2026, 11, 2), date(2026, 12, 1)),  # Saint Andrew’s Day, in Scotland alone
        (date(2026, 12, 14), date(2027, 1, 15)),  # 25 and 28 December, 1 January, and 4 January in Scotland
        (date(2027, 3, 1), date(2027, 4, 1)),  # Saint Patrick’s Day in Northern Ireland, Good Friday, Easter Monday
    ],
)
def test_foi_has_twenty_working_days_and_others_what_is_said(received_on: date, due_on: date) -> None:
    assert due_date(AskerKind.FOI, received_on, date(2030, 1, 1)) == due_on
    assert due_date(AskerKind.SCRUTINY, received_on, None) is None
