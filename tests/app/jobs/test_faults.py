"""Faults that are injected: a design with an error, a slow store, a clock that was set back."""

from datetime import timedelta
from itertools import chain, repeat
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs import certificates as job
from app.jobs import time_limit
from app.jobs.certificates import render_waiting
from app.jobs.housekeeping import run_housekeeping
from app.jobs.task_loop import TasksFailed
from app.jobs.time_limit import MOST_GROWTH_MIB
from app.platform.work import unit_of_work
from app.wiring import ensure_certificate
from certificates.document import documents
from certificates.drawing.error_messages import in_words
from certificates.looks.branding import Branding, Colours, Design
from certificates.looks.branding_versions import save_branding
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES
from certificates.record.issuing import Certificate
from courses.records.completion import record_completion
from kernel.clock import utc_now
from kernel.files import StoredFile
from kernel.tasks.kinds import TaskState
from tests.app.jobs.test_jobs import FickleStore
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.builders.tasks import count_open
from tests.conftest import ListeningBell

READY = TaskState.DONE


@pytest.fixture
def store(app: Flask, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch) -> FickleStore:
    """An empty store."""
    found = FickleStore()
    monkeypatch.setitem(app.extensions, "common-ground-files", found)
    return found


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs are plain text."""
    monkeypatch.setattr(job, "render_pdf", lambda document, **_: b"%PDF " + document.html.encode())


def promise(app: Flask, session: Session, *slugs: str, framed: str = "", colour: str = "#123456") -> None:
    """One person of each authority has finished the course; ``framed`` has chosen the design Frame."""
    course = a_course(session)
    completions = []
    for slug in slugs:
        organisation = an_organisation(session, slug=slug)
        person = a_person(session, a_unit(session, organisation), f"Someone of {slug}")
        if slug == framed:
            account = an_account(session, person)
            look = Branding(design=Design.FRAME, colours=Colours(main=colour))
            save_branding(
                session, organisation_id=organisation.id, branding=look, seen=0, account_id=account.id, now=NOON
            )
        (event,) = record_completion(
            session,
            person_id=person.id,
            course_id=course.course_id,
            cycle=1,
            course_version_id=course.version_id,
            now=NOON,
        )
        completions.append(event.completion_id)
    session.commit()
    with app.app_context(), unit_of_work() as work:
        for completion_id in completions:
            ensure_certificate(completion_id, work, now=utc_now())


def run(app: Flask) -> None:
    with app.app_context():
        render_waiting()


def stored(session: Session) -> list[Certificate]:
    session.expire_all()
    return list(session.scalars(select(Certificate).order_by(Certificate.id)))


def states(session: Session) -> list[TaskState]:
    return [certificate.state for certificate in stored(session)]


@pytest.mark.parametrize(
    ("name", "source", "reason", "colour"),
    [  # No other test has these colours, so no cache has their style sheets and drawings.
        ("frame.css", "@page {\n  size: A4;\n}\n.a { color: {{ colours.nothing }}; }\n", "line 4: ", "#123456"),
        ("frame.svg", "<svg>\n{% if colours %}\n</svg>\n", "line 3: ", "#123457"),
    ],
)
def test_a_design_with_an_error_fails_with_its_line_and_the_others_go_on(
    app: Flask,
    session: Session,
    store: FickleStore,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    name: str,
    source: str,
    reason: str,
    colour: str,
) -> None:
    (tmp_path / name).write_text(source, encoding="utf-8")
    broken = ChoiceLoader([FileSystemLoader(tmp_path), PackageLoader("certificates.document")])
    monkeypatch.setattr(documents._environment, "loader", broken)
    promise(app, session, "halton", "sefton", "wirral", framed="sefton", colour=colour)
    with pytest.raises(TasksFailed):
        run(app)
    assert states(session) == [READY, TaskState.FAILED, READY]
    assert str(stored(session)[1].failure_reason).startswith(f"{name}, {reason}")


def test_whatever_has_no_line_is_said_as_it_is() -> None:
    assert in_words(ValueError("no such font")) == "no such font"
    assert in_words(ValueError()) == "ValueError()"


@pytest.mark.usefixtures("plain", "store")
def test_a_worker_that_has_grown_hands_over_to_a_fresh_one(
    app: Flask, session: Session, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(app, session, "halton", "sefton")
    bell.rung.clear()
    weights = chain([80.0], repeat(80.0 + MOST_GROWTH_MIB + 1))
    monkeypatch.setattr(time_limit, "resident_mib", lambda: next(weights))
    monkeypatch.setattr(job, "BATCH", 1)
    run(app)
    assert sorted(states(session)) == [READY, TaskState.PENDING]
    assert bell.rung == [RENDER_CERTIFICATES]


@pytest.mark.usefixtures("plain")
def test_two_workers_on_one_row_leave_one_file_and_one_kept_promise(
    app: Flask, session: Session, store: FickleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, is_slow = store.put, [True]

    def slow(key: str, data: bytes) -> StoredFile:
        if is_slow.pop() if is_slow else False:
            # It takes longer than a lease: meanwhile another worker takes the row for abandoned, and makes it.
            session.execute(update(Certificate).values(claimed_at=utc_now() - 2 * CERTIFICATE_FILES.lease))
            session.commit()
            run(app)
        return put(key, data)

    monkeypatch.setattr(store, "put", slow)
    promise(app, session, "halton")
    run(app)
    (certificate,) = stored(session)
    assert (certificate.state, certificate.claims, len(store.files), store.puts) == (READY, 2, 1, 2)
    assert count_open(session, CERTIFICATE_FILES) == 0


@pytest.mark.usefixtures("plain")
def test_a_clock_that_is_set_back_holds_nothing_up(
    app: Flask, session: Session, store: FickleStore, bell: ListeningBell
) -> None:
    promise(app, session, "halton", "sefton", "wirral")
    ahead, (claimed, failed, _) = utc_now() + timedelta(days=2), stored(session)
    session.execute(update(Certificate).values(issued_at=ahead))
    claimed.state, claimed.claimed_at, claimed.claims = TaskState.WORKING, ahead, 1
    failed.state, failed.retry_at, failed.failure_reason = TaskState.FAILED, ahead, "The disk was full"
    session.commit()
    bell.rung.clear()
    with app.app_context():
        run_housekeeping()
    assert bell.rung == [RENDER_CERTIFICATES]
    run(app)
    assert states(session) == [READY] * 3
