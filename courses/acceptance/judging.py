"""Whether what one person completed counts with an employer, from values in hand. Pure: no session."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from courses.acceptance.rules import Accepts
from kernel.clock import local_day


class Completed(Protocol):
    """What of a completion matters here."""

    @property
    def organisation_id(self) -> int:
        """Where its person worked then."""

    @property
    def completed_at(self) -> datetime:
        """When."""


@dataclass(frozen=True)
class Employer:
    """An authority for which somebody works since ``joined_on``, and the rule of a day, which holds ``since`` a day.

    Without a rule everything is accepted.
    """

    organisation_id: int
    organisation_name: str
    joined_on: date
    accepts: Accepts = Accepts.ALL
    months: int | None = None
    since: date | None = None

    def is_earlier(self, completed: Completed) -> bool:
        """Whether it was completed elsewhere, before its person joined. What it recorded itself is its own."""
        is_own = completed.organisation_id == self.organisation_id
        return not is_own and local_day(completed.completed_at) < self.joined_on

    def refuses(self, completed: Completed) -> bool:
        """Whether it does not count here."""
        if not self.is_earlier(completed):
            return False
        if self.accepts is Accepts.NO_OLDER:
            return is_older(local_day(completed.completed_at), than=self.months or 0, on=self.joined_on)
        return self.accepts is Accepts.NONE

    @property
    def refuses_since(self) -> date:
        """Since which day what it refuses does not count: somebody joined, and the rule held."""
        return max(self.joined_on, self.since or self.joined_on)


def is_older(day: date, *, than: int, on: date) -> bool:
    """Whether a day lies more than so many months before another: the same day of the month is not more."""
    return (day.year * 12 + day.month + than, day.day) < (on.year * 12 + on.month, on.day)


def employer_that_refuses(employers: Iterable[Employer], completed: Iterable[Completed]) -> Employer | None:
    """The first employer with which nothing of this counts; ``None`` where there is none, or nothing was completed."""
    done = list(completed)
    return next((one for one in employers if done and all(map(one.refuses, done))), None)
