"""The day in a cell of past learning. Days are read as those of HR files are."""

from datetime import date, datetime

from kernel.typed import composed
from people.feed.mapping.days import DateOrder, day_in

_LONGEST = 40


def find_day(cell: object, order: DateOrder) -> date | None:
    """The day in a cell; ``None`` for what is none in this order. A time behind it is left out."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return day_in(composed(cell), order) if isinstance(cell, str) and len(cell) <= _LONGEST else None
