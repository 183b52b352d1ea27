"""From completions and rules to the periods of a person. The same facts give the same periods, in whatever order.

A change of a rule takes nothing away: docs/decisions/periods-are-promises.md.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assignments.due.dates import later
from assignments.due.rules import Measure
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom

# Where completions that counted for ever get an end by a change of the rule, there are so many days left at least.
DAYS_OF_NOTICE = 28
_DAY = timedelta(days=1)
# No completion is older: where a search for a day begins.
_FIRST = date(1900, 1, 1)


@dataclass(frozen=True)
class RuleInForce:
    """A rule that held at the end of each day from ``from_on`` on, the last time on the day before ``before``.

    ``before`` is ``None`` for what holds still; ``rule`` is ``None`` where a completion counted for ever.
    """

    from_on: date
    before: date | None
    rule: PeriodRule | None


@dataclass(frozen=True)
class Period:
    """The time for which a completion is valid, both days included; without an end it is valid for ever.

    ``number`` counts the periods of a person from 1. From ``opens_on`` on the course can be taken again.
    """

    number: int
    completed_on: date
    valid_from: date
    valid_until: date | None
    opens_on: date | None
    # Where the months are counted from, so that one that ends early for want of a 31st does not shorten the next.
    counted_from: date
    counted_months: int = 0

    def holds_on(self, on: date) -> bool:
        """Whether the completion is valid on a day."""
        return self.valid_until is None or on <= self.valid_until

    def is_open(self, on: date) -> bool:
        """Whether the course can be taken again on a day: soon before the end, and ever after it."""
        return self.opens_on is not None and self.opens_on <= on


def periods_of(completed: Iterable[date], rules: Sequence[RuleInForce]) -> tuple[Period, ...]:
    """The periods that follow from these completions, in the order of time; each ends later than the one before.

    ``rules`` are those that ever held up to the day asked about, the oldest first. A completion that would end no later
    than what is held begins no period: it takes nothing away.
    """
    days = sorted(set(completed))
    # What was held when each was completed, by the rules of that day: no later change moves what it was counted from.
    held_then: list[Period | None] = []
    for day in days if can_run_from_old_end(rules) else ():
        known = _known_on(rules, day)
        before = _chained(days, held_then, known) if known else []
        held_then.append(before[-1] if before else None)
    return tuple(_chained(days, held_then or [None] * len(days), rules))


def days_that_count(rules: Sequence[RuleInForce], on: date) -> tuple[tuple[date | None, date], ...]:
    """Spans of days: whoever completed the course on a day of one is valid on ``on`` by that completion alone.

    Each begins with its first day, ``None`` for any, and ends before its second. Between two changes of the rule, who
    completed later is valid longer, so one day divides them.
    """
    after = on + _DAY
    changes = sorted({day for one in rules for day in (one.from_on, one.before) if day is not None and day <= on})
    spans: list[tuple[date | None, date]] = []
    for begins, ends in zip([_FIRST, *changes], [*changes, after], strict=True):
        first = _first_that_counts(begins, ends, rules, on)
        if first is not None:
            spans.append((None if first == _FIRST else first, ends))
    return tuple(spans)


def can_run_from_old_end(rules: Sequence[RuleInForce]) -> bool:
    """Whether the completion before may matter for the end of a period."""
    return any(one.rule is not None and one.rule.runs_from is RunsFrom.OLD_END for one in rules)


def _known_on(rules: Sequence[RuleInForce], day: date) -> list[RuleInForce]:
    return [
        replace(one, before=None if one.before is None or one.before > day else one.before)
        for one in rules
        if one.from_on <= day
    ]


def _chained(days: Iterable[date], held: Iterable[Period | None], rules: Sequence[RuleInForce]) -> list[Period]:
    """Those that end later than the ones before; ``held`` is what each was taken on top of, and may be shorter."""
    found: list[Period] = []
    for day, held_then in zip(days, held, strict=False):
        period = _period(day, held_then, rules)
        last = found[-1] if found else None
        if last is None or _ends_later(period, last):
            found.append(replace(period, number=len(found) + 1))
    return found


def _ends_later(period: Period, last: Period) -> bool:
    return last.valid_until is not None and (period.valid_until is None or period.valid_until > last.valid_until)


def _first_that_counts(begins: date, ends: date, rules: Sequence[RuleInForce], on: date) -> date | None:
    low, high = begins.toordinal(), ends.toordinal()
    while low < high:
        middle = (low + high) // 2
        if _period(date.fromordinal(middle), None, rules).holds_on(on):
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low) if low < ends.toordinal() else None


def _period(day: date, held: Period | None, rules: Sequence[RuleInForce]) -> Period:
    following = [one for one in rules if one.before is None or one.before > day]
    ends, opens_days, counted = _end(day, held, following)
    is_early = counted[1] and counted[0] != day
    begins = held.valid_until + _DAY if is_early and held and held.valid_until else day
    return Period(
        number=1,
        completed_on=day,
        valid_from=begins,
        valid_until=ends,
        opens_on=max(ends - timedelta(days=opens_days), day) if ends else None,
        counted_from=counted[0],
        counted_months=counted[1],
    )


def _end(day: date, held: Period | None, following: Sequence[RuleInForce]) -> tuple[date | None, int, tuple[date, int]]:
    """When a completion ends by the rule of its day and those after it, of which each may only give more.

    With how many days before it opens, and from where months are counted.
    """
    ends: date | None = None
    promised, opens_days, counted = date.min, 0, (day, 0)
    for place, one in enumerate(following):
        if one.rule is None:
            ends = None
            continue
        by_this, from_there = _by_rule(one.rule, day, held)
        opens_days = one.rule.opens_days
        if one.rule.until is not None and one.rule.lasts is Lasts.DAY:
            promised = max(promised, one.rule.until)
        if by_this is None:
            ends = None
            continue
        # For ever until now: the end that it gets by a change is not sudden.
        is_new = ends is None and place > 0
        notice = one.from_on + timedelta(days=max(DAYS_OF_NOTICE, opens_days)) if is_new else date.min
        ends = max(by_this, promised, notice)
        counted = from_there if ends == by_this else (ends, 0)
        promised = ends
    return ends, opens_days, counted


def _by_rule(rule: PeriodRule, day: date, held: Period | None) -> tuple[date | None, tuple[date, int]]:
    """The end by one rule, and from where its months are counted."""
    match rule.lasts:
        case Lasts.MONTHS:
            counted = (day, rule.months)
            is_from_old_end = rule.runs_from is RunsFrom.OLD_END and held is not None
            if is_from_old_end and held and held.is_open(day) and held.holds_on(day):
                counted = (held.counted_from, held.counted_months + rule.months)
            return later(counted[0], counted[1], Measure.MONTHS), counted
        case Lasts.YEARLY:
            ends = _yearly_after(day + timedelta(days=rule.opens_days), rule.until or day)
            return ends, (ends, 0)
        case Lasts.DAY:
            is_done = rule.until is None or day >= rule.until - timedelta(days=rule.opens_days)
            return (None if is_done else rule.until), (day, 0)


def _yearly_after(day: date, like: date) -> date:
    """The first day after this one that is the same day of its year as another."""
    this = _in_year(like, day.year)
    return this if this > day else _in_year(like, day.year + 1)


def _in_year(like: date, year: int) -> date:
    return date(year, like.month, min(like.day, monthrange(year, like.month)[1]))
