"""The one place that reads the clock. Domain functions take ``now=`` instead of calling this."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The calendar day in the city region at ``moment``: what a certificate and a due date mean by a day."""
    return moment.astimezone(LOCAL).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """When a calendar day in the city region begins, and when the next one does, in UTC."""
    begins = datetime.combine(day, time(), LOCAL).astimezone(UTC)
    if day == date.max:  # no day comes after it, and somebody types it
        return begins, datetime.max.replace(tzinfo=UTC)
    return begins, datetime.combine(day + timedelta(days=1), time(), LOCAL).astimezone(UTC)
