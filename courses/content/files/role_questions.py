"""For whom a question is: ``::: question FU2-Q5 for=inclusive-recruitment`` is for people who completed that course."""

import re
from collections.abc import Collection, Iterable, Sequence

from courses.content.format.authoring import SLUG
from courses.content.model.course import CourseDocument, Module, QuestionBlock, Screen
from courses.content.source.findings import Findings, Place

# In the place of a course: for those who get none of the screen's other role questions.
OTHERS = "others"


def read_place(argument: str, place: Place, findings: Findings) -> tuple[str, tuple[str, ...]]:
    """The id of the question, and the slugs after ``for=``; none means that it is for everybody."""
    question_id, _, condition = argument.partition(" ")
    if not condition.strip():
        return question_id, ()
    name, _, slugs = condition.strip().partition("=")
    courses = tuple(slug.strip() for slug in slugs.split(","))
    if name != "for" or not all(re.match(SLUG, slug) for slug in courses):
        findings.error(
            place,
            "After the id of a question can stand for= and the courses that somebody completed, such as "
            f"“for=inclusive-recruitment” or “for=front-line-services,{OTHERS}”.",
        )
        return question_id, ()
    return question_id, courses


def has_role_questions(document: CourseDocument) -> bool:
    """Whether any question is for some people only."""
    return any(_is_for_some(block) for _, screen in document.screens() for block in screen.blocks)


def for_whom(courses: Sequence[str]) -> str:
    """For whom a question is, in a sentence for authors; empty when it is for everybody."""
    slugs = [slug for slug in courses if slug != OTHERS]
    groups = [f"people who completed {' or '.join(slugs)}"] if slugs else []
    groups += ["those who get no other of these questions"] if OTHERS in courses else []
    return f"This question is for {', and for '.join(groups)}." if groups else ""


def courses_named(document: CourseDocument) -> tuple[str, ...]:
    """The slugs of the courses that questions are for, each once."""
    blocks = [block for _, screen in document.screens() for block in screen.blocks if isinstance(block, QuestionBlock)]
    return tuple(dict.fromkeys(slug for block in blocks for slug in block.courses if slug != OTHERS))


def as_given_to(document: CourseDocument, completed: Collection[str]) -> CourseDocument:
    """The course without the questions that are not for somebody who completed the courses with these slugs."""
    modules = tuple(_module_given(module, completed) for module in document.modules)
    return document.model_copy(update={"modules": modules})


def _module_given(module: Module, completed: Collection[str]) -> Module:
    if not any(_is_for_some(block) for screen in module.screens for block in screen.blocks):
        return module
    return module.model_copy(update={"screens": tuple(_screen_given(screen, completed) for screen in module.screens)})


def _screen_given(screen: Screen, completed: Collection[str]) -> Screen:
    given = questions_given((block for block in screen.blocks if isinstance(block, QuestionBlock)), completed)
    blocks = tuple(
        block for block in screen.blocks if not isinstance(block, QuestionBlock) or block.question_id in given
    )
    return screen.model_copy(update={"blocks": blocks})


def questions_given(blocks: Iterable[QuestionBlock], completed: Collection[str]) -> frozenset[str]:
    """Which of a screen's questions somebody gets who completed the courses with these slugs."""
    every = tuple(blocks)
    named = {block.question_id for block in every if set(block.courses) & set(completed)}
    others = {block.question_id for block in every if OTHERS in block.courses}
    return frozenset({block.question_id for block in every if not block.courses} | named | (set() if named else others))


def _is_for_some(block: object) -> bool:
    return isinstance(block, QuestionBlock) and bool(block.courses)
