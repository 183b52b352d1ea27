"""The days of a job that a row speaks about: when it begins and ends, and when its person is on long leave."""

from collections.abc import Iterator
from datetime import date

from people.feed.planning.plan import Step
from people.feed.planning.state import Absence, JobNow
from people.feed.planning.values import ONE_DAY, day
from people.feed.rows import FeedField, FeedRow
from people.jobs.absences import AbsenceKind

Shown = dict[str, tuple[str, str]]


def begins_later(row: FeedRow, job: JobNow, on: date) -> bool:
    """Whether a row says a later first day of a job that has begun already, as files do of the day of a promotion."""
    before, after = job.starts_on, row.starts_on if FeedField.STARTS_ON in row.said else None
    return before is not None and after is not None and before <= on and before < after


def begun_differently(row: FeedRow, job: JobNow, on: date) -> tuple[list[Step], Shown]:
    """What corrects the first day of a job that is held or to come, if the row says another one.

    A file never shortens what has been: the first day of a job that has begun is moved later by hand only.
    """
    before, after = job.starts_on, row.starts_on
    if FeedField.STARTS_ON not in row.said or before is None or after is None or before == after:
        return [], {}
    if begins_later(row, job, on) or (job.held_until is not None and after <= job.held_until):
        return [], {}
    steps = [Step(after, {"held": True})]
    if after > before:
        steps.append(Step(before, {"held": False}))
    return steps, {FeedField.STARTS_ON.value: (day(before), day(after))}


def ended_differently(row: FeedRow, job: JobNow) -> tuple[list[Step], Shown]:
    """What gives a job the last day that the row says, or takes from it the one that it has."""
    before, after = job.ends_on, row.ends_on
    if FeedField.ENDS_ON not in row.said or before == after:
        return [], {}
    steps = []
    if before is not None and (after is None or after > before):
        steps.append(Step(before + ONE_DAY, {"held": True}))
    if after is not None:
        steps.append(Step(after + ONE_DAY, {"held": False}))
    words = (day(before) if before else "no last day", day(after) if after else "no last day")
    return steps, {FeedField.ENDS_ON.value: words}


def away_differently(row: FeedRow, job: JobNow | None, on: date) -> tuple[list[Step], Shown]:
    """What makes long leave what the row says it is; leave that lies before or after it stays."""
    if FeedField.AWAY_FROM not in row.said:
        return [], {}
    known = job.absences if job else ()
    now = next((one for one in known if one.starts_on <= on and (one.ends_on is None or one.ends_on >= on)), None)
    if row.away_from is None:
        back = {FeedField.AWAY_FROM.value: (f"away since {day(now.starts_on)}", "not away")} if now else {}
        return ([Step(None, {"away": None})] if now else []), back
    kind, until = _kind(row, now), row.away_until
    if any(one.starts_on == row.away_from and one.ends_on == until and one.kind == kind for one in known):
        return [], {}
    edges = {one.starts_on for one in known} | {one.ends_on + ONE_DAY for one in known if one.ends_on}
    inside = sorted(one for one in edges if one > row.away_from and (until is None or one <= until))
    steps = [Step(one, {"away": kind}) for one in (row.away_from, *inside)]
    if until is not None:
        steps.append(Step(until + ONE_DAY, {"away": None}))
    # Leave that is under way and began earlier than the row says: it begins on the day that the row says.
    if now is not None and now.starts_on < row.away_from:
        steps.append(Step(now.starts_on, {"away": None}))
    words = f"away from {day(row.away_from)}" + (f" until {day(until)}" if until else "")
    return steps, {FeedField.AWAY_FROM.value: (f"away since {day(now.starts_on)}" if now else "", words)}


def _kind(row: FeedRow, now: Absence | None) -> str:
    if not row.away_kind:
        return now.kind if now else AbsenceKind.LONG_LEAVE.value
    return AbsenceKind(row.away_kind).value


def merged(steps: list[Step]) -> Iterator[Step]:
    """The same steps, those of one day together and in the order of days; of the day of the run first."""
    by_day: dict[date | None, dict[str, object]] = {}
    for step in steps:
        by_day.setdefault(step.on, {}).update(step.values)
    for on in sorted(by_day, key=lambda one: one or date.min):
        yield Step(on, by_day[on])
