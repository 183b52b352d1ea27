"""Counting a day that is over and keeping it, and finding what is kept.

A count holds while there are exactly as many marks about it as before it was made. Marks are only ever added, so as
many are the same ones. Nobody holds anything while they count: who commits a change after the marks were read has left
one more than were read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, defer

from assignments.audiences.rules import courses_needed
from assignments.plans import Plan, find_plan
from kernel.insert_once import insert_once
from people.counting import LeftOut
from reports.figures.counting import Exact, exactly, exactly_to_come
from reports.figures.definition import By
from reports.figures.population import Question
from reports.groups import Counts
from reports.kept.code import code_that_counts
from reports.kept.record import ChangeOfPast, KeptCount, closed_until
from reports.kept.watching import ANY

_ANY = int(ANY)
_TO_COME = LeftOut.NOT_STARTED_YET.value


class Marks(NamedTuple):
    """How many there are about an authority, by course and day: one reading serves many days."""

    found: Mapping[tuple[int, date], int]

    def about(self, courses: Collection[int], on: date) -> int:
        """How many say that figures of these courses on a day may be others."""
        matter = {_ANY, *courses}
        return sum(number for (course, since), number in self.found.items() if course in matter and since <= on)


def marks_of(session: Session, *, organisation_id: int, until: date, courses: Collection[int] | None = None) -> Marks:
    """The marks about days up to one, of some courses or all."""
    mark = ChangeOfPast
    only = () if courses is None else (mark.course_id.in_({_ANY, *courses}),)
    rows = session.execute(
        select(mark.course_id, mark.since_on, func.count())
        .where(mark.organisation_id.in_((_ANY, organisation_id)), mark.since_on <= until, *only)
        .group_by(mark.course_id, mark.since_on)
    )
    return Marks({(course, since): number for course, since, number in rows})


def exactly_past(session: Session, question: Question, *, by: By) -> Exact:
    """What ``exactly`` says of a day that is over, without who had begun: as it was kept, or counted now."""
    found = find_kept(session, question, by=by)
    if found is None:
        return exactly(session, question, by=by, with_begun=False)
    to_come = exactly_to_come(session, question, by=by)
    return Exact(found.counts, {**found.left_out, _TO_COME: to_come})


def find_kept(session: Session, question: Question, *, by: By) -> Exact | None:
    """What is kept of it and holds, without those whose jobs were to come; ``None`` where nothing is."""
    of = question
    found = kept_on(session, [of.on], organisation_id=of.organisation_id, course_id=of.course_id, by=by)
    return as_exact(found[of.on]) if found else None


def kept_on(
    session: Session,
    days: Sequence[date],
    *,
    organisation_id: int,
    course_id: int,
    by: By = By.UNIT,
    totals_alone: bool = False,
) -> dict[date, KeptCount]:
    """By day, what is kept and holds. With ``totals_alone`` the parts are left where they are, which saves reading.

    What is kept is read before the marks about it, and not the other way round.
    """
    wanted = select(KeptCount).where(
        KeptCount.organisation_id == organisation_id,
        KeptCount.course_id == course_id,
        KeptCount.by == by,
        KeptCount.of_day.in_(days),
        KeptCount.code == code_that_counts(),
    )
    if totals_alone:
        wanted = wanted.options(defer(KeptCount.counts), defer(KeptCount.left_out))
    rows = session.scalars(wanted.execution_options(populate_existing=True)).all()
    if not rows:
        return {}
    courses = {course for row in rows for course in row.courses}
    until = max(row.of_day for row in rows)
    marks = marks_of(session, organisation_id=organisation_id, until=until, courses=courses)
    return {row.of_day: row for row in rows if row.marks == marks.about(row.courses, row.of_day)}


@dataclass(frozen=True)
class CountOfDay:
    """A count that may be kept: which it is, and every other column of it."""

    key: dict[str, Any]
    values: dict[str, Any]

    def differs_from(self, row: KeptCount) -> bool:
        """Whether the row says something else, though nothing was marked since it was made."""
        numbers = ("people", "complete", "counts", "left_out")
        return self.values["marks"] == row.marks and any(self.values[one] != getattr(row, one) for one in numbers)


def count_day(
    session: Session, *, organisation_id: int, course_id: int, on: date, by: By = By.UNIT, now: datetime
) -> CountOfDay | None:
    """Count a day anew, reading alone; ``None`` where it is not closed, so that nothing of it may be kept."""
    closed = closed_until(session)
    if closed is None or on > closed:
        return None
    marks = marks_of(session, organisation_id=organisation_id, until=on)
    # Everything that is counted, the plan too, is read after the marks.
    plan = find_plan(session, organisation_id=organisation_id, course_id=course_id, on=on)
    exact = exactly(session, Question(organisation_id, course_id, on, plan), by=by, with_begun=False)
    courses = courses_that_matter(course_id, plan)
    return CountOfDay(
        {"organisation_id": organisation_id, "course_id": course_id, "of_day": on, "by": by},
        {
            "courses": courses,
            "marks": marks.about(courses, on),
            "code": code_that_counts(),
            "counted_at": now,
            "checked_at": now,
            **written(exact),
        },
    )


def keep(session: Session, count: CountOfDay, *, difference: str | None = None) -> None:
    """Keep a count instead of what was kept before."""
    session.execute(delete(KeptCount).filter_by(**count.key))
    insert_once(session, KeptCount, [{**count.key, **count.values, "difference": difference}], unique=tuple(count.key))


def courses_that_matter(course_id: int, plan: Plan | None) -> list[int]:
    """The courses whose completions decide who has finished and who is asked."""
    if plan is None:
        return [course_id]
    needed = (course for stage in plan.stages for course in courses_needed(stage.rule))
    return sorted({course_id, *plan.courses, *plan.counted, *needed})


def written(exact: Exact) -> dict[str, Any]:
    """The columns that hold a count, in one order, so that equal counts are equal rows."""
    counts = sorted(([part, one.people, one.complete] for part, one in exact.counts.items()), key=_in_order)
    left_out = {
        why: sorted(([part, one.people] for part, one in parts.items()), key=_in_order)
        for why, parts in sorted(exact.left_out.items())
        if why != _TO_COME
    }
    whole = sum(exact.counts.values(), start=Counts())
    return {"people": whole.people, "complete": whole.complete, "counts": counts, "left_out": left_out}


def as_exact(row: KeptCount) -> Exact:
    """The count that a row holds."""
    return Exact(
        {part: Counts(people, complete) for part, people, complete in row.counts},
        {why: {part: Counts(people) for part, people in parts} for why, parts in row.left_out.items()},
    )


def _in_order(row: list[Any]) -> str:
    return str(row[0])
