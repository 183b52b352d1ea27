"""Make the zips of certificates that somebody asked for, and delete those whose day is over."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from tempfile import TemporaryFile

from flask import current_app

from app.jobs.heartbeat import heartbeat
from app.jobs.task_loop import work_off
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates.record.audiences import Audience
from certificates.zips.contents import Entry, archive_entries, title_of
from certificates.zips.making import (
    archives_to_delete,
    delete_archive,
    is_unwanted,
    make_overwritten_again,
    mark_archive_ready,
    note_progress,
)
from certificates.zips.requests import LONGEST_SILENCE, MAKE_ARCHIVES, ZIPS, CertificateArchive
from certificates.zips.writing import ArchiveTooLarge, write_archive
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.files import StoredFile
from kernel.tasks.claims import Claim, ClaimLost, hold

BATCH = 200


def make_archives() -> None:
    """Make every zip that is wanted. One that cannot be made keeps no other. Raises ``TasksFailed`` at the end."""
    # Somebody waits for it: a store that does not answer three times is a reason to say so.
    work_off(ZIPS, _make, passing=(), final=(ArchiveTooLarge,))


def _make(claimed: Claim[CertificateArchive]) -> None:
    with unit_of_work() as work:
        note_progress(work.session, claimed, done=0, now=utc_now())
        archive = hold(work.session, claimed)
        audience, key = archive.audience, archive.storage_key
        title = title_of(work.session, audience)
    file = None
    try:
        # On disk and without a name: whatever happens to this worker, the system throws it away.
        with heartbeat(claimed, silence=LONGEST_SILENCE) as alive, TemporaryFile() as zipped:
            counts = write_archive(
                zipped,
                _batches(audience),
                file_store(),
                title=title,
                now=utc_now(),
                note_progress=partial(_note_progress, claimed, alive),
            )
            zipped.seek(0)
            _note_progress(claimed, alive, counts.included)  # one that is lost by now stores nothing
            file = file_store().put_from(key, zipped)
        with unit_of_work() as work:
            mark_archive_ready(
                work.session, claimed, file=file, included=counts.included, missing=counts.missing, now=utc_now()
            )
    except ClaimLost:
        _leave_nothing(claimed.id, key, file)
        raise


def _batches(audience: Audience) -> Iterator[Sequence[Entry]]:
    after_id = 0
    while True:
        with unit_of_work() as work:
            entries = archive_entries(work.session, audience, after_id=after_id, limit=BATCH)
        if not entries:
            return
        after_id = entries[-1].certificate_id
        yield entries


def _note_progress(claimed: Claim[CertificateArchive], alive: Callable[[], None], done: int) -> None:
    alive()
    with unit_of_work() as work:
        note_progress(work.session, claimed, done=done, now=utc_now())


def _leave_nothing(archive_id: int, key: str, file: StoredFile | None) -> None:
    """Remove what this worker stored of a zip that nobody wants any more; should it fail, housekeeping does it."""
    with unit_of_work() as work:
        if file is not None and make_overwritten_again(work.session, archive_id=archive_id, sha256=file.sha256):
            work.ring_after_commit(MAKE_ARCHIVES)
            return
        if not is_unwanted(work.session, archive_id=archive_id):
            return
    try:
        file_store().delete(key)
    except StorageError as problem:
        current_app.logger.warning("Certificate archive %s is still there: %s", archive_id, problem)


def delete_old_archives() -> None:
    """Delete the zips whose day is over; one that the store does not let go of stays for the next time."""
    with unit_of_work() as work:
        old = archives_to_delete(work.session, now=utc_now())
    for archive_id in old:
        try:
            with unit_of_work() as work:
                delete_archive(work.session, file_store(), archive_id=archive_id, now=utc_now())
        except StorageError as problem:
            current_app.logger.warning("Certificate archive %s is still there: %s", archive_id, problem)
