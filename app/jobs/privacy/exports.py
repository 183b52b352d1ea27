"""Make the exports of everything that are wanted, and delete those whose time is over."""

from tempfile import TemporaryFile
from typing import BinaryIO, cast

from flask import current_app

from app.jobs.heartbeat import heartbeat
from app.jobs.task_loop import work_off
from app.platform.storage import file_store
from app.platform.work import reading_of_one_moment, unit_of_work
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.tasks.claims import Claim, drop, extend, hold
from people.organisations import Organisation
from privacy.leaving.recipients import recipients_of
from privacy.leaving.record import (
    EXPORTS,
    LONGEST_SILENCE,
    AuthorityExport,
    delete_export,
    exports_to_delete,
    mark_export_ready,
)
from privacy.leaving.whole import encrypt_for, write_export


def make_exports() -> None:
    """Make every export that is wanted. One that cannot be made keeps no other. Raises ``TasksFailed`` at the end."""
    work_off(EXPORTS, _make)


def _make(claimed: Claim[AuthorityExport]) -> None:
    with unit_of_work() as work:
        wanted = hold(work.session, claimed)
        organisation_id = wanted.organisation_id
        keys = [one.public_key for one in recipients_of(work.session, organisation_id=organisation_id)]
        if not keys:  # the last one was removed meanwhile: nobody could open it
            drop(work.session, claimed, ends_at=None)
            return
        extend(work.session, claimed, now=utc_now(), ends_at=utc_now() + LONGEST_SILENCE)
    # On disk and without names: whatever happens to this worker, the system throws them away.
    with heartbeat(claimed, silence=LONGEST_SILENCE) as alive, TemporaryFile() as plain, TemporaryFile() as sealed:
        with reading_of_one_moment() as session:
            organisation = session.get_one(Organisation, organisation_id)
            counts = write_export(
                session, plain, organisation=organisation, store=file_store(), now=utc_now(), note_alive=alive
            )
        plain.seek(0)
        encrypt_for(plain, sealed, keys)
        sealed.seek(0)
        alive()
        with unit_of_work() as work:
            hold(work.session, claimed)  # one that is lost by now stores nothing
            key = claimed.rows[0].storage_key
            file = file_store().put_from(key, cast(BinaryIO, sealed))
            counted = (counts.rows, counts.files, counts.missing)
            mark_export_ready(work.session, claimed, file=file, keys=keys, counted=counted, now=utc_now())


def delete_old_exports() -> None:
    """Delete the exports whose time is over; one that the store does not let go of stays for the next time."""
    with unit_of_work() as work:
        old = exports_to_delete(work.session, now=utc_now())
    for export_id in old:
        try:
            with unit_of_work() as work:
                delete_export(work.session, file_store(), export_id=export_id)
        except StorageError as problem:
            current_app.logger.warning("Export %s is still there: %s", export_id, problem)
