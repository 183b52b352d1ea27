"""The one place that reads the clock. Domain functions take ``now=`` instead of calling this."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The calendar day in the city region at ``moment``: what a certificate and a due date mean by a day."""
    return moment.astimezone(LOCAL).date()
