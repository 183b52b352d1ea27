"""The day in a cell of past learning. Days are read as those of HR files are."""

from datetime import date, datetime

from kernel.typed import composed
from people.feed.mapping.days import DateOrder, day_in, years_from

_LONGEST = 40


def find_day(cell: object, order: DateOrder, *, on: date) -> date | None:
    """The day in a cell; ``None`` for what is none in this order. A time behind it is left out.

    A year of two figures is one until the year after ``on``, which is today, so that a slip is seen as one to come.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return (
        day_in(composed(cell), order, latest=years_from(on, 1))
        if isinstance(cell, str) and len(cell) <= _LONGEST
        else None
    )
