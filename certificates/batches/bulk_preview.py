"""Who would get a first certificate by the thousand, and who not and why: looked at before anything is issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from certificates.record.audiences import Audience
from certificates.record.issuing import Certificate
from courses.catalogue.versions import CourseVersion
from courses.records.completion import Completion, CompletionSource
from people.organisations import Organisation, Unit
from people.persons import Person
from typesetting.coverage import undrawn_scripts


@dataclass(frozen=True)
class Preview:
    """Who would get a certificate. All counts are completions, and ``completed`` is the sum of the four below it.

    ``without_address`` of those who would get one cannot be mailed. ``stamp`` is the same as long as the very same
    completions would get one.
    """

    completed: int
    wanted: int
    have_one: int
    imported_left_out: int
    without_certificate: int
    wanted_imported: int
    without_address: int
    last_id: int
    stamp: str


@dataclass(frozen=True)
class Earner:
    """One who would get a certificate, and where they work now; or worked last, who have left every authority."""

    name: str
    organisation_name: str
    unit_path: str
    completed_at: datetime
    is_imported: bool


def preview_issue(session: Session, audience: Audience, *, takes_imported: bool) -> Preview:
    """What a run would do now, in three queries however many people there are."""
    rows = _grouped(session, audience)
    wanted, without_address, last_id, total = session.execute(
        wanted_completions(audience, takes_imported)
        .join(Person, Person.id == Completion.person_id)
        .with_only_columns(
            func.count(Completion.id),
            func.count().filter(Person.email.is_(None)),
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
        without_address=without_address,
        last_id=last_id,
        stamp=f"{wanted}-{last_id}-{total}",
    )


def earners(session: Session, audience: Audience, *, takes_imported: bool, page: int, size: int) -> Sequence[Earner]:
    """One page, counted from 1, of those who would get a certificate, by unit and name."""
    people = audience.people()
    unit_path = func.coalesce(Unit.path, Completion.unit_path)
    query = (
        wanted_completions(audience, takes_imported)
        .join(Person, Person.id == Completion.person_id)
        .outerjoin(people, people.c.person_id == Completion.person_id)
        .outerjoin(Unit, Unit.id == people.c.unit_id)
        .join(Organisation, Organisation.id == func.coalesce(people.c.organisation_id, Completion.organisation_id))
        .with_only_columns(Person.chosen_name, Organisation.name, unit_path, Completion.completed_at, Completion.source)
        .order_by(Organisation.name, unit_path, Person.chosen_name, Completion.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [
        Earner(name, organisation, path, at, source is CompletionSource.IMPORTED)
        for name, organisation, path, at, source in session.execute(query)
    ]


def scripts_not_drawn(session: Session, audience: Audience, *, takes_imported: bool) -> tuple[str, ...]:
    """The scripts of letters in the names of those who would get a certificate that no font here holds."""
    names = wanted_completions(audience, takes_imported).join(Person, Person.id == Completion.person_id)
    return undrawn_scripts(session.scalars(names.with_only_columns(Person.chosen_name).distinct()))


def wanted_completions(audience: Audience, takes_imported: bool) -> Select[Any]:
    """The ids of the completions of an audience that would get their first certificate."""
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
    kinds = (Completion.source, CourseVersion.gives_certificate)
    query = (
        select(*kinds, has_one, func.count())
        .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .outerjoin(Certificate, (Certificate.completion_id == Completion.id) & (Certificate.edition == 1))
        .where(audience.is_meant())
        .group_by(*kinds, has_one)
    )
    return [
        _Group(source is CompletionSource.IMPORTED, gives, bool(has), people)
        for source, gives, has, people in session.execute(query)
    ]
