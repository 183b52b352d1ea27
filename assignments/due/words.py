"""A rule for due dates as a person would say it."""

from datetime import date

from assignments.due.rules import DueRule, Measure, Since

_MEASURES = {
    Measure.DAYS: ("day", "days"),
    Measure.WORKING_DAYS: ("working day", "working days"),
    Measure.MONTHS: ("month", "months"),
}
_SINCE = {
    Since.EMPLOYMENT: "the start of their job",
    Since.ROLE: "the start of their role",
    Since.ASKED: "being asked",
}


def day_in_words(day: date) -> str:
    """A day as pages write it: 9 March 2027."""
    return f"{day.day} {day:%B %Y}"


def due_in_words(rule: DueRule, *, after_course: str = "") -> str:
    """By when, after "to finish": "by 31 March 2027", "within 90 days of the start of their job", "without a date".

    ``after_course`` is the title of the course that it is counted from, if it is one.
    """
    more = []
    if rule.at_least_days:
        more.append(f"with at least {_many(rule.at_least_days, Measure.DAYS)} from being asked")
    if rule.grace_days:
        more.append(f"with {_many(rule.grace_days, Measure.DAYS)} of grace")
    return ", ".join([_main(rule, after_course), *more])


def _main(rule: DueRule, after_course: str) -> str:
    if rule.since is Since.DAY:
        return f"by {day_in_words(rule.day)}" if rule.day else "without a date"
    since = f"completing {after_course or 'another course'}" if rule.since is Since.COMPLETED else _SINCE[rule.since]
    return f"within {_many(rule.count, rule.measure)} of {since}"


def _many(count: int, measure: Measure) -> str:
    one, several = _MEASURES[measure]
    return f"{count:,} {one if count == 1 else several}"
