"""The authoring format as JSON Schema, for editors that check YAML while somebody types.

``python -m courses.content.bundle.schema > docs/course-format.schema.json`` writes the published copy again.
"""

import json
import sys
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from courses.content.files.fact_files import AuthoredFact, AuthoredSharedFact
from courses.content.files.glossary_files import AuthoredTerm
from courses.content.files.plan_files import AuthoredPlan
from courses.content.files.quiz_files import AuthoredQuiz
from courses.content.files.statement_files import AuthoredInstrument
from courses.content.format.authoring import CourseFile, ModuleFront
from courses.content.format.question_authoring import AuthoredQuestion

# The files that are lists: what each is called, what an entry is, and what the file is for.
_LISTS: dict[str, tuple[type[BaseModel], str]] = {
    "QuestionFile": (AuthoredQuestion, "questions/*.yaml: a list of questions."),
    "FactFile": (AuthoredFact, "facts.yaml: a list of facts."),
    "SharedFactFile": (AuthoredSharedFact, "shared-facts.yaml: a list of facts that several courses hold."),
    "QuizFile": (AuthoredQuiz, "quizzes/*.yaml: a list of quizzes."),
    "GlossaryFile": (AuthoredTerm, "glossary.yaml: a list of words and their meanings."),
    "StatementFile": (AuthoredInstrument, "statements.yaml: a list of instruments, each with its statements."),
    "PlanFile": (AuthoredPlan, "plans.yaml: a list of plans, each with ideas, questions and tips."),
}


def course_schema() -> dict[str, Any]:
    """One schema for the YAML files of a bundle: ``course.yaml`` is an object, the others are lists.

    The front matter of a module is described under ``$defs`` as ``ModuleFront``.
    """
    models: list[type[BaseModel]] = [CourseFile, ModuleFront, *(model for model, _ in _LISTS.values())]
    _, described = models_json_schema([(model, "validation") for model in models])
    definitions = described["$defs"]
    for name, (model, description) in _LISTS.items():
        definitions[name] = {
            "type": "array",
            "title": name,
            "description": description,
            "items": {"$ref": f"#/$defs/{model.__name__}"},
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Common Ground course format, version 1",
        "description": "The YAML files of a course. See course-format.md.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ("CourseFile", *_LISTS)],
        "$defs": definitions,
    }


def schema_text() -> str:
    """The schema as it stands in ``docs/course-format.schema.json``."""
    return json.dumps(course_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
