"""How long a certificate is valid: whole months from the day on which the course was completed."""

from calendar import monthrange
from datetime import date


def valid_until(completed_on: date, months: int | None) -> date | None:
    """The last day on which a certificate is valid; ``None`` when it does not expire.

    12 months from 21 November 2026 end with 21 November 2027. A month that has no such day ends with its last:
    one month from 31 January is 28 or 29 February.
    """
    if months is None:
        return None
    years, month = divmod(completed_on.month - 1 + months, 12)
    year = completed_on.year + years
    return date(year, month + 1, min(completed_on.day, monthrange(year, month + 1)[1]))
