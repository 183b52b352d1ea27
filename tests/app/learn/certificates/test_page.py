"""A certificate as a page with the same facts, and in large print: asked for, made, kept, and nobody else's."""

import hashlib
import io
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs.derived_files import make_derived_files
from app.jobs.task_loop import TasksFailed
from certificates.looks.branding import Branding, Colours, Signatory, Wording
from certificates.looks.branding_versions import CertificateBranding, save_branding
from certificates.making.derived_files import (
    DERIVED_FILES,
    MAKE_DERIVED_FILES,
    DerivedFile,
    find_large_print,
    find_large_print_file,
)
from certificates.record.issuing import Certificate
from kernel.errors import StorageError
from kernel.files import StoredFile
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import count_open
from tests.certificates.pictures_for_tests import a_logo, a_signature
from tests.conftest import ListeningBell
from tests.reading import Browser

ASK = "Make it in large print"
LOOK = Branding(
    colours=Colours(main="#103050"),
    wording=Wording(statement="Thank you & well done <b>"),
    second_language="cy",
    second_wording=Wording("Tystysgrif cwblhau", "Mae hyn yn tystio bod", "wedi cwblhau"),
    signatories=(Signatory("Amina Okafor", "Chief Executive", a_signature()),),
    logo=a_logo(),
)


class MemoryStore:
    """A store in memory that can refuse."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.is_full = False

    def put(self, key: str, data: bytes) -> StoredFile:
        if self.is_full:
            raise StorageError("No space left on device")
        self.files[key] = data
        return StoredFile(key, hashlib.sha256(data).hexdigest(), len(data))

    def open(self, key: str) -> io.BytesIO:
        return io.BytesIO(self.files[key])

    def read(self, key: str) -> bytes:
        return self.files[key]


@pytest.fixture
def store(app: Flask, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    found = MemoryStore()
    monkeypatch.setitem(app.extensions, "common-ground-files", found)
    return found


@pytest.fixture
def holder(session: Session) -> Account:
    """Somebody who holds a certificate in their authority's own look."""
    unit = a_unit(session, an_organisation(session))
    person = a_person(session, unit, "محمد عبد الله")
    account = an_account(session, person)
    save_branding(session, organisation_id=unit.organisation_id, branding=LOOK, seen=0, account_id=account.id, now=NOON)
    issued_to(session, person.id)
    session.commit()
    return account


@pytest.fixture
def certificate(session: Session, holder: Account) -> Certificate:
    return session.query(Certificate).one()


@pytest.fixture
def url(certificate: Certificate) -> str:
    return f"/certificates/{certificate.number}"


def made(app: Flask) -> None:
    with app.app_context():
        make_derived_files()


def newest(session: Session, certificate: Certificate) -> DerivedFile:
    session.expire_all()
    found = find_large_print(session, certificate_id=certificate.id)
    assert found is not None
    return found


def test_the_page_says_what_the_pdf_says(browser: Browser, holder: Account, certificate: Certificate, url: str) -> None:
    page = browser.enter_as(holder).open(url).soup.find("article")
    words = " ".join(page.get_text(" ").split())
    assert words == (
        "Certificate of completion Tystysgrif cwblhau This certifies that Mae hyn yn tystio bod محمد عبد الله "
        "of Halton Borough Council completed wedi cwblhau Test course "
        "Version 1, two modules, 10 minutes, on 21 November 2026. Thank you & well done <b> "
        f"Amina Okafor Chief Executive Number {certificate.number} Check it at localhost/verify"
    )
    assert {tag.get_text() for tag in page.find_all(lang="cy")} >= {"Tystysgrif cwblhau", "wedi cwblhau"}
    assert [picture["alt"] for picture in page.find_all("img")] == [
        "Halton Borough Council: logo",
        "Signature of Amina Okafor",
        "QR code: opens the page that checks this certificate",
    ]


