"""The hours at which reminders go: seven in the morning to seven in the evening of a working day. Pure."""

from datetime import datetime, time, timedelta

from assignments.due.calendar import after_working_days, is_working_day
from kernel.clock import LOCAL, local_day

BEGIN, END = time(7), time(19)


def is_open(now: datetime) -> bool:
    """Whether reminders may go at a moment."""
    return is_working_day(local_day(now)) and BEGIN <= now.astimezone(LOCAL).time() < END


def next_open(now: datetime) -> datetime:
    """The moment itself while reminders may go, or else the next one at which they may."""
    if is_open(now):
        return now
    day = local_day(now)
    if now.astimezone(LOCAL).time() >= END:
        day += timedelta(days=1)
    return datetime.combine(after_working_days(day, 0), BEGIN, LOCAL)
