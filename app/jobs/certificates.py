"""Make the certificates that are due."""

from concurrent.futures import Future, ThreadPoolExecutor

from flask import current_app

from app.jobs.messages import ring_for_due
from app.jobs.shifts import LONGEST_SECONDS, Shift
from app.jobs.signer import open_before_forks, worker_signer
from app.queue import ring
from app.storage import file_store
from app.work import unit_of_work
from certificates import pdf
from certificates.faults import in_words
from certificates.made_with import made_with
from certificates.pdf import render_pdf
from certificates.rendering import (
    RENDER_CERTIFICATES,
    Claimed,
    Failure,
    Made,
    claim_batch,
    keep,
    mark_failed,
    mark_ready,
    render,
)
from certificates.signing.signer import SigningFailed
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.files import FileStore

BATCH, STAMPED_BATCH = 20, 8
STORED_AT_ONCE = 4
LONGEST_RUN_SECONDS = LONGEST_SECONDS


def warm_up() -> None:
    """What a worker does before its first fork: fonts, style sheets, the signing key."""
    pdf.warm_up()
    open_before_forks()


class CertificatesFailed(Exception):
    """Some certificates could not be made; each row holds its reason."""


def public_address() -> str:
    """Where people reach the site."""
    return str(current_app.config["SETTINGS"].public_url.rstrip("/"))


def verify_url(number: str) -> str:
    """The address printed on a certificate."""
    return f"{public_address()}/verify/{number}"


def render_waiting() -> None:
    """Make everything that is due, batch by batch. Raises ``CertificatesFailed`` at the end if any failed."""
    failures, shift = 0, Shift(LONGEST_RUN_SECONDS)
    while claimed := _claim():
        failures += _make(claimed)
        if shift.is_over:
            ring(RENDER_CERTIFICATES)
            break
    if failures:
        raise CertificatesFailed(f"{failures} failed; their rows say why")


def _claim() -> tuple[Claimed, ...]:
    # A time-stamp may take seconds: more of them would outlast the lease on the batch.
    limit = STAMPED_BATCH if current_app.config["SETTINGS"].signing_time_stamp_url else BATCH
    with unit_of_work() as work:
        return claim_batch(work.session, limit=limit, now=utc_now(), verify_url=verify_url)


def _begin(item: Claimed, pool: ThreadPoolExecutor, store: FileStore) -> Future[Made]:
    """Make one and begin to store it: while the disk or the bucket is waited for, the next one is made."""
    try:
        return pool.submit(keep, item, render(item, render_pdf=render_pdf, signer=worker_signer()), store)
    except Exception as problem:
        failed: Future[Made] = Future()
        failed.set_exception(problem)
        return failed


def _make(claimed: tuple[Claimed, ...]) -> int:
    made: list[Made] = []
    failures: list[Failure] = []
    with ThreadPoolExecutor(STORED_AT_ONCE) as pool:
        begun = [(item, _begin(item, pool, file_store())) for item in claimed]
    for item, stored in begun:
        try:
            made.append(stored.result())
        except Exception as problem:
            # Whatever it is: one certificate that cannot be made must not keep the rest of its batch from people.
            current_app.logger.error("Certificate %s failed", item.facts.number, exc_info=problem)
            is_passing = isinstance(problem, (StorageError, SigningFailed))
            failures.append(Failure(item.certificate_id, in_words(problem), is_passing))
    with unit_of_work() as work:
        mark_ready(work.session, made=made, now=utc_now(), made_with=made_with(public_address()))
        ring_for_due(work, now=utc_now(), certificate_ids=[item.certificate_id for item in made])
        for failure in failures:
            mark_failed(work.session, failure=failure, now=utc_now())
    return len(failures)
