"""What is wrong with a rule by itself, whoever works here. Pure: no session."""

from collections.abc import Iterator, Mapping
from itertools import product

from assignments.audiences.rules import (
    EVERYBODY,
    IsNamed,
    Leaf,
    OfKind,
    OnContract,
    OnGrade,
    Rule,
    Started,
    WithHours,
    holds,
    leaves_of,
)

# With more conditions than these, every way in which they may come together is too much to try.
MOST_TRIED = 12
CONTRADICTS = "This rule contradicts itself: nobody can ever fit it"
ALWAYS = "This rule leaves nobody out: whoever works here fits it. Choose “Everybody” instead"


def fault_of(rule: Rule) -> str | None:
    """Why a rule makes no sense, in words: it contradicts itself, or it fits everybody whatever they are."""
    if rule == EVERYBODY:
        return None
    tried = list(_possible(rule))
    if tried and not any(tried):
        return CONTRADICTS
    if tried and all(tried):
        return ALWAYS
    return None


def _possible(rule: Rule) -> Iterator[bool]:
    """Whether the rule holds, in each way in which its conditions can be true and false together."""
    leaves = list(dict.fromkeys(leaves_of(rule)))
    if len(leaves) > MOST_TRIED:
        return
    for values in product((False, True), repeat=len(leaves)):
        truths = dict(zip(leaves, values, strict=True))
        if _can_be(truths):
            yield holds(rule, truths)


def _can_be(truths: Mapping[Leaf, bool]) -> bool:
    """Whether one job can be all of this: it has one grade, one contract, one kind, one start and so many hours."""
    true = [leaf for leaf, value in truths.items() if value]
    for values in (
        [set(one.grades) for one in true if isinstance(one, OnGrade)],
        [set(one.contracts) for one in true if isinstance(one, OnContract)],
        [set(one.kinds) for one in true if isinstance(one, OfKind)],
        [set(one.payroll_numbers) for one in true if isinstance(one, IsNamed)],
    ):
        if values and not set.intersection(*map(set, values)):
            return False
    hours = [one for one in true if isinstance(one, WithHours)]
    lows = [one.at_least for one in hours if one.at_least is not None]
    highs = [one.below for one in hours if one.below is not None]
    if lows and highs and max(lows) >= min(highs):
        return False
    begun = [one for one in true if isinstance(one, Started)]
    first = [one.since for one in begun if one.since is not None]
    last = [one.before for one in begun if one.before is not None]
    return not (first and last and max(first) >= min(last))
