"""Messages when the server refuses, is away or goes in the middle: none is lost, and none holds up another."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs import messages
from app.platform.mail.transport import MailRefused, MailUnavailable
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.ledger import Message
from people.persons import Person
from tests.builders.mail_transport import (
    RememberingTransport,
    let_retries_fall_due,
    make_ready,
    send,
    set_clock,
    stored,
)
from tests.builders.region import NOON


def test_a_passing_refusal_is_tried_again_and_a_final_one_is_parked(
    app: Flask, session: Session, transport: RememberingTransport, complete: Callable[..., Certificate]
) -> None:
    make_ready(app, session, complete())
    transport.trouble = lambda _: MailRefused("451 later", is_permanent=False)
    send(app)
    assert [message.state for message in stored(session)] == [TaskState.FAILED]
    let_retries_fall_due(session)
    transport.trouble = lambda _: MailRefused("550 no such user", is_permanent=True)
    send(app)
    assert [(message.state, message.failure_reason) for message in stored(session)] == [
        (TaskState.PARKED, "550 no such user")
    ]
    send(app)
    assert transport.mails == []


def test_when_the_server_is_away_one_message_tries_and_the_others_wait(
    app: Flask, session: Session, transport: RememberingTransport, complete: Callable[..., Certificate]
) -> None:
    for cycle in (1, 2, 3):
        make_ready(app, session, complete(cycle))
    tried: list[EmailMessage] = []

    def is_away(mail: EmailMessage) -> Exception:
        tried.append(mail)
        return MailUnavailable("mail:25: Connection refused")

    transport.trouble = is_away
    send(app)
    send(app)  # within the same minute: nobody waits for the server again
    assert len(tried) == 1
    assert sorted(message.state for message in stored(session)) == ["failed", "pending", "pending"]
    transport.trouble = lambda _: None
    let_retries_fall_due(session)
    send(app)
    assert len(transport.mails) == 3


def test_one_message_that_cannot_be_made_keeps_nobody_else_from_theirs(
    app: Flask, session: Session, transport: RememberingTransport, complete: Callable[..., Certificate], person: Person
) -> None:
    make_ready(app, session, complete())
    session.add(Message(person_id=person.id, kind="unknown", subject_id=1, noted_at=NOON, due_at=NOON))
    session.commit()
    send(app)
    assert len(transport.mails) == 1
    assert sorted(message.state for message in stored(session)) == ["done", "parked"]


def test_a_worker_that_is_killed_after_the_servers_yes_sends_again_under_the_same_id(
    app: Flask,
    session: Session,
    transport: RememberingTransport,
    complete: Callable[..., Certificate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    make_ready(app, session, complete())
    with monkeypatch.context() as patch:
        patch.setattr(messages, "mark_sent", die)
        with pytest.raises(Killed):
            send(app)
    assert [message.state for message in stored(session)] == [TaskState.WORKING]
    send(app)
    assert len(transport.mails) == 1  # a living worker's message is nobody else's
    set_clock(monkeypatch, utc_now() + timedelta(minutes=11))
    send(app)
    assert len({mail["Message-ID"] for mail in transport.mails}) == 1
    assert [message.state for message in stored(session)] == [TaskState.DONE]
