"""The same figures as a table for a spreadsheet, in both forms: one line for each group."""

from collections.abc import Iterator

from kernel.spreadsheets import Cell, csv_lines, workbook
from reports.completion import CompletionFigures
from reports.earlier_days import smallest_shown_earlier
from reports.figures.definition import By
from reports.groups import Counts, Group
from reports.paper.notes import Made, notes_on

PLACE = ("level", "directorate", "service", "team")
FIGURES = ("people", "complete", "in progress", "not started", "complete percent")
# For those who may not see who has started.
WITHOUT_STARTED = ("people", "complete", "not finished", "complete percent")
COLUMNS = (*PLACE, *FIGURES, "note")
# The figures of a day that is over say in every line which day it was.
OF_EARLIER_DAY = (*WITHOUT_STARTED, "as at")
# Where anybody could be, today.
PAST_DATE = "past their date"
NOT_SHOWN = "not shown"


def completion_csv(figures: CompletionFigures) -> Iterator[str]:
    """The lines of the table, header first, each with its line end; the first begins with a byte-order mark.

    A figure that is not shown on the page says "not shown", and the note says why.
    """
    return csv_lines(_rows(figures))


def completion_workbook(figures: CompletionFigures, made: Made) -> bytes:
    """The same lines as a workbook, in which every word is a word and every figure a figure, with a sheet of notes."""
    notes = notes_on(figures, made)
    return workbook(_rows(figures), title=figures.total.name, made_at=figures.as_at, notes=notes)


def file_name(figures: CompletionFigures, ending: str) -> str:
    """A file name that says whose figures these are, of which course and version, and of which day."""
    whose = figures.organisation_slug + (f"-unit-{figures.total.unit_id}" if figures.total.unit_id else "")
    if figures.cut.by is not By.UNIT:
        whose += f"-by-{figures.cut.by.value}"
    return f"{whose}-{figures.course_slug}-version-{figures.course_version}-{figures.on.isoformat()}.{ending}"


def _rows(figures: CompletionFigures) -> Iterator[tuple[Cell, ...]]:
    columns = FIGURES if figures.shows_started else WITHOUT_STARTED
    if figures.is_of_earlier_day:
        columns = OF_EARLIER_DAY
    if figures.has_late:
        columns = (*columns, PAST_DATE)
    place = PLACE if figures.cut.by is By.UNIT else ("level", figures.cut.by.value)
    yield (*place, *columns, "note")
    for group in figures.total.walk():
        cells: dict[str, Cell] = {**_figures(group.counts), "as at": figures.day_of(group)}
        names = group.place[: len(place) - 1]
        yield (group.level.value, *names, *(cells[column] for column in columns), _note(group, figures))


def _figures(counts: Counts | None) -> dict[str, Cell]:
    if counts is None:
        return dict.fromkeys((*FIGURES, *WITHOUT_STARTED, PAST_DATE), NOT_SHOWN)
    return {
        "people": counts.people,
        "complete": counts.complete,
        "in progress": counts.in_progress,
        "not started": counts.not_started,
        "not finished": counts.not_finished,
        "complete percent": counts.complete_percent,
        PAST_DATE: counts.late,
    }


def _note(group: Group, figures: CompletionFigures) -> str:
    if figures.is_of_earlier_day:
        shown_from = smallest_shown_earlier(figures.step)
        return f"Fewer than {shown_from} people" if group.counts is None else f"To the nearest {figures.step}"
    if group.counts is None:
        return f"Fewer than {figures.smallest_shown} people, or hidden to protect so small a group"
    return "" if group.counts.people else "Nobody here counts on this date"
