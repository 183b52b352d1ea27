"""Messages from the fact to the mail: due when true, checked again when sent, once each, with and without a server."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs.housekeeping import keep_house
from app.mail import make_office
from certificates.announcing import announce_when_ready, mailed_times
from certificates.history import Reason
from certificates.issuing import Certificate
from certificates.revoking import revoke
from kernel.clock import utc_now
from people.message_choices import Choices, Pace, choose, next_morning
from people.messages import SEND_MESSAGES, Message, MessageState
from people.persons import Person
from tests.builders import NOON, a_follow_up, an_account
from tests.conftest import ListeningBell, settings_for
from tests.mail_room import RememberingOffice, give_address, make_ready, send, set_clock, stored
from tests.mail_server import Inbox, running_server, text_of
from tests.reading import Browser


def test_the_news_is_owed_at_once_and_due_with_the_file(
    app: Flask, session: Session, office: RememberingOffice, bell: ListeningBell, complete: Callable[..., Certificate]
) -> None:
    certificate = complete()
    send(app)
    assert [(message.state, message.due_at) for message in stored(session)] == [(MessageState.WAITING, None)]
    make_ready(app, session, certificate)
    assert SEND_MESSAGES in bell.rung
    send(app)
    send(app)
    assert office.subjects == ["Your certificate is ready: Test course"]
    assert f"http://localhost/certificates/{certificate.number}" in text_of(office.mails[0])
    assert list(mailed_times(session, certificate_ids=[certificate.id])) == [certificate.id]


def test_a_certificate_that_was_issued_without_asking_for_it_is_not_announced(
    app: Flask, session: Session, office: RememberingOffice, complete: Callable[..., Certificate]
) -> None:
    certificate = complete()
    session.query(Message).delete()
    make_ready(app, session, certificate)
    send(app)
    assert office.mails == []
    assert announce_when_ready(session, certificate_ids=[certificate.id], now=NOON) == 1
    assert announce_when_ready(session, certificate_ids=[certificate.id], now=NOON) == 0
    make_ready(app, session, certificate)
    send(app)
    assert len(office.mails) == 1


def test_a_revoked_certificate_is_not_announced(
    app: Flask, session: Session, office: RememberingOffice, complete: Callable[..., Certificate]
) -> None:
    certificate = complete()
    make_ready(app, session, certificate)
    revoke(session, number=certificate.number, reason=Reason.ISSUED_IN_ERROR, words="", account_id=None, now=utc_now())
    session.commit()
    send(app)
    (message,) = stored(session)
    assert (office.mails, message.state, message.dropped_words) == (
        [],
        MessageState.DROPPED,
        "it was not true any more",
    )


def test_somebody_without_an_address_is_no_error(
    app: Flask, session: Session, office: RememberingOffice, complete: Callable[..., Certificate], person: Person
) -> None:
    certificate = complete()
    give_address(session, person, None)
    make_ready(app, session, certificate)
    send(app)
    (message,) = stored(session)
    assert message.dropped_words == "their record holds no email address"


def test_without_a_post_office_everything_else_works(
    app: Flask, session: Session, bell: ListeningBell, complete: Callable[..., Certificate]
) -> None:
    make_ready(app, session, complete())
    send(app)
    assert SEND_MESSAGES not in bell.rung
    assert {message.state for message in stored(session)} == {MessageState.WAITING}


def test_a_daily_message_gathers_what_became_ready_until_the_morning(
    app: Flask,
    session: Session,
    office: RememberingOffice,
    complete: Callable[..., Certificate],
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(session, person_id=person.id, choices=Choices(Pace.DAILY), now=NOON)
    before_midnight = datetime.fromisoformat("2027-03-27T23:50:00+00:00")
    set_clock(monkeypatch, before_midnight)
    make_ready(app, session, complete(1))
    send(app)
    set_clock(monkeypatch, before_midnight + timedelta(minutes=20))
    make_ready(app, session, complete(2))
    send(app)
    assert office.mails == []
    set_clock(monkeypatch, next_morning(before_midnight))  # the clocks went forward in that night
    send(app)
    send(app)
    assert office.subjects == ["2 certificates are ready"]
    assert text_of(office.mails[0]).count("- Test course") == 2
    assert {message.state for message in stored(session)} == {MessageState.SENT}


def paths_in(mail: EmailMessage) -> list[str]:
    words = text_of(mail).split()
    return [word.removeprefix("http://localhost") for word in words if word.startswith("http://localhost")]


def test_every_link_of_a_certificates_mail_opens_for_its_holder(
    app: Flask,
    session: Session,
    office: RememberingOffice,
    complete: Callable[..., Certificate],
    person: Person,
    browser: Browser,
) -> None:
    browser.enter_as(an_account(session, person))
    make_ready(app, session, complete())
    send(app)
    paths = paths_in(office.mails[0])
    assert len(paths) == 2
    assert [browser.open(path).status for path in paths] == [200, 200]


def test_a_follow_up_is_told_of_in_the_morning_and_its_links_open(
    app: Flask,
    session: Session,
    office: RememberingOffice,
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
            keep_house()
        send(app)
        assert len(office.mails) == (hour >= 8)
    assert office.subjects == ["Now open: Look back 2"]
    paths = paths_in(office.mails[0])
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
        monkeypatch.setitem(app.extensions, "common-ground-mail", make_office(settings))
        make_ready(app, session, complete())
        send(app)
    assert inbox.recipients == ["sian@halton.example"]
    assert inbox.mails[0]["To"].addresses[0].display_name == "Siân Nguyễn"
