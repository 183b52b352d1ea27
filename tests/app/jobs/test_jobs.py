"""What workers do, run here without a queue: one job each, on a store that can fail."""

import hashlib
import io

import pytest
from flask import Flask
from rq.utils import import_attribute
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.jobs import certificates as job
from app.jobs.certificates import render_waiting, verify_url
from app.jobs.housekeeping import PATIENCE, run_housekeeping
from app.jobs.task_loop import TasksFailed
from app.platform.queue import HOUSEKEEPING, JOBS
from app.platform.work import unit_of_work
from app.wiring import ensure_certificate
from certificates.document.documents import certificate_document
from certificates.document.facts import CertificateFacts
from certificates.drawing.build_info import Drawn
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES, facts_of, storage_key
from certificates.pdf import render_pdf
from certificates.record.issuing import Certificate, certificates_for
from courses.records.completion import record_completion
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.files import StoredFile
from kernel.tasks.kinds import TaskState
from tests.builders.region import NOON, a_course, a_person, a_unit, an_organisation
from tests.builders.tasks import count_open
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
    monkeypatch.setattr(job, "render_pdf", lambda document, **_: b"%PDF " + document.html.encode())
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
            ensure_certificate(completion_id, work, now=utc_now())
    bell.rung.clear()


def run(app: Flask) -> None:
    with app.app_context():
        render_waiting()


def run_and_fail(app: Flask) -> None:
    with pytest.raises(TasksFailed):
        run(app)


def stored(session: Session) -> list[Certificate]:
    session.expire_all()
    return list(session.query(Certificate).order_by(Certificate.id))


def states(session: Session) -> set[TaskState]:
    return {certificate.state for certificate in stored(session)}


def let_retries_fall_due(session: Session) -> None:
    session.execute(update(Certificate).values(retry_at=utc_now() - 2 * PATIENCE))
    session.commit()


@pytest.mark.usefixtures("promised")
def test_every_waiting_certificate_is_made_once(app: Flask, session: Session, store: FickleStore) -> None:
    run(app)
    run(app)
    assert states(session) == {TaskState.DONE}
    assert sorted(store.files) == sorted(storage_key(c.number) for c in stored(session))
    assert (store.puts, count_open(session, CERTIFICATE_FILES)) == (3, 0)


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
    assert states(session) == {TaskState.FAILED}
    assert all(FULL in str(certificate.failure_reason) for certificate in stored(session))
    store.is_full = False
    run(app)
    assert states(session) == {TaskState.FAILED}, "it is too early to try again"
    let_retries_fall_due(session)
    run(app)
    assert states(session) == {TaskState.DONE}
    assert {certificate.failure_reason for certificate in stored(session)} == {None}
    assert count_open(session, CERTIFICATE_FILES) == 0


@pytest.mark.usefixtures("promised")
def test_one_that_cannot_be_made_does_not_hold_up_the_others(
    app: Flask, session: Session, store: FickleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = job.render

    def stumbles(facts: CertificateFacts, **how: object) -> object:
        if facts.holder_name == "Siân Nguyễn":
            raise KeyError("nobody thought of this")
        return whole(facts, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(job, "render", stumbles)
    run_and_fail(app)
    by_name = {certificate.holder_name: certificate for certificate in stored(session)}
    assert by_name["Siân Nguyễn"].state is TaskState.FAILED
    assert "nobody thought of this" in str(by_name["Siân Nguyễn"].failure_reason)
    assert {by_name[name].state for name in ("Ada Okafor", "王芳")} == {TaskState.DONE}


@pytest.mark.usefixtures("promised")
def test_a_long_queue_is_shared_out_before_the_time_limit(
    app: Flask, session: Session, store: FickleStore, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BATCH", 1)
    monkeypatch.setattr(job, "LONGEST_RUN_SECONDS", -1)
    run(app)
    assert [c.state for c in stored(session)].count(TaskState.DONE) == 1
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.usefixtures("store")
def test_what_the_release_before_left_in_the_queue_finds_its_job() -> None:
    assert import_attribute("app.jobs.housekeeping.keep_house") is run_housekeeping
    assert import_attribute(JOBS[HOUSEKEEPING]) is run_housekeeping


def test_housekeeping_issues_what_was_never_issued(
    app: Flask, session: Session, completions: tuple[int, ...], bell: ListeningBell
) -> None:
    with app.app_context():
        run_housekeeping()
        run_housekeeping()
    assert sorted(c.completion_id for c in stored(session)) == sorted(completions)
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.usefixtures("promised")
def test_housekeeping_rings_again_for_a_promise_that_is_old(app: Flask, session: Session, bell: ListeningBell) -> None:
    with app.app_context():
        run_housekeeping()
        assert bell.rung == [], "a worker may well be at it"
        session.execute(update(Certificate).values(issued_at=utc_now() - 2 * PATIENCE))
        session.commit()
        run_housekeeping()
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.usefixtures("promised")
def test_housekeeping_does_not_ring_for_what_waits_for_its_retry(
    app: Flask, session: Session, store: FickleStore, bell: ListeningBell
) -> None:
    store.is_full = True
    run_and_fail(app)
    session.execute(update(Certificate).values(issued_at=utc_now() - 2 * PATIENCE))
    session.commit()
    with app.app_context():
        run_housekeeping()
        assert bell.rung == []
        let_retries_fall_due(session)
        run_housekeeping()
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.slow
@pytest.mark.parametrize(("is_reused", "drawn"), [(True, Drawn.FILLED_IN), (False, Drawn.WHOLE)])
def test_a_real_pdf_is_made_from_the_frozen_facts_in_the_way_that_the_settings_say(
    app: Flask,
    session: Session,
    bell: ListeningBell,
    promised: None,
    monkeypatch: pytest.MonkeyPatch,
    is_reused: bool,
    drawn: Drawn,
) -> None:
    settings = app.config["SETTINGS"].model_copy(update={"reuse_drawings": is_reused})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    run(app)
    for certificate in stored(session):
        with app.extensions["common-ground-files"].open(certificate.storage_key) as stream:
            data = stream.read()
        with app.app_context():
            facts = facts_of(session, certificate, verify_url)
        assert data == render_pdf(certificate_document(facts), drawn=drawn)
        assert certificate.made_with["drawn"] == drawn
        assert hashlib.sha256(data).hexdigest() == certificate.sha256
        assert certificates_for(session, person_id=certificate.person_id) == [certificate]
