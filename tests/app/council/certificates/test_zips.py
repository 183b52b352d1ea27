"""Zips of certificates on their pages and in their job: asked for, made, downloaded on record, gone after a day."""

import csv
from datetime import timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import Connection, update
from sqlalchemy.orm import Session

from app.jobs import certificate_archives as job
from app.jobs.certificate_archives import delete_old_archives
from app.jobs.housekeeping import run_housekeeping
from app.jobs.task_loop import TasksFailed
from app.platform.storage import FolderStore
from certificates.changes.reissuing import reissue
from certificates.changes.revoking import revoke
from certificates.record.history import Reason
from certificates.zips.requests import MAKE_ARCHIVES, ZIPS, CertificateArchive
from kernel.audit import entries_for
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.tasks.claims import ClaimLost
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.organisations import Unit
from people.roles import Role
from tests.app.council.certificates.zips_for_tests import CERTIFICATES, NEW, ask, ready, the_archive, work
from tests.app.platform.test_query_counts import counted
from tests.builders.certificate_batches import NAMES, completed
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import in_hand
from tests.conftest import ListeningBell
from tests.reading import Browser, Page


def download(lead: Browser, page: Page) -> ZipFile:
    response = lead.client.get(f"{page.url}/file")
    assert response.mimetype == "application/zip"
    data = response.get_data()
    response.close()
    return ZipFile(BytesIO(data))


def test_a_zip_is_shown_first_made_then_and_downloaded_on_record(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, bell: ListeningBell, lead_account: Account
) -> None:
    first, second, *_ = ready(session, store, unit, 7)
    why = {"words": "", "account_id": lead_account.id, "now": NOON}
    revoke(session, certificate_number=first.number, reason=Reason.COURSE_WITHDRAWN, **why)
    reissue(session, certificate_number=second.number, reason=Reason.TEMPLATE_FAULT, **why)
    session.commit()
    text = lead.open(NEW).text
    assert "5 certificates would be in it" in text
    assert "1 revoked, 1 not made yet." in text
    page = ask(lead)
    assert MAKE_ARCHIVES in bell.rung
    assert "Waiting 0 of 7 certificates looked at." in page.text
    assert lead.client.get(f"{page.url}/status").status_code == 202
    assert lead.client.get(f"{page.url}/file").status_code == 404
    work(lead)
    assert "Ready 5 certificates are in it." in lead.open(page.url).text
    archive = download(lead, page)
    rows = list(csv.DictReader(StringIO(archive.read("index.csv").decode("utf-8-sig"))))
    assert {row["name"] for row in rows} == set(NAMES)
    assert sorted(row["note"] for row in rows if row["note"]) == ["Not made yet: left out", "Revoked: left out"]
    row = the_archive(session)
    data = store.read(row.storage_key)
    assert (sha256(data).hexdigest(), len(data)) == (row.sha256, row.size_bytes)
    entries = entries_for(session, subject_type="certificate-archive", subject_id=row.id)
    assert [(one.action, one.actor_account_id) for one in entries] == [
        ("certificate-archive-asked-for", lead_account.id),
        ("certificate-archive-downloaded", lead_account.id),
    ]
    assert entries[1].detail["certificates"] == 5


def test_a_lost_file_is_listed_and_the_zip_is_made(
    lead: Browser, session: Session, unit: Unit, store: FolderStore
) -> None:
    lost, *_ = ready(session, store, unit, 3)
    store.delete(str(lost.storage_key))
    page = ask(lead)
    work(lead)
    assert "2 certificates are in it. The files of 1 more are missing from the store" in lead.open(page.url).text
    assert lost.number in download(lead, page).read("index.csv").decode()


def test_a_zip_is_gone_after_a_day(lead: Browser, session: Session, unit: Unit, store: FolderStore) -> None:
    ready(session, store, unit, 2)
    page = ask(lead)
    work(lead)
    key = the_archive(session).storage_key
    session.execute(update(CertificateArchive).values(ends_at=utc_now() - timedelta(seconds=1)))
    session.commit()
    assert lead.client.get(f"{page.url}/file").status_code == 404
    assert "Deleted Its 24 hours are over." in lead.open(page.url).text
    with lead.client.application.app_context():
        run_housekeeping()
    assert not store.exists(key)
    assert the_archive(session).state is TaskState.EXPIRED
    assert lead.open(CERTIFICATES).table("Zips")[0]["State"] == "Deleted"


