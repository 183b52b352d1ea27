"""Make the zips of certificates that somebody asked for, and delete those whose day is over."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from tempfile import TemporaryFile

from flask import current_app

from app.storage import file_store
from app.work import unit_of_work
from certificates.archive_contents import Entry, archive_entries, title_of
from certificates.archive_making import (
    Claim,
    ClaimLost,
    archives_to_delete,
    claim_archive,
    is_unwanted,
    mark_archive_failed,
    mark_archive_ready,
    mark_deleted,
    note_progress,
)
from kernel.clock import utc_now
from kernel.errors import StorageError
from reports.certificate_archive import ArchiveTooLarge, write_archive

BATCH = 200


class ArchivesFailed(Exception):
    """Some zips could not be made; their rows say why, and housekeeping rings again."""


def make_archives() -> None:
    """Make every zip that is owed. Raises ``ArchivesFailed`` at the end if any try failed."""
    failures: list[str] = []
    tried: set[int] = set()  # one that failed a moment ago is tried again later, not at once
    while (claim := _claim(tried)) is not None:
        tried.add(claim.archive_id)
        try:
            _make(claim)
        except ClaimLost:
            _leave_nothing(claim)
        except Exception as problem:
            # Whatever it is: one zip that cannot be made must not keep the others from people.
            current_app.logger.error("Certificate archive %s failed", claim.archive_id, exc_info=problem)
            failures.append(f"{claim.archive_id}: {problem or repr(problem)}")
            _fail(claim, problem)
    if failures:
        raise ArchivesFailed("; ".join(failures))


def _claim(tried: set[int]) -> Claim | None:
    with unit_of_work() as work:
        return claim_archive(work.session, now=utc_now(), besides=tried)


def _make(claim: Claim) -> None:
    with unit_of_work() as work:
        title = title_of(work.session, claim.audience)
    # On disk and without a name: whatever happens to this worker, the system throws it away.
    with TemporaryFile() as zipped:
        counts = write_archive(
            zipped,
            _batches(claim),
            file_store(),
            title=title,
            now=utc_now(),
            note_progress=lambda done: _progress(claim, done),
        )
        zipped.seek(0)
        file = file_store().put_from(claim.storage_key, zipped)
    with unit_of_work() as work:
        mark_archive_ready(
            work.session, claim, file=file, included=counts.included, missing=counts.missing, now=utc_now()
        )


def _batches(claim: Claim) -> Iterator[Sequence[Entry]]:
    after_id = 0
    while True:
        with unit_of_work() as work:
            entries = archive_entries(work.session, claim.audience, after_id=after_id, limit=BATCH)
        if not entries:
            return
        after_id = entries[-1].certificate_id
        yield entries


def _progress(claim: Claim, done: int) -> None:
    with unit_of_work() as work:
        note_progress(work.session, claim, done=done, now=utc_now())


def _leave_nothing(claim: Claim) -> None:
    """Remove what this worker stored of a zip that nobody wants any more; should it fail, housekeeping does it."""
    with unit_of_work() as work:
        if not is_unwanted(work.session, claim):
            return
    try:
        file_store().delete(claim.storage_key)
    except StorageError as problem:
        current_app.logger.warning("Certificate archive %s is still there: %s", claim.archive_id, problem)


def _fail(claim: Claim, problem: Exception) -> None:
    is_final = isinstance(problem, ArchiveTooLarge)
    with suppress(ClaimLost), unit_of_work() as work:
        reason = str(problem) or repr(problem)
        mark_archive_failed(work.session, claim, reason=reason, is_final=is_final, now=utc_now())


def delete_old_archives() -> None:
    """Delete the zips whose day is over; one that the store does not let go of stays for the next time."""
    with unit_of_work() as work:
        old = archives_to_delete(work.session, now=utc_now())
    for archive_id, key in old:
        try:
            file_store().delete(key)
        except StorageError as problem:
            current_app.logger.warning("Certificate archive %s is still there: %s", archive_id, problem)
            continue
        with unit_of_work() as work:
            mark_deleted(work.session, archive_id=archive_id)
