"""Screens: where one stands in its course, whether it is open to a learner, and holding it to change something there.

Whoever changes an attempt opens a screen of it first and so holds its lock: two tabs take turns. A request opens its
screen once, and hands it to everything that it does there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from courses.content.model.course import CourseDocument, Module, Screen
from courses.content.model.quiz import Quiz
from courses.marking import Question, kind_of
from courses.records.attempts import CurrentAttempt, lock_attempt
from courses.taking.progress import ModuleStatus, State, course_status
from courses.taking.role_questions import document_for
from kernel.errors import NotFound, RuleBroken


class NotOpen(RuleBroken):
    """The module or screen is not open to this learner yet."""


@dataclass(frozen=True)
class ScreenAddress:
    """Where a screen stands: the course by its address, the module by its own, and the screen from 1."""

    slug: str
    module_slug: str
    screen_number: int

    def __str__(self) -> str:
        return f"screen {self.screen_number} of {self.module_slug}"


@dataclass(frozen=True)
class OpenScreen:
    """A screen that its learner may use now; the attempt stays locked until the transaction ends.

    ``questions`` are those of its questions that can be answered, by id: one whose kind is not installed any more holds
    nobody up.
    """

    address: ScreenAddress
    attempt: CurrentAttempt
    document: CourseDocument
    module: Module
    screen: Screen
    questions: Mapping[str, Question]

    def question(self, question_id: str) -> Question:
        """One of its questions. Raises ``NotFound``, also when its kind is not installed."""
        if question_id not in self.questions:
            raise NotFound(f"question {question_id} on {self.address}")
        return self.questions[question_id]

    @property
    def quiz(self) -> Quiz:
        """The quiz that stands on it. Raises ``NotFound``."""
        return quiz_on(self.document, self.screen)


def open_screen(session: Session, address: ScreenAddress, *, person_id: int, now: datetime) -> OpenScreen:
    """Lock the person's attempt and open one of its screens to change something. Raises ``NotFound``, ``NotOpen``."""
    attempt = lock_attempt(session, person_id=person_id, slug=address.slug, now=now)
    document = document_for(session, attempt)
    module = document.modules[check_open(document, attempt, address).number - 1]
    screen = module.screens[address.screen_number - 1]
    asked = {identity: document.questions[identity] for identity in screen.question_ids}
    questions = {identity: question for identity, question in asked.items() if kind_of(question.kind) is not None}
    return OpenScreen(address, attempt, document, module, screen, questions)


def module_at(document: CourseDocument, slug: str) -> Module:
    """The module with this address. Raises ``NotFound``."""
    try:
        return document.module(slug)
    except KeyError:
        raise NotFound(f"module {slug}") from None


def quiz_on(document: CourseDocument, screen: Screen) -> Quiz:
    """The quiz that stands on a screen. Raises ``NotFound``."""
    quiz = document.quizzes.get(screen.quiz_id) if screen.quiz_id else None
    if quiz is None:
        raise NotFound(f"a quiz on {screen.id}")
    return quiz


def check_open(document: CourseDocument, attempt: CurrentAttempt, address: ScreenAddress) -> ModuleStatus:
    """How far the learner is in the module of a screen that is open to them.

    Raises ``NotOpen`` when the course keeps the screen for later, ``NotFound`` when there is none such.
    """
    status = course_status(document, attempt, is_completed=False).module(address.module_slug)
    if status is None or not 1 <= address.screen_number <= status.screens:
        raise NotFound(str(address))
    if status.state is State.NOT_OPEN:
        raise NotOpen("This part opens when you have finished the one before it.")
    if status.state is not State.COMPLETE and address.screen_number > status.screens_done + 1:
        raise NotOpen("This screen opens when you have finished the one before it.")
    return status
