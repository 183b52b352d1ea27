"""Freshness as a table for a spreadsheet: one line for each group."""

from collections.abc import Iterator

from kernel.spreadsheets import Cell, csv_lines
from reports.earlier_days import smallest_shown_earlier
from reports.figures.definition import By
from reports.freshness.counting import SPANS
from reports.freshness.figures import FreshGroup, FreshnessFigures

NOT_SHOWN = "not shown"


def freshness_csv(found: FreshnessFigures) -> Iterator[str]:
    """The lines, header first, each with its line end. What is not shown says so, and the note says why."""
    return csv_lines(_rows(found))


def file_name(found: FreshnessFigures, ending: str) -> str:
    """A file name that says whose figures these are, of which course and of which day."""
    figures = found.completion
    part = f"-unit-{figures.total.unit_id}" if figures.total.unit_id else ""
    by = f"-by-{figures.cut.by.value}" if figures.cut.by is not By.UNIT else ""
    return f"{figures.organisation_slug}{part}{by}-{figures.course_slug}-freshness-{figures.on.isoformat()}.{ending}"


def _rows(found: FreshnessFigures) -> Iterator[tuple[Cell, ...]]:
    figures = found.completion
    place = ("directorate", "service", "team") if figures.cut.by is By.UNIT else (figures.cut.by.value,)
    within = [f"within {months} months" for months in SPANS]
    numbers = ("people", *within, "at any time", "not finished", *(f"{one} percent" for one in within))
    yield (
        "level",
        *place,
        *numbers,
        *(f"last finished: {one.words.lower()}" for one in found.versions),
        "as at",
        "note",
    )
    for one in _walk(found.total):
        names = one.group.place[: len(place)]
        cells = _numbers(one) or (NOT_SHOWN,) * (len(numbers) + len(found.versions))
        yield (one.group.level.value, *names, *cells, figures.day_of(one.group), _note(one, found))


def _walk(group: FreshGroup) -> Iterator[FreshGroup]:
    yield group
    for part in group.parts:
        yield from _walk(part)


def _numbers(group: FreshGroup) -> tuple[Cell, ...]:
    counts = group.counts
    if counts is None:
        return ()
    return (
        counts.people,
        *(one.complete for one in group.within),
        counts.complete,
        counts.not_finished,
        *(one.complete_percent for one in group.within),
        *(one.complete for one in group.by_version),
    )


def _note(group: FreshGroup, found: FreshnessFigures) -> str:
    figures = found.completion
    if figures.is_of_earlier_day:
        shown_from = smallest_shown_earlier(figures.step)
        return f"Fewer than {shown_from} people" if group.counts is None else f"To the nearest {figures.step}"
    if group.counts is None:
        return f"Fewer than {figures.smallest_shown} people, or hidden to protect so small a group"
    return "" if group.counts.people else "Nobody here counts on this date"
