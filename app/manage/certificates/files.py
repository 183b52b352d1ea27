"""The stored files, for those who look after them: the last check of all, what is lost, and making it again."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from certificates.file_care.file_checks import CHECK_FILES, MOST_SHOWN, ask_for_check, find_last_check, find_open_check
from certificates.file_care.lost_files import (
    RECREATE_FILES,
    CertificateLostFile,
    Loss,
    ask_to_recreate,
    count_losses,
    files_of,
    find_loss,
    losses_of,
    lost_files,
    note_losses,
)
from certificates.making.queue_status import get_any_certificate
from kernel.audit import record
from kernel.clock import utc_now
from people.roles import Role

LOSS_WORDS = {
    None: "Stored, and unchanged",
    Loss.MISSING: "Missing from the file store",
    Loss.CHANGED: "Changed since it was stored, so nobody gets it",
    Loss.UNREADABLE: "The file store does not answer",
}


BEING_MADE = "It is being made again"


@dataclass(frozen=True)
class FileState:
    """One file of a certificate as it is found now, in words."""

    label: str
    words: str
    is_whole: bool
    can_be_recreated: bool


def states_of_files(certificate_id: int) -> list[FileState]:
    """Every file of a certificate, read just now; nothing when none was made yet."""
    session = db.session()
    known = {row.storage_key: row for row in losses_of(session, certificate_id=certificate_id)}
    states = []
    for file in files_of(session, certificate_id=certificate_id):
        loss = find_loss(file_store(), file)
        fate = what_comes_of(known[file.key]) if loss is not None and file.key in known else ""
        words = ". ".join(part for part in (LOSS_WORDS[loss], fate) if part)
        label = "Large print" if file.derived_file_id is not None else "File"
        can_be_recreated = loss in (Loss.MISSING, Loss.CHANGED) and fate != BEING_MADE
        states.append(FileState(label, words, loss is None, can_be_recreated))
    return states


def what_comes_of(lost: CertificateLostFile) -> str:
    """What was done about a lost file; empty when nobody asked."""
    if lost.refusal is not None:
        return lost.refusal
    return BEING_MADE if lost.asked_at is not None else ""


@allow(Role.ADMIN)
def certificate_checks() -> str:
    """What the last check found in rows and files, and what is lost now."""
    session = db.session()
    losses = count_losses(session)
    return render_template(
        "manage/certificate_checks.html",
        last=find_last_check(session),
        going_on=find_open_check(session),
        losses=losses,
        lost_count=sum(losses.values()),
        lost=lost_files(session, limit=MOST_SHOWN),
        loss_words=LOSS_WORDS,
        what_comes_of=what_comes_of,
    )


@allow(Role.ADMIN)
def certificate_check_again() -> Response:
    """Have everything looked at now, in the queue."""
    with unit_of_work() as work:
        ask_for_check(work.session, account_id=who().account_id, now=utc_now())
        work.ring_after_commit(CHECK_FILES)
    flash("Everything is being looked at. Load this page again to see what was found")
    return redirect(url_for("manage.certificate_checks"))


@allow(Role.ADMIN)
def certificate_recreate_all() -> Response:
    """Have every lost file made again, where it comes out the same."""
    with unit_of_work() as work:
        count = ask_to_recreate(work.session, certificate_id=None, account_id=who().account_id, now=utc_now())
        work.ring_after_commit(RECREATE_FILES)
    if count:
        flash(f"{count:,} {'file is' if count == 1 else 'files are'} being made again")
    else:
        flash("No file is lost, so there is nothing to make again", "important")
    return redirect(url_for("manage.certificate_checks"))


@allow(Role.ADMIN)
def certificate_recreate(certificate_number: str) -> Response:
    """Look at one certificate's files, and have those that are lost made again."""
    certificate_id, now = get_any_certificate(db.session(), certificate_number=certificate_number).id, utc_now()
    found = {file: find_loss(file_store(), file) for file in files_of(db.session(), certificate_id=certificate_id)}
    with unit_of_work() as work:
        note_losses(work.session, found=found, now=now)
        count = ask_to_recreate(work.session, certificate_id=certificate_id, account_id=who().account_id, now=now)
        if count:
            record(
                work.session,
                action="certificate-file-recreation-asked",
                subject_type="certificate",
                subject_id=certificate_number,
                actor_account_id=who().account_id,
                now=now,
            )
            work.ring_after_commit(RECREATE_FILES)
    if count:
        flash("It is being made again. Load this page again to see what came of it")
    else:
        flash("Its file is stored and unchanged, so there is nothing to make again", "important")
    return redirect(url_for("manage.certificate", certificate_number=certificate_number))
