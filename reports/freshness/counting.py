"""How long ago those who count last finished a course, and which version of it: counted by part, exactly."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, case, func, select, text
from sqlalchemy.orm import Session

from assignments.audiences.conditions import end_of
from assignments.completed import days_by_person
from assignments.due.dates import later
from assignments.due.rules import Measure
from assignments.plans import Plan
from courses.catalogue.versions import CourseVersion
from courses.records.completion import Completion, CompletionSource
from people.jobs.employment import Employment
from reports.figures.counting import part_of
from reports.figures.definition import By
from reports.figures.population import Population, Question, completion_is_there, population

# Within so many months of the day: the spans that equality duty reports ask for.
SPANS = (12, 24, 36)
# Where a version stands, for what a file brought of the time before: nobody saw a version of ours then.
BEFORE_RECORD = 0
# How many people are held in memory at once, where their days have to be worked out.
PORTION = 4000


@dataclass
class Tally:
    """One part: how many count, how many finished at any time, within each of ``SPANS``, and last by each version."""

    people: int = 0
    finished: int = 0
    within: list[int] = field(default_factory=lambda: [0] * len(SPANS))
    by_version: Counter[int] = field(default_factory=Counter)


def first_day_within(on: date, months: int) -> date:
    """The day after which somebody has to have finished, to have done so in the whole months up to ``on``."""
    return later(on, -months, Measure.MONTHS)


def tallies(session: Session, question: Question, *, by: By) -> dict[Any, Tally]:
    """Of everybody who counts on the day, by unit, grade or contract; parts in which nobody counts are not there.

    What somebody finished counts here for ever as far as the authority accepts it: a completion that is no longer valid
    is an old one. One statement, but for programmes and where a shorter course renews: there days are worked out.
    """
    who = population(session, question)
    last = _last_completions(session, question)
    if question.plan is not None and not question.plan.is_simple:
        return _by_days(session, question.plan, who, last, by, question.on)
    found: dict[Any, Tally] = {}
    since = [end_of(first_day_within(question.on, months)) for months in SPANS]
    within = [func.sum(case((last.c.completed_at >= moment, 1), else_=0)) for moment in since]
    columns = (part_of(who, by).label("part"), last.c.version.label("version"), func.count(), *within)
    rows = session.execute(_of_who_count(columns, who, last).group_by(text("part"), text("version")))
    for part, version, people, *counts in rows:
        _add(found, part, version, people, counts)
    return found


def _add(found: dict[Any, Tally], part: Any, version: int | None, people: int, within: Sequence[int]) -> None:
    tally = found.setdefault(part, Tally())
    tally.people += people
    tally.within = [one + more for one, more in zip(tally.within, within, strict=True)]
    if version is not None:
        tally.finished += people
        tally.by_version[version] += people


def _last_completions(session: Session, question: Question) -> CTE:
    """One row for each person who ever finished the course: when last, and the number of the version."""
    place = func.row_number().over(
        partition_by=Completion.person_id, order_by=(Completion.completed_at.desc(), Completion.id.desc())
    )
    version = case((Completion.source == CompletionSource.IMPORTED, BEFORE_RECORD), else_=CourseVersion.number)
    every = (
        select(Completion.person_id, Completion.completed_at, version.label("version"), place.label("place"))
        .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .where(completion_is_there(session, question))
        .subquery()
    )
    last = select(every.c.person_id, every.c.completed_at, every.c.version).where(every.c.place == 1)
    # Else PostgreSQL may work it out once for each person. SQLite would search what is materialized row by row.
    return last.cte("last_finished").prefix_with("MATERIALIZED", dialect="postgresql")


def _of_who_count(columns: Sequence[ColumnElement[Any]], who: Population, last: FromClause) -> Any:
    return (
        select(*columns)
        .select_from(who.people.outerjoin(last, last.c.person_id == who.people.c.person_id))
        .where(who.left_out.is_(None))
    )


def _by_days(session: Session, plan: Plan, who: Population, last: CTE, by: By, on: date) -> dict[Any, Tally]:
    """Where several courses lead to one completion: the version is that of the course itself, and a programme, which
    is several courses, has none."""
    columns = (who.people.c.person_id, part_of(who, by), last.c.version)
    rows = session.execute(_of_who_count(columns, who, last).order_by(who.people.c.person_id)).all()
    since = [first_day_within(on, months) for months in SPANS]
    found: dict[Any, Tally] = {}
    finished = _last_days(session, plan, [person_id for person_id, _, _ in rows], on)
    for person_id, part, version in rows:
        tally = found.setdefault(part, Tally())
        tally.people += 1
        day = finished.get(person_id)
        if day is not None:
            tally.finished += 1
            tally.within = [count + (day > first) for count, first in zip(tally.within, since, strict=True)]
            tally.by_version.update(() if version is None else (version,))
    return found


def _last_days(session: Session, plan: Plan, ids: Sequence[int], on: date) -> Mapping[int, date]:
    return dict(_finished(session, plan, ids, on))


def _finished(session: Session, plan: Plan, ids: Sequence[int], on: date) -> Iterator[tuple[int, date]]:
    """The last day on which each finished; ``ids`` are in order."""
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        within = Employment.person_id.between(some[0], some[-1])
        for person_id, days in days_by_person(session, [plan], on=on, within=within).items():
            if completed := plan.completed_on(days):
                yield person_id, completed[-1]
