"""Look after the stored files of certificates: the nightly check of all of them, and making lost ones again."""

from flask import current_app

from app.jobs.certificates import drawn, public_address, verify_url
from app.jobs.signer import worker_signer
from app.jobs.task_loop import work_off
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates.drawing.build_info import made_with
from certificates.file_care.file_checks import (
    FILE_CHECKS,
    ask_nightly,
    look,
    next_step,
    note_problem,
    want_open_check,
    write_down,
)
from certificates.file_care.lost_files import (
    RECREATE_FILES,
    RECREATIONS,
    CertificateLostFile,
    files_to_recreate,
    want_recreation,
)
from certificates.file_care.recreating import Wanted, mark_recreated, mark_refused, recreate, wanted_file
from certificates.pdf import render_pdf
from kernel.clock import utc_now
from kernel.errors import StorageError
from kernel.tasks.background import BackgroundTask, open_subjects
from kernel.tasks.claims import Claim, finish, hold, release

KILLS_WORKERS = "Two workers died while they made it, so it is left alone. The log of the machine may say why"


def check_files() -> None:
    """Begin tonight's check if it is due, and go on with the one that is open. Raises ``TasksFailed`` at the end."""
    now = utc_now()
    with unit_of_work() as work:
        ask_nightly(work.session, now=now)
        want_open_check(work.session, now=now)
        if files_to_recreate(work.session, limit=1) and not open_subjects(work.session, RECREATIONS):
            want_recreation(work.session, now=now)
            work.ring_after_commit(RECREATE_FILES)
    work_off(FILE_CHECKS, _look_at_some)


def _look_at_some(claimed: Claim[BackgroundTask]) -> None:
    """Take one step, and give the task back: whatever is more urgent goes before the next."""
    with unit_of_work() as work:
        hold(work.session, claimed)
        step = next_step(work.session)
        if step is None:
            finish(work.session, claimed)
            return
    try:
        seen = look(file_store(), step, now=utc_now())
    except StorageError as problem:
        with unit_of_work() as work:
            note_problem(work.session, step, reason=str(problem))
        raise
    with unit_of_work() as work:
        write_down(work.session, step, seen, now=utc_now())
        release(work.session, claimed, wanted_at=utc_now())


def recreate_files() -> None:
    """Make every lost file again that somebody asked for. One that cannot be made holds up no other."""
    work_off(RECREATIONS, _recreate_next)


def _recreate_next(claimed: Claim[BackgroundTask]) -> None:
    with unit_of_work() as work:
        hold(work.session, claimed)
        lost = next(iter(files_to_recreate(work.session, limit=1)), None)
        if lost is None:
            finish(work.session, claimed)
            return
        lost_id, deaths = lost.id, claimed.rows[0].claims - 1
        if deaths >= RECREATIONS.alone_after:
            mark_refused(work.session, lost_id=lost_id, reason=KILLS_WORKERS)
    if deaths < RECREATIONS.alone_after:
        _recreate(lost_id)
    with unit_of_work() as work:
        release(work.session, claimed, wanted_at=utc_now())


def _recreate(lost_id: int) -> None:
    try:
        wanted = _wanted(lost_id)
        if wanted is None:
            return
        refusal = recreate(
            wanted,
            render_pdf=render_pdf,
            store=file_store(),
            made_with=made_with(public_address(), drawn()),
            signer=worker_signer() if wanted.signature else None,
        )
    except Exception as problem:
        # Whatever it is: the administration shows it beside the file, and the next file has its turn.
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
    made_with(public_address(), drawn())
