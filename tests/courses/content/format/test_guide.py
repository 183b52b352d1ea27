"""The guide for authors says what is true: its example can be published, and it names everything there is."""

import pytest

from courses.content.bundle.reading import read_bundle
from courses.content.files.fact_files import AuthoredFact
from courses.content.files.plan_files import AuthoredIdea, AuthoredObstacle, AuthoredPlan
from courses.content.files.quiz_files import AuthoredQuiz
from courses.content.files.statement_files import AuthoredInstrument, AuthoredStatement
from courses.content.format.authoring import AuthoredRecording, CourseFile, ModuleFront
from courses.content.format.question_authoring import AuthoredQuestion
from courses.content.format.story_authoring import AuthoredEnding, AuthoredNode, AuthoredStoryChoice
from courses.content.model.local_wording import ORGANISATIONS, STANDARD
from courses.marking import BUILT_IN
from tests.architecture.documents import files_shown_in
from tests.architecture.source import ROOT
from tests.courses.content.bundles import picture

PAGE = ROOT / "docs" / "course-format.md"
GUIDE = PAGE.read_text(encoding="utf-8")


def example() -> dict[str, bytes]:
    return {name: text.encode() for name, text in files_shown_in(PAGE).items()} | {"media/circles.png": picture()}


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
