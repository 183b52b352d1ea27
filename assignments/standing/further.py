"""What there is to say where more than one course may be taken: the steps of a programme, and what is enough again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy.orm import Session

from assignments.plan_words import again_in_words
from assignments.standing.people_asked import Asked
from courses.catalogue.versions import titles_of


@dataclass(frozen=True)
class StepLine:
    """A step of a programme as somebody stands with it. ``words`` name its courses; ``why_not`` is empty where it is
    done or next, and says else why it is not open yet. ``done_on`` is empty too where a day is not to be seen."""

    number: int
    words: str
    course_ids: tuple[int, ...]
    is_done: bool
    is_next: bool
    done_on: date | None = None
    why_not: str = ""


def either(titles: Sequence[str]) -> str:
    """A, B or C."""
    return " or ".join(filter(None, (", ".join(titles[:-1]), *titles[-1:])))


class Further:
    """The same for one person and one plan; nothing is looked up for a course without a refresher."""

    def __init__(self, session: Session, asked: Asked, *, hides_days: bool = False) -> None:
        self.asked, self._session, self._hides_days = asked, session, hides_days

    @cached_property
    def _titles(self) -> dict[int, str]:
        wanted = {course for step in self.asked.plan.steps for course in step}
        refresher = self.asked.plan.refresher
        return titles_of(self._session, course_ids=wanted | ({refresher.course_id} if refresher else set()))

    def _named(self, courses: Sequence[int]) -> str:
        return either([self._titles[course] for course in courses])

    @property
    def steps(self) -> tuple[StepLine, ...]:
        """Every step of a programme, with why it is not open where it is not."""
        following = self.asked.next_step
        return tuple(
            StepLine(
                number=one.number,
                words=self._named(one.courses if one.course_id is None else (one.course_id,)),
                course_ids=one.courses,
                is_done=one.done_on is not None,
                is_next=one == following,
                done_on=None if self._hides_days else one.done_on,
                why_not=f"Not open yet: step {following.number} comes first"
                if following and one.done_on is None and one != following
                else "",
            )
            for one in self.asked.steps
        )

    @property
    def next_words(self) -> str:
        """Which step is next, or whether the refresher is enough; a full sentence, empty where there is no more."""
        following, renewal = self.asked.next_step, self.asked.refresher
        if following is not None:
            return f"Next is step {following.number} of {len(self.asked.steps)}: {self._named(following.courses)}."
        if renewal is None:
            return ""
        if renewal.is_too_old:
            return f"The last completion is more than {renewal.rule.months} months old, so it is the whole course."
        return f"The shorter course “{self._titles[renewal.rule.course_id]}” is enough this time."

    @property
    def missing(self) -> str:
        """What is not done, without a full stop; empty where it is the course itself."""
        following, renewal = self.asked.next_step, self.asked.refresher
        if following is not None:
            return f"step {following.number} of {len(self.asked.steps)}, {self._named(following.courses)}"
        if renewal is not None and not renewal.is_too_old:
            return f"{self._titles[renewal.rule.course_id]}, or the whole course, is not completed again"
        return ""

    @property
    def rule(self) -> str:
        """What the steps are, or what is enough the next time; full sentences, empty for a course as a whole."""
        plan = self.asked.plan
        if plan.steps:
            count = len(plan.steps)
            return f"It is a programme of {count} {'step' if count == 1 else 'steps'}."
        return again_in_words(self._session, plan.refresher) if plan.refresher else ""
