"""Where a learner is in a quiz: its screen, the sitting, and the addresses of both."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.course_pages.screen_urls import screen_url
from app.learn.place.place import Place, get_place
from courses.content.model.quiz import Quiz
from courses.records.quiz_records import QuizAnswer, QuizSitting, answers_in, get_sitting
from courses.taking.screens import ScreenAddress, quiz_on


@dataclass(frozen=True)
class QuizHere:
    """The quiz on the screen where a learner is."""

    place: Place
    quiz: Quiz

    @property
    def title(self) -> str:
        """Its title in the learner's words."""
        return self.place.course.words(self.quiz.title)

    def url(self, endpoint: str = "learn.screen", **values: Any) -> str:
        """The address of a page of this quiz."""
        return screen_url(self.place.address, endpoint, **values)


@dataclass(frozen=True)
class SittingHere:
    """A sitting of it, with the answers so far."""

    here: QuizHere
    sitting: QuizSitting
    answers: dict[str, QuizAnswer]

    def url(self, position: int | None = None) -> str:
        """The address of a question by its place, or of the sitting itself."""
        if position is None:
            return self.here.url("learn.quiz_sitting", sitting=self.sitting.number)
        return self.here.url("learn.quiz_question", sitting=self.sitting.number, position=position)


def get_quiz_here(session: Session, address: ScreenAddress) -> QuizHere:
    """The quiz on a screen that is open to the person. Raises ``NotFound``, ``NotOpen``."""
    place = get_place(session, address)
    return QuizHere(place, quiz_on(place.course.document, place.screen))


def get_sitting_here(session: Session, address: ScreenAddress, sitting: int) -> SittingHere:
    """One of the person's own sittings. Raises ``NotFound``, ``NotOpen``."""
    here = get_quiz_here(session, address)
    found = get_sitting(session, attempt_id=here.place.attempt.id, quiz_id=here.quiz.id, number=sitting)
    return SittingHere(here, found, answers_in(session, sitting_id=found.id))
