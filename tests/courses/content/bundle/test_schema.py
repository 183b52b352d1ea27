"""The published schema is current, and agrees with what is read."""

from pathlib import Path

import jsonschema
import pytest
import yaml

import courses
from courses.content.bundle.schema import course_schema, schema_text
from tests.builders.stories import STORY
from tests.courses.content.bundles import COURSE, QUESTIONS
from tests.courses.content.checks.test_question_findings import CLOZE, NUMBER, SHORT

SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class EditorLoader(SafeLoader):
    """Reads YAML as editors do since version 1.2: a day is text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in SafeLoader.yaml_implicit_resolvers.items()
}

SCHEMA = course_schema()
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
ROOT = Path(next(iter(courses.__path__))).parent


def test_the_published_schema_is_current():
    published = (ROOT / "docs" / "course-format.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(), "python -m courses.content.bundle.schema > docs/course-format.schema.json"


@pytest.mark.parametrize("text", [COURSE, QUESTIONS, NUMBER, SHORT, CLOZE, STORY])
def test_the_schema_accepts_what_is_read(text: str):
    VALIDATOR.validate(yaml.safe_load(text))


def test_the_schema_is_one():
    VALIDATOR.check_schema(SCHEMA)


@pytest.mark.parametrize("folder", sorted((ROOT / "courses" / "library").glob("*/")), ids=lambda folder: folder.name)
def test_the_schema_accepts_every_shipped_course(folder: Path):
    for file in (
        *folder.glob("course.yaml"),
        *folder.glob("facts.yaml"),
        *folder.glob("glossary.yaml"),
        *folder.glob("statements.yaml"),
        *folder.glob("q*/*.yaml"),
        *folder.glob("plans.yaml"),
    ):
        text = file.read_text(encoding="utf-8")
        VALIDATOR.validate(yaml.load(text, EditorLoader))  # noqa: S506 - it is a safe loader


@pytest.mark.parametrize(
    "text",
    [
        COURSE.replace("title", "titel"),
        QUESTIONS.replace("feedback", "feedbak"),
        SHORT.replace("accepted", "acepted"),
        "- x",
        "x",
    ],
)
def test_the_schema_refuses_what_is_refused(text: str):
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(yaml.safe_load(text))
