"""A zip that is cancelled: before a worker has it, while one writes or stores it, and when that worker dies."""

from collections.abc import Callable
from datetime import timedelta
from typing import BinaryIO

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs import certificate_archives as job
from app.jobs.certificate_archives import delete_old_archives
from app.jobs.housekeeping import run_housekeeping
from app.platform.storage import FolderStore
from certificates.zips.requests import ZIPS, CertificateArchive, cancel_archive
from kernel.audit import entries_for
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.files import StoredFile
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.organisations import Unit
from people.roles import Role
from tests.app.council.certificates.runs_for_tests import an_admin, token
from tests.app.council.certificates.zips_for_tests import CERTIFICATES, ask, ready, the_archive, work
from tests.builders.region import a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import count_open
from tests.reading import Browser

CANCEL = "Cancel this zip"


@pytest.fixture
def cancel(session: Session, lead_account: Account) -> Callable[[], None]:
    """Somebody cancels the zip, in a browser elsewhere."""

    def once() -> None:
        archive_id = session.scalars(select(CertificateArchive.id)).one()
        cancel_archive(session, archive_id=archive_id, account_id=lead_account.id, now=utc_now())
        session.commit()

    return once


def files_of(store: FolderStore) -> list[str]:
    return [path.name for path in store.root.glob("certificate-archives/*")]


def test_a_zip_that_waits_is_cancelled_and_never_made(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, lead_account: Account
) -> None:
    ready(session, store, unit, 2)
    url = ask(lead).url
    page = lead.submit(url, CANCEL)
    assert "Cancelled. Nothing of this zip is kept" in page.text
    assert "It was cancelled on" in page.text
    assert CANCEL not in page.buttons
    work(lead)
    assert (the_archive(session).state, files_of(store)) == (TaskState.CANCELLED, [])
    assert count_open(session, ZIPS) == 0
    assert lead.client.get(f"{url}/status").status_code == 200
    assert lead.open(f"{url}/file").status == 404
    assert lead.open(CERTIFICATES).table("Zips")[0]["State"] == "Cancelled"
    entry = entries_for(session, subject_type="certificate-archive", subject_id=the_archive(session).id)[-1]
    assert (entry.action, entry.actor_account_id) == ("certificate-archive-cancelled", lead_account.id)


def test_a_worker_in_the_middle_of_writing_stops_and_leaves_nothing(
    lead: Browser,
    session: Session,
    unit: Unit,
    store: FolderStore,
    monkeypatch: pytest.MonkeyPatch,
    cancel: Callable[[], None],
) -> None:
    monkeypatch.setattr(job, "BATCH", 2)
    ready(session, store, unit, 6)
    ask(lead)
    real, reads = store.read, 0

    def read(key: str) -> bytes:
        nonlocal reads
        reads += 1
        if reads == 3:
            cancel()
        return real(key)

    monkeypatch.setattr(store, "read", read)
    work(lead)
    assert (reads, the_archive(session).state, files_of(store)) == (4, TaskState.CANCELLED, [])
    monkeypatch.setattr(store, "read", real)
    session.execute(update(CertificateArchive).values(asked_by_account_id=an_account(session, a_person(session)).id))
    page = ask(lead)
    work(lead)
    assert "Ready 6 certificates are in it." in lead.open(page.url).text


def test_a_worker_that_was_just_storing_it_removes_it(
    lead: Browser,
    session: Session,
    unit: Unit,
    store: FolderStore,
    monkeypatch: pytest.MonkeyPatch,
    cancel: Callable[[], None],
) -> None:
    ready(session, store, unit, 2)
    ask(lead)
    real, stored = store.put_from, []

    def put_from(key: str, source: BinaryIO) -> StoredFile:
        cancel()
        file = real(key, source)
        stored.extend(files_of(store))
        return file

    monkeypatch.setattr(store, "put_from", put_from)
    work(lead)
    assert len(stored) == 1
    assert (the_archive(session).state, files_of(store)) == (TaskState.CANCELLED, [])


def test_what_a_worker_stored_before_it_died_is_removed_by_housekeeping(
    lead: Browser,
    session: Session,
    unit: Unit,
    store: FolderStore,
    monkeypatch: pytest.MonkeyPatch,
    cancel: Callable[[], None],
) -> None:
    ready(session, store, unit, 2)
    ask(lead)
    real = store.put_from

    def put_and_die(key: str, source: BinaryIO) -> StoredFile:
        cancel()
        real(key, source)
        raise SystemExit("killed")

    monkeypatch.setattr(store, "put_from", put_and_die)
    with pytest.raises(SystemExit):
        work(lead)
    assert len(files_of(store)) == 1
    assert the_archive(session).ends_at > utc_now() + ZIPS.lease - timedelta(minutes=1)
    session.execute(update(CertificateArchive).values(ends_at=utc_now()))
    session.commit()
    with lead.client.application.app_context():
        run_housekeeping()
    found = the_archive(session)
    assert (files_of(store), found.state, found.ends_at) == ([], TaskState.CANCELLED, None)


