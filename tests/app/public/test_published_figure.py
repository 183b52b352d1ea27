"""The page of a published figure: who may open it, and what it says."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from assignments.requirements import require_course
from courses.records.completion import Completion, note_event
from courses.records.completion_events import CompletionEventKind
from kernel.clock import local_day, utc_now
from people.persons import Person
from people.roles import Role
from reports.answers.published import publish
from reports.figures.definition import EVERYBODY, FigureDefinition, in_unit
from tests.builders.region import a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser
from tests.reports.taken_course import people_in

LONG_AGO = utc_now() - timedelta(days=900)
MONTH_END = local_day(utc_now()).replace(day=1) - timedelta(days=1)


@pytest.fixture
def halton(session):
    return an_organisation(session)


@pytest.fixture
def care(session, halton):
    course = a_course(session)
    require_course(session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=LONG_AGO)
    care = a_unit(session, halton)
    people_in(session, care, 123, course=course, complete=64, at=LONG_AGO)
    people_in(session, a_unit(session, halton, "Mayor’s Office"), 3, course=course, complete=3, at=LONG_AGO)
    session.execute(update(Person).values(created_at=LONG_AGO))
    session.commit()
    return care


def published(session, *, cut=EVERYBODY, is_public=False):
    definition = FigureDefinition("halton", "test-course", MONTH_END, cut)
    made = publish(session, definition, is_public=is_public, account_id=None, now=utc_now())
    session.commit()
    return made


def test_whoever_sees_the_figures_opens_it_under_its_number(session, app, care):
    made = published(session)
    lead = Browser(app).enter_as(an_account(session, a_person(session), Role.HR_LEAD, unit=care))
    page = lead.open(f"/figures/{made.number.lower()}")
    assert page.heading == f"Published figure {made.number}"
    assert "About 54% of about 130 people of Halton Borough Council who counted on" in page.text
    assert "The record answers the same today." in page.text
    rows = {row["Group"]: row for row in page.table("Completion by unit")}
    assert (rows["Adult Social Care"]["People"], rows["Adult Social Care"]["Complete"]) == ("120", "60")
    assert "Mayor’s Office" not in rows
    assert "1 more is not shown, because fewer than 50 people counted there." in page.text
    assert lead.open(f"/figures/{made.number}?page=2").status == 404
    assert lead.open(page.links["Who is counted on that day, by the record of today"]).status == 200


def test_others_are_told_that_it_is_not_there_and_strangers_asked_to_sign_in(session, app, halton, care):
    made = published(session)
    of_unit = published(session, cut=in_unit(care.id))
    sefton = a_unit(session, an_organisation(session, "sefton", "Sefton Council"), "Libraries")
    elsewhere = Browser(app).enter_as(an_account(session, a_person(session), Role.HR_LEAD, unit=sefton))
    learner = Browser(app).enter_as(an_account(session, a_person(session, care)))
    manager = Browser(app).enter_as(an_account(session, a_person(session), Role.MANAGER, unit=care))
    for browser in (elsewhere, learner, manager):
        assert browser.open(f"/figures/{made.number}").status == 404
        assert browser.open("/figures/FIG-0000-0000-0").status == 404
    assert manager.open(f"/figures/{of_unit.number}").status == 200
    for number in (made.number, "FIG-0000-0000-0"):
        answered = Browser(app).client.get(f"/figures/{number}")
        assert answered.status_code in (302, 303)
        assert "sign-in" in answered.headers["Location"]


def test_what_was_published_for_everybody_anybody_opens(session, app, care):
    made = published(session, is_public=True)
    page = Browser(app).open(f"/figures/{made.number}")
    assert page.status == 200
    assert "Who is counted on that day, by the record of today" not in page.links


def test_a_correction_shows_beside_it(session, app, care):
    made = published(session, is_public=True)
    for one in session.scalars(select(Completion).order_by(Completion.id).limit(30)).all():
        reason = {"reason": "By mistake", "account_id": None, "now": utc_now()}
        note_event(session, one, CompletionEventKind.WITHDRAWN, **reason)
    session.commit()
    page = Browser(app).open(f"/figures/{made.number}")
    assert "About 54% of about 130 people" in page.text
    assert "The record has changed since then" in page.text
    row = next(one for one in page.table("What differs") if one["Group"] == "Adult Social Care")
    assert (row["What"], row["Published"], row["Today"]) == ("complete", "60", "30")
    assert "Completions were withdrawn or put right." in page.text
