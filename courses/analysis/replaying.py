"""Marking stored answers again: the same answer under the same rules must win the same points, for ever."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from courses.analysis.given_answers import GivenAnswer, given_answers
from courses.catalogue.versions import document_of
from courses.marking import InvalidResponse, Mark, mark_by
from courses.marking.question import Question

GONE = "its question is not in its version"
NO_RULES = "the rules that marked it are not installed any more"
REFUSED = "it would be refused now"


@dataclass(frozen=True)
class Difference:
    """A stored answer that cannot be marked as it was. ``reason`` says how it would go now."""

    answer: GivenAnswer
    reason: str
    is_about_points: bool


def differences(session: Session, *, course_id: int | None = None) -> Iterator[Difference | None]:
    """Mark every stored answer again, by the version of the rules that marked it: ``None`` where nothing changed."""
    results: dict[tuple[str, str, int, str], Mark | str] = {}
    for answer in given_answers(session, course_id=course_id):
        key = (answer.fingerprint, answer.question_id, answer.marking_version, json.dumps(answer.response))
        if key not in results:
            document = document_of(session, version_id=answer.version_id, fingerprint=answer.fingerprint)
            results[key] = _again(document.questions.get(answer.question_id), answer)
        yield _difference(answer, results[key])


def _again(question: Question | None, answer: GivenAnswer) -> Mark | str:
    if question is None:
        return GONE
    try:
        return mark_by(question, answer.response, version=answer.marking_version) or NO_RULES
    except InvalidResponse:
        return REFUSED


def _difference(answer: GivenAnswer, again: Mark | str) -> Difference | None:
    if isinstance(again, str):
        return Difference(answer, again, is_about_points=False)
    if (again.points, again.out_of, again.is_right) == (answer.points, answer.out_of, answer.is_right):
        return None
    then, now = f"{answer.points:g} of {answer.out_of}", f"{again.points:g} of {again.out_of}"
    return Difference(answer, f"{then} then, {now} now", is_about_points=True)
