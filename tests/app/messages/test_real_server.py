"""Messages through a real SMTP server that refuses half of them, goes away or dawdles: each reaches somebody once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs import messages
from app.platform.mail import transport as mail_module
from app.platform.mail.transport import make_mail_transport
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.ledger import ComposedMessage, Message, MessageContent, note_message
from tests.builders.mail_server import Inbox, running_server
from tests.builders.mail_transport import give_address, let_retries_fall_due, send, stored
from tests.builders.region import a_person, a_unit, an_organisation
from tests.conftest import settings_for

PEOPLE = 6


def compose(_session: Session, _messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    return ComposedMessage(MessageContent("Words", (f"It is {now}.",), "Open it", "/", "Because of a test."))


@pytest.fixture
def owed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that is owed to each of six people."""
    unit = a_unit(session, an_organisation(session))
    at = utc_now() - timedelta(seconds=1)
    for number in range(PEOPLE):
        person = give_address(session, a_person(session, unit, f"Person {number}"), f"p{number}@council.example")
        note_message(session, person_id=person.id, kind="test", subject_id=1, now=at, due_at=at)
    session.commit()
    monkeypatch.setattr(messages, "COMPOSERS", {"test": compose})


def goes_to(app: Flask, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    transport = make_mail_transport(
        settings_for(
            "sqlite:///none",
            Path("files"),
            mail_url=f"smtp-plain://127.0.0.1:{port}",
            mail_from="Common Ground <learning@example.org>",
        )
    )
    monkeypatch.setitem(app.extensions, "common-ground-mail", transport)


def states(session: Session) -> Counter[TaskState]:
    return Counter(message.state for message in stored(session))


@pytest.mark.usefixtures("owed")
def test_a_server_that_refuses_half_keeps_the_other_half_from_nobody(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox()
    inbox.answer = lambda address: "451 4.7.1 greylisted" if address[1] in "135" else None
    with running_server(inbox) as port:
        goes_to(app, monkeypatch, port)
        send(app)
        assert sorted(inbox.recipients) == [f"p{number}@council.example" for number in (0, 2, 4)]
        assert states(session) == {TaskState.DONE: 3, TaskState.FAILED: 3}
        inbox.answer = lambda address: "550 5.1.1 no such user" if address.startswith("p1") else None
        let_retries_fall_due(session)
        send(app)
        send(app)
    assert sorted(inbox.recipients) == [f"p{number}@council.example" for number in (0, 2, 3, 4, 5)]
    assert states(session) == {TaskState.DONE: 5, TaskState.PARKED: 1}


@pytest.mark.usefixtures("owed")
def test_a_server_that_goes_in_the_middle_gets_the_rest_when_it_is_back(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox()
    inbox.answer = lambda _: "421 closing down" if len(inbox.mails) == 2 else None
    with running_server(inbox) as port:
        goes_to(app, monkeypatch, port)
        send(app)
        assert states(session) == {TaskState.DONE: 2, TaskState.FAILED: 1, TaskState.PENDING: 3}
    let_retries_fall_due(session)
    send(app)  # nobody listens
    assert states(session) == {TaskState.DONE: 2, TaskState.FAILED: 1, TaskState.PENDING: 3}
    inbox.answer = lambda _: None
    with running_server(inbox) as port:
        goes_to(app, monkeypatch, port)
        let_retries_fall_due(session)
        send(app)
    assert sorted(inbox.recipients) == [f"p{number}@council.example" for number in range(PEOPLE)]
    assert states(session) == {TaskState.DONE: PEOPLE}


@pytest.mark.usefixtures("owed")
def test_a_server_that_dawdles_holds_a_worker_up_once(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_module, "PATIENCE", 0.2)
    inbox = Inbox()
    inbox.pause = 0.6
    with running_server(inbox) as port:
        goes_to(app, monkeypatch, port)
        send(app)
        send(app)  # within the same minute nobody waits for it again
    assert states(session) == {TaskState.FAILED: 1, TaskState.PENDING: PEOPLE - 1}
    assert "no answer within" in (stored(session)[0].failure_reason or "")
