"""What somebody is told of a completion that is valid for a time, and when they can take the course again."""

from dataclasses import dataclass
from datetime import date

from assignments.asked import RequiredCourse
from assignments.due.words import day_in_words
from assignments.periods.reckoning import Period
from courses.records.attempts import CurrentAttempt
from courses.records.completion import Completion, leads_to


@dataclass(frozen=True)
class Again:
    """A completion and the period that it is valid for, on a day."""

    completion: Completion
    period: Period
    valid_until: date
    on: date
    # A shorter course is enough this time, which is asked of them instead.
    has_refresher: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it is valid no longer."""
        return not self.period.holds_on(self.on)

    @property
    def is_open(self) -> bool:
        """Whether the course is to be taken again: soon before the end, and ever after it."""
        return self.period.is_open(self.on) and not self.has_refresher

    @property
    def words(self) -> str:
        """Until when it is valid, and from when on it can be taken again."""
        until = day_in_words(self.valid_until)
        if self.has_refresher:
            is_was = "was" if self.is_over else "is"
            return f"It {is_was} valid until {until}. A shorter course is enough this time: it is under “Asked of you”."
        if self.is_over:
            return f"You completed this on {day_in_words(self.period.completed_on)}, and it was valid until {until}."
        if self.is_open:
            return f"Take it again: what you completed is valid until {until}."
        opens = day_in_words(self.period.opens_on or self.valid_until)
        return f"It is valid until {until}. You can take it again from {opens}."

    def attempt_since(self, attempt: CurrentAttempt | None) -> CurrentAttempt | None:
        """The attempt, if it is not the one that led to this completion."""
        return None if attempt is None or leads_to(attempt, self.completion.cycle) else attempt


def again_of(asked: RequiredCourse | None, completion: Completion | None, on: date) -> Again | None:
    """What to say of a completion, the newest; ``None`` where it is valid for ever, and where there is none."""
    period = asked.period if asked else None
    if completion is None or period is None or period.valid_until is None:
        return None
    return Again(completion, period, period.valid_until, on, asked is not None and asked.refresher_id is not None)
