"""Time for a course: planned by a manager, told with a file for the calendar, moved, cancelled, and nobody else's."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.jobs import messages
from app.platform.extensions import db
from assignments.requirements import require_course
from assignments.rota.record import PlannedHour
from courses.catalogue.versions import PublishOutcome
from kernel.audit import AuditEntry
from kernel.clock import LOCAL, local_day, utc_now
from messages.ledger import Message
from people.jobs.absences import AbsenceKind
from people.organisations import Unit
from people.persons import Person
from tests.app.platform.test_query_counts import counted
from tests.builders.mail_server import text_of
from tests.builders.mail_transport import RememberingTransport, give_address, send
from tests.builders.region import (
    NOON,
    a_course,
    a_person,
    a_unit,
    an_account,
    an_organisation,
    change_job,
    job_of,
)
from tests.reading import Browser, Page

MORNING = datetime(2030, 6, 3, 9, tzinfo=LOCAL)


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def course(session: Session, unit: Unit) -> PublishOutcome:
    published = a_course(session)
    require_course(
        session,
        course_id=published.course_id,
        organisation_ids=[unit.organisation_id],
        account_id=None,
        now=NOON,
        due_on=local_day(utc_now()) + timedelta(days=60),
    )
    return published


@pytest.fixture
def boss(session: Session, app: Flask, unit: Unit, course: PublishOutcome) -> Browser:
    person = a_person(session, unit, "Boss Ó Briain")
    job = job_of(session, person).id
    give_address(session, a_person(session, unit, "Nadia Haddad", manager_id=job), "nadia@halton.example")
    a_person(session, unit, "Kwame Asante-Reid", manager_id=job)
    a_person(session, unit, "Stranger Jones")
    account = an_account(session, person)
    session.commit()
    return Browser(app).enter_as(account)


def id_of(session: Session, name: str) -> int:
    return session.scalars(select(Person.id).where(Person.chosen_name == name)).one()


def a_day(weekday: int = 2) -> date:
    """The next Wednesday, or another day, at least three days from now and no bank holiday of these months."""
    day = local_day(utc_now()) + timedelta(days=3)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def fields(day: date, starts: str = "10:00", **more: object) -> dict[str, object]:
    return {
        "starts_on": [str(day.day), str(day.month), str(day.year)],
        "starts": starts,
        "minutes": "60",
        "place": "Training room",
        "is_worked": "y",
        **more,
    }


def plan(boss: Browser, session: Session, *names: str, **changes: object) -> Page:
    course_key = boss.open("/team/rota").soup.select_one("select[name=course] option")["value"]
    token = str(boss.open("/team/rota").soup.select_one("input[name=csrf_token]")["value"])
    people = [str(id_of(session, name)) for name in names]
    day = changes.pop("day", "")
    data = fields(date.fromisoformat(str(day)) if day else a_day(), **changes)
    return boss.post("/team/rota", {"csrf_token": token, "course": str(course_key), "people": people, **data})


def hours(session: Session) -> Sequence[PlannedHour]:
    session.expire_all()
    return session.scalars(select(PlannedHour).order_by(PlannedHour.id)).all()


def event_of(transport: RememberingTransport) -> tuple[str, dict[str, str]]:
    """The method of the newest mail's calendar, and its event."""
    (part,) = list(transport.mails[-1].iter_attachments())
    assert part.get_content_type() == "text/calendar"
    calendar = Calendar.from_ical(part.get_content())
    (event,) = calendar.walk("VEVENT")
    assert part.get_param("method") == str(calendar["METHOD"])
    return str(calendar["METHOD"]), {
        name: str(event[name]) for name in ("UID", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION") if name in event
    } | {"starts": event.decoded("DTSTART").isoformat()}


def send_in_hours(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Send what is due on the morning of the next working day, a minute after it may go."""
    due = max(one.due_at for one in _messages(app) if one.due_at)
    monkeypatch.setattr(messages, "utc_now", lambda: due)
    send(app)


def _messages(app: Flask) -> Sequence[Message]:
    with app.app_context():
        return db.session().scalars(select(Message)).all()


def test_all_that_is_missing_is_said_at_once(boss: Browser) -> None:
    page = boss.submit("/team/rota", "Plan this time")
    assert page.status == 422
    assert page.errors == ["Enter the day", "Enter when it begins, such as 14:30", "Select at least one person"]


def test_the_page_costs_no_more_where_more_is_planned(connection: Connection, boss: Browser, session: Session) -> None:
    costs = []
    for names in (["Nadia Haddad"], ["Kwame Asante-Reid"]):
        plan(boss, session, *names)
        with counted(connection) as seen:
            assert len(boss.open("/team/rota").table("Planned")) == len(costs) + 1
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_time_is_planned_moved_and_cancelled_and_told_each_time(
    app: Flask, boss: Browser, session: Session, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "2 people are told" in plan(boss, session, "Nadia Haddad", "Kwame Asante-Reid").text
    rows = boss.open("/team/rota").table("Planned")
    assert {(row["Name"], row["Course"], row["Where"]) for row in rows} == {
        ("Nadia Haddad", "Test course", "Training room"),
        ("Kwame Asante-Reid", "Test course", "Training room"),
    }
    send_in_hours(app, monkeypatch)
    (mail,) = transport.mails
    assert "Boss Ó Briain has planned time for you to take Test course" in " ".join(text_of(mail).split())
    method, first = event_of(transport)
    assert (method, first["SEQUENCE"], first["STATUS"], first["LOCATION"]) == (
        "PUBLISH",
        "0",
        "CONFIRMED",
        "Training room",
    )
    hour = next(one for one in hours(session) if one.person_id == id_of(session, "Nadia Haddad"))
    moved = boss.submit(f"/team/rota/{hour.id}", "Move it", **fields(a_day(), "14:30"))
    assert "Moved, and told again" in moved.text
    assert "Nothing is different" in boss.submit(f"/team/rota/{hour.id}", "Move it", **fields(a_day(), "14:30")).text
    send_in_hours(app, monkeypatch)
    method, second = event_of(transport)
    assert (method, second["SEQUENCE"], second["UID"]) == ("PUBLISH", "1", first["UID"])
    assert second["starts"] != first["starts"]
    assert str(transport.mails[-1]["Subject"]).startswith("Moved: time for Test course")
    token = str(boss.open("/team/rota").soup.select_one("input[name=csrf_token]")["value"])
    assert "Cancelled, and told" in boss.post(f"/team/rota/{hour.id}/cancelled", {"csrf_token": token}).text
    again = boss.post(f"/team/rota/{hour.id}/cancelled", {"csrf_token": token})
    assert "cancelled already" in again.text
    send_in_hours(app, monkeypatch)
    method, third = event_of(transport)
    assert (method, third["SEQUENCE"], third["STATUS"], third["UID"]) == ("CANCEL", "2", "CANCELLED", first["UID"])
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("hour-"))).all()
    assert sorted(acts) == ["hour-cancelled", "hour-moved", "hour-planned", "hour-planned"]


def test_its_person_reads_it_on_my_learning_and_nobody_elses(
    app: Flask, boss: Browser, session: Session, transport: RememberingTransport
) -> None:
    plan(boss, session, "Nadia Haddad")
    accounts = [an_account(session, session.get_one(Person, id_of(session, name))) for name in NAMES]
    session.commit()
    mine, other = (Browser(app).enter_as(one).open("/learning").text for one in accounts)
    assert "10:00 to 11:00: time that your manager planned for Test course" in mine
    assert "Training room" in mine
    assert "time that your manager planned" not in other
    assert transport.mails == []


NAMES = ("Nadia Haddad", "Kwame Asante-Reid")


def test_every_obstacle_is_said_at_once_and_nobody_is_planned(boss: Browser, session: Session) -> None:
    plan(boss, session, "Nadia Haddad")
    job = job_of(session, session.get_one(Person, id_of(session, "Kwame Asante-Reid")))
    change_job(session, job, a_day() - timedelta(days=1), now=utc_now(), away=AbsenceKind.LONG_LEAVE)
    session.commit()
    page = plan(boss, session, "Nadia Haddad", "Kwame Asante-Reid", starts="10:30")
    assert page.status == 422
    assert "Nadia Haddad has time planned at 10:00 that day already" in page.text
    assert "Kwame Asante-Reid is on leave" in page.text
    assert len(hours(session)) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"starts": "25:00"}, "Enter when it begins"),
        ({"starts": ""}, "Enter when it begins"),
        ({"minutes": "5"}, "must last from 15 to 480 minutes"),
        ({"place": "x" * 101}, "The place must be 100 characters or fewer"),
        ({"day": "2020-01-08"}, "The time must be in the future"),
        ({"starts_on": ["8", "1", ""]}, "must include a year"),
    ],
)
def test_what_cannot_be_planned_is_said_beside_its_field(
    boss: Browser, session: Session, changes: dict[str, object], why: str
) -> None:
    page = plan(boss, session, "Nadia Haddad", **changes)
    assert page.status == 422
    assert why in page.text
    assert list(hours(session)) == []


def test_a_weekend_is_planned_only_by_whoever_says_that_it_is_worked(boss: Browser, session: Session) -> None:
    saturday = a_day(5).isoformat()
    page = plan(boss, session, "Nadia Haddad", day=saturday, is_worked="")
    assert "is a weekend or a bank holiday" in page.text
    assert "1 person is told" in plan(boss, session, "Nadia Haddad", day=saturday).text


def test_a_stranger_and_the_hours_of_others_are_not_found(
    app: Flask, boss: Browser, session: Session, unit: Unit
) -> None:
    assert plan(boss, session, "Stranger Jones").status == 404
    plan(boss, session, "Nadia Haddad")
    (hour,) = hours(session)
    rival = a_person(session, unit, "Rival")
    a_person(session, unit, "Theirs", manager_id=job_of(session, rival).id)
    account = an_account(session, rival)
    session.commit()
    other = Browser(app).enter_as(account)
    assert other.open(f"/team/rota/{hour.id}").status == 404
    token = str(other.open("/account").soup.select_one("input[name=csrf_token]")["value"])
    assert other.post(f"/team/rota/{hour.id}/cancelled", {"csrf_token": token}).status == 404
    assert "Nadia" not in other.open("/team/rota").text
