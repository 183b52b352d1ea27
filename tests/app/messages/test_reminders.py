"""Reminders from housekeeping to the mail, in the hours of a working day."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs import task_loop
from app.jobs.asked import reminders
from app.jobs.asked.reminders import note_reminders
from app.jobs.housekeeping import run_housekeeping
from assignments.due.rules import DueRule
from assignments.reminders.daily import NOTE_REMINDERS
from assignments.requirements import Asking, require_course
from assignments.wording_previews import fillable_for
from messages.templates.texts import Text
from messages.templates.versions import worded
from people.organisations import Organisation
from people.persons import Person
from tests.builders.mail_server import html_of, text_of
from tests.builders.mail_transport import RememberingTransport, send, set_clock, stored
from tests.builders.programmes import a_programme, another_course, ask_for
from tests.builders.region import NOON, a_course, job_of
from tests.conftest import ListeningBell

EARLY = datetime(2026, 12, 2, 5, 30, tzinfo=UTC)
AT_SEVEN = EARLY.replace(hour=7, minute=1)
NIGHT = EARLY.replace(hour=22)


@pytest.fixture
def asked(session: Session, person: Person) -> Person:
    """Somebody who is asked to finish a course by the day a week later."""
    organisation_id = job_of(session, person).organisation_id
    require_course(
        session,
        course_id=a_course(session).course_id,
        organisation_ids=[organisation_id],
        account_id=None,
        now=NOON,
        due_on=date(2026, 12, 9),
    )
    session.commit()
    return person


def housekeeping_at(app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    set_clock(monkeypatch, now)
    for module in (reminders, task_loop):
        monkeypatch.setattr(module, "utc_now", lambda: now)
    with app.app_context():
        run_housekeeping()


def work_at(app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    housekeeping_at(app, monkeypatch, now)
    with app.app_context():
        note_reminders()
    send(app)


@pytest.mark.usefixtures("asked")
def test_one_reminder_comes_in_the_morning_and_none_again(
    app: Flask, transport: RememberingTransport, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    housekeeping_at(app, monkeypatch, EARLY)
    assert NOTE_REMINDERS in bell.rung
    work_at(app, monkeypatch, EARLY)
    assert transport.subjects == []
    for _ in range(2):
        work_at(app, monkeypatch, AT_SEVEN)
    assert transport.subjects == ["Test course: finish by 9 December 2026"]
    words = " ".join(text_of(transport.mails[0]).split())
    assert "You have until 9 December 2026 to complete Test course." in words
    assert "because Halton Borough Council asks everybody to finish Test course by 9 December 2026." in words
    assert "/courses/test-course" in words


@pytest.mark.usefixtures("asked")
def test_a_mail_that_is_tried_again_at_night_waits_for_the_morning(
    app: Flask, session: Session, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_at(app, monkeypatch, EARLY)
    work_at(app, monkeypatch, NIGHT)
    assert transport.subjects == []
    (message,) = stored(session)
    assert message.due_at == datetime(2026, 12, 3, 7, tzinfo=UTC)
    work_at(app, monkeypatch, message.due_at)
    assert len(transport.subjects) == 1


def test_whoever_has_not_begun_is_told_so_in_the_fewest_words(
    app: Flask, session: Session, person: Person, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_course(
        session,
        course_id=a_course(session).course_id,
        organisation_ids=[job_of(session, person).organisation_id],
        account_id=None,
        now=NOON,
        due_on=date(2026, 12, 16),
    )
    session.commit()
    for now in (EARLY, AT_SEVEN):
        work_at(app, monkeypatch, now)
    assert transport.subjects == ["Test course: there is time until 16 December 2026"]
    (mail,) = transport.mails
    assert "You have not begun yet. There is time until 16 December 2026." in text_of(mail)
    assert "You have not begun yet. There is time until 16 December 2026." in html_of(mail)


def test_each_step_of_its_own_has_words_for_a_text(session: Session, asked: Person) -> None:
    organisation_id = job_of(session, asked).organisation_id
    of = {"organisation_id": organisation_id, "person_id": asked.id, "who_asks": "Bo Li", "on": EARLY.date()}
    said = {text: worded(session, fillable_for(session, text, **of)) for text in (Text.AT_RISK, Text.AGAIN, Text.NUDGE)}
    assert {text: one.text for text, one in said.items()} == {
        Text.AT_RISK: "Test course: there is time until 9 December 2026",
        Text.AGAIN: "Test course: take it again by 9 December 2026",
        Text.NUDGE: "Bo Li would like you to finish Test course",
    }
    assert said[Text.AGAIN].paragraphs[0] == (
        "You finished Test course before. That counts until 9 December 2026, and you can take it again now."
    )


def test_a_reminder_of_a_programme_names_the_next_step_only(
    app: Flask, session: Session, person: Person, transport: RememberingTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = session.get_one(Organisation, job_of(session, person).organisation_id)
    law, pack = another_course(session, "LA", "Law"), another_course(session, "RP", "Reading pack")
    programme = a_programme(session, organisation, (a_course(session).course_id,), (law, pack))
    ask_for(session, organisation, programme, Asking(due=DueRule(day=date(2026, 12, 9))))
    session.commit()
    for now in (EARLY, AT_SEVEN):
        work_at(app, monkeypatch, now)
    assert transport.subjects == ["First weeks: finish by 9 December 2026"]
    words = " ".join(text_of(transport.mails[0]).split())
    assert "Next is step 1 of 2: Test course." in words
    assert "Law" not in words
    assert f"/courses/programme.{programme}" in words
