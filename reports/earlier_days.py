"""Figures of a day that is over, as anybody may lay them beside those of today and of every other day.

What is exact today would give away, beside what was exact on another day, what the few people did who came, left or
finished in between. So figures of earlier days are of the last days of months and in whole tens: whatever somebody adds
up and takes away of them is a whole ten again (docs/decisions/earlier-days-in-tens.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import Course
from kernel.clock import local_day
from kernel.rounding import rounded
from people.jobs.employment import Employment
from people.organisations import Organisation
from people.persons import Person
from reports.completion import CompletionFigures, counted_groups, title_and_version, trail_in
from reports.groups import Counts, Group
from reports.suppression import SMALLEST_SHOWN, LeftOutFigures, check_threshold

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RoundedCounts(Counts):
    """Counts in whole steps. A share of a few steps would say more than they know, so there is none."""

    step: int = SMALLEST_SHOWN

    @property
    def complete_percent(self) -> int | None:
        """Whole per cent of the rounded counts; ``None`` in a group of fewer than ten steps."""
        return super().complete_percent if self.people >= 10 * self.step else None


def smallest_shown_earlier(step: int) -> int:
    """The smallest group that is shown: five steps, of which rounding takes a tenth at most."""
    return 5 * step


def published_days(*, first: date, today: date) -> tuple[date, ...]:
    """The last days of months from the first day of the record until yesterday, the newest first."""
    return tuple(_month_ends(first, today))


def _month_ends(first: date, today: date) -> Iterator[date]:
    day = today.replace(day=1) - _DAY
    while day >= first:
        yield day
        if day.year == 1 and day.month == 1:
            return
        day = day.replace(day=1) - _DAY


def first_day_of_record(session: Session, *, organisation_id: int) -> date | None:
    """The day on which the first of an authority's people was entered; ``None`` without anybody.

    Of the days before it the record knows only those who were still there, and not those who had left.
    """
    found = session.scalar(
        select(func.min(Person.created_at))
        .join(Employment, Employment.person_id == Person.id)
        .where(Employment.organisation_id == organisation_id)
    )
    return None if found is None else local_day(found)


def rounded_groups(group: Group, *, step: int = SMALLEST_SHOWN) -> Group:
    """The same tree with each count to the nearest step, a half upwards, and without groups of few steps.

    Whether a group is shown follows from its rounded count alone, so that hiding says nothing more than rounding.
    Raises ``ValueError`` for a step below 10.
    """
    check_threshold(step)
    return _rounded(group, step)


def _rounded(group: Group, step: int) -> Group:
    children = tuple(_rounded(child, step) for child in group.children)
    if group.counts is None:
        return replace(group, children=children)
    people, complete = (step * rounded(Fraction(count, step)) for count in (group.counts.people, group.counts.complete))
    is_shown = people >= smallest_shown_earlier(step)
    return replace(group, counts=RoundedCounts(people, complete, step=step) if is_shown else None, children=children)


def earlier_figures(
    session: Session,
    *,
    organisation: Organisation,
    course: Course,
    on: date,
    now: datetime,
    unit_id: int | None = None,
    smallest_shown: int = SMALLEST_SHOWN,
) -> CompletionFigures:
    """How far the people were who counted on a day that is over, in the units of that day, with the names of that day.

    Who had started is not in it. Raises ``NotFound`` for a unit that did not exist that day, and ``ValueError`` for a
    ``smallest_shown`` below 10. Which days may be asked for is said by ``published_days``.
    """
    title, number = title_and_version(session, course)
    exact, _ = counted_groups(session, organisation=organisation, course_id=course.id, on=on)
    return CompletionFigures(
        organisation_name=organisation.name,
        organisation_slug=organisation.slug,
        course_title=title,
        course_slug=course.slug,
        course_version=number,
        on=on,
        as_at=now,
        smallest_shown=smallest_shown,
        total=trail_in(rounded_groups(exact, step=smallest_shown), unit_id)[-1],
        left_out=LeftOutFigures(()),
        shows_started=False,
        step=smallest_shown,
    )
