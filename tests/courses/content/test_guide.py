"""The guide for authors says what is true: its example can be published, and it names everything there is."""

import re
from pathlib import Path

import pytest

import courses
from courses.content.authoring import AuthoredRecording, CourseFile, ModuleFront
from courses.content.bundle import read_bundle
from courses.content.fact_files import AuthoredFact
from courses.content.plan_files import AuthoredIdea, AuthoredObstacle, AuthoredPlan
from courses.content.question_authoring import AuthoredQuestion
from courses.content.quiz_files import AuthoredQuiz
from courses.content.statement_files import AuthoredInstrument, AuthoredStatement
from courses.content.story_authoring import AuthoredEnding, AuthoredNode, AuthoredStoryChoice
from courses.content.tokens import ORGANISATIONS, STANDARD
from courses.marking import BUILT_IN
from tests.courses.content.bundles import picture

GUIDE = (Path(next(iter(courses.__path__))).parent / "docs" / "course-format.md").read_text(encoding="utf-8")


def example() -> dict[str, bytes]:
    blocks = re.findall(r"^\*\*`(\S+)`\*\*\n\n```\w+\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return {name: text.encode() for name, text in blocks} | {"media/circles.png": picture()}


def test_the_complete_course_of_the_guide_can_be_published_as_it_stands():
    outcome = read_bundle(example())
    assert outcome.findings == ()
    assert outcome.document is not None
    assert {question.kind for question in outcome.document.questions.values()} == {kind.key for kind in BUILT_IN}


@pytest.mark.parametrize(
    "model",
    [
        *(CourseFile, ModuleFront, AuthoredQuestion, AuthoredRecording),
        *(AuthoredFact, AuthoredInstrument, AuthoredStatement, AuthoredQuiz),
        *(AuthoredNode, AuthoredStoryChoice, AuthoredEnding),
        *(AuthoredPlan, AuthoredIdea, AuthoredObstacle),
    ],
)
def test_the_guide_names_every_key(model: type):
    assert [key for key in model.model_fields if f"`{key}`" not in GUIDE] == []


def test_the_guide_names_every_token_and_authority():
    assert [name for name in STANDARD if f"`{{{{{name}}}}}`" not in GUIDE] == []
    assert [token.default for token in STANDARD.values() if token.default not in GUIDE] == []
    assert [slug for slug in ORGANISATIONS if f"`{slug}`" not in GUIDE] == []
