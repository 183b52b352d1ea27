"""The same figures as a table for a spreadsheet: one line for each group, streamed."""

import csv
from collections.abc import Iterator
from io import StringIO

from reports.completion import CompletionFigures
from reports.groups import Group

COLUMNS = (
    "level", "directorate", "service", "team",
    "people", "complete", "in progress", "not started", "complete percent", "note",
)  # fmt: skip
NOT_SHOWN = "not shown"
# What a spreadsheet takes for the beginning of a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # or Excel reads UTF-8 as Windows-1252


def completion_csv(figures: CompletionFigures) -> Iterator[str]:
    """The lines of the table, header first, each with its line end; the first begins with a byte-order mark.

    A figure that is not shown on the page says "not shown", and the note says why.
    """
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for group in figures.total.walk():
        place = map(safe_cell, group.place)
        yield _line((group.level.value, *place, *_figures(group), _note(group, figures)))


def csv_name(figures: CompletionFigures) -> str:
    """A file name that says whose figures these are, of which course and version, and of which day."""
    whose = figures.organisation_slug + (f"-unit-{figures.total.unit_id}" if figures.total.unit_id else "")
    return f"{whose}-{figures.course_slug}-version-{figures.course_version}-{figures.on.isoformat()}.csv"


def safe_cell(text: str) -> str:
    """``text`` so that a spreadsheet shows it and does not run it."""
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def _figures(group: Group) -> tuple[int | str, ...]:
    if group.counts is None:
        return (NOT_SHOWN,) * 5
    counts = group.counts
    percent = "" if counts.complete_percent is None else counts.complete_percent
    return counts.people, counts.complete, counts.in_progress, counts.not_started, percent


def _note(group: Group, figures: CompletionFigures) -> str:
    if group.counts is None:
        return f"Fewer than {figures.smallest_shown} people, or hidden to protect so small a group"
    return "" if group.counts.people else "Nobody here counts on this date"


def _line(cells: tuple[object, ...]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
