"""A run of certificates after its start: watched, paused, cancelled, and worked off whatever fails."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs import certificate_runs as job
from app.jobs import time_limit
from app.jobs.housekeeping import run_housekeeping
from app.jobs.task_loop import TasksFailed
from certificates.batches import working_off
from certificates.making.rendering import RENDER_CERTIFICATES
from certificates.record.runs import WORK_OFF_RUNS
from kernel.audit import entries_for
from kernel.tasks.kinds import TaskState
from kernel.unit_of_work import UnitOfWork
from people.organisations import Unit
from tests.app.council.certificates.runs_for_tests import (
    CERTIFICATES,
    EVERY,
    IMPORTED,
    ISSUE,
    an_admin,
    complete,
    how_many,
    let_time_pass,
    one_batch,
    start,
    the_run,
    token,
    work_off,
)
from tests.builders.region import a_unit, an_organisation
from tests.conftest import ListeningBell
from tests.reading import Browser


def test_what_is_confirmed_is_issued_and_shown(
    lead: Browser, session: Session, unit: Unit, bell: ListeningBell
) -> None:
    complete(session, unit, 3, IMPORTED)
    page = start(lead, 3, f"{ISSUE}&imported=yes")
    assert page.heading.endswith(": issue certificates")
    assert "Under way 0 of 3 certificates issued." in page.text
    assert WORK_OFF_RUNS in bell.rung
    assert lead.client.get(f"{page.url}/status").status_code == 202
    work_off(lead)
    assert bell.rung == [WORK_OFF_RUNS, RENDER_CERTIFICATES]
    text = lead.open(page.url).text
    assert "Done 3 of 3 certificates issued." in text
    assert "0 files are ready, 3 are being made." in text
    assert "Included on purpose" in text
    (row,) = lead.open(CERTIFICATES).table("Runs")
    assert (row["What"], row["State"], row["Issued"]) == ("Issue: Test course", "Done", "3 of 3")
    (entry,) = entries_for(session, subject_type="certificate-run", subject_id=the_run(session).id)
    assert (entry.action, entry.detail["wanted"]) == ("certificate-run-started", 3)


def test_a_run_is_paused_resumed_and_cancelled(
    lead: Browser, session: Session, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "BATCH", 2)
    complete(session, unit, 5)
    url = start(lead, 5).url
    one_batch(lead, session)
    assert "Paused. Nothing more is issued until you resume" in lead.submit(url, "Pause").text
    work_off(lead)
    assert how_many(session) == 2
    assert "It goes on" in lead.submit(url, "Resume").text
    one_batch(lead, session)
    page = lead.submit(url, "Cancel the rest")
    assert "Cancelled 4 of 5 certificates issued." in page.text
    assert page.buttons == lead.open(CERTIFICATES).buttons
    work_off(lead)
    assert how_many(session) == 4
    page = lead.post(f"{url}/resume", token(lead))
    assert "Only a run that has stopped can be resumed" in page.text
    assert lead.post(f"{url}/eat", token(lead)).status == 404


def test_a_run_gives_way_between_two_batches_and_asks_for_the_rest(
    lead: Browser, session: Session, unit: Unit, monkeypatch: pytest.MonkeyPatch, bell: ListeningBell
) -> None:
    monkeypatch.setattr(job, "BATCH", 2)
    monkeypatch.setattr(time_limit, "LOOK_AFTER_SECONDS", 0)
    complete(session, unit, 5)
    start(lead, 5)
    bell.rung.clear()
    bell.is_something_urgent = True
    work_off(lead)
    assert (how_many(session), bell.rung) == (2, [RENDER_CERTIFICATES, WORK_OFF_RUNS])
    bell.is_something_urgent = False
    work_off(lead)
    assert how_many(session) == 5


@pytest.mark.parametrize("is_late", [False, True], ids=["before the batch", "just before its commit"])
def test_a_worker_that_dies_at_any_step_loses_and_doubles_nothing(
    lead: Browser, session: Session, unit: Unit, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    monkeypatch.setattr(job, "BATCH", 3)
    complete(session, unit, 10)
    start(lead, 10)
    real, deadly, calls = job.unit_of_work, 0, 0

    @contextmanager
    def work_or_die() -> Iterator[UnitOfWork]:
        nonlocal calls
        calls += 1
        if calls == deadly and not is_late:
            raise SystemExit("killed")
        with real() as work:
            yield work
            if calls == deadly:
                raise SystemExit("killed")

    monkeypatch.setattr(job, "unit_of_work", work_or_die)
    for step in range(1, 6):
        calls, deadly = 0, step
        with suppress(SystemExit):
            work_off(lead)
        let_time_pass(session)
    calls, deadly = 0, 0
    work_off(lead)
    run = the_run(session)
    assert (run.state, run.issued, how_many(session)) == (TaskState.DONE, 10, 10)


def test_a_batch_that_fails_is_rolled_back_said_and_tried_again(
    lead: Browser, session: Session, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(session, unit, 2)
    url = start(lead, 2).url
    with monkeypatch.context() as patch:
        patch.setitem(working_off.STEPS, "issue", lambda *_args, **_more: 1 / 0)
        for _ in range(3):
            assert "Under way" in lead.open(url).text
            with pytest.raises(TasksFailed):
                work_off(lead)
            let_time_pass(session)
    assert "It stopped because it failed again and again: division by zero" in lead.open(url).text
    assert lead.open(CERTIFICATES).table("Runs")[0]["State"] == "Stopped"
    lead.submit(url, "Resume")
    work_off(lead)
    assert "Done 2 of 2 certificates issued." in lead.open(url).text


def test_a_lost_bell_is_rung_again_by_housekeeping(
    lead: Browser, session: Session, unit: Unit, bell: ListeningBell
) -> None:
    complete(session, unit, 2, IMPORTED)
    start(lead, 2, f"{ISSUE}&imported=yes")
    bell.rung.clear()
    let_time_pass(session)
    with lead.client.application.app_context():
        run_housekeeping()
    assert WORK_OFF_RUNS in bell.rung


def test_an_hr_lead_sees_nothing_of_another_authority(lead: Browser, session: Session, unit: Unit, app: Flask) -> None:
    complete(session, a_unit(session, an_organisation(session, "wirral", "Wirral Council")), 2)
    there = "/council/wirral/certificates"
    url = start(an_admin(session, app), 2, f"{there}/issue?course=test-course").url
    for address in (
        there,
        f"{there}/issue",
        f"{there}/reissue",
        url,
        f"{url}/status",
        EVERY,
        f"{CERTIFICATES}/reissue",
    ):
        assert lead.open(address).status == 404
    assert lead.open(url.replace("wirral", "halton")).status == 404
    assert lead.post(f"{url}/cancel", token(lead)).status == 404
    assert lead.post(url.replace("wirral", "halton") + "/cancel", token(lead)).status == 404
    assert the_run(session).state is TaskState.PENDING
