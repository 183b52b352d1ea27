"""Runs that mail holders, or do not: asked before they start, said on their page, once for each certificate."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import certificate_runs as job
from app.jobs.housekeeping import run_housekeeping
from certificates.batches import working_off
from certificates.record.issuing import Certificate
from certificates.record.runs import CertificateRun
from kernel.clock import utc_now
from messages.choices import Choices, Frequency, choose, next_morning
from people.organisations import Unit
from people.persons import Person
from tests.app.council.certificates.runs_for_tests import (
    CERTIFICATES,
    IMPORTED,
    ISSUE,
    an_admin,
    complete,
    how_many,
    let_time_pass,
    one_batch,
    start,
    the_run,
    token,
    work_off,
)
from tests.builders.certificates import make_file
from tests.builders.mail_server import text_of
from tests.builders.mail_transport import RememberingTransport, send, set_clock, stored
from tests.reading import Browser, Page

HISTORY = f"{ISSUE}&imported=yes"
LOOK_AGAIN = "See how far it is now"
REISSUE = f"{CERTIFICATES}/reissue?course=test-course"


@pytest.fixture
def people(session: Session, unit: Unit, transport: RememberingTransport) -> list[Person]:
    """Three people whose completion was imported, each with an address."""
    complete(session, unit, 3, IMPORTED)
    found = list(session.scalars(select(Person).where(Person.id >= 100_000).order_by(Person.id)))
    for place, person in enumerate(found):
        person.email = f"p{place}@halton.example"
    session.commit()
    return found


def issue(lead: Browser, mail: str) -> Page:
    page = lead.submit(HISTORY, "Issue 3 certificates", mail=mail)
    work_off(lead)
    return page


def replace(admin: Browser, **fields: str) -> Page:
    page = admin.submit(REISSUE, "Replace 3 certificates", reason="other", words="The logo was wrong", **fields)
    work_off(admin)
    return page


def make_files(lead: Browser, session: Session) -> None:
    """Every certificate gets its file, and housekeeping finds whom to tell."""
    session.expire_all()
    for certificate in session.scalars(select(Certificate)):
        make_file(certificate)
    session.commit()
    with lead.client.application.app_context():
        run_housekeeping()


def told(transport: RememberingTransport) -> dict[str, int]:
    return Counter(str(mail["To"].addresses[0].addr_spec) for mail in transport.mails)


def test_nothing_is_issued_before_somebody_says_whether_to_mail(
    lead: Browser, session: Session, people: list[Person]
) -> None:
    page = lead.submit(HISTORY, "Issue 3 certificates")
    assert (page.status, page.errors) == (422, ["Select whether they get an email"])
    target, values = lead.open(HISTORY).form("Issue 3 certificates")
    assert lead.post(target, {**values, "mail": "twice"}).errors == ["Select whether they get an email"]
    assert session.scalars(select(CertificateRun)).all() == []


def test_a_run_without_mail_tells_nobody(
    app: Flask, lead: Browser, session: Session, people: list[Person], transport: RememberingTransport
) -> None:
    url = issue(lead, "none").url
    make_files(lead, session)
    send(app)
    assert (transport.mails, stored(session)) == ([], [])
    text = lead.open(url).text
    assert "Holders get an email No, nobody" in text
    assert "emails sent" not in text


def test_a_run_that_mails_at_once_tells_each_when_the_file_is_ready(
    app: Flask, lead: Browser, session: Session, people: list[Person], transport: RememberingTransport
) -> None:
    url = issue(lead, "at-once").url
    assert "0 emails sent, 3 to come." in lead.open(url).text
    send(app)
    assert transport.mails == []
    make_files(lead, session)
    assert LOOK_AGAIN in lead.open(url).links
    send(app)
    make_files(lead, session)
    send(app)
    assert told(transport) == {"p0@halton.example": 1, "p1@halton.example": 1, "p2@halton.example": 1}
    text = lead.open(url).text
    assert "Holders get an email Yes, as soon as each certificate is ready" in text
    assert "3 emails sent." in text
    assert LOOK_AGAIN not in lead.open(url).links


def test_a_run_that_mails_in_the_morning_waits_for_it(
    app: Flask,
    lead: Browser,
    session: Session,
    people: list[Person],
    transport: RememberingTransport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = issue(lead, "morning").url
    make_files(lead, session)
    assert LOOK_AGAIN not in lead.open(url).links
    assert {message.due_at for message in stored(session)} == {next_morning(utc_now())}
    send(app)
    assert transport.mails == []
    set_clock(monkeypatch, next_morning(utc_now()) + timedelta(minutes=1))
    send(app)
    send(app)
    assert set(told(transport).values()) == {1}
    assert "once a day" not in text_of(transport.mails[0])


def test_who_asked_for_one_message_a_day_gets_it_in_the_morning(
    app: Flask,
    lead: Browser,
    session: Session,
    people: list[Person],
    transport: RememberingTransport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(session, person_id=people[0].id, choices=Choices(Frequency.DAILY), now=utc_now())
    issue(lead, "at-once")
    make_files(lead, session)
    send(app)
    assert told(transport) == {"p1@halton.example": 1, "p2@halton.example": 1}
    set_clock(monkeypatch, next_morning(utc_now()) + timedelta(minutes=1))
    send(app)
    assert told(transport)["p0@halton.example"] == 1
    assert "You asked for these messages once a day." in text_of(transport.mails[-1])


def test_a_worker_that_dies_and_one_that_comes_late_tell_nobody_twice(
    app: Flask,
    lead: Browser,
    session: Session,
    people: list[Person],
    transport: RememberingTransport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job, "BATCH", 2)
    page = start(lead, 3, HISTORY, mail="at-once")
    tell = working_off.STEPS["issue"]

    def die(*args: object, **more: object) -> None:
        tell(*args, **more)
        raise SystemExit("killed before the commit")

    with monkeypatch.context() as patch:
        patch.setitem(working_off.STEPS, "issue", die)
        with pytest.raises(SystemExit):
            work_off(lead)
    assert (how_many(session), stored(session)) == (0, [])
    let_time_pass(session)
    work_off(lead)
    work_off(lead)
    assert (how_many(session), len(stored(session))) == (3, 3)
    assert "Done 3 of 3" in lead.open(page.url).text
    make_files(lead, session)
    send(app)
    assert set(told(transport).values()) == {1}


def test_cancelling_leaves_the_news_of_what_was_issued(
    app: Flask,
    lead: Browser,
    session: Session,
    people: list[Person],
    transport: RememberingTransport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job, "BATCH", 2)
    url = start(lead, 3, HISTORY, mail="at-once").url
    one_batch(lead, session)
    lead.post(f"{url}/cancel", token(lead))
    work_off(lead)
    make_files(lead, session)
    send(app)
    assert len(transport.mails) == how_many(session) == 2


def test_a_mail_about_a_new_certificate_says_which_it_replaces_and_why(
    app: Flask, lead: Browser, session: Session, people: list[Person], transport: RememberingTransport
) -> None:
    issue(lead, "none")
    make_files(lead, session)
    admin = an_admin(session, app)
    assert admin.submit(REISSUE, "Replace 3 certificates").errors == [
        "Select a reason",
        "Select whether they get an email",
    ]
    assert admin.submit(REISSUE, "Replace 3 certificates", reason="template-fault").errors == [
        "Select whether they get an email"
    ]
    page = replace(admin, mail="at-once")
    make_files(lead, session)
    send(app)
    assert transport.subjects == ["Your new certificate is ready: Test course"] * 3
    old = session.scalars(select(Certificate).where(Certificate.edition == 1).order_by(Certificate.id)).first()
    assert old is not None
    letter = " ".join(text_of(transport.mails[0]).split())
    assert f"takes the place of {old.number}" in letter
    assert "Why there is a new one: Another reason. The logo was wrong" in letter
    assert "3 emails sent." in admin.open(page.url).text


@pytest.mark.parametrize("first", ["at-once", "morning"])
def test_news_that_had_not_gone_passes_over_to_the_new_certificate(
    app: Flask,
    lead: Browser,
    session: Session,
    people: list[Person],
    transport: RememberingTransport,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
) -> None:
    issue(lead, first)
    replace(an_admin(session, app), mail="none")
    make_files(lead, session)
    set_clock(monkeypatch, next_morning(utc_now()) + timedelta(minutes=1))
    send(app)
    assert set(told(transport).values()) == {1}
    assert set(transport.subjects) == {"Your new certificate is ready: Test course"}


def test_a_site_that_sends_no_mail_does_not_ask(
    app: Flask, lead: Browser, session: Session, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "common-ground-mail", None)
    assert "No email is sent from here at the moment" in lead.open(HISTORY).text
    start(lead, 3, HISTORY)
    work_off(lead)
    assert (the_run(session).mail, stored(session)) == ("none", [])


def test_the_preview_says_who_has_no_address(
    app: Flask, lead: Browser, session: Session, people: list[Person], transport: RememberingTransport
) -> None:
    session.get_one(Person, people[0].id).email = None
    session.commit()
    assert "1 of them has no email address in their record" in lead.open(HISTORY).text
    url = issue(lead, "at-once").url
    make_files(lead, session)
    assert "0 emails sent, 2 to come, 1 not sent: no address" in lead.open(url).text
    send(app)
    assert "2 emails sent, 1 not sent: no address" in lead.open(url).text
    assert "1 of them has no email address" in an_admin(session, app).open(REISSUE).text
