"""What workers do, run here without a queue: one job each, on a store that can fail."""

import hashlib
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.jobs import certificates as job
from app.jobs.certificates import CertificatesFailed, render_waiting
from app.jobs.housekeeping import PATIENCE, keep_house
from app.wiring import promise_certificate
from app.work import unit_of_work
from certificates.facts import CertificateFacts
from certificates.issuing import Certificate, CertificateState, certificates_for
from certificates.rendering import RENDER_CERTIFICATES, Failure, mark_failed, storage_key
from courses.completion import record_completion
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.files import StoredFile
from kernel.outbox import Promise, count_open
from tests.builders import NOON, a_course, a_person, a_unit, an_organisation
from tests.conftest import ListeningBell

FULL = "No space left on device"


class FickleStore:
    """A store in memory that refuses while its disk is full."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.is_full = False
        self.puts = 0

    def put(self, key: str, data: bytes) -> StoredFile:
        self.puts += 1
        if self.is_full:
            raise StorageError(f"{key} could not be written: {FULL}")
        self.files[key] = data
        return StoredFile(key, hashlib.sha256(data).hexdigest(), len(data))

    def open(self, key: str) -> io.BytesIO:
        return io.BytesIO(self.files[key])


@pytest.fixture
def store(app: Flask, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch) -> FickleStore:
    """An empty store with room; PDFs are made of plain text, because only one test needs a real one."""
    found = FickleStore()
    monkeypatch.setitem(app.extensions, "common-ground-files", found)
    monkeypatch.setattr(job, "render_pdf", lambda document: b"%PDF " + document.html.encode())
    return found


@pytest.fixture
def completions(session: Session) -> tuple[int, ...]:
    """Three people finished a course; nothing has followed from it yet."""
    course = a_course(session)
    unit = a_unit(session, an_organisation(session))
    found = []
    for name in ("Ada Okafor", "Siân Nguyễn", "王芳"):
        (event,) = record_completion(
            session,
            person_id=a_person(session, unit, name).id,
            course_id=course.course_id,
            cycle=1,
            course_version_id=course.version_id,
            now=NOON,
        )
        found.append(event.completion_id)
    session.commit()
    return tuple(found)


@pytest.fixture
def promised(app: Flask, completions: tuple[int, ...], bell: ListeningBell) -> None:
    """Their certificates are pending."""
    with app.app_context(), unit_of_work() as work:
        for completion_id in completions:
            promise_certificate(completion_id, work)
    bell.rung.clear()


def run(app: Flask) -> None:
    with app.app_context():
        render_waiting()


def run_and_fail(app: Flask) -> None:
    with pytest.raises(CertificatesFailed):
        run(app)


def stored(session: Session) -> list[Certificate]:
    session.expire_all()
    return list(session.query(Certificate).order_by(Certificate.id))


def states(session: Session) -> set[CertificateState]:
    return {certificate.state for certificate in stored(session)}


def let_retries_fall_due(session: Session) -> None:
    session.execute(update(Certificate).values(retry_at=utc_now() - timedelta(seconds=1)))
    session.commit()


@pytest.mark.usefixtures("promised")
def test_every_waiting_certificate_is_made_once(app: Flask, session: Session, store: FickleStore) -> None:
    run(app)
    run(app)
    assert states(session) == {CertificateState.READY}
    assert sorted(store.files) == sorted(storage_key(c.number) for c in stored(session))
    assert (store.puts, count_open(session, job=RENDER_CERTIFICATES)) == (3, 0)


@pytest.mark.usefixtures("promised")
def test_what_is_stored_is_what_the_row_says(app: Flask, session: Session, store: FickleStore) -> None:
    run(app)
    for certificate in stored(session):
        data = store.files[str(certificate.storage_key)]
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (certificate.sha256, certificate.size_bytes)


@pytest.mark.usefixtures("promised")
def test_a_full_disk_is_written_down_and_tried_again(app: Flask, session: Session, store: FickleStore) -> None:
    store.is_full = True
    run_and_fail(app)
    assert states(session) == {CertificateState.FAILED}
    assert all(FULL in str(certificate.failure_reason) for certificate in stored(session))
    store.is_full = False
    run(app)
    assert states(session) == {CertificateState.FAILED}, "it is too early to try again"
    let_retries_fall_due(session)
    run(app)
    assert states(session) == {CertificateState.READY}
    assert {certificate.failure_reason for certificate in stored(session)} == {None}
    assert count_open(session, job=RENDER_CERTIFICATES) == 0


@pytest.mark.usefixtures("promised")
def test_one_that_cannot_be_made_does_not_hold_up_the_others(
    app: Flask, session: Session, store: FickleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = job.render

    def stumbles(claimed: object, **how: object) -> object:
        facts: CertificateFacts = claimed.facts  # type: ignore[attr-defined]
        if facts.holder_name == "Siân Nguyễn":
            raise KeyError("nobody thought of this")
        return whole(claimed, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(job, "render", stumbles)
    run_and_fail(app)
    by_name = {certificate.holder_name: certificate for certificate in stored(session)}
    assert by_name["Siân Nguyễn"].state is CertificateState.FAILED
    assert "nobody thought of this" in str(by_name["Siân Nguyễn"].failure_reason)
    assert {by_name[name].state for name in ("Ada Okafor", "王芳")} == {CertificateState.READY}


@pytest.mark.usefixtures("promised")
def test_a_failure_that_comes_late_does_not_undo_a_made_certificate(
    app: Flask, session: Session, store: FickleStore
) -> None:
    run(app)
    with app.app_context(), unit_of_work() as work:
        mark_failed(work.session, failure=Failure(stored(session)[0].id, FULL), now=utc_now())
    assert states(session) == {CertificateState.READY}


@pytest.mark.usefixtures("promised")
def test_a_long_queue_is_shared_out_before_the_time_limit(
    app: Flask, session: Session, store: FickleStore, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BATCH", 1)
    monkeypatch.setattr(job, "LONGEST_RUN_SECONDS", -1)
    run(app)
    assert [c.state for c in stored(session)].count(CertificateState.READY) == 1
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.usefixtures("store")
def test_housekeeping_issues_what_was_never_issued(
    app: Flask, session: Session, completions: tuple[int, ...], bell: ListeningBell
) -> None:
    with app.app_context():
        keep_house()
        keep_house()
    assert sorted(c.completion_id for c in stored(session)) == sorted(completions)
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.usefixtures("promised")
def test_housekeeping_rings_again_for_a_promise_that_is_old(app: Flask, session: Session, bell: ListeningBell) -> None:
    with app.app_context():
        keep_house()
        assert bell.rung == [], "a worker may well be at it"
        session.execute(update(Promise).values(made_at=utc_now() - 2 * PATIENCE))
        session.commit()
        keep_house()
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.usefixtures("promised")
def test_housekeeping_does_not_ring_for_what_waits_for_its_retry(
    app: Flask, session: Session, store: FickleStore, bell: ListeningBell
) -> None:
    store.is_full = True
    run_and_fail(app)
    session.execute(update(Promise).values(made_at=utc_now() - 2 * PATIENCE))
    session.commit()
    with app.app_context():
        keep_house()
        assert bell.rung == []
        let_retries_fall_due(session)
        keep_house()
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.slow
def test_a_real_pdf_is_made_from_the_frozen_facts(
    app: Flask, session: Session, bell: ListeningBell, promised: None
) -> None:
    run(app)
    for certificate in stored(session):
        with app.extensions["common-ground-files"].open(certificate.storage_key) as stream:
            data = stream.read()
        assert data.startswith(b"%PDF")
        assert hashlib.sha256(data).hexdigest() == certificate.sha256
        assert certificates_for(session, person_id=certificate.person_id) == [certificate]
