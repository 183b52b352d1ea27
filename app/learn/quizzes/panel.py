"""What the screen of a quiz shows: its rules, where the learner is in it, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.learn.place.place import Place
from app.learn.quizzes.addresses import QuizHere
from courses.content.model.quiz import Quiz
from courses.quizzes.adjustments import QuizAdjustment, RetryRequest, adjustments_of, allowance_from, find_retry_request
from courses.quizzes.policy import NextTry, next_try
from courses.quizzes.sentences import rules_in_words
from courses.quizzes.skipping import modules_to_skip
from courses.records.quiz_records import QuizSitting, answers_in, sittings_of


@dataclass(frozen=True)
class EarlierTry:
    """A sitting that was handed in."""

    number: int
    right: int
    out_of: int
    is_passed: bool
    submitted_at: datetime
    url: str


@dataclass(frozen=True)
class QuizPanel:
    """Everything about a quiz on its screen. ``current`` is the sitting that is still open.

    ``to_skip`` are the modules that they may leave out now: id and title.
    """

    here: QuizHere
    title: str
    rules: list[str]
    current: QuizSitting | None
    answered: int
    following: NextTry
    earlier: tuple[EarlierTry, ...]
    adjustments: tuple[QuizAdjustment, ...]
    request: RetryRequest | None
    to_skip: tuple[tuple[str, str], ...]

    @property
    def quiz(self) -> Quiz:
        """Its definition."""
        return self.here.quiz

    @property
    def has_passed(self) -> bool:
        """Whether any try was a pass."""
        return any(one.is_passed for one in self.earlier)

    @property
    def is_done(self) -> bool:
        """Whether the learner may go on from its screen."""
        return self.quiz.optional or bool(self.earlier and (self.quiz.mode == "practice" or self.has_passed))

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has yet to answer their request."""
        return self.request is not None and self.request.answered is None

    @property
    def can_ask(self) -> bool:
        """Whether to offer a way round a rule; nobody needs one who has passed."""
        return not self.has_passed_for_good and not (self.current or self.following.can_start or self.is_waiting)

    @property
    def has_passed_for_good(self) -> bool:
        """Whether a pass is what this quiz is about, and they have it."""
        return self.has_passed and (self.quiz.mode == "check" or bool(self.quiz.pre_test_for))

    @property
    def given(self) -> QuizAdjustment | None:
        """What an admin gave them that they have not used yet."""
        last = self.adjustments[-1] if self.adjustments else None
        return last if last and self.earlier and last.after_number >= self.earlier[-1].number else None


def panel_on(session: Session, place: Place, *, now: datetime) -> QuizPanel | None:
    """The panel of the quiz on a screen; ``None`` when the screen has none."""
    quiz = place.course.document.quizzes.get(place.screen.quiz_id or "")
    return quiz_panel(session, QuizHere(place, quiz), now=now) if quiz else None


def quiz_panel(session: Session, here: QuizHere, *, now: datetime) -> QuizPanel:
    """A few queries, and no more with more sittings."""
    attempt, quiz, course = here.place.attempt, here.quiz, here.place.course
    sittings = sittings_of(session, attempt_id=attempt.id, quiz_id=quiz.id)
    adjustments = tuple(adjustments_of(session, attempt_id=attempt.id, quiz=quiz))
    current = sittings[-1] if sittings and sittings[-1].is_open else None
    earlier = tuple(_earlier(here, sitting) for sitting in sittings if not sitting.is_open)
    skippable = [course.words(module.title) for module in course.document.modules if module.id in quiz.pre_test_for]
    can_skip = any(one.is_passed for one in earlier)
    return QuizPanel(
        here=here,
        title=here.title,
        rules=rules_in_words(quiz, skippable),
        current=current,
        answered=len(answers_in(session, sitting_id=current.id)) if current else 0,
        following=next_try(quiz, sittings, allowance_from(adjustments), now=now),
        earlier=earlier,
        adjustments=adjustments,
        request=find_retry_request(session, attempt_id=attempt.id, quiz_id=quiz.id)
        if quiz.has_limits and sittings
        else None,
        to_skip=tuple(
            (module.id, course.words(module.title)) for module in modules_to_skip(course.document, attempt, quiz)
        )
        if can_skip
        else (),
    )


def _earlier(here: QuizHere, sitting: QuizSitting) -> EarlierTry:
    return EarlierTry(
        number=sitting.number,
        right=sitting.right_answers or 0,
        out_of=sitting.out_of or 0,
        is_passed=bool(sitting.is_passed),
        submitted_at=sitting.submitted_at or sitting.started_at,
        url=here.url("learn.quiz_sitting", sitting=sitting.number),
    )
