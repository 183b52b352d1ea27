"""For how long a completion is valid, in the form in which a requirement keeps it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.database import JsonObject
from kernel.errors import RuleBroken

MOST_MONTHS = 120
MOST_DAYS_OPEN = 180
_SHORTEST_MONTH = 28


class Lasts(StrEnum):
    """How the end of a period is found."""

    MONTHS = "months"
    YEARLY = "yearly"
    DAY = "day"


class RunsFrom(StrEnum):
    """What a new period begins with, where the course is taken again before the old one is over."""

    COMPLETION = "completion"
    OLD_END = "old-end"


@dataclass(frozen=True)
class PeriodRule:
    """For how long a completion is valid, the day of its end included.

    It lasts so many ``months``; to the day of ``until`` in each year (29 February is the 28th where there is none); or
    to the one day ``until``. ``opens_days`` before its end the course can be taken again. Whoever completes it in those
    days has done so for the time after that end. ``runs_from`` matters for months alone.
    """

    lasts: Lasts
    months: int = 0
    until: date | None = None
    opens_days: int = 60
    runs_from: RunsFrom = RunsFrom.COMPLETION


def written_period(rule: PeriodRule) -> JsonObject:
    """The JSON of a rule; ``read_period`` makes the same rule of it."""
    kept: JsonObject = {"lasts": rule.lasts.value, "opens_days": rule.opens_days}
    if rule.lasts is Lasts.MONTHS:
        return kept | {"months": rule.months, "runs_from": rule.runs_from.value}
    return kept | {"until": rule.until.isoformat() if rule.until else None}


def read_period(kept: JsonObject) -> PeriodRule:
    """The rule that JSON stands for. Raises ``RuleBroken`` with words for what cannot be one."""
    try:
        rule = PeriodRule(
            lasts=Lasts(kept["lasts"]),
            months=kept.get("months", 0),
            until=date.fromisoformat(kept["until"]) if kept.get("until") else None,
            opens_days=kept["opens_days"],
            runs_from=RunsFrom(kept.get("runs_from", "completion")),
        )
    except (KeyError, TypeError, ValueError):
        raise RuleBroken("This period cannot be read") from None
    return checked_period(rule)


def checked_period(rule: PeriodRule) -> PeriodRule:
    """The same rule. Raises ``RuleBroken`` where it says what cannot be."""
    if any(type(number) is not int for number in (rule.months, rule.opens_days)):
        raise RuleBroken("Enter whole numbers for a period")
    if rule.lasts is Lasts.MONTHS and not 1 <= rule.months <= MOST_MONTHS:
        raise RuleBroken(f"Enter a number of months from 1 to {MOST_MONTHS}", field="valid_months")
    if rule.lasts is not Lasts.MONTHS and rule.until is None:
        raise RuleBroken("Enter the day until which it is valid", field="valid_until")
    if not 0 <= rule.opens_days <= MOST_DAYS_OPEN:
        raise RuleBroken(f"Enter a number of days from 0 to {MOST_DAYS_OPEN}", field="opens_days")
    if rule.lasts is Lasts.MONTHS and rule.opens_days >= rule.months * _SHORTEST_MONTH:
        most = rule.months * _SHORTEST_MONTH - 1
        raise RuleBroken(
            f"It would open before it was completed. Enter {most} days or fewer, or more months", field="opens_days"
        )
    return rule
