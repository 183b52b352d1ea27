"""What publishing an upload would do: which version it becomes, and what differs from the one that stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from courses.catalogue.versions import Course, document_of, find_course_for, fingerprint_of, versions_of
from courses.content.comparing.course_words import right_answer
from courses.content.model.course import CourseDocument, FactsBlock, Screen
from courses.content.model.facts import fact_ids, sources_of
from courses.marking.question import Question
from kernel.errors import RuleBroken


@dataclass(frozen=True)
class Changes:
    """Ids that came, went or read differently, in the order of the course."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """True when nothing came, went or changed."""
        return not (self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Comparison:
    """What differs between two versions of a course. ``keys`` are the questions in which another answer is right."""

    screens: Changes
    questions: Changes
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicationPlan:
    """What publishing would do now.

    ``number`` is the version that would stand afterwards, and ``is_new`` whether publishing makes it;
    ``course`` is ``None`` for a first version; ``refusal`` says why it cannot be published at all;
    ``comparison`` is with the newest version.
    """

    number: int
    is_new: bool
    course: Course | None = None
    refusal: str | None = None
    comparison: Comparison | None = None

    @property
    def is_first(self) -> bool:
        """True when nobody has seen this course before."""
        return self.course is None


def plan_publication(session: Session, *, document: CourseDocument) -> PublicationPlan:
    """What ``courses.catalogue.versions.publish`` would do with ``document`` now. Changes nothing."""
    try:
        course = find_course_for(session, document=document)
    except RuleBroken as problem:
        return PublicationPlan(number=1, is_new=False, refusal=problem.message)
    if course is None:
        return PublicationPlan(number=1, is_new=True)
    newest = next(iter(versions_of(session, course_id=course.id)), None)
    if newest is None:
        return PublicationPlan(number=1, is_new=True)
    if newest.fingerprint == fingerprint_of(document):
        return PublicationPlan(number=newest.number, is_new=False, course=course)
    before = document_of(session, version_id=newest.id, fingerprint=newest.fingerprint)
    return PublicationPlan(number=newest.number + 1, is_new=True, course=course, comparison=compare(before, document))


def compare(before: CourseDocument, after: CourseDocument) -> Comparison:
    """Which screens and questions came, went or changed. A new picture or recording changes the screens and
    questions that show it, new words of a fact change everything that prints them, and a quiz is
    part of its screen."""
    return Comparison(
        screens=_changes(_screens(before), _screens(after)),
        questions=_changes(_questions(before), _questions(after)),
        keys=tuple(
            key
            for key, question in after.questions.items()
            if key in before.questions and right_answer(before.questions[key]) != right_answer(question)
        ),
    )


def _screens(document: CourseDocument) -> dict[str, tuple[object, ...]]:
    return {
        screen.id: (
            screen,
            _pictures(screen, document),
            _facts(screen, document),
            document.quizzes.get(screen.quiz_id or ""),
        )
        for _, screen in document.screens()
    }


def _questions(document: CourseDocument) -> dict[str, tuple[object, ...]]:
    return {
        key: (question, _pictures(question, document), _printed(question, document))
        for key, question in document.questions.items()
    }


def _pictures(part: Screen | Question, document: CourseDocument) -> frozenset[str]:
    words = part.model_dump_json()
    return frozenset(media.sha256 for name, media in document.media.items() if name in words)


def _printed(part: Screen | Question, document: CourseDocument) -> tuple[str, ...]:
    return tuple(document.facts[key].text for key in fact_ids(part.model_dump_json()) if key in document.facts)


def _facts(screen: Screen, document: CourseDocument) -> tuple[object, ...]:
    listed = [key for block in screen.blocks if isinstance(block, FactsBlock) for key in block.fact_ids]
    return (*_printed(screen, document), sources_of(listed, document.facts))


def _changes(before: Mapping[str, object], after: Mapping[str, object]) -> Changes:
    return Changes(
        added=tuple(key for key in after if key not in before),
        removed=tuple(key for key in before if key not in after),
        changed=tuple(key for key in after if key in before and before[key] != after[key]),
    )
