"""A service that carries texts, and people whom no mail reaches."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import housekeeping, messages
from app.jobs.telling import composing, texts
from app.platform.texts.carriers import PlainNotify
from kernel.clock import LOCAL
from messages.ledger import ComposedMessage, Message, MessageContent, note_message
from people.persons import Person
from tests.builders.region import a_person, a_unit, an_organisation
from tests.builders.servers.notify import KEY, TEMPLATE, Notify, running_notify

MORNING = datetime(2026, 11, 30, 9, tzinfo=LOCAL)


def compose(_session: Session, rows: Sequence[Message], *, now: datetime) -> ComposedMessage:
    subject = f"Finish course {rows[0].subject_id}"
    return ComposedMessage(MessageContent(subject, ("Words",), "Open", f"/courses/{rows[0].subject_id}", "Why."))


@pytest.fixture
def notify() -> Notify:
    return Notify()


@pytest.fixture
def carried(app: Flask, notify: Notify, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Texts leave by a server that speaks as GOV.UK Notify does."""
    monkeypatch.setitem(composing.COMPOSERS, "test", compose)  # type: ignore[arg-type]
    with running_notify(notify) as port:
        carrier = PlainNotify().open(f"127.0.0.1:{port}", key=KEY, template=TEMPLATE)
        monkeypatch.setitem(app.extensions, "common-ground-texts", carrier)
        yield


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Let it be another time for what sends."""

    def set_to(now: datetime) -> None:
        for module in (messages, texts, housekeeping):
            monkeypatch.setattr(module, "utc_now", lambda: now)

    set_to(MORNING)
    return set_to


@pytest.fixture
def people(session: Session) -> list[Person]:
    """Three people at a depot, with a work phone each and no email address."""
    unit = a_unit(session, an_organisation(session))
    found = [a_person(session, unit, f"Person {number}") for number in range(3)]
    for number, person in enumerate(found):
        person.work_mobile = f"+44770090000{number}"
    session.commit()
    return found


def owe(session: Session, person: Person, subject_id: int = 1, kind: str = "test", at: datetime = MORNING) -> None:
    note_message(session, person_id=person.id, kind=kind, subject_id=subject_id, now=at, due_at=at)
    session.commit()


def send(app: Flask) -> None:
    with app.app_context():
        texts.send_texts()


def stored(session: Session) -> list[Message]:
    session.expire_all()
    return list(session.scalars(select(Message).order_by(Message.id)))
