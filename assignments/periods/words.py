"""A rule for periods, and a period, as a person would say them."""

from datetime import date

from assignments.due.words import day_in_words
from assignments.periods.reckoning import Period
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom


def period_rule_in_words(rule: PeriodRule) -> str:
    """For how long, in sentences without the last full stop."""
    opens = f"from {_many(rule.opens_days, 'day')} before that" if rule.opens_days else "on that day"
    again = f"The course can be taken again {opens}"
    until = rule.until or date.max
    match rule.lasts:
        case Lasts.MONTHS:
            is_old_end = rule.runs_from is RunsFrom.OLD_END
            counts = (
                "and then counts from the end of the time before" if is_old_end else "and then counts from that day on"
            )
            return f"A completion is valid for {_many(rule.months, 'month')}. {again}, {counts}"
        case Lasts.YEARLY:
            return f"A completion is valid until {until.day} {until:%B}. {again}, for the year after it"
        case Lasts.DAY:
            return f"A completion is valid until {day_in_words(until)}. {again}, and then stays valid"


def valid_in_words(rule: PeriodRule | None) -> str:
    """For how long, in a few words."""
    if rule is None:
        return "For ever"
    until = rule.until or date.max
    match rule.lasts:
        case Lasts.MONTHS:
            return f"For {_many(rule.months, 'month')}"
        case Lasts.YEARLY:
            return f"Until {until.day} {until:%B}"
        case Lasts.DAY:
            return f"Until {day_in_words(until)}"


def period_in_words(period: Period, on: date) -> str:
    """How somebody stands with what they completed, in full sentences; nothing where it is valid for ever."""
    if period.valid_until is None or period.opens_on is None:
        return ""
    ends = day_in_words(period.valid_until)
    if not period.holds_on(on):
        return f"It was valid until {ends}, and is to be taken again."
    if period.is_open(on):
        return f"It is valid until {ends}, and can be taken again now."
    return f"It is valid until {ends}, and can be taken again from {day_in_words(period.opens_on)}."


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"
