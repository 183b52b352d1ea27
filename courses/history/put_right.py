"""Rows in the shape in which they were sent, to be put right and sent again."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.history.plan import Outcome
from courses.history.reading import FIELD_WORDS
from courses.history.rows import MARK, is_mark
from courses.history.stored import HistoryRow, HistoryRun
from people.feed.mapping.files_back import ADDED, ROW, WRONG
from people.feed.mapping.mappings import heading_key

__all__ = ["MARK", "ROW", "WRONG", "cells_of", "headings_of", "rows_to_put_right"]

_AT_ONCE = 500


def headings_of(run: HistoryRun) -> tuple[str, ...]:
    """The headings of a file. The three that such a file has more, when it is sent again, are not given back twice."""
    sent = run.shape.get("headings", [])
    if not sent:  # it was planned before rows were kept as they came
        return tuple(words.capitalize() for words in FIELD_WORDS.values())
    return tuple(sent[place] for place in _own(sent))


def cells_of(run: HistoryRun, row: HistoryRow) -> tuple[str, ...]:
    """The cells of a row below ``headings_of`` its run."""
    sent = run.shape.get("headings", [])
    if sent:
        return tuple(row.sent[place] if place < len(row.sent) else "" for place in _own(sent))
    day = row.completed_on.isoformat() if row.completed_on else ""
    said = [row.said.get(one, "") for one in ("number", "name", "born_on", "course")]
    return (*said, day, row.source, row.evidence)


def rows_to_put_right(session: Session, run: HistoryRun, outcome: Outcome) -> Iterator[Sequence[HistoryRow]]:
    """All rows with one outcome in the order of the file, some at a time."""
    after = (-1, 0)
    while True:
        rows = session.scalars(
            select(HistoryRow)
            .where(
                HistoryRow.run_id == run.id,
                HistoryRow.outcome == outcome,
                (HistoryRow.row_number > after[0]) | ((HistoryRow.row_number == after[0]) & (HistoryRow.id > after[1])),
            )
            .order_by(HistoryRow.row_number, HistoryRow.id)
            .limit(_AT_ONCE)
        ).all()
        if not rows:
            return
        yield rows
        after = (rows[-1].row_number, rows[-1].id)


def _own(sent: Sequence[str]) -> list[int]:
    return [place for place, heading in enumerate(sent) if heading_key(heading) not in ADDED and not is_mark(heading)]
