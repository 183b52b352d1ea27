"""When a plan stops and a person must decide: too large a share of an authority would leave, move, or change hands."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kernel.rounding import whole_percent
from people.feed.planning.plan import Act, Plan

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


def _stops(plan: Plan, limits: Limits) -> Iterator[Stop]:
    joining = len(plan.of(Act.JOIN))
    watched = (
        (Brake.LEAVERS, len(plan.of(Act.LEAVE)), limits.leavers),
        (Brake.CHANGED_KEYS, plan.other_owners + len(plan.new_numbers), limits.changed_keys),
        (Brake.MOVED_EMAILS, len(plan.moved_emails), limits.moved_emails),
        (Brake.JOINERS, joining, limits.joiners),
        (Brake.MOVES, len(plan.moves), limits.moves),
    )
    for brake, count, limit in watched:
        if plan.jobs and count >= FEWEST and count * 100 > limit * plan.jobs:
            yield Stop(brake, count, plan.jobs, limit)