def test_its_colours_come_as_a_style_sheet(browser: Browser, holder: Account, url: str) -> None:
    page = browser.enter_as(holder).open(url)
    (sheet,) = [link["href"] for link in page.soup.find_all("link", rel="stylesheet") if "colours" in link["href"]]
    response = browser.client.get(sheet)
    assert response.mimetype == "text/css"
    assert "--cg-certificate-main: #103050;" in response.get_data(as_text=True)


@pytest.mark.parametrize("main", ["", "red", "12345", "123456;}body{display:none", "12345G", "%0A12345"])
def test_what_is_no_colour_is_no_style_sheet(browser: Browser, holder: Account, main: str) -> None:
    query = {"main": main, "second": "702030", "accent": "ffcc00"}
    address = "/certificates/colours.css"
    assert browser.enter_as(holder).client.get(address, query_string=query).status_code == 404


def test_the_large_print_is_asked_for_once_made_and_kept(
    browser: Browser, app: Flask, session: Session, holder: Account, certificate: Certificate, url: str,
    store: MemoryStore, bell: ListeningBell,
) -> None:  # fmt: skip
    target, values = browser.enter_as(holder).open(url).form(ASK)
    page = browser.post(target, values)
    assert "We are making the large print" in page.text
    browser.post(target, values)
    assert session.query(DerivedFile).count() == 1
    assert bell.rung == [MAKE_DERIVED_FILES, MAKE_DERIVED_FILES]
    assert browser.client.get(f"{url}/large-print/status").status_code == 202
    assert browser.open(f"{url}/large-print/file").status == 404
    made(app)
    found = newest(session, certificate)
    assert (found.state, count_open(session, DERIVED_FILES)) == (TaskState.DONE, 0)
    file = find_large_print_file(session, sha256=str(found.sha256))
    assert file is not None
    assert file.certificate_id == certificate.id
    assert browser.client.get(f"{url}/large-print/status").status_code == 200
    assert "Download the large print" in browser.open(url).text
    data = browser.client.get(f"{url}/large-print/file").data
    assert hashlib.sha256(data).hexdigest() == found.sha256
    made(app)
    assert list(store.files.values()) == [data]


def test_a_large_print_that_fails_can_be_asked_for_again(
    browser: Browser, app: Flask, session: Session, holder: Account, certificate: Certificate, url: str,
    store: MemoryStore,
) -> None:  # fmt: skip
    store.is_full = True
    browser.enter_as(holder).submit(url, ASK)
    with pytest.raises(TasksFailed):
        made(app)
    assert newest(session, certificate).failure_reason == "No space left on device"
    assert "Something went wrong on our side" in browser.open(url).text
    store.is_full = False
    browser.submit(url, ASK)
    made(app)
    assert newest(session, certificate).state is TaskState.DONE


@pytest.mark.parametrize("page", ["", "/large-print/status", "/large-print/file"])
def test_nobody_else_finds_it(browser: Browser, session: Session, holder: Account, url: str, page: str) -> None:
    other = an_account(session, a_person(session))
    session.commit()
    assert browser.enter_as(other).open(url + page).status == 404


def test_nobody_else_can_ask_for_it(browser: Browser, session: Session, holder: Account, url: str) -> None:
    other = an_account(session, a_person(session))
    session.commit()
    token = browser.enter_as(other).open("/certificates").form("Sign out")[1]["csrf_token"]
    assert browser.post(f"{url}/large-print", {"csrf_token": token}).status == 404
    assert session.query(DerivedFile).count() == 0


def test_a_new_look_leaves_the_page_of_an_old_certificate_as_it_was(
    browser: Browser, session: Session, holder: Account, certificate: Certificate, url: str
) -> None:
    before = browser.enter_as(holder).open(url).soup.find("article")
    changed = replace(LOOK, wording=Wording("Another title"))
    organisation_id = session.get_one(CertificateBranding, certificate.branding_id).organisation_id
    save_branding(session, organisation_id=organisation_id, branding=changed, seen=1, account_id=holder.id, now=NOON)
    session.commit()
    assert browser.open(url).soup.find("article") == before
