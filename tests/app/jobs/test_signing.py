"""Signing in the worker, and what visitors, holders of keys and the doctor see of it."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs import certificates, derived_files
from app.jobs.certificate_files import recreate_files
from app.jobs.certificates import render_waiting
from app.jobs.task_loop import TasksFailed
from app.platform.storage import FolderStore
from app.platform.work import unit_of_work
from app.wiring import ensure_certificate
from certificates.file_care.lost_files import CertificateLostFile, ask_to_recreate, files_of, find_loss, note_losses
from certificates.making.derived_files import ask_for_large_print, find_large_print
from certificates.record.issuing import Certificate
from certificates.signing.keys_used import SigningKey
from certificates.signing.trial_keys import TEST_SUBJECT, new_test_key
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from tests.builders.certificates import completed_by
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.certificates.signing.keys_for_tests import StampServer, stamp_server
from tests.conftest import ListeningBell
from tests.reading import Browser


def use(app: Flask, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Have the application work with other settings."""
    monkeypatch.setitem(app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update=changes))


@pytest.fixture
def store(app: Flask, tmp_path: Path, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    found = FolderStore(tmp_path / "files")
    monkeypatch.setitem(app.extensions, "common-ground-files", found)
    return found


@pytest.fixture
def key(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings name a key for tests."""
    path = tmp_path / "key.pem"
    path.write_text(new_test_key(now=utc_now()))
    use(app, monkeypatch, signing_key_file=str(path))
    return path


@pytest.fixture
def holder(session: Session, app: Flask, bell: ListeningBell) -> Account:
    """Siân, who has just finished a course."""
    person = a_person(session, a_unit(session, an_organisation(session)), "Siân Nguyễn")
    account = an_account(session, person)
    completion_id = completed_by(session, person.id)
    session.commit()
    with app.app_context(), unit_of_work() as work:
        ensure_certificate(completion_id, work, now=utc_now())
    return account


@pytest.fixture
def stamps() -> Iterator[tuple[str, StampServer]]:
    with stamp_server() as running:
        yield running


def made(app: Flask, session: Session) -> Certificate:
    """The only certificate, after the worker had its turn."""
    with app.app_context():
        render_waiting()
    return only(session)


def only(session: Session) -> Certificate:
    session.expire_all()
    return session.scalars(select(Certificate)).one()


def test_a_certificate_is_signed_and_its_row_says_with_which_key(
    app: Flask, session: Session, store: FolderStore, key: Path, holder: Account
) -> None:
    found = made(app, session)
    signing_key = session.get_one(SigningKey, found.signing_key_id)
    assert (signing_key.subject, len(signing_key.fingerprint)) == (TEST_SUBJECT, 64)
    assert not found.has_time_stamp
    assert b"/ETSI.CAdES.detached" in store.read(str(found.storage_key))


def test_without_a_key_certificates_are_made_unsigned(
    app: Flask, session: Session, store: FolderStore, holder: Account, browser: Browser
) -> None:
    found = made(app, session)
    assert (found.state, found.signing_key_id) == (TaskState.DONE, None)
    assert b"/ETSI.CAdES" not in store.read(str(found.storage_key))
    assert "The PDF is not signed" in browser.open(f"/verify/{found.number}").text


def test_anybody_reads_by_whom_a_certificate_was_signed(
    app: Flask, session: Session, store: FolderStore, key: Path, holder: Account, browser: Browser
) -> None:
    found = made(app, session)
    fingerprint = session.get_one(SigningKey, found.signing_key_id).fingerprint[:4].upper()
    words = "Signed with a key for tests, which proves nothing"
    page = browser.open(f"/verify/{found.number}")
    assert words in page.text
    assert f"(certificate {fingerprint} " in page.text
    data = store.read(str(found.storage_key))
    answer = browser.submit("/verify/file", "Check this file", certificate=(io.BytesIO(data), "certificate.pdf"))
    assert answer.heading == "This is the file that we issued"
    assert words in answer.text


def test_the_large_print_is_signed_too_and_says_so(
    app: Flask, session: Session, store: FolderStore, key: Path, holder: Account, browser: Browser
) -> None:
    found = made(app, session)
    ask_for_large_print(session, certificate_id=found.id, account_id=holder.id, now=utc_now())
    session.commit()
    with app.app_context():
        derived_files.make_derived_files()
    session.expire_all()
    large = find_large_print(session, certificate_id=found.id)
    assert large is not None
    assert large.signing_key_id == found.signing_key_id
    data = store.read(str(large.storage_key))
    answer = browser.submit("/verify/file", "Check this file", certificate=(io.BytesIO(data), "large.pdf"))
    assert "Signed with a key for tests" in answer.text


@pytest.mark.parametrize("setting", ["nowhere.pem", "not-a-key.pem"])
def test_a_key_that_cannot_be_opened_holds_certificates_back_and_loses_none(
    app: Flask,
    session: Session,
    store: FolderStore,
    holder: Account,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
) -> None:
    (tmp_path / "not-a-key.pem").write_text("-----BEGIN nothing-----")
    use(app, monkeypatch, signing_key_file=str(tmp_path / setting))
    for _ in range(5):
        with app.app_context(), pytest.raises(TasksFailed):
            render_waiting()
        found = only(session)
        assert found.state is TaskState.FAILED
        assert setting in str(found.failure_reason)
        found.retry_at = NOON
        session.commit()
    (tmp_path / setting).write_text(new_test_key(now=utc_now()))
    assert made(app, session).state is TaskState.DONE


def test_a_key_whose_time_is_over_signs_nothing(
    app: Flask,
    session: Session,
    store: FolderStore,
    holder: Account,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "old.pem").write_text(new_test_key(now=utc_now() - timedelta(days=4 * 365)))
    use(app, monkeypatch, signing_key_file=str(tmp_path / "old.pem"))
    with app.app_context(), pytest.raises(TasksFailed):
        render_waiting()
    assert "The signing certificate ended on" in str(only(session).failure_reason)


def test_a_time_stamp_is_stored_and_said(
    app: Flask,
    session: Session,
    store: FolderStore,
    key: Path,
    holder: Account,
    stamps: tuple[str, StampServer],
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
) -> None:
    use(app, monkeypatch, signing_time_stamp_url=stamps[0])
    found = made(app, session)
    assert found.has_time_stamp
    assert "with a time-stamp" in browser.open(f"/verify/{found.number}").text


def test_a_silent_time_stamp_server_delays_a_certificate(
    app: Flask,
    session: Session,
    store: FolderStore,
    key: Path,
    holder: Account,
    stamps: tuple[str, StampServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, server = stamps
    server.is_silent = True
    use(app, monkeypatch, signing_time_stamp_url=address)
    with app.app_context(), pytest.raises(TasksFailed):
        render_waiting()
    found = only(session)
    assert "time-stamp server" in str(found.failure_reason)
    assert found.retry_at is not None


def test_a_silent_time_stamp_server_can_be_done_without(
    app: Flask,
    session: Session,
    store: FolderStore,
    key: Path,
    holder: Account,
    stamps: tuple[str, StampServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, server = stamps
    server.is_silent = True
    use(app, monkeypatch, signing_time_stamp_url=address, signing_without_time_stamp=True)
    found = made(app, session)
    assert (found.state, found.has_time_stamp) == (TaskState.DONE, False)
    assert found.signing_key_id is not None


def lost_and_made_again(app: Flask, session: Session, store: FolderStore, found: Certificate) -> str | None:
    """Lose the file, have it made again: ``None``, or why it was refused."""
    store.delete(str(found.storage_key))
    lost = {file: find_loss(store, file) for file in files_of(session, certificate_id=found.id)}
    note_losses(session, found=lost, now=utc_now())
    ask_to_recreate(session, certificate_id=found.id, account_id=None, now=utc_now())
    session.commit()
    with app.app_context():
        recreate_files()
    session.expire_all()
    left = session.scalars(select(CertificateLostFile)).one_or_none()
    return None if left is None else str(left.refusal)


def test_a_lost_signed_file_comes_out_the_same(
    app: Flask, session: Session, store: FolderStore, key: Path, holder: Account
) -> None:
    found = made(app, session)
    before = store.read(str(found.storage_key))
    assert lost_and_made_again(app, session, store, found) is None
    assert store.read(str(found.storage_key)) == before


def test_a_lost_file_that_was_not_signed_is_not_signed_later(
    app: Flask, session: Session, store: FolderStore, holder: Account, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(app, monkeypatch, signing_key_file=None)
    found = made(app, session)
    use(app, monkeypatch, signing_key_file=str(key))
    assert lost_and_made_again(app, session, store, found) is None


def test_a_lost_file_of_an_old_key_or_with_a_time_stamp_is_refused_in_words(
    app: Flask,
    session: Session,
    store: FolderStore,
    key: Path,
    holder: Account,
    stamps: tuple[str, StampServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = made(app, session)
    other = key.with_name("new.pem")
    other.write_text(new_test_key(now=utc_now()))
    use(app, monkeypatch, signing_key_file=str(other))
    assert "It was signed with the key of" in str(lost_and_made_again(app, session, store, found))
    use(app, monkeypatch, signing_key_file=None)
    assert "there is no signing key now" in str(lost_and_made_again(app, session, store, found))
    use(app, monkeypatch, signing_key_file=str(key))
    found.has_time_stamp = True
    session.commit()
    assert "no server gives the same one twice" in str(lost_and_made_again(app, session, store, found))


def test_a_worker_opens_its_key_once_and_before_its_first_fork(
    app: Flask, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        certificates.open_before_forks()
        key.unlink()
        first = certificates.worker_signer()
        assert first is not None
        assert certificates.worker_signer() is first
