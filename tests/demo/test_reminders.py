"""The made-up history of reminders says of nobody that they had not begun where they had."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.calendar import last_working_day
from assignments.reminders.record import Reminder
from assignments.reminders.steps import Step
from assignments.requirements import require_course
from courses.records.attempts import Attempt
from demo.asked.reminders import HANDFUL, add_reminders
from people.persons import Person
from tests.builders.mail_transport import give_address
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation

DAY = timedelta(days=1)
DUE = TODAY + 4 * DAY
AT_RISK_ON = last_working_day(DUE - 14 * DAY)


def test_at_risk_is_for_whoever_had_not_begun_by_then(session: Session) -> None:
    halton = an_organisation(session)
    unit, course = a_unit(session, halton), a_course(session)
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=NOON - 100 * DAY,
        due_on=DUE,
    )
    people = [
        give_address(session, a_person(session, unit), f"p{place}@halton.example") for place in range(HANDFUL + 3)
    ]
    *_, never, in_time, after = people
    for person, day in ((in_time, AT_RISK_ON - 3 * DAY), (after, AT_RISK_ON + DAY)):
        begin(session, person, course.course_id, course.version_id, day)
    add_reminders(session, organisation_ids=[halton.id], now=NOON)
    told = {row.person_id for row in session.scalars(select(Reminder)) if row.step is Step.AT_RISK}
    assert {never.id, after.id} <= told
    assert in_time.id not in told
    months = {row.person_id for row in session.scalars(select(Reminder)) if row.step is Step.MONTH_BEFORE}
    assert months == {one.id for one in people}


def begin(session: Session, person: Person, course_id: int, version_id: int, on: date) -> None:
    at = datetime.combine(on, NOON.timetz())
    session.add(
        Attempt(
            person_id=person.id,
            course_id=course_id,
            cycle=1,
            course_version_id=version_id,
            started_at=at,
            last_seen_at=at,
            at_module="first-steps",
            at_screen=1,
        )
    )
    session.flush()
