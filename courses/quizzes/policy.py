"""Whether somebody may take a quiz again, and when: pure arithmetic on what is stored.

Nothing here counts down while somebody answers: no quiz has a time limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from courses.content.model.quiz import Quiz


class SittingFacts(Protocol):
    """What the policy needs to know of a sitting."""

    @property
    def number(self) -> int:
        """Which one it is, from 1."""

    @property
    def is_open(self) -> bool:
        """Whether it is still being taken."""

    @property
    def pause_from(self) -> datetime | None:
        """When the pause after it began."""


@dataclass(frozen=True)
class Allowance:
    """What an admin gave one person: more tries, and no pause after the sitting ``unpaused_after``."""

    extra_attempts: int = 0
    unpaused_after: int = 0


@dataclass(frozen=True)
class NextTry:
    """Whether the sitting ``number`` may begin now.

    ``left`` is how many tries there are, this one included; ``None`` without a limit. ``opens_at`` is when the pause
    ends. ``is_clock_wrong``: the last sitting was handed in at a moment that has not come yet, so the pause has to be
    counted again from now.
    """

    number: int
    left: int | None = None
    opens_at: datetime | None = None
    is_clock_wrong: bool = False

    @property
    def has_tries(self) -> bool:
        """Whether the limit allows one more."""
        return self.left is None or self.left > 0

    @property
    def can_start(self) -> bool:
        """Whether it may begin now."""
        return self.has_tries and self.opens_at is None


def next_try(quiz: Quiz, sittings: Sequence[SittingFacts], allowance: Allowance, *, now: datetime) -> NextTry:
    """The try after ``sittings``, which are all of one person's and none of them open.

    A clock that jumped back can neither shorten the pause nor lock anybody out: a pause that seems to have begun
    further ahead than it lasts is counted again, from now.
    """
    last = sittings[-1] if sittings else None
    number = last.number + 1 if last else 1
    left = None if quiz.attempts is None else max(0, quiz.attempts + allowance.extra_attempts - len(sittings))
    if last is None or last.pause_from is None or not quiz.pause_minutes or allowance.unpaused_after >= last.number:
        return NextTry(number, left)
    pause = timedelta(minutes=quiz.pause_minutes)
    if last.pause_from > now + pause:
        return NextTry(number, left, now + pause, is_clock_wrong=True)
    opens_at = last.pause_from + pause
    return NextTry(number, left, opens_at if opens_at > now else None)


def minutes_in_words(minutes: int) -> str:
    """90 as "90 minutes", 120 as "2 hours", 1440 as "1 day"."""
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {word}{'' if count == 1 else 's'}"
    raise ValueError("minutes are whole")
