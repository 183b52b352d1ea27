"""What was said, as rules of the product."""

from datetime import date

from assignments.due.rules import NO_DATE, DueRule, Measure, Since
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom
from tests.assignments.machine.plain_facts import DueSaid, PeriodSaid


def due_rule(said: DueSaid, grace: int, before_id: int) -> DueRule:
    """By when; ``before_id`` is the course from which "completed" counts."""
    match said:
        case ["never"]:
            return NO_DATE if not grace else DueRule(grace_days=grace)
        case ["day", day]:
            return DueRule(day=day, grace_days=grace)
        case ["employment", months]:
            return DueRule(Since.EMPLOYMENT, count=months, measure=Measure.MONTHS, grace_days=grace)
        case ["completed", days]:
            return DueRule(Since.COMPLETED, count=days, course_id=before_id, grace_days=grace)
        case [since, days]:
            return DueRule(Since(since), count=days, grace_days=grace)
    raise AssertionError(said)


def period_rule(said: PeriodSaid) -> PeriodRule | None:
    """For how long."""
    match said:
        case ["for-ever"]:
            return None
        case ["months", months, opens, runs_from]:
            return PeriodRule(Lasts.MONTHS, months, None, opens, RunsFrom(runs_from))
        case ["yearly", month, day, opens]:
            return PeriodRule(Lasts.YEARLY, until=date(2024, month, day), opens_days=opens)
    raise AssertionError(said)
