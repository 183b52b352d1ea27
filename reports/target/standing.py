"""How far a group is from its target, and whether the pace leads there: what stands around its figures."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assignments.targets import Target, find_target
from reports.completion import CompletionFigures
from reports.figures.definition import By
from reports.groups import Group
from reports.listing.wanted import ListOfPeople
from reports.target.finished_lately import finished_lately
from reports.target.gap import Gap, GroupOrder, in_order, missing_in, widest_gap
from reports.target.pace import LEAST_PEOPLE, Progress, pace_in_words


@dataclass(frozen=True)
class Line:
    """A part of the group: how many are missing to the target, and how many are past their date."""

    group: Group
    missing: int
    late: int


@dataclass(frozen=True)
class Standing:
    """A group of people who are asked. ``percent`` is the target, or everybody; ``late`` is ``None`` where nobody can
    be past a date; ``pace`` is empty without a target, and where it would say too much of a few."""

    target: Target | None
    percent: int
    pace: str
    late: int | None
    gap: Gap | None
    lines: tuple[Line, ...]
    order: GroupOrder


def standing(
    session: Session,
    figures: CompletionFigures,
    group: Group,
    of: ListOfPeople,
    *,
    order: GroupOrder = GroupOrder.GAP,
) -> Standing:
    """What is known of a group of figures of today, of the people in ``of``. Of an earlier day there are only its
    lines."""
    is_asked = of.plan is not None and not figures.is_of_earlier_day and figures.cut.by is By.UNIT
    target = find_target(session, organisation_id=of.organisation_id, course_id=of.course_id) if is_asked else None
    percent = target.percent if target else 100
    lines = tuple(
        Line(part, missing_in(part, percent), part.counts.late if part.counts else 0)
        for part in in_order(group.children, order, percent=percent)
    )
    return Standing(
        target,
        percent,
        _pace(session, of, group, target) if target else "",
        group.counts.late if is_asked and figures.has_late and group.counts else None,
        widest_gap(group, percent=percent) if is_asked else None,
        lines,
        order,
    )


def _pace(session: Session, of: ListOfPeople, group: Group, target: Target) -> str:
    if group.counts is None:
        return ""
    is_large = group.counts.people >= LEAST_PEOPLE
    lately = finished_lately(session, of, unit_id=group.unit_id) if is_large else 0
    progress = Progress(group.counts.people, group.counts.complete, lately)
    return pace_in_words(progress, percent=target.percent, by_on=target.by_on, today=of.on)
