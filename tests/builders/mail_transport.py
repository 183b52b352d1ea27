"""A mail transport that only remembers, and may refuse; and people with certificates to hear of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs import housekeeping, messages
from app.jobs.housekeeping import run_housekeeping
from app.jobs.messages import send_waiting
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from messages.ledger import Message
from people.persons import Person
from tests.builders.certificates import make_file


class RememberingTransport:
    """Takes every mail, unless ``trouble`` returns what to raise."""

    place = "memory"

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.trouble: Callable[[EmailMessage], Exception | None] = lambda _: None

    @contextmanager
    def connection(self) -> Iterator["RememberingTransport"]:
        yield self

    def send(self, mail: EmailMessage) -> None:
        problem = self.trouble(mail)
        if problem is not None:
            raise problem
        mail.as_bytes()
        self.mails.append(mail)

    def check(self) -> None:
        return None

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


def send(app: Flask) -> None:
    """One run of the job."""
    with app.app_context():
        send_waiting()


def stored(session: Session) -> list[Message]:
    """The ledger as it is now."""
    session.expire_all()
    return list(session.query(Message).order_by(Message.id))


def give_address(session: Session, person: Person, email: str | None = "sian@halton.example") -> Person:
    """Put an address into somebody's record."""
    person.email = email
    session.flush()
    return person


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """Let it be another time for what sends messages."""
    for module in (messages, housekeeping):
        monkeypatch.setattr(module, "utc_now", lambda: now)


def make_ready(app: Flask, session: Session, certificate: Certificate) -> None:
    """Make its file, and let housekeeping notice."""
    make_file(certificate)
    session.commit()
    with app.app_context():
        run_housekeeping()


def let_retries_fall_due(session: Session) -> None:
    """What failed may be tried again now."""
    session.query(Message).update({"retry_at": utc_now() - timedelta(seconds=1), "claimed_at": None})
    session.commit()
