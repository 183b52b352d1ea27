"""Right and wrong answers to the questions of a shipped course, as its forms send them."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.launch_day.reading import Form
from courses.content.bundle.reading import read_bundle, read_folder
from courses.marking import Question

ROW = "row-"


@dataclass(frozen=True)
class AnswerKey:
    """The questions of a course by their ids."""

    questions: Mapping[str, Question]

    def fill(self, form: Form, question_id: str, *, is_right: bool, chance: random.Random) -> None:
        """Put an answer into the form of a question, right or wrong."""
        question = self.questions[question_id]
        if question.number is not None or question.short is not None:
            form.set("answer", _typed(question) if is_right else "no idea" if question.short else "123456")
        elif question.options:
            form.set("answer", *_chosen(question, is_right=is_right, chance=chance))
        else:
            rows = _rows(question)
            if not is_right and len(rows) > 1:
                names, values = list(rows), list(rows.values())
                rows = dict(zip(names, values[1:] + values[:1], strict=True))
            for name, value in rows.items():
                form.set(ROW + name, value)

    def best_step(self, question_id: str, offered: list[str]) -> str:
        """The best of the choices that a story offers, or the first where it names none of them."""
        story = self.questions[question_id].branching
        best = {choice.id for node in (story.nodes if story else ()) for choice in node.choices if choice.is_best}
        return next((one for one in offered if one in best), offered[0])


def answer_key(folder: Path) -> AnswerKey:
    """That of the course in a folder. Exits where the course does not hold."""
    outcome = read_bundle(read_folder(folder))
    if outcome.document is None:
        raise SystemExit(f"{folder} is no course: {outcome.findings}")
    return AnswerKey(outcome.document.questions)


def _typed(question: Question) -> str:
    if question.number is not None:
        return str(question.number.answer)
    return question.short.accepted[0] if question.short else ""


def _chosen(question: Question, *, is_right: bool, chance: random.Random) -> list[str]:
    right = [one.id for one in question.options if one.is_right or one.is_best]
    if is_right:
        return right
    wrong = [one.id for one in question.options if one.id not in right]
    return [chance.choice(wrong or right)]


def _rows(question: Question) -> dict[str, str]:
    if question.items:
        return {item.id: str(place) for place, item in enumerate(question.items, start=1)}
    if question.cloze is not None:
        return {gap.id: gap.right_id for gap in question.cloze.gaps}
    return {row.id: row.answer_id for row in question.rows}
