"""Puts the refusals of the validating library into words that an author understands."""

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from courses.content.format import authoring, question_authoring, story_authoring
from courses.content.source.findings import Findings
from courses.content.source.yaml_reading import Path, Reading, Value
from courses.marking import installed_kinds

Model = TypeVar("Model", bound=BaseModel)

_PATTERNS = {
    authoring.COURSE_ID: "must be one to eight capital letters and digits, a letter first, such as RE",
    authoring.PART_ID: "must be capital letters and digits in parts joined by hyphens, such as RE-M1-Q1",
    authoring.FACT_ID: "must be the course’s id, -F- and capital letters or digits, such as RE-F-PORT",
    authoring.STATEMENT_ID: "must be capital letters and digits, a letter first, such as C1",
    authoring.SLUG: "must be small letters, digits and single hyphens, such as why-it-matters",
    authoring.LANGUAGE: "must be a language tag such as en-GB, cy or so",
}
_MISSING = {
    "feedback": "Add “feedback”: every option needs some.",
    "about": "Add “about”: law, policy, behaviour, fact or reflection.",
    "format": "Add “format: 1”.",
    "next": "Add “next”: the id of the node or the ending that follows, or of this node to let people choose again.",
    "transcript": "Add “transcript”: everything that is said, for those who cannot hear it or may not play it.",
}


def validated(model: type[Model], reading: Reading, findings: Findings, *, value: Value, at: Path = ()) -> Model | None:
    """``value`` as a ``model``, or ``None`` with a finding for each thing that is wrong with it."""
    try:
        return model.model_validate(value)
    except ValidationError as problem:
        for detail in problem.errors(include_url=False):
            path = (*at, *(part for part in detail["loc"] if part != "[key]"))
            findings.error(reading.place(path), _message(detail, model, path))
        return None


def _message(detail: ErrorDetails, model: type[BaseModel], path: Path) -> str:
    kind, given = detail["type"], detail["input"]
    key = _name(path)
    if kind == "missing" and "not_accepted" in path:
        return f"Add {key}: every answer that is not accepted has a “text” and “feedback”."
    if kind == "missing" and path[-1] == "kind":
        return f"Add {key}: {question_authoring.in_words(installed_kinds())}."
    if kind == "missing":
        return _MISSING.get(str(path[-1]), f"Add {key}: it is missing here.")
    if kind == "extra_forbidden":
        models = _INSIDE.get(model, ()) if len(detail["loc"]) > 1 else (model,)
        return f"{key} is not a key that is used here.{_suggestion(str(path[-1]), models)}"
    if given is None:
        return f"{key} has no value. Write one, or remove the line."
    return f"{key} {_must(kind, detail.get('ctx', {}), given)}."


def _must(kind: str, context: Mapping[str, Any], given: object) -> str:
    if kind in ("too_short", "too_long") and isinstance(given, str):
        kind = f"string_{kind}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS[context["pattern"]]
    if kind in _MUST:
        return _MUST[kind].format(**context)
    if kind == "literal_error":
        return f"must be {str(context['expected']).replace(chr(39), '')}"
    if kind == "value_error":
        return str(context["error"])
    if kind.endswith("_type") and isinstance(given, (list, dict)):
        return "holds a list or a group of keys where a single value belongs"
    return "cannot be used as it is"


_MUST = {
    "string_too_short": "is empty: write it",
    "string_too_long": "is too long: it may have up to {max_length:,} characters",
    "string_type": "must be text: put it on one line, or in quotes",
    "int_parsing": "must be a whole number, without a unit or a percent sign",
    "int_type": "must be a whole number",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "too_short": "needs at least one entry",
    "too_long": "has too many entries: it may have up to {max_length}",
    "tuple_type": "must be a list: one entry on each line, each beginning with a hyphen",
    "dict_type": "must be a group of keys, each on its own line and indented",
    "model_type": "must be a group of keys, each on its own line and indented",
    "model_attributes_type": "must be a group of keys, each on its own line and indented",
}


def _name(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    if path and isinstance(path[-1], int) and names:
        return f"Entry {path[-1] + 1} of “{names[-1]}”"
    return f"“{names[-1]}”" if names else "This entry" if path else "This file"


def _suggestion(key: str, models: tuple[type[BaseModel], ...]) -> str:
    known = {name for model in models for name in model.model_fields}
    near = difflib.get_close_matches(key, known, n=1)
    return f" Did you mean “{near[0]}”?" if near else " Remove it."


_INSIDE: dict[type[BaseModel], tuple[type[BaseModel], ...]] = {
    authoring.CourseFile: (authoring.AuthoredToken, authoring.AuthoredExamples, authoring.AuthoredFollows),
    question_authoring.AuthoredQuestion: (
        question_authoring.AuthoredOption,
        authoring.AuthoredRecording,
        question_authoring.AuthoredRow,
        question_authoring.AuthoredFeedback,
        question_authoring.AuthoredNearMiss,
        question_authoring.AuthoredGap,
        story_authoring.AuthoredNode,
        story_authoring.AuthoredStoryChoice,
        story_authoring.AuthoredEnding,
    ),
}
