"""When a plan stops and a person must decide: too large a share of an authority would leave, move, or change hands."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kernel.rounding import whole_percent
from people.feed.planning.plan import Plan

# A single one never stops a file, however small the authority is.
FEWEST = 2


class Brake(StrEnum):
    """What is watched."""

    LEAVERS = "leavers"
    MOVES = "moves"
    JOINERS = "joiners"
    CHANGED_KEYS = "changed-keys"
    MOVED_EMAILS = "moved-emails"


@dataclass(frozen=True)
class Limits:
    """Above so many in a hundred of the jobs held here a file stops. Each is from 0 to 100."""

    leavers: int = 5
    moves: int = 20
    joiners: int = 20
    changed_keys: int = 1
    moved_emails: int = 1


@dataclass(frozen=True)
class Stop:
    """A brake that a plan has run into: how many of how many jobs, and the limit in per cent."""

    brake: Brake
    count: int
    jobs: int
    limit: int

    @property
    def percent(self) -> int:
        """The share in whole per cent; where that is the limit itself, one more, because it lies above."""
        return max(whole_percent(self.count, self.jobs), self.limit + 1)


def stops_of(plan: Plan, limits: Limits) -> tuple[Stop, ...]:
    """The brakes that a plan runs into, the gravest first. An authority’s first file runs into none."""
    return tuple(_stops(plan, limits))


def watched(plan: Plan) -> dict[Brake, int]:
    """How many of each thing that is watched a plan would do, the gravest first."""
    return {
        Brake.LEAVERS: plan.counts.leaves,
        Brake.CHANGED_KEYS: plan.other_owners + len(plan.new_numbers),
        Brake.MOVED_EMAILS: len(plan.moved_emails) + plan.shared_emails,
        Brake.JOINERS: plan.counts.joins,
        Brake.MOVES: plan.counts.moves,
    }


def is_above(count: int, *, jobs: int, limit: int) -> bool:
    """Whether so many of the jobs held here stop a file with this limit."""
    return bool(jobs) and count >= FEWEST and count * 100 > limit * jobs


def _stops(plan: Plan, limits: Limits) -> Iterator[Stop]:
    for brake, count in watched(plan).items():
        limit = getattr(limits, brake.value.replace("-", "_"))
        # However few: two people who swap numbers would swap what they learned.
        is_swap = brake is Brake.CHANGED_KEYS and plan.swapped > 0
        if is_swap or is_above(count, jobs=plan.jobs, limit=limit):
            yield Stop(brake, count, plan.jobs, limit)
