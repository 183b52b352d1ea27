"""What a holder reads about their certificates, and what they can do: correct a name, show it, see why it ended."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from certificates.changes.reissuing import reissue
from certificates.changes.revoking import revoke
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from certificates.record.links import CertificateLink
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.persons import Person
from tests.app.platform.test_query_counts import counted
from tests.builders.certificates import issued_to, make_file
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import count_open
from tests.conftest import ListeningBell
from tests.reading import Browser, Page


@pytest.fixture
def account(session: Session) -> Account:
    return an_account(session, a_person(session, a_unit(session, an_organisation(session)), "Siân Nguyễn"))


@pytest.fixture
def certificate(session: Session, account: Account, browser: Browser) -> Certificate:
    """A ready certificate of the person who is signed in."""
    found = issued_to(session, account.person_id)
    make_file(found)
    session.commit()
    browser.enter_as(account)
    return found


def act(session: Session, certificate: Certificate, do: Callable[..., object], reason: Reason, words: str = "") -> None:
    do(
        session,
        certificate_number=certificate.number,
        reason=reason,
        words=words,
        account_id=an_admin(session),
        now=NOON,
    )
    session.commit()


def an_admin(session: Session) -> int:
    return an_account(session, a_person(session)).id


def rename(session: Session, account: Account, name: str) -> None:
    session.get_one(Person, account.person_id).chosen_name = name
    session.commit()


def make(browser: Browser, certificate: Certificate, **fields: str) -> Page:
    return browser.submit(f"/certificates/{certificate.number}/links", "Make a link", **fields)


@pytest.mark.parametrize(
    ("valid_until", "listed", "now"),
    [
        (None, "No end date", "Valid, with no end date"),
        (date(2999, 5, 1), "Until 1 May 2999", "Valid until 1 May 2999"),
        (date(2020, 5, 1), "Expired after 1 May 2020", "Was valid until 1 May 2020"),
    ],
)
def test_the_pages_say_until_when(
    browser: Browser, session: Session, certificate: Certificate, valid_until: date | None, listed: str, now: str
) -> None:
    certificate.valid_until = valid_until
    session.commit()
    assert browser.open("/certificates").table("Your certificates")[0]["Valid"] == listed
    assert f"Now {now}" in browser.open(f"/certificates/{certificate.number}").text


def test_a_revoked_certificate_says_why_and_what_to_do_and_offers_no_file(
    browser: Browser, session: Session, certificate: Certificate
) -> None:
    act(session, certificate, revoke, Reason.COURSE_WITHDRAWN, "We are sorry")
    page = browser.open(f"/certificates/{certificate.number}")
    assert "This certificate was revoked on 21 November 2026. It no longer counts." in page.text
    assert "Why: the course was withdrawn. “We are sorry”" in page.text
    assert "It says nothing about you" in page.text
    assert not any("Download" in words for words in page.links)
    assert browser.open(f"/certificates/{certificate.number}/file").status == 404
    row = browser.open("/certificates").table("Your certificates")[0]
    assert (row["Valid"], row["File"]) == ("Revoked", "See why the certificate for Test course was revoked")
    for address in ("/learning", "/courses/test-course", "/courses/test-course/finished"):
        assert "Your certificate was revoked" in browser.open(address).text


def test_a_replaced_certificate_leads_to_the_newest_and_back(
    browser: Browser, session: Session, certificate: Certificate
) -> None:
    act(session, certificate, reissue, Reason.TEMPLATE_FAULT)
    old = browser.open(f"/certificates/{certificate.number}")
    assert (
        "A newer certificate took the place of this one on 21 November 2026. Why: the document had a fault." in old.text
    )
    new = browser.open(old.links["Open the newest certificate"])
    assert [row["Now"] for row in new.table("Certificates of this completion")] == [
        "Replaced on 21 November 2026",
        "Valid, with no end date",
    ]
    assert len(browser.open("/certificates").table("Your certificates")) == 1


def test_a_parked_certificate_is_delayed_and_says_so_kindly(
    browser: Browser, session: Session, certificate: Certificate
) -> None:
    certificate.state, certificate.failure_reason = TaskState.PARKED, "No such font"
    session.commit()
    page = browser.open(f"/certificates/{certificate.number}")
    assert "Your certificate is delayed." in page.text
    assert "No such font" not in page.text


def test_a_corrected_name_makes_a_new_certificate(
    browser: Browser, session: Session, account: Account, certificate: Certificate, bell: ListeningBell
) -> None:
    rename(session, account, "Siân محمد")
    page = browser.submit(f"/certificates/{certificate.number}/name", "Make a new certificate")
    assert "Your new certificate has the corrected name" in page.text
    assert "Name Siân محمد" in page.text
    assert bell.rung == [RENDER_CERTIFICATES]
    assert count_open(session, CERTIFICATE_FILES) == 1
    old = browser.open(f"/certificates/{certificate.number}")
    assert "Name Siân Nguyễn" in old.text
    assert "the name was corrected" in old.text


def test_a_name_that_is_right_has_no_button(browser: Browser, certificate: Certificate) -> None:
    page = browser.open(f"/certificates/{certificate.number}/name")
    assert "The certificate has the name that your record holds now" in page.text
    assert "Make a new certificate" not in page.buttons


def test_a_second_press_is_refused_with_words(
    browser: Browser, session: Session, account: Account, certificate: Certificate
) -> None:
    rename(session, account, "Siân Owen")
    target, values = browser.open(f"/certificates/{certificate.number}/name").form("Make a new certificate")
    browser.post(target, values)
    page = browser.post(target, values)
    assert page.status == 422
    assert "This certificate was replaced already" in page.errors[0]


def test_a_third_correction_is_for_somebody_else(
    browser: Browser, session: Session, account: Account, certificate: Certificate
) -> None:
    address = f"/certificates/{certificate.number}/name"
    for name in ("First Change", "Second Change"):
        rename(session, account, name)
        page = browser.submit(address, "Make a new certificate")
        address = page.links["Correct the name"]
    rename(session, account, "Third Change")
    assert "corrected the name on this certificate twice already" in browser.open(address).text


def test_a_link_is_shown_once_and_opens_the_full_name(browser: Browser, certificate: Certificate) -> None:
    page = make(browser, certificate, days="30", label="A new job")
    address = next(words for words in page.links if "/name/" in words)
    again = browser.open(f"/certificates/{certificate.number}/links")
    assert address not in again.text
    assert again.table("Links that you made")[0]["For"] == "A new job"
    opened = browser.open(address.removeprefix("http://localhost"))
    assert "Siân Nguyễn" in opened.text
    assert "A new job" not in opened.text
    assert "Nguy" not in address


def test_a_withdrawn_link_shows_first_letters_again(
    browser: Browser, session: Session, certificate: Certificate
) -> None:
    page = make(browser, certificate, days="7", label="")
    address = next(words for words in page.links if "/name/" in words).removeprefix("http://localhost")
    button = next(words for words in page.buttons if words.startswith("Withdraw"))
    page = browser.submit(f"/certificates/{certificate.number}/links", button)
    assert "The link no longer shows your name" in page.text
    assert page.table("Links that you made")[0]["State"].startswith("Withdrawn on")
    assert "Siân" not in browser.open(address).text


def test_a_link_that_ended_says_so(browser: Browser, session: Session, certificate: Certificate) -> None:
    make(browser, certificate, days="7", label="")
    session.scalars(select(CertificateLink)).one().ends_at = utc_now() - timedelta(seconds=1)
    session.commit()
    row = browser.open(f"/certificates/{certificate.number}/links").table("Links that you made")[0]
    assert row["State"].startswith("Ended on")
    assert row["Change"] == ""


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "Select how long the link works"),
        ({"days": "8"}, "Select how long the link works"),
        ({"days": "9" * 5000}, "Select how long the link works"),
        ({"days": "7", "label": "x" * 61}, "The note must be 60 characters or fewer"),
    ],
)
def test_a_link_that_cannot_be_says_why(
    browser: Browser, certificate: Certificate, fields: dict[str, str], error: str
) -> None:
    page = make(browser, certificate, **fields)
    assert (page.status, page.errors) == (422, [error])
    assert "How long does the link work?" in page.text


def test_a_revoked_certificate_gets_no_link(browser: Browser, session: Session, certificate: Certificate) -> None:
    act(session, certificate, revoke, Reason.WRONG_PERSON)
    page = browser.open(f"/certificates/{certificate.number}/links")
    assert "no link to it shows your name" in page.text
    assert "Make a link" not in page.buttons


@pytest.mark.parametrize("page", ["", "/name", "/links", "/file", "/status"])
def test_somebody_elses_certificate_does_not_exist(
    browser: Browser, session: Session, certificate: Certificate, page: str
) -> None:
    other = an_account(session, a_person(session))
    session.commit()
    browser.enter_as(other)
    assert browser.open(f"/certificates/{certificate.number}{page}").status == 404


def test_nobody_else_withdraws_a_link(browser: Browser, session: Session, certificate: Certificate) -> None:
    make(browser, certificate, days="7", label="")
    link = session.scalars(select(CertificateLink)).one()
    other = an_account(session, a_person(session))
    session.commit()
    browser.enter_as(other)
    token = browser.open("/certificates").form("Sign out")[1]["csrf_token"]
    page = browser.post(f"/certificates/{certificate.number}/links/{link.id}/withdraw", {"csrf_token": token})
    assert page.status == 404
    session.expire_all()
    assert link.withdrawn_at is None


def test_my_certificates_cost_the_same_however_often_they_were_issued_anew(
    browser: Browser, session: Session, connection: Connection, certificate: Certificate
) -> None:
    def cost(address: str) -> int:
        browser.open(address)
        with counted(connection) as seen:
            browser.open(address)
        return len(seen)

    before = cost("/certificates"), cost(f"/certificates/{certificate.number}")
    assert before <= (3, 5)
    act(session, certificate, reissue, Reason.TEMPLATE_FAULT)
    assert (cost("/certificates"), cost(f"/certificates/{certificate.number}")) == before
