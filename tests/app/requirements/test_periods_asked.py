"""HR leads say for how long a completion is valid; what it would mean is said before, and nobody loses anything."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assignments.due.words import day_in_words
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom
from assignments.plans import find_plan
from assignments.requirements import require_course
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import record_completion
from kernel.clock import local_day, utc_now
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

HERE = "/requirements/halton/ask"
SEE = "See what it would mean"
ASKED = {"course": "test-course", "since": "none"}


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


@pytest.fixture
def people(session: Session, halton: Organisation, course: PublishOutcome) -> list[Person]:
    """Twelve people who completed the course 400 days ago, and two who did not."""
    unit = a_unit(session, halton)
    then = utc_now() - timedelta(days=400)
    found = [a_person(session, unit, f"Person {place}", starts_on=local_day(then)) for place in range(14)]
    for person in found[:12]:
        record_completion(
            session,
            person_id=person.id,
            course_id=course.course_id,
            cycle=1,
            course_version_id=course.version_id,
            now=then,
        )
    return found


@pytest.fixture
def lead(session: Session, browser: Browser, halton: Organisation, people: list[Person]) -> Browser:
    account = an_account(session, people[-1], Role.HR_LEAD, unit=a_unit(session, halton, "HR"))
    session.commit()
    return browser.enter_as(account)


def period_of(session: Session, halton: Organisation, course: PublishOutcome) -> PeriodRule | None:
    session.expire_all()
    plan = find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=local_day(utc_now()))
    return plan.period if plan else None


def test_a_course_that_was_completed_for_ever_is_asked_again_and_time_is_left(
    lead: Browser, session: Session, halton: Organisation, course: PublishOutcome, app: Flask
) -> None:
    then = utc_now() - timedelta(days=300)
    require_course(session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=then)
    session.commit()
    assert "For ever" in lead.open("/requirements").text
    again = {**ASKED, "lasts": "months", "valid_months": "12", "opens_days": "60"}
    preview = lead.submit(f"{HERE}?course=test-course", SEE, **again)
    assert "A completion is valid for 12 months." in preview.text
    assert "So far: A completion is valid for ever." in preview.text
    assert "with a completion that is valid today: 12 people" in preview.text
    assert "whose time is over already" not in preview.text
    lead.submit(preview.url, "Ask in this way")
    assert period_of(session, halton, course) == PeriodRule(Lasts.MONTHS, 12, None, 60)
    assert "For 12 months" in lead.open("/requirements").text
    form = lead.open(f"{HERE}?course=test-course").form(SEE)[1]
    assert (form["lasts"], form["valid_months"], form["opens_days"]) == (["months"], "12", "60")
    said = app.test_cli_runner().invoke(args=["requirements", "list"]).output
    assert "A completion is valid for 12 months." in said


def test_asked_for_the_first_time_old_completions_are_over_and_that_is_said(lead: Browser) -> None:
    fields = {**ASKED, "lasts": "months", "valid_months": "6", "opens_days": "30", "runs_from": "old-end"}
    preview = lead.submit(HERE, SEE, **fields)
    assert "With a completion whose time is over already: 12 people." in preview.text
    assert "and then counts from the end of the time before" in preview.text


def test_until_a_day_of_the_year_and_until_one_day(
    lead: Browser, session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    yearly = {**ASKED, "lasts": "yearly", "valid_until": ["31", "3", "2020"], "opens_days": "60"}
    lead.submit(lead.submit(HERE, SEE, **yearly).url, "Ask in this way")
    held = period_of(session, halton, course)
    assert held is not None
    assert (held.lasts, held.until and (held.until.month, held.until.day)) == (Lasts.YEARLY, (3, 31))
    assert "Until 31 March" in lead.open("/requirements").text
    ends = local_day(utc_now()) + timedelta(days=200)
    once = {**ASKED, "lasts": "day", "valid_until": [str(ends.day), str(ends.month), str(ends.year)], "opens_days": "0"}
    lead.submit(lead.submit(HERE, SEE, **once).url, "Ask in this way")
    assert period_of(session, halton, course) == PeriodRule(Lasts.DAY, 0, ends, 0, RunsFrom.COMPLETION)
    assert f"Until {day_in_words(ends)}" in lead.open("/requirements").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lasts": "months", "opens_days": "60"}, "Enter a number of months from 1 to 120"),
        ({"lasts": "months", "valid_months": "121", "opens_days": "60"}, "must be a number from 0 to 120"),
        ({"lasts": "months", "valid_months": str(2**63), "opens_days": "60"}, "must be a number from 0 to 120"),
        ({"lasts": "months", "valid_months": "12"}, "Enter how many days before the end they can take it again"),
        ({"lasts": "months", "valid_months": "1", "opens_days": "30"}, "Enter 27 days or fewer, or more months"),
        ({"lasts": "yearly", "opens_days": "3"}, "Enter the day until which it is valid"),
        ({"lasts": "day", "valid_until": ["1", "1", "2020"], "opens_days": "3"}, "must be today or later"),
        ({"lasts": "day", "valid_until": ["31", "2", "2030"], "opens_days": "3"}, "valid must be a real date"),
        ({"lasts": "two weeks"}, "Select for how long a completion is valid"),
    ],
)
def test_a_period_that_cannot_be_is_said_beside_its_field(lead: Browser, fields: dict[str, str], said: str) -> None:
    page = lead.submit(HERE, SEE, **ASKED, **fields)
    assert page.status == 422
    assert said in page.text