def test_a_store_that_refuses_to_remove_it_is_asked_again(
    lead: Browser,
    session: Session,
    unit: Unit,
    store: FolderStore,
    monkeypatch: pytest.MonkeyPatch,
    cancel: Callable[[], None],
) -> None:
    ready(session, store, unit, 1)
    ask(lead)
    put_from, delete = store.put_from, store.delete

    def put_and_cancel(key: str, source: BinaryIO) -> StoredFile:
        cancel()
        return put_from(key, source)

    def refuse(key: str) -> None:
        raise StorageError(key)

    monkeypatch.setattr(store, "put_from", put_and_cancel)
    monkeypatch.setattr(store, "delete", refuse)
    work(lead)
    session.execute(update(CertificateArchive).values(ends_at=utc_now()))
    session.commit()
    for do, left in ((refuse, 1), (delete, 0)):
        monkeypatch.setattr(store, "delete", do)
        with lead.client.application.app_context():
            delete_old_archives()
        assert len(files_of(store)) == left


def test_nothing_stays_of_one_that_was_given_up(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(session, store, unit, 1)
    ask(lead)
    real = store.put_from

    def put_and_die(key: str, source: BinaryIO) -> StoredFile:
        real(key, source)
        raise SystemExit("killed")

    monkeypatch.setattr(store, "put_from", put_and_die)
    for _ in range(3):
        with pytest.raises(SystemExit):
            work(lead)
        session.execute(update(CertificateArchive).values(claimed_at=utc_now() - ZIPS.lease * 2, ends_at=utc_now()))
        session.commit()
    assert len(files_of(store)) == 1
    with lead.client.application.app_context():
        run_housekeeping()
        delete_old_archives()
    assert (the_archive(session).state, files_of(store)) == (TaskState.PARKED, [])


def test_one_that_is_ready_or_ended_is_left_as_it_is(
    lead: Browser, session: Session, unit: Unit, store: FolderStore
) -> None:
    ready(session, store, unit, 1)
    url = ask(lead).url
    target, values = lead.open(url).form(CANCEL)
    work(lead)
    page = lead.post(target, values)
    assert "This zip is ready already. It is deleted by itself after its 24 hours" in page.text
    assert "Download the zip" in page.text
    session.execute(update(CertificateArchive).values(ends_at=utc_now()))
    session.commit()
    with lead.client.application.app_context():
        run_housekeeping()
    assert "This zip has ended already" in lead.post(target, values).text


def test_only_those_who_see_a_zip_may_cancel_it(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, app: Flask
) -> None:
    ready(session, store, unit, 1)
    url = ask(lead).url
    other = a_unit(session, an_organisation(session, "wirral", "Wirral Council"))
    theirs = an_account(session, a_person(session, other), Role.HR_LEAD, unit=other)
    manager = an_account(session, a_person(session, unit), Role.MANAGER, unit=unit)
    session.commit()
    for account in (theirs, manager):
        stranger = Browser(app).enter_as(account)
        _, values = stranger.open("/").form("Sign out")
        for address in (url, url.replace("halton", "wirral")):
            assert stranger.post(f"{address}/cancel", {"csrf_token": values["csrf_token"]}).status == 404
    assert lead.client.get(f"{url}/cancel").status_code == 405
    assert lead.client.post(f"{url}/cancel").status_code == 400
    assert the_archive(session).state is TaskState.PENDING
    admin = an_admin(session, app)
    assert "Nothing of this zip is kept" in admin.post(f"{url}/cancel", token(admin)).text


def test_a_worker_that_had_lost_it_and_stores_over_the_file_of_another_has_it_made_again(
    lead: Browser, session: Session, unit: Unit, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(session, store, unit, 2)
    page = ask(lead)
    real, calls = store.put_from, []

    def put_from(key: str, source: BinaryIO) -> StoredFile:
        calls.append(key)
        if len(calls) == 1:  # it was asleep for longer than its lease, and another one has made the zip meanwhile
            archive = the_archive(session)
            archive.state, archive.claimed_by = TaskState.DONE, None
            archive.sha256, archive.size_bytes = "0" * 64, 1
            archive.ready_at, archive.ends_at = utc_now(), utc_now() + timedelta(hours=1)
            session.commit()
        return real(key, source)

    monkeypatch.setattr(store, "put_from", put_from)
    work(lead)
    assert len(calls) == 2
    assert "Ready 2 certificates are in it." in lead.open(page.url).text
    assert the_archive(session).sha256 != "0" * 64
