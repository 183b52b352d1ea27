"""Look after the stored files of certificates: the nightly check of all of them, and making lost ones again."""

from flask import current_app

from app.jobs.certificates import public_address, verify_url
from app.jobs.shifts import Shift
from app.jobs.signer import worker_signer
from app.queue import ring
from app.storage import file_store
from app.work import unit_of_work
from certificates.file_checks import CHECK_FILES, Step, ask_nightly, look, next_step, note_problem, write_down
from certificates.lost_files import RECREATE_FILES, CertificateLostFile, files_to_recreate
from certificates.made_with import made_with
from certificates.pdf import render_pdf
from certificates.recreating import Wanted, mark_recreated, mark_refused, recreate, wanted_file
from kernel.clock import utc_now
from kernel.errors import StorageError


def check_files() -> None:
    """Begin tonight's check if it is due, and go on with the one that is open. Raises ``StorageError``."""
    shift = Shift()
    with unit_of_work() as work:
        ask_nightly(work.session, now=utc_now())
        if files_to_recreate(work.session, after_id=0, limit=1):
            work.ring_after_commit(RECREATE_FILES)
    while (step := _next()) is not None:
        if not _take(step):
            return  # another worker is at it
        if shift.is_over:
            ring(CHECK_FILES)
            return


def _next() -> Step | None:
    with unit_of_work() as work:
        return next_step(work.session)


def _take(step: Step) -> bool:
    try:
        seen = look(file_store(), step, now=utc_now())
    except StorageError as problem:
        with unit_of_work() as work:
            note_problem(work.session, step, reason=str(problem))
        raise
    with unit_of_work() as work:
        return write_down(work.session, step, seen, now=utc_now())


def recreate_files() -> None:
    """Make every lost file again that somebody asked for. One that cannot be made holds up no other."""
    shift, done = Shift(), 0
    while (lost_id := _next_lost(done)) is not None:
        _recreate(lost_id)
        done = lost_id
        if shift.is_over:
            ring(RECREATE_FILES)
            return


def _next_lost(after_id: int) -> int | None:
    with unit_of_work() as work:
        return next((lost.id for lost in files_to_recreate(work.session, after_id=after_id, limit=1)), None)


def _recreate(lost_id: int) -> None:
    try:
        wanted = _wanted(lost_id)
        if wanted is None:
            return
        refusal = recreate(
            wanted,
            render_pdf=render_pdf,
            store=file_store(),
            made_with=made_with(public_address()),
            signer=worker_signer() if wanted.signature else None,
        )
    except Exception as problem:
        # Whatever it is: the desk shows it beside the file, and the next file has its turn.
        current_app.logger.error("Lost file %s could not be made again", lost_id, exc_info=problem)
        refusal, wanted = f"It could not be made: {problem}", None
    with unit_of_work() as work:
        if refusal is not None:
            mark_refused(work.session, lost_id=lost_id, reason=refusal)
        elif wanted is not None:
            mark_recreated(work.session, wanted=wanted, now=utc_now())


def _wanted(lost_id: int) -> Wanted | None:
    with unit_of_work() as work:
        lost = work.session.get(CertificateLostFile, lost_id)
        return None if lost is None else wanted_file(work.session, lost, verify_url=verify_url)


def warm_up() -> None:
    """Read the versions of everything that draws once, so that processes forked from this one need not."""
    made_with(public_address())
