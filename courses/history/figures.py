"""Which figures of past days a file changes. What it adds for a past day is a correction of the figure of that day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.acceptance.refusing import counts_at
from courses.history.known import KnownCourses, Taken
from courses.history.sentences import ChangedFigure
from courses.records.completion import Completion
from kernel.clock import LOCAL
from people.counting import people_of, who_count

_YEAR_ENDS = (3, 31)  # the last day of an authority's financial year, for which it reports
_MOST_DAYS = 3


def changed_figures(
    session: Session, *, organisation_id: int, added: Iterable[Taken], courses: KnownCourses, on: date
) -> tuple[ChangedFigure, ...]:
    """For each course that gains completions: how many who count had finished it, at each of the last three year ends
    and today, before and after. Figures that stay the same are left out."""
    by_course: defaultdict[int, dict[int, date]] = defaultdict(dict)
    for person_id, course_id, day in added:
        by_course[course_id][person_id] = min(day, by_course[course_id].get(person_id, day))
    if not by_course:
        return ()
    found = []
    for day in _days(on):
        people = people_of(organisation_id=organisation_id, on=day)
        counted = set(session.scalars(select(people.c.person_id).where(who_count(people))))
        for course_id, gained in by_course.items():
            if min(gained.values()) > day:
                continue
            before = counted & _finished(session, organisation_id, course_id, day)
            after = before | (counted & {person_id for person_id, at in gained.items() if at <= day})
            if len(after) > len(before):
                title = courses.title_of(course_id)
                found.append(ChangedFigure(title, day, len(counted), len(before), len(after)))
    return tuple(sorted(found, key=lambda one: (one.course_title, one.on)))


def _days(on: date) -> tuple[date, ...]:
    """The last year ends before a day, the oldest first, and that day."""
    year = on.year if (on.month, on.day) > _YEAR_ENDS else on.year - 1
    return (*(date(year - back, *_YEAR_ENDS) for back in reversed(range(_MOST_DAYS))), on)


def _finished(session: Session, organisation_id: int, course_id: int, on: date) -> set[int]:
    day_end = datetime.combine(on + timedelta(days=1), time.min, LOCAL)
    return set(
        session.scalars(
            select(Completion.person_id).where(
                Completion.course_id == course_id,
                Completion.completed_at < day_end,
                counts_at(on, organisation_id=organisation_id, course_id=course_id),
            )
        )
    )
