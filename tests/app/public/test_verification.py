"""Anybody may check a certificate by its number."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from certificates.changes.reissuing import reissue
from certificates.changes.revoking import restore, revoke
from certificates.record.history import Reason
from certificates.record.issuing import Certificate
from certificates.record.links import make_link
from certificates.record.numbers import EXAMPLE, SAMPLE, new_number
from kernel.clock import utc_now
from people.persons import Person
from tests.app.platform.test_query_counts import counted
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser

# N is a number, J the same without hyphens, L in small letters, W in full width, S with spaces between all letters.
WAYS_TO_TYPE_A_NUMBER = [
    "{N}", "{L}", "{J}", "{W}", "{S}", " {N}\n", "localhost/verify/{N}", "http://localhost/verify/{N}",
    "https://learn.example.org/verify/{L}?utm=1#x", "https%3A%2F%2Flearn.example.org%2Fverify%2F{N}",
    "https://learn.example.org/verify/{J}", "Certificate number: {N}", "Certificate number {J}", "No. {N}", "No {L}",
    "№ {N}", "№{N}", "Nr.{N}", "#{N}", "<{N}>", "({N})", "[{N}]", "“{N}”", "Number {N} Check it at localhost/verify",
    "{N}, valid", "No certificate has the number {N}. If it is right as you typed it, it did not come from here.",
    "{N} instead of RE-7K4M-29QX-C", "\u200b{N}", "\u2068{N}\u2069", "\ufeff{N}",
]  # fmt: skip


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """An issued certificate of somebody with a name of two words."""
    person = a_person(session, a_unit(session, an_organisation(session)), "Siân Nguyễn")
    found = issued_to(session, person.id)
    session.commit()
    return found


def acted(session: Session, certificate: Certificate, act: Callable[..., object], reason: Reason) -> None:
    account_id = an_account(session, a_person(session)).id
    act(
        session,
        certificate_number=certificate.number,
        reason=reason,
        words="In private",
        account_id=account_id,
        now=NOON,
    )
    session.commit()


@contextmanager
def limit(app: Flask, **limits: str) -> Iterator[None]:
    """Other limits for a while."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update=limits)
    try:
        yield
    finally:
        app.config["SETTINGS"] = settings


def come_from(browser: Browser, address: str) -> None:
    """Tries are counted by address, so each test that counts has its own."""
    browser.client.environ_base = {**browser.client.environ_base, "REMOTE_ADDR": address}


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
        certificate_number=certificate.number,
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
    for number in (certificate.number[:-1] + "!", "RE-0000-0000-0", new_number("TC"), new_number("RE")):
        with counted(connection) as seen:
            page = browser.open(f"/verify/{number}")
        pages[number] = (page.status, page.text.replace(number, "N"), len(seen))
    assert len({(status, cost) for status, _, cost in pages.values()}) == 1
    assert next(iter(pages.values()))[0] == 404
    looks = [text for _, text, _ in pages.values()]
    assert looks[0] == looks[1]  # the check character is wrong, which everybody can work out
    assert looks[2] == looks[3]
    assert looks[0] != looks[2]


@pytest.mark.parametrize("typed", WAYS_TO_TYPE_A_NUMBER)
def test_a_number_is_found_however_it_is_typed(browser: Browser, certificate: Certificate, typed: str) -> None:
    plain, joined = certificate.number, certificate.number.replace("-", "")
    wide = "".join(chr(ord(one) + 0xFEE0) for one in plain)
    words = typed.format(N=plain, J=joined, W=wide, L=plain.lower(), S=" ".join(joined))
    page = browser.submit("/verify", "Check this number", number=words)
    assert page.heading == "This certificate is valid"
    assert browser.open("/verify/" + quote(words.replace("/", " "))).heading == "This certificate is valid"


def test_a_holders_link_may_be_pasted_into_the_box(
    browser: Browser, session: Session, certificate: Certificate
) -> None:
    account_id = an_account(session, session.get_one(Person, certificate.person_id)).id
    link = make_link(
        session, certificate_number=certificate.number, person_id=certificate.person_id, account_id=account_id, days=7,
        label="A new job", now=utc_now(),
    )  # fmt: skip
    session.commit()
    address = f"<https://learn.example.org/verify/{certificate.number}/name/{link.secret}>"
    page = browser.submit("/verify", "Check this number", number=address)
    assert "It was issued to Siân Nguyễn of Halton Borough Council" in page.text


