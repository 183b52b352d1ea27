"""First certificates by the thousand, for whom a preview showed: started, then issued batch after batch."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from certificates.batches.bulk_preview import preview_issue, wanted_completions
from certificates.batches.run_mail import tell_holders
from certificates.looks.branding_versions import current_ids
from certificates.record.audiences import Audience
from certificates.record.issuing import (
    FACTS,
    Certificate,
    Completed,
    frozen_certificate,
    issue_for_completion,
    store_together,
)
from certificates.record.runs import CHANGED, Batch, CertificateRun, RunKind, RunMail, open_run
from courses.catalogue.versions import Course, CourseVersion, documents_of
from courses.records.completion import Completion
from kernel.errors import RuleBroken
from people.organisations import Organisation
from people.persons import Person


class EndsOf(Protocol):
    """Until when completions are valid, by their ids; without those that are valid for ever."""

    def __call__(self, session: Session, completion_ids: Collection[int], /, *, now: datetime) -> Mapping[int, date]:
        """The last day of each."""


def no_ends(_session: Session, _completion_ids: Collection[int], *, now: datetime) -> Mapping[int, date]:  # noqa: ARG001
    """Where no authority says so."""
    return {}


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
        unit_id=audience.unit_id,
        unit_path=audience.unit_path(session),
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


def issue_batch(
    session: Session, run: CertificateRun, *, limit: int, now: datetime, ends_of: EndsOf = no_ends
) -> Batch:
    """Issue the next ``limit`` certificates of a run; owe their files, and the news where the run tells holders.

    ``ends_of`` says of completions until when they are valid, where an authority says so.
    """
    found = _next(session, run, limit)
    ends = ends_of(session, [one.completion_id for one in found], now=now)
    ids = _issue(session, run.id, found, ends, now)
    tell_holders(session, run, certificate_ids=ids, now=now)
    return Batch(len(ids), [one.completion_id for one in found])


def _next(session: Session, run: CertificateRun, limit: int) -> list[Completed]:
    query = (
        wanted_completions(run.audience, run.takes_imported)
        .join(Course, Course.id == Completion.course_id)
        .join(Person, Person.id == Completion.person_id)
        .join(Organisation, Organisation.id == Completion.organisation_id)
        .where(Completion.id > run.handled_id, Completion.id <= run.last_id)
        .with_only_columns(*FACTS)
        .order_by(Completion.id)
        .limit(limit)
    )
    rows: Sequence[Any] = session.execute(query).all()
    return [Completed(*row) for row in rows]


def _issue(
    session: Session, run_id: int, found: Sequence[Completed], ends: Mapping[int, date], now: datetime
) -> list[int]:
    """Store their certificates together; should one be there by now, one by one, and the constraint decides."""
    if not found:
        return []
    ids = {item.course_version_id for item in found}
    versions = session.scalars(select(CourseVersion).where(CourseVersion.id.in_(ids)).order_by(CourseVersion.id)).all()
    documents = dict(zip((one.id for one in versions), documents_of(session, versions), strict=True))
    looks = current_ids(session, (item.organisation_id for item in found))
    certificates = [
        frozen_certificate(
            item,
            documents[item.course_version_id],
            branding_id=looks.get(item.organisation_id),
            now=now,
            run_id=run_id,
            ends_on=ends.get(item.completion_id),
        )
        for item in found
    ]
    try:
        return store_together(session, certificates)
    except IntegrityError:
        return _one_by_one(session, run_id, found, ends, now)


def _one_by_one(
    session: Session, run_id: int, found: Sequence[Completed], ends: Mapping[int, date], now: datetime
) -> list[int]:
    issued = []
    for item in found:
        outcome = issue_for_completion(
            session, completion_id=item.completion_id, now=now, ends_on=ends.get(item.completion_id)
        )
        if outcome is not None and outcome.is_new:
            session.get_one(Certificate, outcome.certificate_id).run_id = run_id
            issued.append(outcome.certificate_id)
    return issued
