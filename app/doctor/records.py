"""What the rows say: promises that nobody keeps, certificates that are missing or could not be made."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.doctor.check import Check, ok, problem
from app.platform.task_kinds import KINDS
from assignments.checking.found import CAUSE_WORDS, Cause
from assignments.checking.record import newest_counts
from certificates.file_care.consistency import consistency, sample_files
from certificates.file_care.file_checks import find_last_check
from certificates.file_care.lost_files import count_losses, lost_files
from certificates.making.undrawn_names import people_by_undrawn_script
from certificates.record.issuing import Certificate
from certificates.record.missing_certificates import completions_without_certificate
from kernel.files import FileStore
from kernel.tasks.control import late
from kernel.tasks.kinds import TaskState
from kernel.tasks.parked import parked_by_reason
from messages.sending import MAIL
from reports.month_ends.checking import differences, kept_at_all

TOO_LONG = timedelta(minutes=10)
_AT_MOST = 1000
_SAMPLE = 50
_STALE = timedelta(days=2)


def check_promises(session: Session, *, now: datetime) -> Check:
    """Nothing that a worker should have taken up has waited for ten minutes; mail has a limit of its own."""
    found = [late(session, kind, now=now, after=TOO_LONG) for kind in KINDS if kind is not MAIL]
    if count := sum(one.count for one in found):
        minutes = int((now - min(one.oldest_at for one in found if one.oldest_at)).total_seconds() // 60)
        return problem(
            "promises",
            f"{count} waiting for more than 10 minutes, the oldest for {minutes}. "
            "See the lines about the worker, the scheduler and failed certificates.",
        )
    return ok("promises", "None has waited for more than 10 minutes.")


def check_parked(session: Session) -> Check:
    """No task was given up until somebody looks."""
    found = {kind: parked_by_reason(session, kind) for kind in KINDS}
    lines = [
        f"{count} of {kind.name}: {reason}" for kind, reasons in found.items() for reason, count in reasons.items()
    ]
    if lines:
        return problem(
            "parked tasks", f"{'; '.join(lines)}. Mend the cause, then have them tried again: /manage/parked."
        )
    return ok("parked tasks", "None waits for somebody to look.")


def check_issued(session: Session) -> Check:
    """Whoever finished a course here has its certificate, where it gives one."""
    found = len(completions_without_certificate(session, limit=_AT_MOST))
    if found:
        many = "at least " if found == _AT_MOST else ""
        return problem(
            "certificates issued",
            f"{many}{found} finished courses have none. Housekeeping issues them: see the scheduler.",
        )
    return ok("certificates issued", "None is missing.")


def check_failed(session: Session) -> Check:
    """No certificate failed to be made."""
    failed = Certificate.state.in_((TaskState.FAILED, TaskState.PARKED))
    count, parked = session.execute(
        select(func.count(), func.count().filter(Certificate.state == TaskState.PARKED)).where(failed)
    ).one()
    if not count:
        return ok("certificates made", "None has failed.")
    last = session.execute(
        select(Certificate.number, Certificate.failure_reason).where(failed).order_by(Certificate.id.desc()).limit(1)
    ).one()
    then = f"{parked} of them are parked: see the certificate queue" if parked else "They are tried again by themselves"
    return problem("certificates made", f"{count} failed; {last.number}: {last.failure_reason}. {then}.")


def check_names(session: Session) -> Check:
    """Every name can be printed on a certificate."""
    found = people_by_undrawn_script(session)
    if found:
        scripts = ", ".join(f"{script} ({count})" for script, count in found.items())
        return problem(
            "names on certificates",
            f"People whose names have letters that no font here holds: {scripts}. Their certificates show an empty box "
            "for each such letter. Tell the makers which script is missing, and ask these people how else their "
            "names may be written until then.",
        )
    return ok("names on certificates", "Every letter of every name has its font.")


def check_consistency(session: Session) -> Check:
    """Every certificate has its completion, and is earned by it."""
    found = consistency(session)
    problems = {
        "certificates without a completion": found.certificates_without_completion,
        "certificates that their completion does not earn": found.certificates_not_earned,
    }
    words = [f"{what}: {count}" for what, count in problems.items() if count]
    if words:
        return problem("certificate records", f"{'; '.join(words)}. The audit trail says who did what.")
    return ok("certificate records", "Completions and certificates fit together.")


def check_nightly(session: Session, *, now: datetime) -> Check:
    """Last night every file was read, and none was missing, changed or left over."""
    name, last, losses = "nightly check", find_last_check(session), count_losses(session)
    lost = [f"{count} {loss}" for loss, count in losses.items() if count]
    if lost:
        (first, number), *_ = lost_files(session, limit=1)
        return problem(
            name,
            f"Files of certificates: {', '.join(lost)}, for instance {number} ({first.loss}). Bring the store back "
            "from its backup, or make them again: flask --app wsgi certificates recreate --missing",
        )
    if last is None or last.finished_at is None:
        return ok(name, "Files have not been looked at yet. Run: flask --app wsgi certificates check-files")
    if last.finished_at < now - _STALE:
        days = (now - last.finished_at).days
        return problem(name, f"Files were last looked at {days} days ago. See the scheduler and the worker.")
    if last.orphans:
        return problem(
            name,
            f"{last.orphans} files that no certificate names, for instance {last.first_orphans[0]}. "
            "See: flask --app wsgi certificates remove-orphans --dry-run",
        )
    return ok(name, f"{last.files} files were read, and each is as it was stored.")


def check_files(session: Session, store: FileStore) -> Check:
    """A sample of the certificates that are said to be ready have their files."""
    sample = sample_files(session, store, size=_SAMPLE)
    if sample.missing:
        return problem(
            "certificate files",
            f"{len(sample.missing)} of {sample.looked_for} looked for are missing, for instance {sample.missing[0]}. "
            "Bring the file store back from its backup, or check COMMON_GROUND_STORAGE_URL.",
        )
    return ok("certificate files", f"{sample.looked_for} looked for, all there.")


def check_standings(session: Session, *, now: datetime) -> Check:
    """Last night how everybody stands was counted in two ways, and both said the same."""
    name, counts = "nightly count", newest_counts(session)
    if not counts:
        return ok(name, "Nobody has been counted in two ways yet. That is done each night, once courses are asked.")
    differ = [(row, authority) for row, authority in counts if row.differences]
    if differ:
        row, authority = differ[0]
        found = sorted(row.differences.items())
        causes = ", ".join(f"{count:,}: {CAUSE_WORDS[Cause(cause)]}" for cause, count in found)
        return problem(name, f"{authority}: {causes}. For instance: {row.first[0]} See /manage/counts.")
    oldest = min(row.finished_at or row.begun_at for row, _ in counts)
    if oldest < now - _STALE:
        return problem(name, f"An authority was last counted {(now - oldest).days} days ago. See the scheduler.")
    people = sum(row.people for row, _ in counts)
    return ok(name, f"{people:,} people were counted in two ways, and both said the same.")


def check_kept_counts(session: Session, *, now: datetime) -> Check:
    """What is kept of days that are over was what a full count says, when it was last counted."""
    name, found = "kept counts", differences(session)
    if found:
        authority, words = found[0]
        return problem(
            name, f"{len(found)} said something else than a full count, and were mended. {authority}: {words}"
        )
    kept = kept_at_all(session)
    if kept.oldest_check is not None and kept.oldest_check < now - _STALE:
        return problem(name, f"One was last counted in full {(now - kept.oldest_check).days} days ago. See the worker.")
    return ok(name, f"{kept.number:,} counts of month’s ends are kept, and each was as a full count says.")
