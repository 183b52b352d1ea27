"""Figures of a day that is over, as anybody may lay them beside those of today and of every other day.

What is exact today would give away, beside what was exact on another day, what the few people did who came, left or
finished in between. So figures of earlier days are in whole tens: whatever somebody adds up and takes away of them is a
whole ten again. Any day can be asked for. A large group is answered for that day; any other for the last day of the
month before, because walking from day to day would show on which of them its count went from 44 to 45
(docs/decisions/any-day-in-tens.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.plans import find_plan
from courses.catalogue.versions import Course
from kernel.clock import day_bounds, local_day
from kernel.errors import RuleBroken
from kernel.rounding import rounded
from people.jobs.employment import Employment
from people.organisations import Organisation
from people.persons import Person
from people.reorganisation.sentences import day_in_words
from reports.completion import CompletionFigures, find_part, part_in, title_and_version
from reports.figures.counting import Counted, Reason, arranged, arrangement
from reports.figures.definition import EVERYBODY, By, Cut
from reports.figures.population import Question
from reports.groups import Counts, Group, RoundedCounts
from reports.kept.keeping import exactly_past
from reports.suppression import SMALLEST_SHOWN, LeftOutFigure, LeftOutFigures, check_threshold, without_figures

_DAY = timedelta(days=1)


# So many steps of people make a group large: of five hundred, some come, leave or finish on nearly every day.
_LARGE = 50


def smallest_shown_earlier(step: int) -> int:
    """The smallest group that is shown: five steps, of which rounding takes a tenth at most."""
    return 5 * step


def large_enough_for_any_day(step: int) -> int:
    """The smallest group that is answered for the very day that is asked for."""
    return _LARGE * step


def month_end_before(day: date) -> date:
    """The day itself where it is the last of its month, else the last day of the month before."""
    is_last = (day + _DAY).month != day.month if day < date.max else True
    return day if is_last else day.replace(day=1) - _DAY


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


EMAIL_TODAY = "Who has a work email is known of today alone, so there are no figures by it of a day that is over."


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


def begins_by(session: Session, *, organisation_id: int, day: date) -> bool:
    """Whether the record begins on a day or before: nearly always, and said at once by the first person found."""
    found = (
        select(Person.id)
        .join(Employment, Employment.person_id == Person.id)
        .where(Employment.organisation_id == organisation_id, Person.created_at < day_bounds(day)[1])
        .limit(1)
    )
    return session.scalar(found) is not None


def why_not(on: date, *, first: date | None, today: date, name: str) -> str:
    """Why there are no figures of a day, in words; empty where there are. ``first`` is that of the record."""
    said = day_in_words(on)
    if on == today:
        return ""
    if on > today:
        return f"{said} has not come yet. Figures are of today, or of a day that is over."
    if first is None:
        return f"There is nobody in the record of {name} yet, so there are no figures of {said}."
    if on < first:
        return f"The record of {name} begins on {day_in_words(first)}. There are no figures of days before it."
    if month_end_before(on) < first and on != month_end_before(on):
        return (
            f"The record of {name} begins on {day_in_words(first)}. The first day of which there are figures "
            f"is the last of that month."
        )
    return ""


def rounded_groups(group: Group, *, on: date, step: int = SMALLEST_SHOWN) -> Group:
    """The same tree with each count to the nearest step, a half upwards, and without groups of few steps.

    Whether a group is shown follows from its rounded count alone, so that hiding says nothing more than rounding.
    Raises ``ValueError`` for a step below 10.
    """
    check_threshold(step)
    return _rounded(group, on, step)


def _rounded(group: Group, on: date, step: int) -> Group:
    children = tuple(_rounded(child, on, step) for child in group.children)
    return replace(group, counts=rounded_counts(group.counts, on, step), children=children)


def rounded_counts(exact: Counts | None, on: date, step: int) -> RoundedCounts | None:
    """People and complete to the nearest step; ``None`` for few people."""
    if exact is None:
        return None
    people, complete = (step * rounded(Fraction(count, step)) for count in (exact.people, exact.complete))
    return RoundedCounts(people, complete, step=step, on=on) if people >= smallest_shown_earlier(step) else None


def groups_as_at(of_day: Group, before: Group | None, *, step: int) -> Group:
    """The groups of a day, both already rounded: each that was large at the end of the month before with the figures of
    the day, and every other with those of that month’s end, if it was there.

    Whether a group is large is no matter of the day that is asked for, so walking from day to day does not show it.
    """
    then = {one.key: one.counts for one in before.walk()} if before else {}
    return _as_at(of_day, then, step)


def _as_at(group: Group, then: Mapping[str, Counts | None], step: int) -> Group:
    earlier = then.get(group.key)
    is_large = earlier is not None and earlier.people >= large_enough_for_any_day(step)
    counts = group.counts if is_large else earlier
    children = (_as_at(child, then, step) if counts else without_figures(child) for child in group.children)
    # That there is anybody directly in a unit, or of a grade, is to be learned of many people alone.
    return replace(group, counts=counts, children=tuple(one for one in children if one.is_shown or one.unit_id))


def earlier_figures(
    session: Session,
    *,
    organisation: Organisation,
    course: Course,
    on: date,
    now: datetime,
    cut: Cut = EVERYBODY,
    smallest_shown: int = SMALLEST_SHOWN,
) -> CompletionFigures:
    """How far the people were who counted on a day that is over, in the units of that day, with the names of that day.

    Who had started is not in it. Raises ``NotFound`` for a unit that did not exist that day, ``RuleBroken`` for another
    part that is not shown, and ``ValueError`` for a ``smallest_shown`` below 10.
    """
    check_threshold(smallest_shown)
    if cut.by is By.EMAIL:
        raise RuleBroken(EMAIL_TODAY, field="by")
    title, number = title_and_version(session, course)

    def counted(day: date) -> Counted:
        return counted_past(session, organisation=organisation, course_id=course.id, on=day, by=cut.by)

    of_day, month_end = counted(on), month_end_before(on)
    if month_end == on:
        before: Counted | None = of_day
    else:
        before = counted(month_end) if begins_by(session, organisation_id=organisation.id, day=month_end) else None
    total, left_out = shown_earlier(of_day, before, cut, on=on, step=smallest_shown)
    return CompletionFigures(
        organisation_name=organisation.name,
        organisation_slug=organisation.slug,
        course_title=title,
        course_slug=course.slug,
        course_version=number,
        on=on,
        as_at=now,
        smallest_shown=smallest_shown,
        total=total,
        left_out=left_out,
        shows_started=False,
        step=smallest_shown,
        small_groups_on=month_end,
        cut=cut,
    )


def counted_past(session: Session, *, organisation: Organisation, course_id: int, on: date, by: By) -> Counted:
    """What is counted of a day that is over, exactly, and kept where it was counted before. Nobody is in progress."""
    plan = find_plan(session, organisation_id=organisation.id, course_id=course_id, on=on)
    question = Question(organisation.id, course_id, on, plan)
    exact = exactly_past(session, question, by=by)
    return arranged(session, question, exact, organisation=organisation, by=by)


def shown_at_month_end(
    session: Session, counts: Mapping[Any, Counts], cut: Cut, *, organisation: Organisation, on: date, step: int
) -> Group:
    """What may be seen of exact counts of the last day of a month, as ``earlier_figures`` shows it, without the reasons
    for being left out. Raises as ``part_in`` does."""
    shape = arrangement(session, organisation=organisation, by=cut.by, on=on, also=counts)
    shown = rounded_groups(shape(counts), on=on, step=step)
    return part_in(groups_as_at(shown, shown, step=step), cut)


def shown_earlier(
    of_day: Counted, before: Counted | None, cut: Cut, *, on: date, step: int = SMALLEST_SHOWN
) -> tuple[Group, LeftOutFigures]:
    """What may be seen of exact counts of a day that is over and of the month’s end before, where there is one: all of
    it, or the part that is asked for. Raises as ``part_in`` does."""
    then = rounded_groups(before.total, on=month_end_before(on), step=step) if before else None
    shown = groups_as_at(rounded_groups(of_day.total, on=on, step=step), then, step=step)
    return part_in(shown, cut), _left_out(before.left_out if before else (), cut, step)


def _left_out(reasons: Sequence[Reason], cut: Cut, step: int) -> LeftOutFigures:
    """Every reason, also where it leaves out nobody: of the last day of a month, as that of a small group."""
    found = []
    for words, exact in reasons:
        group = find_part(exact, cut)
        shown = rounded_counts(group.counts if group else None, date.min, step)
        found.append(LeftOutFigure(words, shown.people if shown else None))
    return LeftOutFigures(tuple(found))
