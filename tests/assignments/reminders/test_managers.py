"""A manager who has left is told nothing, and nobody is told twice because they left."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.reminders.noting import TEAM_LATE, note_owed
from assignments.reminders.owed import Owed
from assignments.reminders.record import Reminder, WhyNot
from assignments.reminders.steps import Step
from assignments.reminders.team_words import compose_team_late
from assignments.requirements import require_course
from kernel.clock import LOCAL
from messages.ledger import Message
from messages.ways import EVERY_WAY
from people.organisations import Organisation
from people.persons import Person
from tests.builders.mail_transport import give_address
from tests.builders.region import NOON, a_course, a_person, a_unit, an_organisation, change_job, job_of

DAY = timedelta(days=1)
DUE = date(2027, 3, 1)
ON = date(2027, 3, 30)


def owed(session: Session) -> tuple[Organisation, Person, Owed]:
    """Somebody who is four weeks late, with a manager who has an address."""
    halton = an_organisation(session)
    unit = a_unit(session, halton)
    boss = give_address(session, a_person(session, unit, "Boss"), "boss@halton.example")
    late = a_person(session, unit, "Bo Li", manager_id=job_of(session, boss).id)
    course = a_course(session)
    require_course(
        session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=NOON, due_on=DUE
    )
    return halton, boss, Owed(late.id, halton.id, course.course_id, job_of(session, late).id, Step.MANAGER, DUE)


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, datetime.min.time(), LOCAL).replace(hour=hour)


def test_where_the_manager_has_left_the_ledger_says_so(session: Session) -> None:
    _, boss, one = owed(session)
    change_job(session, job_of(session, boss), ON - DAY, held=False)
    note_owed(session, [one], now=at(ON, 5), ways=EVERY_WAY)
    assert [row.reason for row in session.scalars(select(Reminder))] == [WhyNot.NO_MANAGER.value]
    assert session.scalars(select(Message)).all() == []


def test_a_manager_who_leaves_after_it_was_noted_is_told_nothing(session: Session) -> None:
    _, boss, one = owed(session)
    note_owed(session, [one], now=at(ON, 5), ways=EVERY_WAY)
    (message,) = session.scalars(select(Message)).all()
    assert (message.kind, message.person_id) == (TEAM_LATE, boss.id)
    told = compose_team_late(session, [message], now=at(ON, 8)).content
    assert told is not None
    change_job(session, job_of(session, boss), ON, held=False)
    assert compose_team_late(session, [message], now=at(ON, 8)).content is None
