"""The day on which a test runs. Asked for by each test: a run may go on past midnight, and then two days are today."""

from datetime import date, timedelta

from kernel.clock import local_day, utc_now


def today(days: int = 0) -> date:
    """Today, or the day so many days on; back for a negative number."""
    return local_day(utc_now()) + timedelta(days=days)
