"""Put the sheets of a round into one zip, and delete the zips whose day is over."""

from collections.abc import Callable, Sequence
from tempfile import TemporaryFile
from typing import IO, BinaryIO, cast
from zipfile import ZIP_STORED, ZipFile

from flask import current_app

from app.jobs.heartbeat import heartbeat
from app.jobs.task_loop import work_off
from app.platform.sealed.files import seal_into, unseal
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.files import read_unchanged
from kernel.tasks.claims import Claim, drop, hold
from people.ways_in.keeping import freeze_sheets
from people.ways_in.zips import (
    LONGEST_SILENCE,
    SHEET_ZIPS,
    WayInZip,
    delete_zip,
    mark_zip_ready,
    note_zip_progress,
    zips_to_delete,
)

LONGEST_NAME, SAID_AFTER = 120, 20
Sheets = Sequence[tuple[int, str, str, str]]


def zip_sheets() -> None:
    """Make every zip that is wanted. One that cannot be made keeps no other. Raises ``TasksFailed`` at the end."""
    work_off(SHEET_ZIPS, _make, passing=())


def _make(claimed: Claim[WayInZip]) -> None:
    with unit_of_work() as work:
        note_zip_progress(work.session, claimed, done=0, now=utc_now())
        wanted = hold(work.session, claimed)
        key = wanted.storage_key
        # From now on they stay as they are, or the zip would hold codes that a later sheet has ended.
        found = freeze_sheets(work.session, round_id=wanted.round_id, unit_ids=wanted.unit_ids, now=utc_now())
        if not found:
            drop(work.session, claimed, ends_at=None)
            return
        sheets = [(batch.id, path, batch.storage_key, batch.sha256 or "") for batch, path in found]
    # On disk and without a name: whatever happens to this worker, the system throws it away.
    with heartbeat(claimed, silence=LONGEST_SILENCE) as alive, TemporaryFile() as plain, TemporaryFile() as sealed:
        _write(plain, sheets, claimed, alive)
        size = plain.tell()
        plain.seek(0)
        seal_into(plain, sealed)
        sealed.seek(0)
        with unit_of_work() as work:
            hold(work.session, claimed)  # one that is lost by now stores nothing
            file = file_store().put_from(key, cast(BinaryIO, sealed))
            ids = [batch_id for batch_id, *_ in sheets]
            mark_zip_ready(work.session, claimed, file=file, size_bytes=size, batch_ids=ids, now=utc_now())


def _write(plain: IO[bytes], sheets: Sheets, claimed: Claim[WayInZip], alive: Callable[[], None]) -> None:
    with ZipFile(plain, "w", ZIP_STORED) as archive:
        for place, (batch_id, path, key, sha256) in enumerate(sheets, start=1):
            sheet = unseal(read_unchanged(file_store(), key=key, sha256=sha256))
            archive.writestr(f"{_name(path)} {batch_id}.pdf", sheet)
            alive()
            if place % SAID_AFTER == 0:
                with unit_of_work() as work:
                    note_zip_progress(work.session, claimed, done=place, now=utc_now())


def _name(path: str) -> str:
    """The path of a unit as the name of a file, on every system."""
    plain = "".join(letter if letter.isalnum() or letter in " -," else " " for letter in path)
    return " ".join(plain.split())[:LONGEST_NAME]


def delete_old_zips() -> None:
    """Delete the zips whose day is over; one that the store does not let go of stays for the next time."""
    with unit_of_work() as work:
        old = zips_to_delete(work.session, now=utc_now())
    for zip_id in old:
        try:
            with unit_of_work() as work:
                delete_zip(work.session, file_store(), zip_id=zip_id, now=utc_now())
        except StorageError as problem:
            current_app.logger.warning("Zip of sheets %s is still there: %s", zip_id, problem)
