"""The old e-mail address is told once when another takes its place, where it was a way in, and nobody else's ever."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from kernel.clock import utc_now
from messages.address_changes import ADDRESS_CHANGED
from messages.ledger import Message
from people.accounts import Account, FormerAddress
from people.feed.runs.carrying_out import rename
from people.merging.merging import merge_people
from people.persons import Person
from tests.builders.mail_server import text_of
from tests.builders.mail_transport import RememberingTransport, send
from tests.builders.region import NOON, a_person, an_account

OLD, NEW = "sian@council.example", "new@council.example"


@pytest.fixture
def account(session: Session, person: Person) -> Account:
    """That of somebody who came in by their address a day ago."""
    person.email = OLD
    account = an_account(session, person)
    account.last_signed_in_at = utc_now() - timedelta(days=1)
    session.commit()
    return account


def changes(session: Session, person_id: int, email: str | None, *, now: datetime | None = None) -> None:
    rename(session, {person_id: {"email": email}}, now=now or utc_now())
    session.commit()


def deliver(app: Flask) -> None:
    for _ in range(2):
        with app.app_context():
            run_housekeeping()
        send(app)


@pytest.mark.parametrize("email", [NEW, None])
def test_the_old_address_is_told_once_and_then_forgotten(
    app: Flask, session: Session, transport: RememberingTransport, account: Account, email: str | None
) -> None:
    changes(session, account.person_id, email)
    deliver(app)
    (mail,) = transport.mails
    assert (mail["To"].addresses[0].addr_spec, mail["Subject"]) == (
        OLD,
        "This address is no longer used for your Common Ground account",
    )
    text = text_of(mail)
    assert "tell the HR team of Halton Borough Council as soon as you can" in " ".join(text.split())
    assert "http" not in text
    assert NEW not in text
    with app.app_context():
        run_housekeeping()
    session.expire_all()
    assert session.scalars(select(FormerAddress.address)).all() == [None]
    assert len(session.scalars(select(Message).where(Message.kind == ADDRESS_CHANGED)).all()) == 1


def test_an_address_by_which_nobody_could_come_in_is_told_nothing(
    app: Flask, session: Session, transport: RememberingTransport, person: Person
) -> None:
    person.email = OLD
    session.commit()
    changes(session, person.id, NEW)  # no account
    account = an_account(session, person)
    changes(session, person.id, OLD)  # nobody has come in yet
    account.last_signed_in_at = utc_now()
    account.is_active = False
    changes(session, person.id, NEW)  # closed
    account.is_active = True
    changes(session, person.id, NEW.upper())  # the same one
    deliver(app)
    assert transport.mails == []


def test_a_slip_that_is_put_right_is_not_told_to_the_stranger_whose_address_it_was(
    app: Flask, session: Session, transport: RememberingTransport, account: Account
) -> None:
    changes(session, account.person_id, "stranger@council.example")
    changes(session, account.person_id, OLD, now=utc_now() + timedelta(seconds=1))
    deliver(app)
    assert transport.mails == []


def test_an_address_that_is_somebody_elses_by_now_is_told_nothing(
    app: Flask, session: Session, transport: RememberingTransport, account: Account
) -> None:
    changes(session, account.person_id, NEW)
    a_person(session, name="Somebody Else").email = OLD.upper()
    session.commit()
    deliver(app)
    assert transport.mails == []


def test_an_account_that_goes_to_another_record_is_told_of_at_its_former_address(
    app: Flask, session: Session, transport: RememberingTransport, account: Account
) -> None:
    kept = a_person(session, name="Siân Kept")
    kept.email = NEW
    session.flush()
    merge_people(session, kept_person_id=kept.id, merged_person_id=account.person_id, by=None, now=NOON)
    session.commit()
    deliver(app)
    assert [mail["To"].addresses[0].addr_spec for mail in transport.mails] == [OLD]


def test_without_mail_no_address_is_kept(app: Flask, session: Session, account: Account) -> None:
    changes(session, account.person_id, NEW)
    with app.app_context():
        run_housekeeping()
    session.expire_all()
    assert session.scalars(select(FormerAddress.address)).all() == [None]
