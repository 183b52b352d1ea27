"""The register of facts: every fact of every current version, when it is due for another look, and who uses it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sqlalchemy.orm import Session

from courses.catalogue.versions import current_versions, documents_of
from courses.content.model.course import CourseDocument, FactsBlock, Screen
from courses.content.model.facts import Fact, fact_ids

SOON = timedelta(days=90)


class Review(Enum):
    """When a fact is to be looked at again."""

    DUE = "due"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True)
class FactUse:
    """A screen that shows a fact, or may ask a question about it; its number counts in the module, from 1."""

    screen_id: str
    module_slug: str
    screen_number: int


@dataclass(frozen=True)
class CourseUses:
    """Where the newest version of a course uses a fact. ``uses`` follow the order of the course."""

    slug: str
    title: str
    version_number: int
    uses: tuple[FactUse, ...]


@dataclass(frozen=True)
class FactEntry:
    """A fact as it stands in the newest versions of ``courses``, which are in the order of their titles.

    A fact that courses share is one entry, unless their newest versions say different things.
    """

    id: str
    fact: Fact
    review: Review
    courses: tuple[CourseUses, ...]


def fact_register(session: Session, *, today: date, course_slug: str | None = None) -> tuple[FactEntry, ...]:
    """The facts of all current versions, or of one course, by the day on which they are to be reviewed."""
    current = [(course, version) for course, version in current_versions(session) if course_slug in (None, course.slug)]
    found: dict[tuple[str, Fact], list[CourseUses]] = {}
    for (course, version), document in zip(
        current, documents_of(session, [version for _, version in current]), strict=True
    ):
        uses = uses_of(document)
        for key, fact in document.facts.items():
            # Which questions depend on it differs from course to course, and is among its uses.
            same = fact.model_copy(update={"questions": ()})
            found.setdefault((key, same), []).append(CourseUses(course.slug, version.title, version.number, uses[key]))
    entries = [FactEntry(key, fact, review_of(fact, today), tuple(courses)) for (key, fact), courses in found.items()]
    return tuple(sorted(entries, key=lambda entry: (entry.fact.review_by, entry.courses[0].title, entry.id)))


def review_of(fact: Fact, today: date) -> Review:
    """Due once its day has gone by, soon within 90 days, and later after that."""
    if fact.review_by < today:
        return Review.DUE
    return Review.SOON if fact.review_by <= today + SOON else Review.LATER


def uses_of(document: CourseDocument) -> dict[str, tuple[FactUse, ...]]:
    """Where each fact of a course is used; nothing for a fact that nothing uses."""
    uses: dict[str, list[FactUse]] = {key: [] for key in document.facts}
    for module in document.modules:
        for number, screen in enumerate(module.screens, start=1):
            for key in dict.fromkeys(_facts_on(screen, document)):
                if key in uses:
                    uses[key].append(FactUse(screen.id, module.slug, number))
    return {key: tuple(places) for key, places in uses.items()}


def _facts_on(screen: Screen, document: CourseDocument) -> Iterator[str]:
    yield from fact_ids(screen.model_dump_json())
    for block in screen.blocks:
        if isinstance(block, FactsBlock):
            yield from block.fact_ids
    for question_id in _questions_on(screen, document):
        yield from fact_ids(document.questions[question_id].model_dump_json())
        yield from (key for key, fact in document.facts.items() if question_id in fact.questions)


def _questions_on(screen: Screen, document: CourseDocument) -> tuple[str, ...]:
    """The questions of a screen, and those that a sitting of its quiz may hold."""
    quiz = document.quizzes.get(screen.quiz_id or "")
    return screen.question_ids + (quiz.bank(document.questions) if quiz else ())
