"""Lost files: nobody is handed one, admins and the doctor see it, and it is made again only when it is the same."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.doctor import records
from app.jobs import certificate_files as job
from app.jobs.certificates import public_address, verify_url
from app.jobs.task_loop import TasksFailed
from app.platform.storage import FolderStore
from certificates.document.documents import CertificateDocument, certificate_document
from certificates.drawing.build_info import Drawn, made_with
from certificates.file_care.file_checks import CHECK_FILES, FILE_CHECKS, CertificateFileCheck, find_last_check
from certificates.file_care.lost_files import RECREATE_FILES, RECREATIONS
from certificates.making.derived_files import DERIVED_FILES, ask_for_large_print, mark_derived_file_ready
from certificates.making.rendering import CERTIFICATE_FILES, Made, facts_of, mark_ready, storage_key
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.tasks.background import BackgroundTask
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.roles import Role
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import in_hand
from tests.conftest import ListeningBell
from tests.reading import Browser

CHECKS = "/manage/certificates/checks"


def drawn(document: CertificateDocument, **_: object) -> bytes:
    return b"%PDF " + document.html.encode()


@pytest.fixture
def store(app: Flask, tmp_path: Path, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch) -> FolderStore:
    """An empty folder; PDFs are plain text."""
    found = FolderStore(tmp_path / "files")
    monkeypatch.setitem(app.extensions, "common-ground-files", found)
    monkeypatch.setattr(job, "render_pdf", drawn)
    return found


@pytest.fixture
def holder(session: Session) -> Account:
    """Somebody who finished a course."""
    unit = a_unit(session, an_organisation(session))
    return an_account(session, a_person(session, unit, "Siân Nguyễn"))


@pytest.fixture
def certificate(app: Flask, session: Session, holder: Account, store: FolderStore) -> Certificate:
    """Their certificate and its large print, both stored."""
    found = issued_to(session, holder.person_id)
    asked = ask_for_large_print(session, certificate_id=found.id, account_id=holder.id, now=NOON)
    with app.app_context():
        facts, made = facts_of(session, found, verify_url), made_with(public_address(), Drawn.FILLED_IN)
    file = store.put(storage_key(found.number), drawn(certificate_document(facts)))
    large = store.put(large_key(found), drawn(certificate_document(facts, is_large=True)))
    claimed = in_hand(session, CERTIFICATE_FILES, found.id)
    mark_ready(session, claimed, made=[Made(found.id, file)], now=NOON, made_with=made)
    claimed_large = in_hand(session, DERIVED_FILES, asked.id)
    mark_derived_file_ready(session, claimed_large, file=large, now=NOON, made_with=made)
    session.commit()
    session.expire_all()
    return found


@pytest.fixture
def admin(session: Session, app: Flask, certificate: Certificate) -> Browser:
    account = an_account(session, a_person(session, name="Ada Admin"), Role.ADMIN)
    session.commit()
    return Browser(app).enter_as(account)


def large_key(certificate: Certificate) -> str:
    return storage_key(certificate.number).replace(".pdf", "-large-print.pdf")


def spoil(store: FolderStore, certificate: Certificate) -> None:
    (store.root / str(certificate.storage_key)).write_bytes(b"%PDF of somebody else")


def work(app: Flask) -> None:
    with app.app_context():
        job.recreate_files()


def test_a_download_is_the_file_that_was_stored(browser: Browser, holder: Account, certificate: Certificate) -> None:
    answer = browser.enter_as(holder).client.get(f"/certificates/{certificate.number}/file")
    assert hashlib.sha256(answer.get_data()).hexdigest() == certificate.sha256
    assert answer.mimetype == "application/pdf"
    assert f"certificate {certificate.number}.pdf" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("address", ["file", "large-print/file"])
def test_a_changed_or_missing_file_is_handed_to_nobody_and_seen_by_admins(
    browser: Browser, admin: Browser, holder: Account, certificate: Certificate, store: FolderStore, address: str
) -> None:
    key = storage_key(certificate.number) if address == "file" else large_key(certificate)
    (store.root / key).write_bytes(b"%PDF of somebody else")
    page = browser.enter_as(holder).open(f"/certificates/{certificate.number}/{address}")
    assert page.status == 503
    assert page.heading == "We cannot give you this file at the moment"
    assert "no fault of yours" in page.text
    assert "1 stored file is missing or changed." in admin.open("/manage/certificates").text
    (row,) = admin.open(CHECKS).table("Lost files")
    assert (row["How"], row["What was done"]) == (
        "Changed since it was stored, so nobody gets it",
        "Nobody has asked to make it again",
    )
    (store.root / key).unlink()
    assert browser.open(f"/certificates/{certificate.number}/{address}").status == 503


def test_the_desk_makes_a_lost_file_again_and_the_holder_gets_it(
    app: Flask,
    admin: Browser,
    browser: Browser,
    holder: Account,
    certificate: Certificate,
    store: FolderStore,
    bell: ListeningBell,
) -> None:
    spoil(store, certificate)
    store.delete(large_key(certificate))
    address = f"/manage/certificates/{certificate.number}"
    page = admin.submit(address, "Make the lost file again")
    assert "It is being made again" in page.text
    assert bell.rung == [RECREATE_FILES]
    work(app)
    page = admin.open(address)
    assert page.text.count("Stored, and unchanged") == 2
    assert "Make the lost file again" not in page.text
    for file in ("file", "large-print/file"):
        assert browser.enter_as(holder).client.get(f"/certificates/{certificate.number}/{file}").status_code == 200


def test_a_file_that_would_differ_is_refused_with_the_reason_on_the_page(
    app: Flask, admin: Browser, certificate: Certificate, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "render_pdf", lambda *_, **__: b"%PDF of a newer design")
    monkeypatch.setattr(job, "made_with", lambda *how: {**made_with(*how), "weasyprint": "71.0"})
    spoil(store, certificate)
    admin.submit(f"/manage/certificates/{certificate.number}", "Make the lost file again")
    work(app)
    words = admin.open(f"/manage/certificates/{certificate.number}").text
    assert "would not come out the same, so it was not stored. WeasyPrint was" in words
    assert store.read(str(certificate.storage_key)) == b"%PDF of somebody else"


def test_everything_is_looked_at_in_the_queue_and_all_that_is_lost_made_again(
    app: Flask, admin: Browser, certificate: Certificate, store: FolderStore, bell: ListeningBell, session: Session
) -> None:
    store.delete(str(certificate.storage_key))
    page = admin.submit(CHECKS, "Look at everything now")
    assert "Everything is being looked at" in page.text
    assert bell.rung == [CHECK_FILES]
    with app.app_context():
        job.check_files()
    assert "1 stored file is missing or changed. 2 files were read and compared" in admin.open(CHECKS).text
    doctor = records.check_nightly(session, now=utc_now())
    assert not doctor.is_ok
    assert f"1 missing, for instance {certificate.number}" in doctor.message
    assert "1 file is being made again" in admin.submit(CHECKS, "Make all lost files again").text
    work(app)
    assert "What was lost has been put right since." in admin.open(CHECKS).text
    assert records.check_nightly(session, now=utc_now()).is_ok


def test_a_store_that_is_away_parks_no_check_and_a_later_round_goes_on(
    app: Flask, certificate: Certificate, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, app.app_context():
        patch.setattr(job, "look", away)
        for _ in range(FILE_CHECKS.most_failures + 1):
            session.execute(update(BackgroundTask).values(retry_at=NOON))
            session.commit()
            with pytest.raises(TasksFailed):
                job.check_files()
    session.expire_all()
    (task,) = session.scalars(select(BackgroundTask)).all()
    assert (task.state, task.failure_reason) == (TaskState.FAILED, "The store is away")
    session.execute(update(BackgroundTask).values(retry_at=NOON))
    session.commit()
    with app.app_context():
        job.check_files()
    last = find_last_check(session)
    assert last is not None
    assert (last.files, last.problem) == (2, None)
    session.expire_all()
    assert task.state is TaskState.DONE


def away(*_: object, **__: object) -> None:
    raise StorageError("The store is away")


def test_a_check_that_the_release_before_began_goes_on(app: Flask, certificate: Certificate, session: Session) -> None:
    session.add(CertificateFileCheck(asked_at=utc_now()))
    session.commit()
    with app.app_context():
        job.check_files()
    last = find_last_check(session)
    assert last is not None
    assert last.files == 2


def test_a_file_that_kills_its_workers_is_left_alone_and_holds_up_no_other(
    app: Flask, admin: Browser, certificate: Certificate, store: FolderStore, session: Session
) -> None:
    spoil(store, certificate)
    store.delete(large_key(certificate))
    admin.submit(f"/manage/certificates/{certificate.number}", "Make the lost file again")
    for _ in range(RECREATIONS.alone_after):
        in_hand(session, RECREATIONS, now=utc_now())
        session.execute(update(BackgroundTask).values(claimed_at=NOON))
    session.commit()
    work(app)
    assert [row["What was done"] for row in admin.open(CHECKS).table("Lost files")] == [job.KILLS_WORKERS]


def test_a_whole_file_is_not_made_again(admin: Browser, certificate: Certificate, bell: ListeningBell) -> None:
    page = admin.open(f"/manage/certificates/{certificate.number}")
    assert "Make the lost file again" not in page.text
    target = f"/manage/certificates/{certificate.number}/recreate"
    token = page.form("Find" if "Find" in page.text else "Sign out")[1]["csrf_token"]
    assert admin.client.post(target, data={"csrf_token": token}).status_code == 302
    assert bell.rung == []


def run(app: Flask, *command: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["certificates", *command])
    return result.exit_code, result.output


def test_the_command_makes_one_file_again_or_all_that_are_missing(
    app: Flask, certificate: Certificate, store: FolderStore
) -> None:
    assert run(app, "recreate", certificate.number)[1] == "No file is lost, so there is nothing to make again.\n"
    store.delete(str(certificate.storage_key))
    assert run(app, "recreate", certificate.number.lower()) == (0, "1 of 1 made again, byte for byte.\n")
    store.delete(str(certificate.storage_key))
    store.delete(large_key(certificate))
    code, words = run(app, "check-files")
    assert code == 1
    assert "2 files read: 2 missing" in words
    assert run(app, "recreate", "--missing") == (0, "2 of 2 made again, byte for byte.\n")
    assert run(app, "check-files")[0] == 0


def test_the_command_says_why_it_refuses(
    app: Flask, certificate: Certificate, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "render_pdf", lambda *_, **__: b"%PDF other")
    store.delete(str(certificate.storage_key))
    code, words = run(app, "recreate", certificate.number)
    assert code == 1
    assert "0 of 1 made again" in words
    assert f"{certificate.number}: It would not come out the same" in words
    assert run(app, "recreate")[0] == 2
    assert run(app, "recreate", "RE-0000-0000-0")[0] == 1


def test_orphans_are_listed_first_and_removed_then(
    app: Flask, certificate: Certificate, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put("certificates/AA/AA/RE-AAAA-AAAA-A.pdf", b"nobody's")
    assert "0 files" in run(app, "remove-orphans")[1], "it is too young to be sure"
    monkeypatch.setattr("certificates.file_care.orphans.is_left_behind", lambda _file, _now: True)
    assert "would remove certificates/AA/AA/RE-AAAA-AAAA-A.pdf" in run(app, "remove-orphans", "--dry-run")[1]
    assert store.exists("certificates/AA/AA/RE-AAAA-AAAA-A.pdf")
    assert "1 files, 0.0 MiB." in run(app, "remove-orphans")[1]
    assert [file.key for file in store.listing()] == sorted([storage_key(certificate.number), large_key(certificate)])
