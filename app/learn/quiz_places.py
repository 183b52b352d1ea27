"""Where a learner is in a quiz: its screen, the sitting, and the addresses of both."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from app.access import who
from app.learn.places import Place, get_place
from courses.content.quiz import Quiz
from courses.quizzes.records import QuizAnswer, QuizSitting, answers_in, get_sitting
from courses.quizzes.sittings import QuizPlace, quiz_on


@dataclass(frozen=True)
class QuizHere:
    """The quiz on the screen where a learner is."""

    place: Place
    quiz: Quiz

    @property
    def title(self) -> str:
        """Its title in the learner's words."""
        return self.place.course.words(self.quiz.title)

    def url(self, endpoint: str = "learn.screen", **values: str | int) -> str:
        """The address of a page of this quiz."""
        document = self.place.course.document
        return url_for(
            endpoint, slug=document.slug, module_slug=self.place.module.slug, number=self.place.number, **values
        )


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


def quiz_place(slug: str, module_slug: str, number: int) -> QuizPlace:
    """The screen of the person at the keyboard, as the domain names it."""
    return QuizPlace(who().person_id, slug, module_slug, number)


def get_quiz_here(session: Session, slug: str, module_slug: str, number: int) -> QuizHere:
    """The quiz on a screen that is open to the person. Raises ``NotFound``, ``NotOpen``."""
    place = get_place(session, slug, module_slug, number)
    return QuizHere(place, quiz_on(place.course.document, place.module.screens[number - 1].quiz_id))


def get_sitting_here(session: Session, slug: str, module_slug: str, number: int, sitting: int) -> SittingHere:
    """One of the person's own sittings. Raises ``NotFound``, ``NotOpen``."""
    here = get_quiz_here(session, slug, module_slug, number)
    found = get_sitting(session, attempt_id=here.place.attempt.id, quiz_id=here.quiz.id, number=sitting)
    return SittingHere(here, found, answers_in(session, sitting_id=found.id))
