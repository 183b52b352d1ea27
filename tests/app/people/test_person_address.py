"""An e-mail address is corrected by hand, by those whom its person can trust with their account."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from kernel.clock import utc_now
from kernel.columns import length_of
from people.accounts import Account, FormerAddress
from people.password_leaves import PasswordReset
from people.password_resets import ask_for_link
from people.persons import Person
from people.roles import Role
from tests.app.people.conftest import Region
from tests.builders.region import a_person, an_account
from tests.reading import Browser

SAVE = "Save the e-mail address"


@pytest.fixture
def kim(session: Session, region: Region) -> Person:
    """Somebody who has signed in, and whose address is not theirs any more."""
    person = a_person(session, region.halton, "Kim Lee")
    person.email = "kim@old.example"
    an_account(session, person).last_signed_in_at = utc_now()
    session.commit()
    return person


def address_of(session: Session, person: Person) -> str | None:
    session.expire_all()
    return person.email


def test_an_hr_lead_corrects_an_address_and_the_old_one_is_told(lead: Browser, session: Session, kim: Person) -> None:
    assert lead.open(f"/people/{kim.id}").links["Correct the e-mail address"] == f"/people/{kim.id}/address"
    ask_for_link(session, username=_username(session, kim), now=utc_now())
    session.commit()
    saved = lead.submit(f"/people/{kim.id}/address", SAVE, address=" siân@example.org ")
    assert "The e-mail address is saved" in saved.text
    assert "Lead Okafor changed the e-mail address of Kim Lee" in saved.text
    assert address_of(session, kim) == "siân@example.org"
    assert session.scalars(select(FormerAddress.address)).all() == ["kim@old.example"]
    assert all(one.ends_at <= utc_now() for one in session.scalars(select(PasswordReset)))
    [noted] = session.scalars(select(AuditEntry).where(AuditEntry.action == "address-changed")).all()
    assert "example" not in str(noted.detail)
    assert "The e-mail address is as it was" in lead.submit(f"/people/{kim.id}/address", SAVE).text


def _username(session: Session, person: Person) -> str:
    return session.scalars(select(Account.username).where(Account.person_id == person.id)).one()


def test_an_address_can_be_taken_out(lead: Browser, session: Session, kim: Person) -> None:
    lead.submit(f"/people/{kim.id}/address", SAVE, address="")
    assert address_of(session, kim) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("kim", "Enter an e-mail address like name@council.gov.uk, or leave it empty"),
        ("kim@example.org, jo@example.org", "Enter an e-mail address like name@council.gov.uk, or leave it empty"),
        (
            "kim@example.org\r\nBcc: x@example.org",
            "Enter an e-mail address like name@council.gov.uk, or leave it empty",
        ),
        ("JO@example.org", "Somebody else here has this e-mail address"),
        ("x" * 250 + "@example.org", f"E-mail address must have {length_of(Person.email)} characters or fewer"),
    ],
)
def test_what_is_no_address_or_somebody_elses_is_refused(
    lead: Browser, session: Session, region: Region, kim: Person, typed: str, words: str
) -> None:
    a_person(session, region.halton, "Jo Park").email = "jo@example.org"
    session.commit()
    page = lead.submit(f"/people/{kim.id}/address", SAVE, address=typed)
    assert (page.status, page.errors) == (422, [words])
    assert address_of(session, kim) == "kim@old.example"


def test_an_address_of_another_authority_is_not_told_of(
    lead: Browser, session: Session, region: Region, kim: Person
) -> None:
    a_person(session, region.sefton, "Jo There").email = "jo@example.org"
    session.commit()
    lead.submit(f"/people/{kim.id}/address", SAVE, address="jo@example.org")
    assert address_of(session, kim) == "jo@example.org"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUTHOR, Role.HR_LEAD])
def test_with_a_role_that_reaches_further_an_admin_alone_changes_it(
    lead: Browser, admin: Browser, session: Session, region: Region, role: Role
) -> None:
    person = a_person(session, region.halton, "Ann Other")
    an_account(session, person, role, unit=region.halton)
    session.commit()
    page = lead.submit(f"/people/{person.id}/address", SAVE, address="mine@example.org")
    assert page.errors == ["This person has a role that only an admin may help with"]
    assert address_of(session, person) is None
    admin.submit(f"/people/{person.id}/address", SAVE, address="ann@example.org")
    assert address_of(session, person) == "ann@example.org"


def test_an_address_of_somebody_elsewhere_does_not_exist(lead: Browser, session: Session, region: Region) -> None:
    other = a_person(session, region.sefton, "Kim There")
    session.commit()
    assert lead.open(f"/people/{other.id}/address").status == 404


def test_a_person_reads_under_account_where_mail_goes(app: Flask, session: Session, kim: Person) -> None:
    own = Browser(app).enter_as(session.scalars(select(Account).where(Account.person_id == kim.id)).one())
    assert "Our mail to you goes to kim@old.example" in own.open("/account").text
    kim.email = None
    session.commit()
    assert "We have no e-mail address of yours." in own.open("/account").text


def test_a_command_corrects_an_address(app: Flask, session: Session, kim: Person) -> None:
    username, run = _username(session, kim), app.test_cli_runner()
    said = run.invoke(args=["people", "set-address", username, "kim@new.example"]).output
    assert said == f"{username} has the e-mail address kim@new.example.\n"
    assert address_of(session, kim) == "kim@new.example"
    assert session.scalars(select(FormerAddress.address)).all() == ["kim@old.example"]
    assert run.invoke(args=["people", "set-address", username, "nobody"]).exit_code == 1
    assert run.invoke(args=["people", "set-address", username]).output == f"{username} has no e-mail address.\n"
    assert address_of(session, kim) is None
