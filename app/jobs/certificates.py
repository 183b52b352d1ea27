"""Make the certificates that are due."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from time import monotonic

from flask import current_app

from app.jobs.messages import ring_for_due
from app.jobs.signer import open_before_forks, worker_signer
from app.jobs.task_loop import PASSING, TasksFailed, note_failure
from app.jobs.time_limit import LONGEST_SECONDS, TimeLimit
from app.platform.current_settings import current_settings
from app.platform.queue import ring
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates import pdf
from certificates.document.facts import CertificateFacts
from certificates.drawing.build_info import Drawn, made_with
from certificates.making.rendering import (
    CERTIFICATE_FILES,
    RENDER_CERTIFICATES,
    Made,
    facts_of_claim,
    keep,
    mark_ready,
    render,
)
from certificates.pdf import render_pdf
from certificates.record.issuing import Certificate
from kernel.clock import utc_now
from kernel.files import FileStore
from kernel.tasks.claims import Claim, ClaimLost, claim, extend, release

BATCH = 20
STORED_AT_ONCE = 4
LONGEST_RUN_SECONDS = LONGEST_SECONDS
# A time-stamp may take seconds, so a batch may outlast the lease on it: its worker says now and then that it lives.
HEARTBEAT_SECONDS = CERTIFICATE_FILES.lease.total_seconds() / 3


def warm_up() -> None:
    """What a worker does before its first fork: fonts, style sheets, the signing key."""
    pdf.warm_up(drawn())
    open_before_forks()


def public_address() -> str:
    """Where people reach the site."""
    return current_settings().public_url.rstrip("/")


def drawn() -> Drawn:
    """The way in which this worker draws."""
    return Drawn.FILLED_IN if current_settings().reuse_drawings else Drawn.WHOLE


def verify_url(certificate_number: str) -> str:
    """The address printed on a certificate."""
    return f"{public_address()}/verify/{certificate_number}"


def render_waiting() -> None:
    """Make everything that is due, batch by batch. Raises ``TasksFailed`` at the end if any failed."""
    failures, limit = 0, TimeLimit(RENDER_CERTIFICATES, LONGEST_RUN_SECONDS)
    while (found := _claim()) is not None:
        try:
            failures += _make(*found, limit)
        except ClaimLost as lost:
            current_app.logger.warning("This worker was too slow: somebody else has taken over %s", lost)
        if limit.is_over:
            ring(RENDER_CERTIFICATES)
            break
    if failures:
        raise TasksFailed(f"{failures} certificates failed; their rows say why")


Facts = Mapping[int, CertificateFacts]


def _claim() -> tuple[Claim[Certificate], Facts] | None:
    with unit_of_work() as work:
        claimed = claim(work.session, CERTIFICATE_FILES, now=utc_now(), limit=BATCH)
        if claimed is None:
            return None
        return claimed, facts_of_claim(work.session, claimed, verify_url=verify_url)


def _make(claimed: Claim[Certificate], facts: Facts, limit: TimeLimit) -> int:
    """Make a batch, and give back what there was no time for; returns how many failed. Raises ``ClaimLost``."""
    made: list[Made] = []
    problems: dict[int, Exception] = {}
    stored = _stored(claimed, facts, limit)
    for certificate_id, future in stored.items():
        try:
            made.append(future.result())
        except Exception as problem:
            # Whatever it is: one certificate that cannot be made must not keep the rest of its batch from people.
            problems[certificate_id] = problem
    with unit_of_work() as work:
        mark_ready(work.session, claimed, made=made, now=utc_now(), made_with=made_with(public_address(), drawn()))
        ring_for_due(work, now=utc_now(), certificate_ids=[item.certificate_id for item in made])
        if len(stored) < len(facts):
            release(work.session, claimed.of(*(facts.keys() - stored.keys())))
    for certificate_id, why in problems.items():
        note_failure(claimed.of(certificate_id), why, is_passing=isinstance(why, PASSING))
    return len(problems)


def _stored(claimed: Claim[Certificate], facts: Facts, limit: TimeLimit) -> Mapping[int, Future[Made]]:
    """Make one after the other, as long as there is time; while the store is waited for, the next one is made."""
    stored, store, heard_at = {}, file_store(), monotonic()
    with ThreadPoolExecutor(STORED_AT_ONCE) as pool:
        for certificate_id, printed in facts.items():
            stored[certificate_id] = _begin(certificate_id, printed, pool, store)
            if limit.is_over:
                break
            if monotonic() - heard_at > HEARTBEAT_SECONDS:
                heard_at = monotonic()
                with unit_of_work() as work:
                    extend(work.session, claimed, now=utc_now())
    return stored


def _begin(certificate_id: int, facts: CertificateFacts, pool: ThreadPoolExecutor, store: FileStore) -> Future[Made]:
    try:
        file = render(facts, render_pdf=partial(render_pdf, drawn=drawn()), signer=worker_signer())
        return pool.submit(keep, certificate_id, facts.number, file, store)
    except Exception as problem:
        failed: Future[Made] = Future()
        failed.set_exception(problem)
        return failed
