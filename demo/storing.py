"""Puts the demo's people and their learning into the tables, each table in one go."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import FromClause, insert
from sqlalchemy.orm import Session

from courses.content.model.course import CourseDocument
from courses.records.answers import Answer
from courses.records.attempts import Attempt, ModuleProgress
from courses.records.completion import Completion, CompletionSource
from demo.learning import PROGRAMME_DAYS, Study
from demo.people import Person
from demo.region import Authority, Team
from demo.sittings import add_sittings
from kernel.clock import LOCAL, local_day
from people.jobs.changes import ChangeOrigin
from people.jobs.values import Terms
from people.jobs.writing import Away, NewJob, Source, add_jobs
from people.organisations import Organisation, Unit, UnitKind
from people.persons import Person as PersonRow

_LEVELS = (UnitKind.DIRECTORATE, UnitKind.SERVICE, UnitKind.TEAM)


@dataclass(frozen=True)
class Taken:
    """The published course that the demo's people take."""

    course_id: int
    version_id: int
    document: CourseDocument


Rows = list[dict[str, Any]]


def _insert(session: Session, table: FromClause, rows: Rows) -> int:
    if rows:
        session.execute(insert(table), rows)  # type: ignore[arg-type]
    return len(rows)


def _insert_with_ids(session: Session, table: FromClause, rows: Rows) -> Sequence[int]:
    """As ``_insert``, and the new ids in the order of the rows."""
    if not rows:
        return []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)  # type: ignore[arg-type]
    return session.scalars(statement, rows).all()


def add_organisations(session: Session, authorities: Sequence[Authority]) -> dict[str, int]:
    """Organisation ids by slug."""
    rows = [{"slug": authority.slug, "name": authority.name} for authority in authorities]
    identities = _insert_with_ids(session, Organisation.__table__, rows)
    return {authority.slug: identity for authority, identity in zip(authorities, identities, strict=True)}


def add_units(
    session: Session, teams: Iterable[Team], organisation_ids: Mapping[str, int]
) -> dict[tuple[str, ...], int]:
    """Unit ids by slug and path, for directorates, services and teams alike."""
    listed = list(teams)
    ids: dict[tuple[str, ...], int] = {}
    for depth, kind in enumerate(_LEVELS, start=1):
        keys = list(dict.fromkeys((team.authority.slug, *team.path[:depth]) for team in listed))
        rows = [
            {
                "organisation_id": organisation_ids[key[0]],
                "parent_id": ids.get(key[:-1]),
                "kind": kind,
                "name": key[-1],
                "path": " / ".join(key[1:]),
            }
            for key in keys
        ]
        ids |= zip(keys, _insert_with_ids(session, Unit.__table__, rows), strict=True)
    return ids


def add_people(
    session: Session,
    people: Sequence[Person],
    organisation_ids: Mapping[str, int],
    unit_ids: Mapping[tuple[str, ...], int],
    now: datetime,
) -> int:
    """Store people and jobs, and tell each person their id; returns the number of jobs."""
    rows = [
        {
            "chosen_name": person.name,
            "email": person.email,
            "work_mobile": person.work_mobile,
            "created_at": _known_since(person, now),
        }
        for person in people
    ]
    for person, identity in zip(people, _insert_with_ids(session, PersonRow.__table__, rows), strict=True):
        person.id = identity
    jobs = list(_jobs(people, organisation_ids, unit_ids))
    return len(add_jobs(session, jobs, source=Source(ChangeOrigin.DEMO), now=now))


def _known_since(person: Person, now: datetime) -> datetime:
    first = max(person.job.starts_on, local_day(now) - timedelta(days=PROGRAMME_DAYS))
    return min(now, datetime.combine(first, time(6), LOCAL))


def _jobs(
    people: Iterable[Person], organisation_ids: Mapping[str, int], unit_ids: Mapping[tuple[str, ...], int]
) -> Iterator[NewJob]:
    for person in people:
        for job in person.jobs:
            slug = job.team.authority.slug
            yield NewJob(
                person_id=person.id,
                organisation_id=organisation_ids[slug],
                payroll_number=job.payroll_number,
                starts_on=job.starts_on,
                ends_on=job.ends_on,
                terms=Terms(unit_ids[slug, *job.team.path], job.title, job.grade, job.kind, is_main=job.is_main),
                away=(Away(job.away_from, job.away_until),) if job.away_from else (),
            )


def add_completions(
    session: Session, people: Iterable[Person], organisation_ids: Mapping[str, int], course: Taken
) -> int:
    """Store who has finished the course; returns how many."""
    # Imported history: the platform did not see it happen, so nobody is due a certificate for it.
    finished = [(person.completed_at, person) for person in people if person.completed_at is not None]
    rows = [
        {
            "person_id": person.id,
            "course_id": course.course_id,
            "cycle": 1,
            "course_version_id": course.version_id,
            "organisation_id": organisation_ids[person.job.team.authority.slug],
            "unit_path": " / ".join(person.job.team.path),
            "grade": person.job.grade,
            "completed_at": completed_at,
            "source": CompletionSource.IMPORTED,
        }
        for completed_at, person in sorted(finished, key=lambda one: one[0])
    ]
    return _insert(session, Completion.__table__, rows)


def add_studies(session: Session, people: Iterable[Person], course: Taken) -> int:
    """Store attempts, progress and answers of those who are midway; returns how many they are."""
    midway = [(person.id, person.study) for person in people if person.study is not None]
    rows = [
        {
            "person_id": person_id,
            "course_id": course.course_id,
            "cycle": 1,
            "course_version_id": course.version_id,
            "started_at": study.started_at,
            "last_seen_at": study.last_seen_at,
            "at_module": study.at_module,
            "at_screen": study.at_screen,
        }
        for person_id, study in midway
    ]
    attempt_ids = _insert_with_ids(session, Attempt.__table__, rows)
    studies = list(zip(attempt_ids, (study for _, study in midway), strict=True))
    _insert(session, ModuleProgress.__table__, [row for one in studies for row in _progress(*one)])
    _insert(session, Answer.__table__, [row for one in studies for row in _answers(*one)])
    add_sittings(session, ((attempt_id, sat) for attempt_id, study in studies for sat in study.sittings))
    return len(midway)


def _progress(attempt_id: int, study: Study) -> Rows:
    return [
        {
            "attempt_id": attempt_id,
            "module_id": module_id,
            "screens_done": done,
            "completed_at": study.completed_at.get(module_id),
            "skipped_at": None,
        }
        for module_id, done in study.screens_done.items()
    ]


def _answers(attempt_id: int, study: Study) -> Rows:
    return [
        {
            "attempt_id": attempt_id,
            "question_id": one.question_id,
            "try_number": one.number,
            "response": one.response,
            "points": one.result.points,
            "out_of": one.result.out_of,
            "is_right": one.result.is_right,
            "marking_version": one.marking_version,
            "seconds": one.seconds,
            "answered_at": one.answered_at,
        }
        for one in study.tries
    ]
