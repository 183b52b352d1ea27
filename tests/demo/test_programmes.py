"""The demo region asks for a programme, and for a shorter course the next time, where the shipped courses are there."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.periods.rules import Lasts, PeriodRule
from assignments.plans import plans_on
from assignments.requirements import Asking, Requirement, require_course
from demo.asked.programmes import add_programmes
from people.organisations import Organisation
from tests.builders.programmes import another_course
from tests.builders.region import NOON, TODAY, a_course, an_organisation


def authorities(session: Session, course_id: int) -> dict[str, int]:
    found: dict[str, Organisation] = {slug: an_organisation(session, slug, slug) for slug in ("sefton", "wirral")}
    for one in found.values():
        require_course(
            session,
            course_id=course_id,
            organisation_ids=[one.id],
            account_id=None,
            now=NOON - timedelta(days=500),
            asking=Asking(period=PeriodRule(Lasts.MONTHS, 18)),
        )
    return {slug: one.id for slug, one in found.items()}


def test_sefton_asks_for_a_programme_and_wirral_for_a_shorter_course_the_next_time(session: Session) -> None:
    course_id = a_course(session).course_id
    ids = authorities(session, course_id)
    front_line = another_course(session, "FL", "Front-line services", "front-line-services")
    recruitment = another_course(session, "IR", "Inclusive recruitment", "inclusive-recruitment")
    add_programmes(session, organisation_ids=ids, course_id=course_id, now=NOON)
    by_authority = {slug: plans_on(session, Requirement.organisation_id == key, on=TODAY) for slug, key in ids.items()}
    assert [plan.steps for plan in by_authority["sefton"]] == [(), ((course_id,), (front_line, recruitment))]
    (plan,) = by_authority["wirral"]
    assert plan.refresher is not None
    assert (plan.refresher.course_id, plan.period and plan.period.months) == (front_line, 18)


def test_nothing_is_made_of_courses_that_are_not_published(session: Session) -> None:
    course_id = a_course(session).course_id
    ids = authorities(session, course_id)
    add_programmes(session, organisation_ids=ids, course_id=course_id, now=NOON)
    assert session.scalar(select(func.count()).select_from(Requirement)) == 2
