"""What a due date follows from, in the form in which a requirement keeps it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kernel.database import JsonObject
from kernel.errors import RuleBroken

LONGEST = {"days": 1500, "working-days": 1000, "months": 48}


class Since(StrEnum):
    """What the time that people have begins with."""

    DAY = "day"
    EMPLOYMENT = "employment"
    ROLE = "role"
    ASKED = "asked"
    COMPLETED = "completed"


class Measure(StrEnum):
    """What the time is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working-days"
    MONTHS = "months"


@dataclass(frozen=True)
class DueRule:
    """By when something is due.

    With ``since`` a day, it is ``day``, or never without one; else ``count`` of ``measure`` after the start of a job,
    the start of its role (the same job title without a break), being asked, or completing ``course_id``. Everybody has
    ``at_least_days`` from the day on which they are first asked, and is late only ``grace_days`` after the date.
    """

    since: Since = Since.DAY
    day: date | None = None
    count: int = 0
    measure: Measure = Measure.DAYS
    course_id: int | None = None
    at_least_days: int = 0
    grace_days: int = 0

    def is_past(self, on: date) -> bool:
        """Whether one day for all has gone by, with its grace."""
        return self.day is not None and self.day + timedelta(days=self.grace_days) < on


NO_DATE = DueRule()


def written_due(rule: DueRule) -> JsonObject:
    """The JSON of a rule; ``read_due`` makes the same rule of it."""
    kept: JsonObject = {"since": rule.since.value}
    if rule.since is Since.DAY:
        kept["day"] = rule.day.isoformat() if rule.day else None
    else:
        kept |= {"count": rule.count, "measure": rule.measure.value}
    if rule.course_id is not None:
        kept["course"] = rule.course_id
    if rule.at_least_days:
        kept["at_least_days"] = rule.at_least_days
    if rule.grace_days:
        kept["grace_days"] = rule.grace_days
    return kept


def read_due(kept: JsonObject) -> DueRule:
    """The rule that JSON stands for. Raises ``RuleBroken`` with words for what cannot be one."""
    try:
        rule = DueRule(
            since=Since(kept["since"]),
            day=date.fromisoformat(kept["day"]) if kept.get("day") else None,
            count=kept.get("count", 0),
            measure=Measure(kept.get("measure", "days")),
            course_id=kept.get("course"),
            at_least_days=kept.get("at_least_days", 0),
            grace_days=kept.get("grace_days", 0),
        )
    except (KeyError, TypeError, ValueError):
        raise RuleBroken("This due date cannot be read") from None
    return checked_due(rule)


def checked_due(rule: DueRule) -> DueRule:
    """The same rule. Raises ``RuleBroken`` where it says what cannot be."""
    most = LONGEST[rule.measure]
    if any(type(number) is not int for number in (rule.count, rule.at_least_days, rule.grace_days)):
        raise RuleBroken("Enter whole numbers for a due date")
    if not 0 <= rule.count <= most:
        raise RuleBroken(f"Enter a number from 0 to {most:,}", field="count")
    if not 0 <= rule.at_least_days <= 365:
        raise RuleBroken("Everybody has at least 0 to 365 days. Enter a number in between", field="at_least_days")
    if not 0 <= rule.grace_days <= 90:
        raise RuleBroken("Enter 0 to 90 days of grace", field="grace_days")
    if rule.since is Since.COMPLETED and type(rule.course_id) is not int:
        raise RuleBroken("Choose the course after which it is due", field="after_course")
    return rule
