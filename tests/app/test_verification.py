"""Anybody may check a certificate by its number."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from certificates.history import Reason
from certificates.issuing import Certificate
from certificates.links import make_link
from certificates.numbers import new_number
from certificates.reissuing import reissue
from certificates.revoking import restore, revoke
from kernel.clock import utc_now
from people.persons import Person
from tests.app.test_query_counts import counted
from tests.builders import NOON, a_person, a_unit, an_account, an_organisation
from tests.certified import issued_to
from tests.reading import Browser


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """An issued certificate of somebody with a name of two words."""
    person = a_person(session, a_unit(session, an_organisation(session)), "Siân Nguyễn")
    found = issued_to(session, person.id)
    session.commit()
    return found


def acted(session: Session, certificate: Certificate, act: Callable[..., object], reason: Reason) -> None:
    account_id = an_account(session, a_person(session)).id
    act(session, number=certificate.number, reason=reason, words="In private", account_id=account_id, now=NOON)
    session.commit()


@contextmanager
def limit(app: Flask, verify_limit: str) -> Iterator[None]:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"verify_limit": verify_limit})
    try:
        yield
    finally:
        app.config["SETTINGS"] = settings


def test_a_valid_number_shows_the_public_facts(browser: Browser, certificate: Certificate) -> None:
    page = browser.open(f"/verify/{certificate.number}")
    assert (page.status, page.heading) == (200, "This certificate is valid")
    for words in ("S••• N•••", "Halton Borough Council", "Test course", "21 November 2026"):
        assert words in page.text


def test_the_page_says_nothing_more_about_its_holder(browser: Browser, certificate: Certificate) -> None:
    page = browser.open(f"/verify/{certificate.number}").response.get_data(as_text=True)
    everything = page.replace(certificate.number, "")  # whose letters are drawn by chance
    for private in ("Siân", "Nguyễn", "Adult Social Care", "Officer", "G5", "/certificates/"):
        assert private not in everything


def test_a_replaced_certificate_leads_to_the_newer_one(
    browser: Browser, session: Session, certificate: Certificate
) -> None:
    acted(session, certificate, reissue, Reason.TEMPLATE_FAULT)
    page = browser.open(f"/verify/{certificate.number}")
    assert page.heading == "This certificate was replaced"
    assert "On 21 November 2026 a newer certificate took its place" in page.text
    rows = page.table("Certificates of this completion")
    assert [row["Now"] for row in rows] == ["Replaced on 21 November 2026", "Valid, with no end date"]
    assert rows[0]["Number"] == f"{certificate.number} (this one)"
    assert "In private" not in page.text
    newer = browser.open(page.links[rows[1]["Number"]])
    assert newer.heading == "This certificate is valid"
    assert certificate.number in newer.links


def test_a_revoked_certificate_says_since_when_and_not_why(
    browser: Browser, session: Session, certificate: Certificate
) -> None:
    acted(session, certificate, revoke, Reason.WRONG_PERSON)
    page = browser.open(f"/verify/{certificate.number}")
    assert (page.status, page.heading) == (200, "This certificate was revoked")
    assert "revoked on 21 November 2026. It no longer counts" in page.text
    assert "In private" not in page.text
    assert "wrong" not in page.text
    acted(session, certificate, restore, Reason.REVOKED_IN_ERROR)
    assert browser.open(f"/verify/{certificate.number}").heading == "This certificate is valid"


@pytest.mark.parametrize(
    ("valid_until", "heading", "words"),
    [
        (date(2020, 1, 31), "This certificate has expired", "was valid until 31 January 2020"),
        (date(2999, 1, 31), "This certificate is valid", "is valid until 31 January 2999"),
    ],
)
def test_the_page_says_until_when(
    browser: Browser, session: Session, certificate: Certificate, valid_until: date, heading: str, words: str
) -> None:
    certificate.valid_until = valid_until
    session.commit()
    page = browser.open(f"/verify/{certificate.number}")
    assert page.heading == heading
    assert words in page.text


def test_a_holders_link_shows_the_full_name_and_a_wrong_one_says_kindly_that_it_does_not(
    browser: Browser, session: Session, certificate: Certificate
) -> None:
    account_id = an_account(session, session.get_one(Person, certificate.person_id)).id
    link = make_link(
        session,
        number=certificate.number,
        person_id=certificate.person_id,
        account_id=account_id,
        days=7,
        label="A new job",
        now=utc_now(),
    )
    session.commit()
    page = browser.open(f"/verify/{certificate.number}/name/{link.secret}")
    assert "It was issued to Siân Nguyễn of Halton Borough Council" in page.text
    assert "A new job" not in page.text
    page = browser.open(f"/verify/{certificate.number}/name/{link.secret}x")
    assert (page.status, "Nguyễn" in page.text) == (200, False)
    assert "This link does not show the full name" in page.text
    assert browser.open(f"/verify/RE-0000-0000-0/name/{link.secret}").status == 404


def test_every_wrong_number_costs_the_same_and_looks_the_same(
    browser: Browser, connection: Connection, certificate: Certificate
) -> None:
    browser.open("/verify/warm")
    pages = {}
    for number in (certificate.number[:-1] + "!", "RE-0000-0000-0", new_number("TC")):
        with counted(connection) as seen:
            page = browser.open(f"/verify/{number}")
        pages[number] = (page.status, page.text.replace(number, "N"), len(seen))
    assert len(set(pages.values())) == 1
    assert next(iter(pages.values()))[0] == 404


@pytest.mark.parametrize("typed", [str.lower, lambda n: n.replace("-", " "), lambda n: n.replace("-", "")])
def test_a_number_is_found_however_it_is_typed(
    browser: Browser, certificate: Certificate, typed: Callable[[str], str]
) -> None:
    page = browser.submit("/verify", "Check this number", number=typed(certificate.number))
    assert page.heading == "This certificate is valid"


@pytest.mark.parametrize("number", ["RE-0000-0000-0", "nonsense", "💜", "x" * 300, "%00"])
def test_any_other_number_is_a_clear_page(browser: Browser, number: str) -> None:
    page = browser.open(f"/verify/{number}")
    assert (page.status, page.heading) == (404, "We did not issue this certificate")
    assert "Check another number" in page.links


def test_an_empty_number_is_asked_for(browser: Browser) -> None:
    page = browser.submit("/verify", "Check this number", number=" ")
    assert (page.status, page.errors) == (422, ["Enter a certificate number"])


@pytest.mark.parametrize("number", ["RE/7K4M/29QX/C", "../../sign-in", "//elsewhere.example", "?x=1#y"])
def test_what_is_typed_never_leads_elsewhere(browser: Browser, number: str) -> None:
    page = browser.submit("/verify", "Check this number", number=number, follow=False)
    assert page.is_redirect
    assert page.location.startswith("/verify/")
    assert browser.open(page.location).heading == "We did not issue this certificate"


def test_guessing_is_slowed_down_with_kind_words(app: Flask, browser: Browser) -> None:
    with limit(app, "3 per minute"):
        pages = [browser.open(f"/verify/RE-{guess}{link}") for guess, link in enumerate(("", "/name/x", "", ""))]
    assert [page.status for page in pages] == [404, 404, 404, 429]
    assert pages[-1].heading == "Please wait a moment"
    assert "Wait a minute, then try again" in pages[-1].text


def test_a_check_costs_three_statements_however_long_the_chain(
    browser: Browser, session: Session, connection: Connection, certificate: Certificate
) -> None:
    address = f"/verify/{certificate.number}"

    def cost() -> int:
        with counted(connection) as seen:
            browser.open(address)
        return len(seen)

    browser.open("/verify/warm")
    before = cost()
    acted(session, certificate, reissue, Reason.TEMPLATE_FAULT)
    assert (before, cost()) == (3, 3)
