"""Completions of the past, many at once: where their people worked on the day, and which version it was then."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import CourseVersion
from courses.history.known_here import taken_by
from courses.records.completion import Completion, CompletionSource, is_standing
from kernel.clock import LOCAL, local_day
from kernel.database import table_of
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.organisations import Unit
from people.persons import Person
from people.reorganisation.periods import UnitPeriod

# Files know the day and not the hour. At noon it is the same day everywhere near.
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class PastCompletion:
    """Somebody completed a course on a day; ``row_id`` is the row that says so."""

    row_id: int
    person_id: int
    course_id: int
    completed_on: date


@dataclass(frozen=True, slots=True)
class _Terms:
    organisation_id: int
    unit_id: int
    unit_path: str
    grade: str
    is_main: bool
    starts_on: date
    ends_on: date | None
    employment_id: int


def add_past_completions(
    session: Session, wanted: Sequence[PastCompletion], *, organisation_id: int, now: datetime
) -> dict[int, int]:
    """Store them; returns the ids of the completions by row. What somebody completed that very day already is left out.

    Each copies what its person's job was on that day: of jobs held then, one with this authority comes first.
    """
    people = {one.person_id for one in wanted}
    # Two files at once, or a file and a hand, come to the same person one after the other.
    session.execute(select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update()).all()
    taken = taken_by(session, people)
    jobs = _jobs_of(session, people)
    paths = _earlier_paths(session, {job.unit_id for held in jobs.values() for job in held})
    versions = _versions_of(session, {one.course_id for one in wanted})
    cycles = _lowest_cycles(session, people)
    rows, of_rows = [], []
    for one in wanted:
        key = (one.person_id, one.course_id, one.completed_on)
        if key in taken:
            continue
        taken.add(key)
        cycle = cycles[one.person_id, one.course_id] = cycles.get((one.person_id, one.course_id), 1) - 1
        job = job_on(jobs.get(one.person_id, ()), one.completed_on, organisation_id=organisation_id)
        of_rows.append(one.row_id)
        rows.append(
            {
                "person_id": one.person_id,
                "course_id": one.course_id,
                "cycle": cycle,
                "course_version_id": _version_on(versions[one.course_id], one.completed_on),
                "organisation_id": job.organisation_id if job else organisation_id,
                "unit_path": _path_on(job, paths, one.completed_on) if job else "",
                "grade": job.grade if job else "",
                "completed_at": min(datetime.combine(one.completed_on, _NOON, LOCAL), now),
                "source": CompletionSource.IMPORTED,
            }
        )
    if not rows:
        return {}
    table = table_of(Completion)
    ids = session.scalars(insert(table).returning(table.c.id, sort_by_parameter_order=True), rows).all()
    return dict(zip(of_rows, ids, strict=True))


def job_on(jobs: Sequence[_Terms], on: date, *, organisation_id: int) -> _Terms | None:
    """The job that speaks for somebody that day: one held then, the one that ended last, or the one that begins next.

    Of those alike one with this authority, then the main one, then the one that came first.
    """

    def place(job: _Terms) -> tuple[object, ...]:
        alike = (job.organisation_id != organisation_id, not job.is_main, job.starts_on, job.employment_id)
        if job.starts_on > on:
            return (2, (job.starts_on - on).days, *alike)
        if job.ends_on is not None and job.ends_on < on:
            return (1, (on - job.ends_on).days, *alike)
        return (0, 0, *alike)

    return min(jobs, key=place, default=None)


def _jobs_of(session: Session, people: Collection[int]) -> Mapping[int, Sequence[_Terms]]:
    rows = session.execute(
        select(
            Employment.person_id,
            Employment.organisation_id,
            Unit.id,
            Unit.path,
            EmploymentTerms.grade,
            EmploymentTerms.is_main,
            EmploymentTerms.starts_on,
            EmploymentTerms.ends_on,
            Employment.id,
        )
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .join(Unit, Unit.id == EmploymentTerms.unit_id)
        .where(Employment.person_id.in_(people))
    )
    found: defaultdict[int, list[_Terms]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(_Terms(*row[1:]))
    return found


def _earlier_paths(session: Session, units: Collection[int]) -> Mapping[int, Sequence[UnitPeriod]]:
    """What those of the units were called, and when, that were reorganised once."""
    found: defaultdict[int, list[UnitPeriod]] = defaultdict(list)
    for period in session.scalars(select(UnitPeriod).where(UnitPeriod.unit_id.in_(units)).order_by(UnitPeriod.id)):
        found[period.unit_id].append(period)
    return found


def _path_on(job: _Terms, paths: Mapping[int, Sequence[UnitPeriod]], on: date) -> str:
    """The full name that the unit of a job had on a day; where it was not there then, the one of today."""
    held = (one for one in paths.get(job.unit_id, ()) if one.starts_on <= on and (one.ends_on or on) >= on)
    return next((one.path for one in held), job.unit_path)


def _versions_of(session: Session, courses: Collection[int]) -> Mapping[int, Sequence[tuple[date, int]]]:
    """The versions of each course with the day on which they were published, the first one first."""
    rows = session.execute(
        select(CourseVersion.course_id, CourseVersion.published_at, CourseVersion.id)
        .where(CourseVersion.course_id.in_(courses))
        .order_by(CourseVersion.course_id, CourseVersion.number)
    )
    found: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for course_id, published_at, version_id in rows:
        found[course_id].append((local_day(published_at), version_id))
    return found


def _version_on(versions: Sequence[tuple[date, int]], on: date) -> int:
    """The version that stood that day. What was completed before the course was here belongs to the first one."""
    published = bisect_right(versions, on, key=lambda one: one[0])
    return versions[max(0, published - 1)][1]


def _lowest_cycles(session: Session, people: Collection[int]) -> dict[tuple[int, int], int]:
    """The lowest cycle of imported history of each person and course. The platform's own cycles count up from 1.

    Imported ones count down from 0: so neither ever takes a cycle from the other, and whoever is midway in a course
    still completes it, and gets a certificate, when a file says that they took it years ago.
    """
    rows = session.execute(
        select(Completion.person_id, Completion.course_id, func.min(Completion.cycle))
        .where(Completion.person_id.in_(people))
        .group_by(Completion.person_id, Completion.course_id)
    )
    return {(person_id, course_id): min(cycle, 1) for person_id, course_id, cycle in rows}


def standing_among(session: Session, completion_ids: Collection[int]) -> set[int]:
    """Those of these completions that count."""
    return set(session.scalars(select(Completion.id).where(Completion.id.in_(completion_ids), is_standing())))
