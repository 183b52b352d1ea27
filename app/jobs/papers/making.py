"""Make the documents of figures that somebody asked for, and delete those whose time is over."""

import json
from datetime import datetime, timedelta
from typing import cast

from flask import current_app

from app.jobs.papers.facts import Found, evidence_facts, scheduled
from app.jobs.task_loop import work_off
from app.platform.current_settings import current_settings
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.files import StoredFile
from kernel.tasks.claims import Claim, ClaimLost, extend, hold
from kernel.unit_of_work import UnitOfWork
from messages.ledger import SEND_MESSAGES
from reports.evidence.collecting import EvidenceFacts
from reports.evidence.document import evidence_html
from reports.evidence.document import running_words as running_evidence
from reports.paper.board import BoardFacts, board_html, running_words
from reports.paper.record import (
    MAKE_PAPERS,
    ON_DEMAND,
    PAPERS,
    Paper,
    PaperKind,
    canonical,
    delete_paper,
    is_unwanted,
    mark_ready,
    note_facts,
    papers_to_delete,
)
from reports.pdf import render_handout
from reports.schedules.record import want_reports
from reports.schedules.telling import note_report
from typesetting.fonts import TEXT_FAMILY

# So long a report stays of which people were told by mail.
SCHEDULED = timedelta(days=92)


def make_papers() -> None:
    """Make every document that is wanted. One that cannot be made keeps no other. Raises ``TasksFailed`` at the end."""
    work_off(PAPERS, _make)


def _make(claimed: Claim[Paper]) -> None:
    with unit_of_work() as work:
        paper = hold(work.session, claimed)
        work.session.expunge(paper)
    data = _data(claimed, paper)
    file = None
    try:
        with unit_of_work() as work:
            extend(work.session, claimed, now=utc_now())  # one that nobody wants any more stores nothing
        file = file_store().put(paper.storage_key, data)
        with unit_of_work() as work:
            _keep(work, claimed, paper, file)
    except ClaimLost:
        _leave_nothing(claimed.id, paper.storage_key, file)
        raise


def _keep(work: UnitOfWork, claimed: Claim[Paper], paper: Paper, file: StoredFile) -> None:
    now = utc_now()
    mark_ready(work.session, claimed, file, now=now, ends_at=_ends_at(paper, now))
    if paper.subject_id is not None and note_report(work.session, paper_id=paper.id, now=now):
        work.ring_after_commit(SEND_MESSAGES)


def _data(claimed: Claim[Paper], paper: Paper) -> bytes:
    """The bytes of a document: what stands in it is found once, and written down before anything is drawn of it."""
    if paper.facts is None:
        found = scheduled(claimed, paper) if paper.subject_id is not None else Found(evidence_facts(claimed, paper))
        if found.workbook:
            return found.workbook
        paper.facts = canonical(found.facts or {})
        with unit_of_work() as work:
            note_facts(work.session, claimed, paper.facts, now=utc_now())
    return drawn(paper.kind, paper.facts)


def drawn(kind: PaperKind, facts: str) -> bytes:
    """The PDF of these facts: the same facts give the same bytes."""
    if kind is PaperKind.EVIDENCE_PACK:
        pack = cast(EvidenceFacts, json.loads(facts))
        address = current_settings().public_url.rstrip("/") + "/evidence"
        html = evidence_html(pack, address=address.removeprefix("https://"))
        return render_handout(html, running=running_evidence(pack), style="report")
    board = cast(BoardFacts, json.loads(facts))
    return render_handout(board_html(board, family=TEXT_FAMILY), running=running_words(board), style="report")


def _ends_at(paper: Paper, now: datetime) -> datetime | None:
    if paper.kind is PaperKind.EVIDENCE_PACK:
        return None
    return now + (SCHEDULED if paper.subject_id is not None else ON_DEMAND)


def _leave_nothing(paper_id: int, key: str, file: StoredFile | None) -> None:
    """Remove what this worker stored of a document that nobody wants any more."""
    with unit_of_work() as work:
        if file is None or not is_unwanted(work.session, paper_id=paper_id):
            return
    try:
        file_store().delete(key)
    except StorageError as problem:
        current_app.logger.warning("The file of paper %s is still there: %s", paper_id, problem)


def want_papers(work: UnitOfWork, *, now: datetime) -> None:
    """Note the reports whose day has come, and wake whoever makes them."""
    if want_reports(work.session, now=now):
        work.ring_after_commit(MAKE_PAPERS)


def delete_old_papers() -> None:
    """Delete the files whose time is over; one that the store does not let go of stays for the next time."""
    with unit_of_work() as work:
        old = papers_to_delete(work.session, now=utc_now())
    for paper_id in old:
        try:
            with unit_of_work() as work:
                delete_paper(work.session, file_store(), paper_id=paper_id, now=utc_now())
        except StorageError as problem:
            current_app.logger.warning("The file of paper %s is still there: %s", paper_id, problem)
