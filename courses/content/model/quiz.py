"""What a quiz is once it has been read: which questions it asks, and the rules of taking it."""

from collections.abc import Mapping
from typing import Literal

from courses.marking.question import Frozen, Question

Mode = Literal["practice", "check"]
FeedbackMoment = Literal["at-once", "on-submit", "on-pass"]


class Draw(Frozen):
    """So many questions of the course's bank: those with a tag, of a module (``outcome``), or both."""

    tag: str | None = None
    outcome: str | None = None
    count: int

    def takes(self, question: Question) -> bool:
        """Whether a question may be drawn. Questions for practice only and branching stories may not."""
        has_tag = self.tag is None or self.tag in question.tags
        has_outcome = self.outcome is None or self.outcome == question.outcome
        return question.scored and question.branching is None and has_tag and has_outcome


class Quiz(Frozen):
    """A quiz and its rules.

    ``attempts`` is how often it may be started, ``None`` for as often as people like; ``pause_minutes`` is the time
    between two tries. ``pre_test_for`` are the ids of the modules that a person who passes may leave out. There is
    no time limit, on purpose.
    """

    id: str
    title: str
    mode: Mode = "practice"
    questions: tuple[str, ...] = ()
    draws: tuple[Draw, ...] = ()
    pass_percent: int = 80
    attempts: int | None = None
    pause_minutes: int = 0
    feedback: FeedbackMoment = "on-submit"
    certainty: bool = False
    optional: bool = False
    pre_test_for: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """How many questions one sitting has."""
        return len(self.questions) + sum(draw.count for draw in self.draws)

    @property
    def has_limits(self) -> bool:
        """Whether a rule can keep somebody from another try."""
        return self.attempts is not None or self.pause_minutes > 0

    def bank(self, questions: Mapping[str, Question]) -> tuple[str, ...]:
        """The ids of every question that a sitting may hold: those it names, then those it may draw."""
        drawn = (key for key, question in questions.items() if any(draw.takes(question) for draw in self.draws))
        return tuple(dict.fromkeys((*self.questions, *drawn)))

    def is_passed_with(self, right: int, out_of: int) -> bool:
        """Whether so many right answers are enough; a sitting without a question that can be marked always is."""
        return right * 100 >= self.pass_percent * out_of
