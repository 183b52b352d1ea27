"""A made-up region for measurements: people with jobs by the thousand, courses, and who is asked for which."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from random import Random
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assignments.audiences.rules import AllOf, InUnit, Not, OnGrade, Rule, TitleHas
from assignments.audiences.saved import add_audience
from assignments.due.rules import DueRule, Measure, Since
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom
from assignments.programmes.refreshers import Refresher
from assignments.requirements import Asking, require_course
from courses.catalogue.programmes import Programme, ProgrammeRoute, ProgrammeVersion
from courses.catalogue.versions import Course, CourseVersion
from courses.records.completion import Completion, CompletionSource
from kernel.database import table_of
from people.jobs.changes import ChangeOrigin
from people.jobs.values import Terms
from people.jobs.writing import NewJob, Source, add_jobs
from people.organisations import Organisation, Unit, UnitKind
from people.persons import Person

ON = date(2027, 3, 31)
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
# With a programme of its own each authority asks for ten things.
COURSES, TEAMS, AUTHORITIES = 9, 130, 7
AT_ONCE = 5_000
_GRADES = ("G5", "G6", "G7", "G8", "G9")
_TITLES = ("Officer", "Care assistant", "Manager", "Social worker", "Cleaner")
_numbers = count(1)
_codes = count(1)
_Row = TypeVar("_Row")


def lay_out(session: Session) -> list[int]:
    """Authorities with their teams, courses, and what each asks of whom; returns the ids of the authorities."""
    found = [Organisation(slug=f"a{place}", name=f"Authority {place}") for place in range(AUTHORITIES)]
    session.add_all(found)
    session.flush()
    ids = [one.id for one in found]
    for organisation_id in ids:
        session.execute(insert(table_of(Unit)), [_team(place, organisation_id) for place in range(TEAMS)])
    for place in range(COURSES):
        published(session, f"bench-{place}", BEGAN)
    for organisation_id in ids:
        _ask(session, organisation_id)
    return ids


def employ(session: Session, organisation_id: int, people: int) -> Iterator[int]:
    """So many people with a job and their completions, some thousands at once; yields how many each time."""
    teams = session.scalars(select(Unit.id).where(Unit.organisation_id == organisation_id).order_by(Unit.id)).all()
    random = Random(organisation_id)  # noqa: S311 - made-up people
    for some in _parts(range(people)):
        first = session.scalar(select(Person.id).order_by(Person.id.desc()).limit(1)) or 0
        rows = [{"chosen_name": f"Person {place}", "created_at": BEGAN} for place in some]
        session.execute(insert(table_of(Person)), rows)
        ids = session.scalars(select(Person.id).where(Person.id > first).order_by(Person.id)).all()
        jobs = [_job(random, key, organisation_id, teams) for key in ids]
        add_jobs(session, jobs, source=Source(ChangeOrigin.DEMO), now=BEGAN)
        _complete(session, random, organisation_id, ids)
        yield len(some)


def _parts(everything: Iterable[_Row]) -> Iterator[list[_Row]]:
    left = iter(everything)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _team(place: int, organisation_id: int) -> dict[str, Any]:
    path = f"Directorate {place % 8} / Service {place % 40} / Team {place}"
    return {"organisation_id": organisation_id, "kind": UnitKind.TEAM, "name": f"Team {place}", "path": path}


def published(session: Session, slug: str, at: datetime) -> tuple[int, int]:
    """A course of which nobody opens the document; returns its id and that of its version."""
    course = Course(code=f"B{next(_codes)}", slug=slug)
    session.add(course)
    session.flush()
    version = CourseVersion(
        course_id=course.id,
        number=1,
        title=f"Course {slug}",
        summary="",
        minutes=30,
        gives_certificate=False,
        fingerprint="0" * 64,
        document={},
        published_at=at,
    )
    session.add(version)
    session.flush()
    return course.id, version.id


def _job(random: Random, person_id: int, organisation_id: int, teams: Sequence[int]) -> NewJob:
    starts_on = date(2018, 1, 1) + timedelta(days=random.randrange(3_200))
    terms = Terms(random.choice(teams), job_title=random.choice(_TITLES), grade=random.choice(_GRADES))
    return NewJob(person_id, organisation_id, f"W{next(_numbers):07}", starts_on, terms)


def _complete(session: Session, random: Random, organisation_id: int, people: Sequence[int]) -> None:
    """Each has completed about six of the courses, and some of them twice."""
    versions = session.execute(select(CourseVersion.course_id, CourseVersion.id).order_by(CourseVersion.id)).all()
    rows: list[dict[str, Any]] = []
    for person_id in people:
        for course_id, version_id in versions:
            times = random.choice((0, 0, 1, 1, 1, 1, 2))
            day = BEGAN + timedelta(days=random.randrange(60))
            for cycle in range(1, times + 1):
                rows.append(
                    {
                        "person_id": person_id,
                        "course_id": course_id,
                        "cycle": cycle,
                        "course_version_id": version_id,
                        "organisation_id": organisation_id,
                        "unit_path": "",
                        "grade": "",
                        "completed_at": day + timedelta(days=330 * (cycle - 1)),
                        "source": CompletionSource.PLATFORM,
                    }
                )
    for some in _parts(rows):
        session.execute(insert(table_of(Completion)), some)


def _ask(session: Session, organisation_id: int) -> None:
    """Ten requirements of every kind: a day, after the start, after being asked, for audiences, for a time, a programme
    in steps, and a shorter course the next time."""
    courses = list(session.scalars(select(CourseVersion.course_id).order_by(CourseVersion.course_id)))
    courses.append(programme_of(session, organisation_id, ((courses[0], courses[1]), (courses[3],)), BEGAN))
    team = session.scalar(select(Unit.id).where(Unit.organisation_id == organisation_id).order_by(Unit.id).limit(1))
    by_day = DueRule(day=date(2027, 4, 30))
    after_start = DueRule(since=Since.EMPLOYMENT, count=3, measure=Measure.MONTHS, at_least_days=28)
    after_asking = DueRule(since=Since.ASKED, count=20, measure=Measure.WORKING_DAYS)
    after_other = DueRule(since=Since.COMPLETED, count=60, course_id=courses[0])
    year = PeriodRule(Lasts.MONTHS, 12)
    old_end = PeriodRule(Lasts.MONTHS, 12, runs_from=RunsFrom.OLD_END)
    yearly = PeriodRule(Lasts.YEARLY, until=date(2027, 3, 31))
    some: dict[int, Rule] = {
        5: OnGrade(("G7", "G8", "G9")),
        6: TitleHas(("care",)),
        7: AllOf((OnGrade(("G5", "G6")), Not(TitleHas(("manager",))))),
        8: AllOf((Not(InUnit(team or 0)),)),
    }
    dues = [by_day, after_start, after_asking, after_other, by_day, by_day, after_start, after_asking, by_day, by_day]
    periods = [None, None, year, None, old_end, year, None, yearly, old_end, None]
    for place, course_id in enumerate(courses):
        audience_id = _audience(session, organisation_id, place, some[place]) if place in some else None
        refresher = Refresher(courses[6], 24) if place == 2 else None
        asking = Asking(audience_id, dues[place], periods[place], refresher)
        whom = [organisation_id]
        require_course(session, course_id=course_id, organisation_ids=whom, account_id=None, now=BEGAN, asking=asking)


def programme_of(session: Session, organisation_id: int, steps: tuple[tuple[int, ...], ...], made_at: datetime) -> int:
    """A programme of an authority; returns the id by which it is asked for. Its courses have no documents to check."""
    course = Course(code=f"P{organisation_id}", slug=f"programme.bench-{organisation_id}")
    session.add(course)
    session.flush()
    programme = Programme(course_id=course.id, organisation_id=organisation_id, made_at=made_at)
    session.add(programme)
    session.flush()
    version = ProgrammeVersion(programme_id=programme.id, number=1, name="First weeks", made_at=made_at)
    session.add(version)
    session.flush()
    session.add_all(
        ProgrammeRoute(programme_version_id=version.id, step_number=number, place=place, course_id=one)
        for number, step in enumerate(steps, start=1)
        for place, one in enumerate(step, start=1)
    )
    session.flush()
    return course.id


def _audience(session: Session, organisation_id: int, place: int, rule: Rule) -> int:
    name = f"Audience {place}"
    return add_audience(session, organisation_id=organisation_id, name=name, rule=rule, account_id=None, now=BEGAN)
