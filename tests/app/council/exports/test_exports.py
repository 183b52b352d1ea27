"""Leaving with everything: keys on a page, a nightly promise, the worker, and who may take an export out."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from pyrage import decrypt, x25519
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs.privacy.exports import delete_old_exports, make_exports
from app.platform.storage import FolderStore
from kernel.audit import AuditEntry
from kernel.clock import LOCAL, local_day, utc_now
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.organisations import Unit
from people.row_downloads.right import RowDownloadRight
from privacy.leaving.record import AuthorityExport, want_exports
from tests.builders.region import a_person, an_organisation
from tests.reading import Browser

PAGE = "/council/halton/downloads/everything"
IDENTITY = x25519.Identity.generate()
PUBLIC = str(IDENTITY.to_public())


@pytest.fixture
def with_key(lead: Browser, session: Session, unit: Unit) -> Browser:
    a_person(session, unit, "Siân Nguyễn")
    session.commit()
    lead.submit(PAGE, "Add the key", key=f" {PUBLIC}\n", label="In the safe")
    return lead


@pytest.fixture
def may_take_out(session: Session, lead_account: Account, unit: Unit) -> None:
    day, now = local_day(utc_now()) + timedelta(days=1), utc_now()
    of = {"account_id": lead_account.id, "organisation_id": unit.organisation_id}
    session.add(RowDownloadRight(**of, reason="Leaving", ends_on=day, given_at=now))
    session.commit()


def the_export(session: Session) -> AuthorityExport:
    session.expire_all()
    return session.scalars(select(AuthorityExport)).one()


def make(browser: Browser) -> None:
    with browser.client.application.app_context():
        make_exports()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("age1xyz", "This is not a public key of age"),
        (str(IDENTITY), "This is a private key. Never send it to anybody"),
        ("", "Enter the public key"),
        ("a" * 300, "This is too long"),
    ],
    ids=["no key", "private", "empty", "long"],
)
def test_what_is_no_public_key_is_refused_and_a_private_one_is_not_shown_again(lead, session, typed, said):
    page = lead.submit(PAGE, "Add the key", key=typed, label="")
    assert page.status == 422
    assert any(error.startswith(said) for error in page.errors)
    assert "Enter whose key it is" in page.errors
    assert str(IDENTITY) not in page.response.get_data(as_text=True)


def test_without_a_key_nothing_is_exported(lead: Browser, session: Session) -> None:
    assert "Nothing is exported yet: add a key first." in lead.open(PAGE).text
    assert want_exports(session, now=utc_now().astimezone(LOCAL).replace(hour=5)) is False


def test_a_night_makes_one_export_that_opens_with_the_private_key(
    with_key: Browser, session: Session, store: FolderStore, may_take_out: None
) -> None:
    five = utc_now().astimezone(LOCAL).replace(hour=5)
    assert want_exports(session, now=five.replace(hour=3)) is False
    assert (want_exports(session, now=five), want_exports(session, now=five)) == (True, False)
    session.commit()
    make(with_key)
    export = the_export(session)
    assert (export.state, export.keys, export.missing) == (TaskState.DONE, [PUBLIC], 0)
    page = with_key.open(PAGE)
    (row,) = page.table("Exports")
    assert row["State"] == "Ready"
    with with_key.client.get(f"{PAGE}/{export.id}/file") as answer:
        sealed = answer.get_data()
    with ZipFile(BytesIO(decrypt(sealed, [IDENTITY]))) as archive:
        assert "Siân Nguyễn" in archive.read("tables/person.csv").decode()
    took = session.scalars(select(AuditEntry).where(AuditEntry.action == "export-downloaded")).one()
    assert took.detail == {"export": export.id}


def test_without_the_right_to_rows_there_is_no_file(with_key: Browser, session: Session, store: FolderStore) -> None:
    with_key.submit(PAGE, "Make an export now")
    make(with_key)
    assert "Ask an administrator for the right to download rows." in with_key.open(PAGE).text
    assert with_key.client.get(f"{PAGE}/{the_export(session).id}/file").status_code == 404


def test_a_key_that_is_removed_meanwhile_makes_no_export(with_key, session, store):
    with_key.submit(PAGE, "Make an export now")
    with_key.submit(PAGE, "Remove the key of In the safe")
    make(with_key)
    assert the_export(session).state is TaskState.CANCELLED
    assert not list(store.listing())


def test_the_newest_stays_and_older_ones_go(with_key, session, store, may_take_out):
    for _ in range(2):
        with_key.submit(PAGE, "Make an export now")
        make(with_key)
    session.execute(update(AuthorityExport).values(ends_at=utc_now() - timedelta(days=1)))
    session.commit()
    with with_key.client.application.app_context():
        delete_old_exports()
    session.expire_all()
    states = session.scalars(select(AuthorityExport.state).order_by(AuthorityExport.id)).all()
    assert list(states) == [TaskState.EXPIRED, TaskState.DONE]
    assert len(list(store.listing())) == 1


def test_another_authoritys_page_is_not_there(lead: Browser, session: Session) -> None:
    an_organisation(session, "wirral", "Wirral Council")
    session.commit()
    assert lead.open("/council/wirral/downloads/everything").status == 404
