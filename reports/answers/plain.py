"""Figures as plain values: for JSON, and to be kept. Only what is shown is in them. Pure."""

from typing import Any, NotRequired, TypedDict

from reports.completion import CompletionFigures
from reports.groups import Group, Level


class PlainGroup(TypedDict):
    """One line. People and complete are ``None`` where they are not shown."""

    level: str
    name: str
    path: list[str]
    unit_id: int | None
    on: str
    people: int | None
    complete: int | None
    in_progress: int | None
    complete_percent: int | None
    # Only where who is past their date is counted.
    past_their_date: NotRequired[int | None]


class PlainFigures(TypedDict):
    """All of them: the first group is the total. ``rounded_to`` is 1 for exact figures."""

    definition: dict[str, str]
    authority: str
    course: str
    course_version: int
    on: str
    rounded_to: int
    smallest_shown: int
    groups: list[PlainGroup]
    left_out: list[dict[str, Any]]


def plain(figures: CompletionFigures) -> PlainFigures:
    """The figures as plain values, each group before its parts."""
    return {
        "definition": figures.definition.as_json(),
        "authority": figures.organisation_name,
        "course": figures.course_title,
        "course_version": figures.course_version,
        "on": figures.on.isoformat(),
        "rounded_to": figures.step,
        "smallest_shown": figures.smallest_shown,
        "groups": [_group(one, figures) for one in figures.total.walk()],
        "left_out": [{"why": one.words, "people": one.people} for one in figures.left_out.reasons],
    }


def _group(group: Group, figures: CompletionFigures) -> PlainGroup:
    counts = group.counts
    found: PlainGroup = {
        "level": group.level.value if group.level is not Level.AUTHORITY else "total",
        "name": group.name,
        "path": [name for name in group.place if name],
        "unit_id": group.unit_id,
        "on": figures.day_of(group).isoformat(),
        "people": counts.people if counts else None,
        "complete": counts.complete if counts else None,
        "in_progress": counts.in_progress if counts and figures.shows_started else None,
        "complete_percent": counts.complete_percent if counts else None,
    }
    if figures.has_late:
        found["past_their_date"] = counts.late if counts else None
    return found
