"""Freshness as it may be seen: each number of a group hidden and rounded as the number of those who finished is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from assignments.plans import find_plan
from courses.catalogue.versions import Course, get_course
from kernel.errors import RuleBroken
from kernel.rounding import whole_percent
from people.organisations import Organisation, get_organisation
from reports.completion import CompletionFigures, part_in
from reports.earlier_days import first_day_of_record, month_end_before, shown_earlier
from reports.figures.counting import Counted, arrangement
from reports.figures.definition import By, FigureDefinition, Measure
from reports.figures.population import Question
from reports.freshness.counting import SPANS, Tally, tallies
from reports.freshness.versions import VersionSeen, versions_seen
from reports.groups import Counts, Group
from reports.suppression import hide_alike

BY_ROUTE = "How long ago people finished is told by unit, grade or contract, and not by route."


@dataclass(frozen=True)
class FreshGroup:
    """One group. In each of its counts ``complete`` is how many of its people it is about.

    ``group`` holds those who finished at any time, ``within`` those of each of ``SPANS``, each among the next, and
    ``by_version`` those of each version of the figures. Both are empty where the group is not shown.
    """

    group: Group
    within: tuple[Counts, ...]
    by_version: tuple[Counts, ...]
    parts: tuple["FreshGroup", ...] = ()

    @property
    def counts(self) -> Counts | None:
        """Its people, and who of them finished at any time; ``None`` where it is not shown."""
        return self.group.counts

    @property
    def bands(self) -> tuple[int, ...]:
        """Everybody once: within the first span, the second, the third, longer ago, and not yet; empty if not shown."""
        if self.counts is None:
            return ()
        ends = [0, *(one.complete for one in self.within), self.counts.complete, self.counts.people]
        return tuple(max(0, after - before) for before, after in pairwise(ends))

    @property
    def band_percents(self) -> tuple[int, ...]:
        """The same as whole per cents of its people; empty where there is no share to be shown."""
        if self.counts is None or self.counts.complete_percent is None:
            return ()
        return tuple(whole_percent(band, self.counts.people) for band in self.bands)


@dataclass(frozen=True)
class FreshnessFigures:
    """How long ago the people of ``completion`` last finished. ``versions`` are those that anybody finished here or
    that stood on the day, the newest first; what a file brought of the time before comes last."""

    completion: CompletionFigures
    total: FreshGroup
    versions: tuple[VersionSeen, ...]

    @property
    def definition(self) -> FigureDefinition:
        """What these are the figures of."""
        return replace(self.completion.definition, measure=Measure.FRESHNESS)

    @property
    def newest_place(self) -> int | None:
        """Where the version that stood on the day is in ``versions``; ``None`` for a programme, which has none."""
        return next((place for place, one in enumerate(self.versions) if one.is_newest), None)


def freshness_of(session: Session, completion: CompletionFigures) -> FreshnessFigures:
    """How long ago those people last finished whom figures speak of: of the same day and part, hidden alike.

    Raises ``RuleBroken`` where they are by route, and ``NotFound`` if the unit has gone meanwhile.
    """
    if completion.cut.by is By.ROUTE:
        raise RuleBroken(BY_ROUTE, field="by")
    organisation = get_organisation(session, slug=completion.organisation_slug)
    course = get_course(session, slug=completion.course_slug)
    of_day = _Day(session, organisation, course, completion.on, completion.cut.by)
    before = _month_end(session, of_day, completion)
    seen = sorted({one for day in filter(None, (of_day, before)) for one in day.version_numbers()}, reverse=True)
    versions = versions_seen(session, course_id=course.id, numbers=seen, on=completion.on)

    def shown(measure: Callable[[Tally], int]) -> Group:
        exact = Counted(of_day.group(measure), ())
        if not completion.is_of_earlier_day:
            return hide_alike(part_in(exact.total, completion.cut), completion.total)
        then = Counted(before.group(measure), ()) if before else None
        return shown_earlier(exact, then, completion.cut, on=completion.on, step=completion.step)[0]

    finished = shown(lambda tally: tally.finished)
    within = [shown(_within(place)) for place in range(len(SPANS))]
    by_version = [shown(_of_version(one.number)) for one in versions]
    return FreshnessFigures(completion, _together(finished, within, by_version), versions)


def _within(place: int) -> Callable[[Tally], int]:
    return lambda tally: tally.within[place]


def _of_version(number: int) -> Callable[[Tally], int]:
    return lambda tally: tally.by_version[number]


class _Day:
    """What was counted of a day, and how it becomes a group with its parts."""

    def __init__(self, session: Session, organisation: Organisation, course: Course, on: date, by: By) -> None:
        self.of = (session, organisation, course, by)
        plan = find_plan(session, organisation_id=organisation.id, course_id=course.id, on=on)
        self._tallies = tallies(session, Question(organisation.id, course.id, on, plan), by=by)
        self._arranged = arrangement(session, organisation=organisation, by=by, on=on, also=self._tallies)

    def group(self, measure: Callable[[Tally], int]) -> Group:
        counts: Mapping[Any, Counts] = {key: Counts(one.people, measure(one)) for key, one in self._tallies.items()}
        return self._arranged(counts)

    def version_numbers(self) -> set[int]:
        return {number for one in self._tallies.values() for number in one.by_version}


def _month_end(session: Session, of_day: _Day, completion: CompletionFigures) -> _Day | None:
    """The end of the month before a day that is over, of which small groups are; ``None`` before the record began."""
    if not completion.is_of_earlier_day:
        return None
    day = month_end_before(completion.on)
    if day == completion.on:
        return of_day
    _, organisation, course, by = of_day.of
    first = first_day_of_record(session, organisation_id=organisation.id)
    return _Day(session, organisation, course, day, by) if first and first <= day else None


def _together(finished: Group, within: Sequence[Group], by_version: Sequence[Group]) -> FreshGroup:
    """All of these are hidden alike, so they have the same parts."""
    parts = zip(
        finished.children,
        zip(*(one.children for one in within), strict=True),
        zip(*(one.children for one in by_version), strict=True) if by_version else ((),) * len(finished.children),
        strict=True,
    )
    return FreshGroup(
        finished,
        tuple(one.counts for one in within if one.counts),
        tuple(one.counts for one in by_version if one.counts),
        tuple(_together(*part) for part in parts),
    )
