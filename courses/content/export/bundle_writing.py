"""All files of a course. Uploading them again gives the same course, as far as an author wrote it."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from courses.content.checks.fact_checks import SHARED
from courses.content.export.module_writing import module_text
from courses.content.export.question_writing import question_entry
from courses.content.export.yaml_writing import Entry, without_empty, yaml_of
from courses.content.files.fact_files import FACT_FILE, SHARED_FACT_FILE
from courses.content.files.glossary_files import GLOSSARY_FILE
from courses.content.files.plan_files import PLAN_FILE
from courses.content.files.statement_files import STATEMENT_FILE
from courses.content.model.course import CourseDocument, Fact, Quiz, Token

_NOTE = "# Written from a published version: what its author noted in the files beside the course is not in it.\n"
# Well under what a text file may hold, whatever the alphabet.
_QUESTIONS_IN_A_FILE = 40


def files_of(document: CourseDocument, media: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by their names in the bundle. ``media`` are the bytes of its pictures and recordings by name."""
    names = [f"modules/{number:02}-{module.slug}.md" for number, module in enumerate(document.modules, start=1)]
    types = {name: file.content_type for name, file in document.media.items()}
    texts = {"course.yaml": _NOTE + yaml_of(_course(document, names))}
    texts |= {name: module_text(module, types) for name, module in zip(names, document.modules, strict=True)}
    texts |= _question_files(document, types)
    for name, entries in _lists(document).items():
        texts |= {name: yaml_of(entries)} if entries else {}
    return {**{name: text.encode() for name, text in texts.items()}, **media}


def _course(document: CourseDocument, modules: list[str]) -> Entry:
    sets = [
        without_empty({"id": one.id, "name": one.name, "default": True if one.is_default else None})
        for one in document.examples
    ]
    follows = document.follows
    return {
        "format": 1,
        "id": document.id,
        "slug": document.slug,
        "title": document.title,
        "summary": document.summary,
        "language": document.language,
        "minutes": document.minutes,
        "pass_percent": document.pass_percent,
        "order": document.order,
        **({"follows": {"course": follows.course, "weeks": follows.weeks}} if follows else {}),
        **({} if document.certificate else {"certificate": False}),
        **without_empty({"valid_for_months": document.valid_for_months}),
        "outcomes": list(document.outcomes),
        **without_empty({"examples": sets}),
        **without_empty({"tokens": {name: _token(token) for name, token in document.tokens.items()}}),
        "modules": modules,
    }


def _token(token: Token) -> Entry:
    # With sets, the default is what goes with the default set, and nobody writes it twice.
    default = {} if token.sets else {"default": token.default}
    return {**default, **without_empty({"authorities": token.authorities, "sets": token.sets})}


def _question_files(document: CourseDocument, types: Mapping[str, str]) -> dict[str, str]:
    facts: dict[str, list[str]] = {}
    for fact_id, fact in document.facts.items():
        for question_id in fact.questions:
            facts.setdefault(question_id, []).append(fact_id)
    entries = [question_entry(one, facts.get(one.id, []), types) for one in document.questions.values()]
    portions = groupby(enumerate(entries), key=lambda numbered: numbered[0] // _QUESTIONS_IN_A_FILE)
    return {f"questions/{number + 1:03}.yaml": yaml_of([entry for _, entry in portion]) for number, portion in portions}


def _lists(document: CourseDocument) -> dict[str, list[Entry]]:
    own = {key: fact for key, fact in document.facts.items() if not key.startswith(SHARED)}
    shared = {key: fact for key, fact in document.facts.items() if key.startswith(SHARED)}
    return {
        FACT_FILE: [_fact(key, fact) for key, fact in own.items()],
        SHARED_FACT_FILE: [_fact(key, fact, courses=[document.id]) for key, fact in shared.items()],
        GLOSSARY_FILE: [
            {"id": key, "term": term.term, "meaning": term.meaning} for key, term in document.glossary.items()
        ],
        STATEMENT_FILE: [_with_id(key, one.model_dump(mode="json")) for key, one in document.instruments.items()],
        PLAN_FILE: [_with_id(key, one.model_dump(mode="json")) for key, one in document.plans.items()],
        "quizzes/all.yaml": [_quiz(quiz) for quiz in document.quizzes.values()],
    }


def _fact(key: str, fact: Fact, **more: Any) -> Entry:
    entry = fact.model_dump(mode="json", exclude={"questions"})
    status = {"status": fact.status} if not fact.is_checked else {}
    return without_empty({"id": key, **more, **{k: v for k, v in entry.items() if k != "status"}, **status})


def _with_id(key: str, dumped: Entry) -> Entry:
    return {"id": key, **_tidied(dumped)}


def _tidied(value: Any) -> Any:
    """Without what is empty or left as it is, all the way down."""
    if isinstance(value, dict):
        return without_empty({key: _tidied(one) for key, one in value.items() if one is not False})
    if isinstance(value, list):
        return [_tidied(one) for one in value]
    return value


def _quiz(quiz: Quiz) -> Entry:
    entry = quiz.model_dump(mode="json", exclude={"draws", "pause_minutes"})
    draws = [_tidied(draw.model_dump(mode="json")) for draw in quiz.draws]
    pause = f"{quiz.pause_minutes} minutes" if quiz.pause_minutes else None
    return {**_tidied(entry), **without_empty({"draw": draws, "pause": pause})}
