"""In a new period a shorter course is enough: My learning asks for it, and it renews what was completed."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.due.dates import later
from assignments.due.rules import Measure
from assignments.due.words import day_in_words
from assignments.periods.rules import Lasts, PeriodRule
from assignments.programmes.refreshers import Refresher
from assignments.requirements import Asking, require_course
from kernel.clock import local_day, utc_now
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from tests.builders.programmes import another_course, complete
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

DAY = timedelta(days=1)
NOW = utc_now()


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def person(session: Session, halton: Organisation) -> Person:
    """Somebody whose completion runs out soon, and for whom the shorter course is enough."""
    course, short = a_course(session).course_id, another_course(session, "SH", "Ten minutes")
    asking = Asking(period=PeriodRule(Lasts.MONTHS, 12, opens_days=60), refresher=Refresher(short, 24))
    require_course(
        session,
        course_id=course,
        organisation_ids=[halton.id],
        account_id=None,
        now=NOW - 400 * DAY,
        asking=asking,
    )
    found = a_person(session, a_unit(session, halton), "Siân")
    complete(session, found, course, NOW - 330 * DAY)
    return found


def test_the_shorter_course_is_asked_for_and_renews_it(
    session: Session, browser: Browser, person: Person, halton: Organisation
) -> None:
    account = an_account(session, person)
    session.commit()
    learner = browser.enter_as(account)
    home = learner.open("/learning").text
    assert "Look at Ten minutes" in home
    assert "A shorter course is enough this time: it is under “Asked of you”." in home
    assert "Take Test course again" not in home
    assert "The shorter course “Ten minutes” is enough this time." in learner.open("/learning/asked").text
    assert "Start this course" in learner.open("/courses/sh").buttons
    learner.submit("/courses/sh", "Start this course")
    complete(session, person, another_course(session, "SH", "Ten minutes"), utc_now())
    session.commit()
    home = learner.open("/learning").text
    assert "Everything asked of you is done" in home
    until = day_in_words(later(local_day(utc_now()), 12, Measure.MONTHS))
    assert f"It is valid until {until}." in learner.open("/courses/test-course").text


def test_hr_chooses_what_is_asked_for_the_next_time(
    session: Session, browser: Browser, person: Person, halton: Organisation
) -> None:
    unit = a_unit(session, halton, "HR")
    account = an_account(session, a_person(session, unit), Role.HR_LEAD, unit=unit)
    session.commit()
    lead, here, see = browser.enter_as(account), "/requirements/halton/ask?course=test-course", "See what it would mean"
    held = lead.open(here).form(see)[1]
    assert (held["again"], held["refresher"], held["refresher_months"]) == (["refresher"], "sh", "24")
    preview = lead.submit(here, see, refresher_months="30")
    assert "“Ten minutes” is enough, unless the last completion is more than 30 months old." in preview.text
    lead.submit(preview.url, "Ask in this way")
    assert lead.open(here).form(see)[1]["refresher_months"] == "30"
    for fields, words in (
        ({"refresher": ""}, "Select the shorter course"),
        ({"refresher_months": ""}, "Enter how many months old the last completion may be"),
        ({"refresher_months": "6"}, "Enter 12 or more"),
        ({"refresher": "test-course"}, "must be another course"),
        ({"lasts": "ever"}, "What is valid for ever is never renewed"),
    ):
        page = lead.submit(here, see, **fields)
        assert (page.status, words in page.text) == (422, True), page.errors
