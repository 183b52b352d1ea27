"""Messages from the fact to the mail: due when true, checked again when sent, once each, with and without a server."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.platform.mail.transport import make_mail_transport
from certificates.changes.revoking import revoke
from certificates.making.announcing import announce_when_ready, mailed_times
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from messages.choices import Choices, Frequency, choose, next_morning
from messages.ledger import SEND_MESSAGES, Message
from people.persons import Person
from tests.builders.mail_server import Inbox, running_server, text_of
from tests.builders.mail_transport import RememberingTransport, give_address, make_ready, send, set_clock, stored
from tests.builders.region import NOON, a_follow_up, an_account
from tests.conftest import ListeningBell, settings_for
from tests.reading import Browser


def test_the_news_is_owed_at_once_and_due_with_the_file(
    app: Flask,
    session: Session,
    transport: RememberingTransport,
    bell: ListeningBell,
    complete: Callable[..., Certificate],
) -> None:
    certificate = complete()
    send(app)
    assert [(message.state, message.due_at) for message in stored(session)] == [(TaskState.PENDING, None)]
    make_ready(app, session, certificate)
    assert SEND_MESSAGES in bell.rung
    send(app)
    send(app)
    assert transport.subjects == ["Your certificate is ready: Test course"]
    assert f"http://localhost/certificates/{certificate.number}" in text_of(transport.mails[0])
    assert list(mailed_times(session, certificate_ids=[certificate.id])) == [certificate.id]


def test_a_certificate_that_was_issued_without_asking_for_it_is_not_announced(
    app: Flask, session: Session, transport: RememberingTransport, complete: Callable[..., Certificate]
) -> None:
    certificate = complete()
    session.query(Message).delete()
    make_ready(app, session, certificate)
    send(app)
    assert transport.mails == []
    assert announce_when_ready(session, certificate_ids=[certificate.id], now=NOON) == 1
    assert announce_when_ready(session, certificate_ids=[certificate.id], now=NOON) == 0
    make_ready(app, session, certificate)
    send(app)
    assert len(transport.mails) == 1


def test_a_revoked_certificate_is_not_announced(
    app: Flask, session: Session, transport: RememberingTransport, complete: Callable[..., Certificate]
) -> None:
    certificate = complete()
    make_ready(app, session, certificate)
    revoke(
        session,
        certificate_number=certificate.number,
        reason=Reason.ISSUED_IN_ERROR,
        words="",
        account_id=None,
        now=utc_now(),
    )
    session.commit()
    send(app)
    (message,) = stored(session)
    assert (transport.mails, message.state, message.dropped_words) == (
        [],
        TaskState.CANCELLED,
        "it was not true any more",
    )


def test_somebody_without_an_address_is_no_error(
    app: Flask, session: Session, transport: RememberingTransport, complete: Callable[..., Certificate], person: Person
) -> None:
    certificate = complete()
    give_address(session, person, None)
    make_ready(app, session, certificate)
    send(app)
    (message,) = stored(session)
    assert message.dropped_words == "neither email nor a text reaches them"


def test_without_a_way_for_mail_to_leave_everything_else_works(
    app: Flask, session: Session, bell: ListeningBell, complete: Callable[..., Certificate]
) -> None:
    make_ready(app, session, complete())
    send(app)
    assert SEND_MESSAGES not in bell.rung
    assert {message.state for message in stored(session)} == {TaskState.PENDING}


def test_a_daily_message_gathers_what_became_ready_until_the_morning(
    app: Flask,
    session: Session,
    transport: RememberingTransport,
    complete: Callable[..., Certificate],
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(session, person_id=person.id, choices=Choices(Frequency.DAILY), now=NOON)
    before_midnight = datetime.fromisoformat("2027-03-27T23:50:00+00:00")
    set_clock(monkeypatch, before_midnight)
    make_ready(app, session, complete(1))
    send(app)
    set_clock(monkeypatch, before_midnight + timedelta(minutes=20))
    make_ready(app, session, complete(2))
    send(app)
    assert transport.mails == []
    set_clock(monkeypatch, next_morning(before_midnight))  # the clocks went forward in that night
    send(app)
    send(app)
    assert transport.subjects == ["2 certificates are ready"]
    assert text_of(transport.mails[0]).count("- Test course") == 2
    assert {message.state for message in stored(session)} == {TaskState.DONE}


def paths_in(mail: EmailMessage) -> list[str]:
    words = text_of(mail).split()
    return [word.removeprefix("http://localhost") for word in words if word.startswith("http://localhost")]


def test_every_link_of_a_certificates_mail_opens_for_its_holder(
    app: Flask,
    session: Session,
    transport: RememberingTransport,
    complete: Callable[..., Certificate],
    person: Person,
    browser: Browser,
) -> None:
    browser.enter_as(an_account(session, person))
    make_ready(app, session, complete())
    send(app)
    paths = paths_in(transport.mails[0])
    assert len(paths) == 2
    assert [browser.open(path).status for path in paths] == [200, 200]


def test_a_follow_up_is_told_of_in_the_morning_and_its_links_open(
    app: Flask,
    session: Session,
    transport: RememberingTransport,
    complete: Callable[..., Certificate],
    person: Person,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser.enter_as(an_account(session, person))
    complete()
    a_follow_up(session)
    session.commit()
    for hour in (0, 7, 8, 9):
        set_clock(monkeypatch, (NOON + timedelta(days=14)).replace(hour=hour))
        with app.app_context():
            run_housekeeping()
        send(app)
        assert len(transport.mails) == (hour >= 8)
    assert transport.subjects == ["Now open: Look back 2"]
    paths = paths_in(transport.mails[0])
    assert [browser.open(path).status for path in paths] == [200, 200, 200]
    assert browser.open(paths[2]).heading == "Stop messages about follow-ups"


def test_a_mail_reaches_a_real_server(
    app: Flask,
    session: Session,
    bell: ListeningBell,
    complete: Callable[..., Certificate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inbox = Inbox()
    with running_server(inbox) as port:
        changes = {"mail_url": f"smtp-plain://127.0.0.1:{port}", "mail_from": "learning@example.org"}
        settings = settings_for("sqlite:///none", Path("files"), **changes)
        monkeypatch.setitem(app.extensions, "common-ground-mail", make_mail_transport(settings))
        make_ready(app, session, complete())
        send(app)
    assert inbox.recipients == ["sian@halton.example"]
    assert inbox.mails[0]["To"].addresses[0].display_name == "Siân Nguyễn"
