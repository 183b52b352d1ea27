"""First certificates by the thousand: who would get one and who not, and then batch after batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from certificates.branding_versions import current_ids
from certificates.issuing import (
    Certificate,
    Completed,
    frozen_certificate,
    issue_for_completion,
    store_together,
)
from certificates.rendering import RENDER_CERTIFICATES
from certificates.runs import CHANGED, Audience, CertificateRun, RunKind, RunState, end_run, find_runnable, open_run
from courses.catalogue import Course, CourseVersion, documents_of
from courses.completion import Completion, CompletionSource
from kernel import outbox
from kernel.errors import RuleBroken
from people.organisations import Organisation
from people.persons import Person


@dataclass(frozen=True)
class Part:
    """One authority, or one part of an authority, in a preview. Counts are completions."""

    name: str
    completed: int
    have_one: int
    wanted: int


@dataclass(frozen=True)
class Preview:
    """Who would get a certificate. All counts are completions, and ``completed`` is the sum of the four below it.

    ``stamp`` is the same as long as the very same completions would get one.
    """

    completed: int
    wanted: int
    have_one: int
    imported_left_out: int
    without_certificate: int
    wanted_imported: int
    last_id: int
    stamp: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Earner:
    """One who would get a certificate."""

    name: str
    organisation_name: str
    unit_path: str
    completed_at: datetime
    is_imported: bool


@dataclass(frozen=True)
class BatchOutcome:
    """What one batch did: certificates issued, and whether anything is left to do."""

    issued: int
    is_over: bool


def preview_issue(session: Session, audience: Audience, *, takes_imported: bool) -> Preview:
    """What a run would do now, in three queries however many people there are."""
    rows = _grouped(session, audience)
    wanted, last_id, total = session.execute(
        _wanted(audience, takes_imported).with_only_columns(
            func.count(Completion.id),
            func.coalesce(func.max(Completion.id), 0),
            func.coalesce(func.sum(Completion.id), 0),
        )
    ).one()
    return Preview(
        completed=sum(row.people for row in rows),
        wanted=wanted,
        have_one=sum(row.people for row in rows if row.has_one),
        imported_left_out=0 if takes_imported else sum(row.people for row in rows if row.is_extra),
        without_certificate=sum(row.people for row in rows if not row.has_one and not row.gives),
        wanted_imported=sum(row.people for row in rows if row.is_extra) if takes_imported else 0,
        last_id=last_id,
        stamp=f"{wanted}-{last_id}-{total}",
        parts=_parts(session, audience, rows, takes_imported),
    )


def earners(session: Session, audience: Audience, *, takes_imported: bool, page: int, size: int) -> Sequence[Earner]:
    """One page, counted from 1, of those who would get a certificate, by unit and name."""
    query = (
        _wanted(audience, takes_imported)
        .join(Person, Person.id == Completion.person_id)
        .join(Organisation, Organisation.id == Completion.organisation_id)
        .with_only_columns(
            Person.chosen_name, Organisation.name, Completion.unit_path, Completion.completed_at, Completion.source
        )
        .order_by(Organisation.name, Completion.unit_path, Person.chosen_name, Completion.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [
        Earner(name, organisation, path, at, source is CompletionSource.IMPORTED)
        for name, organisation, path, at, source in session.execute(query)
    ]


def start_issue(
    session: Session, audience: Audience, *, takes_imported: bool, seen: str, account_id: int, now: datetime
) -> CertificateRun:
    """Start a run for whom a preview showed. ``seen`` is its stamp.

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
    """Issue the next ``limit`` certificates of a run and owe their files.

    Does nothing for a run that is not running or that another worker has in hand.
    """
    run = find_runnable(session, run_id=run_id)
    if run is None:
        return BatchOutcome(0, is_over=True)
    found = _next(session, run, limit)
    ids = _issue(session, run.id, found, now)
    outbox.promise_many(session, job=RENDER_CERTIFICATES, subjects=[str(one) for one in ids], now=now)
    run.issued += len(ids)
    run.failures, run.failure_reason = 0, None
    is_over = len(found) < limit
    if is_over:
        run.handled_id = run.last_id
        end_run(session, run, RunState.DONE, now=now)
    else:
        run.handled_id = found[-1].completion_id
    session.flush()
    return BatchOutcome(len(ids), is_over)


def _wanted(audience: Audience, takes_imported: bool) -> Select[Any]:
    return (
        select(Completion.id)
        .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .outerjoin(Certificate, (Certificate.completion_id == Completion.id) & (Certificate.edition == 1))
        .where(
            audience.is_meant(),
            Certificate.id.is_(None),
            CourseVersion.gives_certificate,
            true() if takes_imported else Completion.source == CompletionSource.PLATFORM,
        )
    )


@dataclass(frozen=True)
class _Group:
    organisation_id: int
    unit_path: str
    is_imported: bool
    gives: bool
    has_one: bool
    people: int

    @property
    def is_extra(self) -> bool:
        """Imported, and would get one on purpose."""
        return self.is_imported and self.gives and not self.has_one


def _grouped(session: Session, audience: Audience) -> list[_Group]:
    has_one: ColumnElement[bool] = Certificate.id.is_not(None)
    kinds = (Completion.organisation_id, Completion.unit_path, Completion.source, CourseVersion.gives_certificate)
    query = (
        select(*kinds, has_one, func.count())
        .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .outerjoin(Certificate, (Certificate.completion_id == Completion.id) & (Certificate.edition == 1))
        .where(audience.is_meant())
        .group_by(*kinds, has_one)
    )
    return [
        _Group(organisation, path, source is CompletionSource.IMPORTED, gives, bool(has), people)
        for organisation, path, source, gives, has, people in session.execute(query)
    ]


def _parts(session: Session, audience: Audience, rows: Sequence[_Group], takes_imported: bool) -> tuple[Part, ...]:
    names: Mapping[int, str] = {}
    if audience.organisation_id is None:
        names = dict(session.execute(select(Organisation.id, Organisation.name)).all())
    counts: dict[str, list[int]] = {}
    for row in rows:
        name = names[row.organisation_id] if names else audience.part_of(row.unit_path)
        count = counts.setdefault(name, [0, 0, 0])
        count[0] += row.people
        count[1] += row.people if row.has_one else 0
        is_wanted = row.gives and not row.has_one and (takes_imported or not row.is_imported)
        count[2] += row.people if is_wanted else 0
    return tuple(Part(name, *count) for name, count in sorted(counts.items()))


def _next(session: Session, run: CertificateRun, limit: int) -> list[Completed]:
    query = (
        _wanted(run.audience, run.takes_imported)
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