@pytest.mark.parametrize("number", ["RE-0000-0000-0", "nonsense", "💜", "x" * 300, "%00", "TC-8BWX-CDCW-F", "10²"])
def test_what_cannot_be_a_number_is_told_from_what_we_did_not_issue(browser: Browser, number: str) -> None:
    page = browser.open(f"/verify/{number}")
    assert (page.status, page.heading) == (404, "This is not a certificate number")
    assert "Check another number" in page.links
    page = browser.submit("/verify", "Check this number", number=number)
    assert (page.status, page.errors) == (422, ["This is not a certificate number. Check it letter by letter"])


def test_a_number_that_nobody_has_was_not_issued(browser: Browser) -> None:
    number = new_number("RE")
    for page in (browser.open(f"/verify/{number}"), browser.submit("/verify", "Check this number", number=number)):
        assert (page.status, page.heading) == (404, "We did not issue this certificate")
        assert number in page.text


@pytest.mark.parametrize("number", [EXAMPLE, SAMPLE, EXAMPLE.lower(), f"for example {EXAMPLE}."])
def test_the_example_on_the_page_is_not_called_a_forgery(browser: Browser, number: str) -> None:
    assert EXAMPLE in browser.open("/verify").text
    page = browser.submit("/verify", "Check this number", number=number)
    said = "This is the example. Enter the number that is printed on the certificate"
    assert (page.status, page.errors) == (422, [said])
    page = browser.open(f"/verify/{number}")
    assert (page.status, page.heading) == (404, "This is not a certificate number")
    assert "only shows what a number looks like" in page.text


def test_a_page_of_text_is_searched_and_a_book_is_not(browser: Browser, certificate: Certificate) -> None:
    page = browser.submit("/verify", "Check this number", number=f"{'words and more ' * 100} {certificate.number}")
    assert page.heading == "This certificate is valid"
    page = browser.submit("/verify", "Check this number", number="1 " * 3000)
    assert (page.status, page.errors) == (422, ["Enter the number alone, without so many other words"])


def test_an_empty_number_is_asked_for(browser: Browser) -> None:
    page = browser.submit("/verify", "Check this number", number=" ")
    assert (page.status, page.errors) == (422, ["Enter a certificate number"])


@pytest.mark.parametrize(
    "number", ["RE/EJ8X/60FH/Y", "../../sign-in TC-8BWX-CDCW-E", "//elsewhere.example/verify/TC-8BWX-CDCW-E/name/../x"]
)
def test_what_is_typed_never_leads_elsewhere(browser: Browser, number: str) -> None:
    page = browser.submit("/verify", "Check this number", number=number, follow=False)
    assert page.is_redirect
    assert page.location.startswith("/verify/")
    assert browser.open(page.location).heading == "We did not issue this certificate"
    for nowhere in ("../../sign-in", "//elsewhere.example", "?x=1#y"):
        assert browser.submit("/verify", "Check this number", number=nowhere, follow=False).status == 422


def test_guessing_is_slowed_down_with_kind_words(app: Flask, browser: Browser) -> None:
    come_from(browser, "198.51.100.21")
    with limit(app, verify_limit="3 per minute"):
        pages = [browser.open(f"/verify/RE-{guess}{link}") for guess, link in enumerate(("", "/name/x", "", ""))]
    assert [page.status for page in pages] == [404, 404, 404, 429]
    assert pages[-1].heading == "Please wait a moment"
    assert re.search(r"Try again in \d+ seconds?\.", pages[-1].text)
    assert 1 <= int(pages[-1].response.headers["Retry-After"]) <= 61


def test_checking_what_we_issued_is_not_guessing(app: Flask, browser: Browser, certificate: Certificate) -> None:
    come_from(browser, "198.51.100.22")
    with limit(app, verify_limit="3 per minute"):
        pages = [browser.open(f"/verify/{certificate.number}") for _ in range(9)]
    assert {page.status for page in pages} == {200}


def test_a_check_costs_three_statements_however_often_it_was_replaced(
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
