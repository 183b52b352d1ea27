"""Who finished in the last whole weeks."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.plans import find_plan
from assignments.requirements import require_course
from courses.catalogue.versions import PublishOutcome
from kernel.clock import LOCAL
from people.organisations import Organisation
from reports.listing.wanted import ListOfPeople
from reports.target.finished_lately import finished_lately
from tests.builders.region import TODAY, a_course, a_unit, an_organisation
from tests.reports.taken_course import people_in

NOW = datetime.combine(TODAY, datetime.min.time(), LOCAL)
LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


def ask(session: Session, halton: Organisation, course: PublishOutcome, due_on: date | None) -> ListOfPeople:
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=LONG_AGO,
        due_on=due_on,
    )
    plan = find_plan(session, organisation_id=halton.id, course_id=course.course_id, on=TODAY)
    return ListOfPeople(halton.id, (), course.course_id, plan, TODAY)


def test_who_finished_in_the_four_whole_weeks_before_this_one_is_counted_in_their_unit(
    session: Session, halton: Organisation, course: PublishOutcome
) -> None:
    care, parks = a_unit(session, halton), a_unit(session, halton, "Parks")
    monday = TODAY - timedelta(days=TODAY.isoweekday() - 1)
    days = {"this week": 0, "last week": 1, "four weeks ago": 28, "before them": 29}
    for unit, people in ((care, 3), (parks, 2)):
        for back in days.values():
            at = datetime.combine(monday - timedelta(days=back), datetime.min.time(), LOCAL) + timedelta(hours=12)
            people_in(session, unit, people, course=course, complete=people, at=at)
    of = ask(session, halton, course, None)
    assert finished_lately(session, of) == 2 * (3 + 2)
    assert finished_lately(session, of, unit_id=care.id) == 2 * 3