def test_a_zip_that_cannot_be_deleted_is_tried_again(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(session, store, unit, 1)
    ask(lead)
    work(lead)
    session.execute(update(CertificateArchive).values(ends_at=utc_now()))
    session.commit()

    def refuse(key: str) -> None:
        raise StorageError(key)

    for delete, state in ((refuse, TaskState.DONE), (store.delete, TaskState.EXPIRED)):
        monkeypatch.setattr(store, "delete", delete)
        with lead.client.application.app_context():
            delete_old_archives()
        assert the_archive(session).state is state


def test_a_store_that_fails_midway_is_tried_again_and_then_given_up_with_the_reason(
    lead: Browser,
    session: Session,
    unit: Unit,
    store: FolderStore,
    monkeypatch: pytest.MonkeyPatch,
    bell: ListeningBell,
) -> None:
    ready(session, store, unit, 3)
    page = ask(lead)
    real, reads = store.read, 0

    def read(key: str) -> bytes:
        nonlocal reads
        reads += 1
        if reads % 2 == 0:
            raise StorageError("No space left on device")
        return real(key)

    monkeypatch.setattr(store, "read", read)
    for words in ("The last try failed", "The last try failed", "The zip could not be made."):
        with pytest.raises(TasksFailed):
            work(lead)
        session.execute(update(CertificateArchive).values(retry_at=utc_now()))
        session.commit()
        assert words in lead.open(page.url).text
    assert "No space left on device. Ask for it again" in lead.open(page.url).text
    assert the_archive(session).state is TaskState.PARKED
    assert not list(store.root.glob("certificate-archives/*"))
    monkeypatch.setattr(store, "read", real)
    page = ask(lead)
    work(lead)
    assert "Ready 3 certificates are in it." in lead.open(page.url).text


def test_a_dead_worker_is_replaced_and_says_nothing_any_more(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, bell: ListeningBell
) -> None:
    ready(session, store, unit, 2)
    page = ask(lead)
    dead = in_hand(session, ZIPS, now=utc_now() - ZIPS.lease * 2)
    session.commit()
    bell.rung.clear()
    with lead.client.application.app_context():
        run_housekeeping()
    assert MAKE_ARCHIVES in bell.rung
    work(lead)
    assert "Ready 2 certificates are in it." in lead.open(page.url).text
    with lead.client.application.app_context(), pytest.raises(ClaimLost):
        job._note_progress(dead, lambda: None, 1)


def test_one_whose_workers_die_every_time_is_given_up(
    lead: Browser, session: Session, unit: Unit, store: FolderStore
) -> None:
    ready(session, store, unit, 1)
    page = ask(lead)
    session.execute(
        update(CertificateArchive).values(claims=3, state=TaskState.WORKING, claimed_at=utc_now() - ZIPS.lease * 2)
    )
    session.commit()
    with lead.client.application.app_context():
        run_housekeeping()
    assert "The worker died each of the 3 times" in lead.open(page.url).text


def test_asking_twice_makes_one(lead: Browser, session: Session, unit: Unit, store: FolderStore) -> None:
    ready(session, store, unit, 1)
    assert ask(lead).url == ask(lead).url
    assert the_archive(session).wanted == 1


def test_nothing_to_zip_and_bad_choices_are_said_plainly(
    lead: Browser, session: Session, unit: Unit, store: FolderStore
) -> None:
    assert "Nobody here has one." in lead.open(NEW).text
    completed(session, a_course(session), unit, 1)
    session.commit()
    assert "No zips yet" in lead.open(CERTIFICATES).text
    page = lead.open(f"{NEW}no-such&unit=7")
    assert (page.status, len(page.errors)) == (422, 2)
    assert lead.open(f"{CERTIFICATES}/zips/99").status == 404


def test_nobody_of_another_authority_sees_a_zip(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, app: Flask
) -> None:
    ready(session, store, unit, 1)
    url = ask(lead).url
    work(lead)
    other = a_unit(session, an_organisation(session, "wirral", "Wirral Council"))
    theirs = an_account(session, a_person(session, other), Role.HR_LEAD, unit=other)
    manager = an_account(session, a_person(session, unit), Role.MANAGER, unit=unit)
    staff = an_account(session, a_person(session, unit))
    admin = an_account(session, a_person(session), Role.ADMIN)
    session.commit()
    for account in (theirs, manager, staff):
        stranger = Browser(app).enter_as(account)
        for address in (url, f"{url}/status", f"{url}/file", url.replace("halton", "wirral"), NEW):
            assert stranger.open(address).status == 404
    assert download(Browser(app).enter_as(admin), lead.open(url)).testzip() is None


def test_a_batch_of_the_zip_costs_the_same_however_many_there_are(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, connection: Connection
) -> None:
    costs = []
    for number in (2, 40):
        ready(session, store, unit, number)
        ask(lead)
        with counted(connection) as seen:
            work(lead)
        costs.append(len(seen))
    assert costs[0] == costs[1]
