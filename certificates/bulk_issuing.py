"""First certificates by the thousand, for whom a preview showed: started, then issued batch after batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from certificates.audiences import Audience
from certificates.branding_versions import current_ids
from certificates.bulk_preview import preview_issue, wanted_completions
from certificates.issuing import (
    Certificate,
    Completed,
    frozen_certificate,
    issue_for_completion,
    store_together,
)
from certificates.rendering import RENDER_CERTIFICATES
from certificates.run_mail import tell_holders
from certificates.runs import CHANGED, CertificateRun, RunKind, RunMail, end_batch, find_runnable, open_run
from courses.catalogue import Course, CourseVersion, documents_of
from courses.completion import Completion
from kernel import outbox
from kernel.errors import RuleBroken
from people.organisations import Organisation
from people.persons import Person


@dataclass(frozen=True)
class BatchOutcome:
    """What one batch did: certificates issued, and whether anything is left to do."""

    issued: int
    is_over: bool


def start_issue(
    session: Session,
    audience: Audience,
    *,
    takes_imported: bool,
    mail: RunMail,
    seen: str,
    account_id: int,
    now: datetime,
) -> CertificateRun:
    """Start a run for whom a preview showed. ``seen`` is its stamp; ``mail`` says whether holders are told, and when.

    Raises ``RuleBroken`` when other completions would get one by now, when nobody would, or when one is under way.
    """
    preview = preview_issue(session, audience, takes_imported=takes_imported)
    if preview.stamp != seen:
        raise RuleBroken(CHANGED)
    if not preview.wanted:
        raise RuleBroken("Nobody here would get a certificate, so there is nothing to issue")
    run = CertificateRun(
        kind=RunKind.ISSUE,
        course_id=audience.course_id,
        organisation_id=audience.organisation_id,
        unit_path=audience.unit_path,
        takes_imported=takes_imported,
        mail=mail,
        wanted=preview.wanted,
        left_out={
            "have_one": preview.have_one,
            "imported": preview.imported_left_out,
            "without_certificate": preview.without_certificate,
        },
        last_id=preview.last_id,
        started_by_account_id=account_id,
        started_at=now,
    )
    return open_run(session, run)


def issue_batch(session: Session, *, run_id: int, limit: int, now: datetime) -> BatchOutcome:
    """Issue the next ``limit`` certificates of a run; owe their files, and the news where the run tells holders.

    Does nothing for a run that is not running or that another worker has in hand.
    """
    run = find_runnable(session, run_id=run_id)
    if run is None:
        return BatchOutcome(0, is_over=True)
    found = _next(session, run, limit)
    ids = _issue(session, run.id, found, now)
    outbox.promise_many(session, job=RENDER_CERTIFICATES, subjects=[str(one) for one in ids], now=now)
    tell_holders(session, run, certificate_ids=ids, now=now)
    handled = [one.completion_id for one in found]
    return BatchOutcome(len(ids), end_batch(session, run, issued=len(ids), handled=handled, limit=limit, now=now))


def _next(session: Session, run: CertificateRun, limit: int) -> list[Completed]:
    query = (
        wanted_completions(run.audience, run.takes_imported)
        .join(Course, Course.id == Completion.course_id)
        .join(Person, Person.id == Completion.person_id)
        .join(Organisation, Organisation.id == Completion.organisation_id)
        .where(Completion.id > run.handled_id, Completion.id <= run.last_id)
        .with_only_columns(
            Completion.id,
            Completion.person_id,
            Completion.organisation_id,
            Completion.course_version_id,
            Completion.completed_at,
            Course.code,
            Person.chosen_name,
            Organisation.name,
        )
        .order_by(Completion.id)
        .limit(limit)
    )
    rows: Sequence[Any] = session.execute(query).all()
    return [Completed(*row) for row in rows]


def _issue(session: Session, run_id: int, found: Sequence[Completed], now: datetime) -> list[int]:
    """Store their certificates together; should one be there by now, one by one, and the constraint decides."""
    if not found:
        return []
    ids = {item.course_version_id for item in found}
    versions = session.scalars(select(CourseVersion).where(CourseVersion.id.in_(ids)).order_by(CourseVersion.id)).all()
    known = {one.id: (one, document) for one, document in zip(versions, documents_of(session, versions), strict=True)}
    looks = current_ids(session, (item.organisation_id for item in found))
    certificates = [
        frozen_certificate(
            item,
            *known[item.course_version_id],
            branding_id=looks.get(item.organisation_id),
            now=now,
            run_id=run_id,
        )
        for item in found
    ]
    try:
        return store_together(session, certificates)
    except IntegrityError:
        return _one_by_one(session, run_id, found, now)


def _one_by_one(session: Session, run_id: int, found: Sequence[Completed], now: datetime) -> list[int]:
    issued = []
    for item in found:
        outcome = issue_for_completion(session, completion_id=item.completion_id, now=now)
        if outcome is not None and outcome.is_new:
            session.get_one(Certificate, outcome.certificate_id).run_id = run_id
            issued.append(outcome.certificate_id)
    return issued
