"""Reads the quiz files: lists of quizzes, each with the questions that it asks and the rules of taking it."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from courses.content.format.authoring import Authored, Flag, Line, PartId, Slug
from courses.content.format.draft import Passage, QuizDraft
from courses.content.format.explaining import validated
from courses.content.model.quiz import Draw, Quiz
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Reading, Value, read_yaml

_UNITS = {"minute": 1, "minutes": 1, "hour": 60, "hours": 60, "day": 1440, "days": 1440}
LONGEST_PAUSE = 14 * 1440


def _minutes(value: Any) -> int:
    found = re.fullmatch(r"([0-9]{1,5}) ([a-z]+)", value.strip()) if isinstance(value, str) else None
    minutes = int(found[1]) * _UNITS.get(found[2], 0) if found else 0
    if not 1 <= minutes <= LONGEST_PAUSE:
        raise ValueError("must be a time of up to 14 days, such as 30 minutes, 2 hours or 1 day")
    return minutes


Pause = Annotated[int, BeforeValidator(_minutes), WithJsonSchema({"type": "string"})]
Count = Annotated[int, Field(ge=1, le=50)]


class AuthoredDraw(Authored):
    """Some questions of the bank, another choice for each sitting."""

    tag: Slug | None = Field(None, description="Questions with this tag.")
    outcome: PartId | None = Field(None, description="Questions with this outcome: the id of a module, such as RE-M2.")
    count: Count = Field(description="How many of them.")


class AuthoredQuiz(Authored):
    """One quiz."""

    id: PartId = Field(description="Begins with the course’s id: RE-QUIZ-1.")
    title: Line = Field(description="What the quiz is called. Plain text.")
    mode: Literal["practice", "check"] = Field(
        "practice", description="practice: handing it in is enough. check: it has to be passed before people go on."
    )
    questions: Annotated[tuple[PartId, ...], Field(max_length=50)] = Field(
        (), description="Ids of questions that every sitting holds."
    )
    draw: Annotated[tuple[AuthoredDraw, ...], Field(max_length=20)] = Field(
        (), description="Questions that are drawn anew for each sitting."
    )
    pass_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        80, description="The share of its questions that has to be right to pass."
    )
    attempts: Annotated[int, Field(ge=1, le=50)] | None = Field(
        None, description="How often it may be taken. Left out, as often as people like."
    )
    pause: Pause = Field(0, description="The time between two tries, such as 30 minutes or 2 hours.")
    feedback: Literal["at-once", "on-submit", "on-pass"] = Field(
        "on-submit",
        description="When feedback is shown: after each answer, once it is handed in, or once it is passed.",
    )
    certainty: Flag = Field(False, description="Whether each answer comes with “How sure are you?”.")
    optional: Flag = Field(False, description="Whether people may go on without it. For practice only.")
    pre_test_for: Annotated[tuple[PartId, ...], Field(max_length=60)] = Field(
        (), description="Ids of modules that people who pass may skip."
    )


def read_quizzes(file: str, text: str, findings: Findings) -> list[QuizDraft]:
    """The quizzes of one file; one that cannot be read is a finding and does not hide the others."""
    reading = read_yaml(file, text, findings)
    if reading is None or reading.value is None:
        return []
    if not isinstance(reading.value, list):
        findings.error(
            Place(file, 1), "This file must be a list of quizzes, each beginning with “- id:” at the margin."
        )
        return []
    return [_quiz(reading, index, value, findings) for index, value in enumerate(reading.value)]


def _quiz(reading: Reading, index: int, value: Value, findings: Findings) -> QuizDraft:
    authored = validated(AuthoredQuiz, reading, findings, value=value, at=(index,))
    if authored is None:
        given = value.get("id") if isinstance(value, dict) else None
        return QuizDraft(given if isinstance(given, str) else None, reading, index, None)
    quiz = Quiz(
        **authored.model_dump(exclude={"draw", "pause"}),
        draws=tuple(Draw(**draw.model_dump()) for draw in authored.draw),
        pause_minutes=authored.pause,
    )
    title = Passage(reading.text_place((index, "title")), quiz.title, "plain")
    return QuizDraft(quiz.id, reading, index, quiz, (title,))
