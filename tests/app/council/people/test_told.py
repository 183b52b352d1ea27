"""Each person is told once of more time or of an exemption that was decided for many, and that it was taken back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs.asked.acts_for_many import work_off_acts
from assignments.for_many import doing
from assignments.for_many.record import ActForMany
from assignments.for_many.telling import DECIDED_FOR_MANY, TAKEN_BACK
from assignments.reminders.hours import next_open
from courses.catalogue.versions import PublishOutcome
from kernel.clock import day_bounds, local_day, utc_now
from kernel.tasks.kinds import TaskState
from messages.ledger import DropReason, Message
from people.jobs.absences import Absence, AbsenceKind
from people.organisations import Unit
from people.persons import Person
from tests.app.council.people.deciding import DAY, LATER, NEW, decide, give_time
from tests.builders.mail_server import text_of
from tests.builders.mail_transport import RememberingTransport, send, set_clock, stored
from tests.builders.region import job_of
from tests.reading import Browser, Page
from tests.reports.taken_course import finish

pytestmark = pytest.mark.usefixtures("transport")

BACK = "Take it back for everybody"


def exempt(lead: Browser) -> Page:
    looked = lead.submit(f"{NEW}/exempt?name=person", "See who that is", reason="other", evidence="A list", **DAY)
    return decide(lead, looked, "Check again")


def send_at(lead: Browser, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    set_clock(monkeypatch, now)
    send(lead.client.application)


def soon() -> datetime:
    """When messages may go next."""
    return next_open(utc_now())


def next_day() -> datetime:
    """When they may go on the next working day."""
    return next_open(day_bounds(local_day(soon()) + timedelta(days=1))[0])


@pytest.mark.usefixtures("four")
def test_the_preview_says_how_many_are_told_and_shows_what_they_get(lead: Browser, session: Session) -> None:
    looked = lead.submit(f"{NEW}/more-time?name=person", "See who that is", **DAY)
    assert "2 people are told by a message" in looked.text
    assert "The other is on leave, or no message reaches them." in looked.text
    assert "You have more time for Test course" in looked.text
    assert stored(session) == []


@pytest.mark.usefixtures("four")
def test_each_whom_a_message_reaches_is_told_of_more_time_once(
    lead: Browser, session: Session, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = give_time(lead)
    assert "2 people are told by a message, which has not gone yet." in page.text
    for _ in range(2):
        send_at(lead, monkeypatch, soon())
    assert transport.subjects == ["You have more time for Test course"] * 2
    words = " ".join(text_of(transport.mails[0]).split())
    until = f"{LATER.day} {LATER:%B %Y}"
    assert f"Halton Borough Council gives you time for Test course until {until}." in words
    assert "/learning/asked" in words
    assert "because Halton Borough Council decided this for you and others." in words
    assert "2 people are told by a message, and all of them have had it." in lead.open(page.url).text
    assert {one.state for one in stored(session)} == {TaskState.DONE}


@pytest.mark.usefixtures("four")
def test_a_job_that_runs_twice_tells_nobody_twice(
    lead: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doing, "AT_ONCE", 1)
    give_time(lead)
    assert stored(session) == []
    for _ in range(2):
        with lead.client.application.app_context():
            work_off_acts()
    assert len(stored(session)) == 2
    # As if the worker had died before it could say that it was the last part.
    session.execute(update(ActForMany).values(state=TaskState.PENDING, ended_at=None))
    session.commit()
    with lead.client.application.app_context():
        work_off_acts()
    assert len(stored(session)) == 2


@pytest.mark.usefixtures("four")
def test_what_was_taken_back_before_it_went_is_told_to_nobody(
    lead: Browser, session: Session, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead.submit(give_time(lead).url, BACK)
    send_at(lead, monkeypatch, next_day())
    assert transport.subjects == []
    assert {one.failure_reason for one in stored(session)} == {DropReason.TAKEN_BACK.value}


@pytest.mark.usefixtures("four")
def test_only_who_had_been_told_hears_that_it_was_taken_back_and_on_another_day(
    lead: Browser, session: Session, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = exempt(lead)
    first, second = stored(session)
    session.execute(update(Message).where(Message.id == second.id).values(due_at=soon() + timedelta(hours=1)))
    session.commit()
    send_at(lead, monkeypatch, soon())
    assert transport.subjects == ["You are exempt from Test course"]
    back = lead.submit(page.url, BACK)
    assert "Whoever had it is told that it was taken back." in back.text
    send_at(lead, monkeypatch, soon() + timedelta(minutes=2))
    assert len(transport.subjects) == 1
    send_at(lead, monkeypatch, next_day())
    assert transport.subjects[1:] == ["You are asked to take Test course again"]
    words = " ".join(text_of(transport.mails[1]).split())
    assert "Halton Borough Council has taken back that you are exempt from Test course until" in words
    told = session.scalars(select(Message.person_id).where(Message.step == TAKEN_BACK)).all()
    assert told == [first.person_id]


@pytest.mark.usefixtures("four")
def test_a_message_that_a_worker_had_in_hand_decides_whether_more_is_said(
    lead: Browser, session: Session, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = give_time(lead)
    session.execute(update(Message).values(state=TaskState.WORKING, claimed_at=next_day()))
    session.commit()
    lead.submit(page.url, BACK)
    send_at(lead, monkeypatch, next_day())
    assert transport.subjects == []
    waiting = [one for one in stored(session) if one.step == TAKEN_BACK]
    assert [one.state for one in waiting] == [TaskState.PENDING] * 2
    first, second = (one for one in stored(session) if not one.step)
    session.execute(update(Message).where(Message.id == first.id).values(state=TaskState.DONE))
    session.execute(update(Message).where(Message.id == second.id).values(state=TaskState.FAILED))
    session.commit()
    send_at(lead, monkeypatch, next_day() + timedelta(minutes=20))
    assert transport.subjects == ["More time for Test course was taken back"]
    assert {one.failure_reason for one in stored(session) if one.state is TaskState.CANCELLED} == {
        DropReason.NOT_TRUE_ANY_MORE.value
    }


def test_who_finishes_first_or_is_on_leave_gets_no_message(
    lead: Browser,
    session: Session,
    four: list[Person],
    course: PublishOutcome,
    unit: Unit,
    transport: RememberingTransport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    since = local_day(utc_now()) - timedelta(days=3)
    session.add(Absence(employment_id=job_of(session, four[0]).id, kind=AbsenceKind.LONG_LEAVE, starts_on=since))
    session.commit()
    looked = lead.submit(f"{NEW}/more-time?name=person", "See who that is", **DAY)
    assert "1 person is told by a message" in looked.text
    give_time(lead)
    (message,) = stored(session)
    assert message.person_id == four[1].id
    assert message.kind == DECIDED_FOR_MANY
    finish(session, course, four[1], unit, at=utc_now())
    session.commit()
    send_at(lead, monkeypatch, soon())
    assert transport.subjects == []


@pytest.mark.usefixtures("four")
def test_two_decisions_of_a_night_are_one_message(
    lead: Browser, session: Session, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_time(lead)
    exempt(lead)
    assert len(stored(session)) == 4
    send_at(lead, monkeypatch, soon())
    # Whoever is exempt by now needs no time: that half is left out.
    assert transport.subjects == ["You are exempt from Test course"] * 2
