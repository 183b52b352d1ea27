"""An invitation: mailed, opened by scanners without harm, accepted in one browser."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs.ways_in.making import begin_rounds, make_ways_in
from kernel.clock import utc_now
from people.accounts import find_account
from people.password_leaves import end_resets
from people.roles import Role
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, choose_way
from people.ways_in.needs import Reach
from people.ways_in.starting import start_round
from tests.builders.mail_transport import RememberingTransport, send
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

PASSWORD = "kettle anchor falcon"
GO, SET = "Choose my password", "Set this password"
OVER = "This invitation has been used, or its time is over."


@pytest.fixture
def invited(app: Flask, session: Session, transport: RememberingTransport) -> str:
    """The address in the mail to Siân."""
    unit = a_unit(session, an_organisation(session))
    lead = an_account(session, a_person(session, unit, "Lead Okafor"), Role.HR_LEAD, unit=unit)
    a_person(session, unit, "Siân Nguyễn", payroll_number="12").email = "sian@halton.example"
    choice = ChosenWay(FirstWay.INVITATION, UsernameStyle.PAYROLL_NUMBER, "hal")
    choose_way(session, organisation_id=unit.organisation_id, choice=choice, by=lead.id, now=NOON)
    start_round(session, Reach(unit.organisation_id), way=FirstWay.INVITATION, by=lead.id, now=utc_now())
    session.commit()
    with app.app_context():
        begin_rounds()
        make_ways_in()
    send(app)
    (mail,) = transport.mails
    words = mail.get_body(("plain",)).get_content()
    assert "Your username is hal-12." in words
    assert "Halton Borough Council uses Common Ground" in words
    found = re.search(r"http://localhost(/invitation/\S+)", words)
    assert found is not None
    return found[1]


def test_somebody_comes_in_by_an_invitation(app: Flask, session: Session, invited: str) -> None:
    scanner = Browser(app)
    for _ in range(3):
        assert scanner.open(invited).heading == "Welcome to Common Ground"
        assert scanner.client.head(invited).status_code == 200
    own = Browser(app)
    page = own.submit(invited, GO)
    assert (page.url, page.heading) == ("/first-password", "Choose a password")
    assert own.open(invited).url == "/first-password"  # opened once more in the same browser
    page = own.submit(page.url, SET, password=PASSWORD)
    assert page.heading == "My learning"
    account = find_account(session, username="hal-12")
    assert account is not None
    assert account.last_signed_in_at is not None
    assert own.open("/first-password").status == 410


def test_another_browser_cannot_go_on_with_an_accepted_invitation(app: Flask, invited: str) -> None:
    own, other = Browser(app), Browser(app)
    target, values = other.open(invited).form(GO)
    own.submit(invited, GO)
    page = other.open(invited)
    assert (page.status, page.heading) == (410, "Ask again")
    assert OVER in page.text
    assert other.post(target, values).status == 410
    assert other.open("/first-password").status == 410
    assert other.open(invited.replace("invitation", "new-password")).status == 410


def test_the_link_of_an_invitation_opens_no_page_without_the_button(app: Flask, invited: str) -> None:
    assert Browser(app).open(invited.replace("invitation", "new-password")).status == 410


def test_an_invitation_that_was_ended_says_what_to_do(app: Flask, session: Session, invited: str) -> None:
    account = find_account(session, username="hal-12")
    assert account is not None
    end_resets(session, account_id=account.id, now=utc_now())
    session.commit()
    page = Browser(app).open(invited)
    assert page.status == 410
    assert "ask your HR team for a new one" in page.text
