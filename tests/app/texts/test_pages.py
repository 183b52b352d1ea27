"""A person's own number, how they are reached, the link that stops texts, and what HR leads see: no private number."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import utc_now
from messages.bounces.record import Bounce
from messages.by_text.numbers import OwnMobile, give_own_mobile
from messages.by_text.record import find_number
from messages.choices import TextUse, choices_of
from people.organisations import Organisation
from people.persons import Person
from people.roles import Role
from tests.app.texts.codes import send_code
from tests.app.texts.conftest import MORNING, owe, send
from tests.builders.mail_transport import RememberingTransport, give_address
from tests.builders.region import a_person, a_unit, an_account
from tests.builders.servers.notify import Notify
from tests.reading import Browser

pytestmark = pytest.mark.usefixtures("carried", "at", "transport")


def test_somebody_gives_a_number_of_their_own_with_consent_and_takes_it_back(
    app: Flask, browser: Browser, session: Session, notify: Notify, people: list[Person]
) -> None:
    account = an_account(session, people[0])
    session.commit()
    me = browser.enter_as(account)
    assert "We send texts to 07700 900000" in me.open("/messages").text
    refused = me.submit("/messages/mobile", "Send me a code", number="0151 496 0000")
    assert refused.status == 422
    assert "Enter the number of a mobile phone" in refused.text
    refused = me.submit("/messages/mobile", "Send me a code", number="07700 900 555")
    assert "Select that you agree to texts to this number" in refused.text
    page = me.submit("/messages/mobile", "Send me a code", number="07700 900 555", agree="y")
    assert "A code of six figures is on its way to 07700 900555" in page.text
    code = send_code(app, notify)
    assert find_number(session, person_id=people[0].id) == "+447700900000"
    page = me.submit("/messages/mobile/code", "This is the code", code=code)
    assert "Your number is saved" in page.text
    assert "We send texts to 07700 900555" in page.text
    assert find_number(session, person_id=people[0].id) == "+447700900555"
    page = me.submit("/messages/mobile", "Delete this number")
    assert "Your own number is deleted" in page.text
    session.expire_all()
    row = session.scalars(select(OwnMobile)).one()
    assert (row.number, row.stopped_at is not None) == (None, True)
    assert "We send texts to 07700 900000" in me.open("/messages").text


def test_the_link_in_a_text_stops_texts_without_signing_in(
    app: Flask, browser: Browser, session: Session, notify: Notify, people: list[Person]
) -> None:
    give_own_mobile(
        session, person_id=people[0].id, written="07700 900 555", has_agreed=True, account_id=None, now=MORNING
    )
    owe(session, people[0], 1)
    send(app)
    path = notify.words()[0].rpartition("http://localhost")[2]
    assert browser.open("/t/1-aaaaaaaaaa").status == 404
    assert browser.open("/t/nothing").status == 404
    assert "We will send no more texts" in browser.open(path.upper().replace("/T/", "/t/")).text
    assert "You get no more texts from us" in browser.submit(path, "Stop texts").text
    session.expire_all()
    assert choices_of(session, person_ids=[people[0].id])[people[0].id].texts is TextUse.NEVER
    assert find_number(session, person_id=people[0].id) == "+447700900000"
    owe(session, people[0], 2)
    send(app)
    assert len(notify.texts) == 1


def test_the_choice_between_mail_and_texts_is_kept(browser: Browser, session: Session, people: list[Person]) -> None:
    give_address(session, people[0])
    account = an_account(session, people[0])
    session.commit()
    me = browser.enter_as(account)
    assert "We write to sian@halton.example" in me.open("/messages").text
    assert "Your choices are saved" in me.submit("/messages", "Save", texts="always").text
    assert "We send texts to 07700 900000" in me.open("/messages").text
    assert me.submit("/messages", "Save", texts="sometimes").status == 422


def test_somebody_whose_mail_came_back_reads_so_and_what_to_do(
    browser: Browser, session: Session, people: list[Person]
) -> None:
    person = give_address(session, people[0], "sian@council.example")
    person.work_mobile = None
    account = an_account(session, person)
    session.add(
        Bounce(
            person_id=person.id,
            message_id=1,
            address="SIAN@council.example",
            is_final=True,
            status="5.1.1",
            words="There is no such mailbox",
            came_at=datetime(2026, 11, 25, 9, tzinfo=MORNING.tzinfo),
            report_sha256="0" * 64,
        )
    )
    session.commit()
    page = browser.enter_as(account).open("/messages")
    assert "Mail to you came back on 25 November 2026" in page.text
    assert "there is no such mailbox" in page.text
    assert "Ask your HR team to put the address right" in page.text
    assert "You can also get texts" in page.text
    assert "Get texts to your mobile" in page.links


def test_hr_leads_see_which_numbers_do_not_work_and_never_a_private_one(
    app: Flask, browser: Browser, session: Session, notify: Notify, people: list[Person], at: Callable[[datetime], None]
) -> None:
    give_own_mobile(
        session, person_id=people[1].id, written="07700 900 555", has_agreed=True, account_id=None, now=utc_now()
    )
    for person in people[:2]:
        owe(session, person)
    notify.status = "permanent-failure"
    send(app)
    at(MORNING + timedelta(minutes=6))
    send(app)
    unit = a_unit(session, session.scalars(select(Organisation)).one(), "Other")
    lead = an_account(session, a_person(session, unit, "A lead"), Role.HR_LEAD, unit=unit)
    session.commit()
    hr = browser.enter_as(lead)
    page = hr.open("/people/addresses")
    assert "Person 0" in page.text
    assert "07700 900000" in page.text
    assert "A number of their own" in page.text
    assert "900555" not in page.text
    record = hr.open(f"/people/{people[0].id}")
    assert "Texts to their phone do not arrive" in record.text
    assert "Texts go there again" in hr.submit(f"/people/{people[0].id}", "Try this number again").text
    assert "Person 0" not in hr.open("/people/addresses").text


def test_nobody_is_stopped_by_a_guessed_link(browser: Browser, transport: RememberingTransport) -> None:
    assert transport.mails == []
    assert browser.open("/t/99999999999-aaaaaaaaaa").status == 404
    assert browser.open("/t/²-aaaaaaaaaa").status == 404


def test_administrators_see_whether_texts_leave_and_by_what(
    app: Flask, browser: Browser, session: Session, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = an_account(session, people[0], Role.ADMIN)
    session.commit()
    admin = browser.enter_as(account)
    place = app.extensions["common-ground-texts"].place
    assert f"Texts leave through {place} ." in admin.open("/manage/messages").text
    monkeypatch.setitem(app.extensions, "common-ground-texts", None)
    assert "This site sends no texts" in admin.open("/manage/messages").text


def test_all_that_is_wrong_with_a_number_is_said_at_once(
    browser: Browser, session: Session, people: list[Person]
) -> None:
    account = an_account(session, people[0])
    session.commit()
    page = browser.enter_as(account).submit("/messages/mobile", "Send me a code", number="0151 496 0123")
    assert page.status == 422
    assert page.errors == [
        "Enter the number of a mobile phone: texts do not reach this kind of number",
        "Select that you agree to texts to this number",
    ]
