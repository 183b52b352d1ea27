"""Reads statements.yaml: what learners rate about themselves, before, after and later."""

from typing import Annotated

from pydantic import Field

from courses.content.format.authoring import STATEMENT_ID, AnyText, Authored, Flag, Line, PartId, Slug
from courses.content.format.draft import Passage, PersonalDraft
from courses.content.format.explaining import validated
from courses.content.model.personal import PREFER_NOT, Instrument, Statement
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Reading, Value, read_yaml
from courses.marking.question import Choice

STATEMENT_FILE = "statements.yaml"
StatementId = Annotated[str, Field(pattern=STATEMENT_ID)]
Answer = Annotated[Line, Field(max_length=60)]
Question = Annotated[AnyText, Field(max_length=200)]


class AuthoredChoice(Authored):
    """One answer of a statement that has answers of its own."""

    id: Slug = Field(description="What is stored: small letters, digits and hyphens. It never changes.")
    text: Answer = Field(description="What people choose, up to 60 characters. Plain text.")


class AuthoredStatement(Authored):
    """One statement."""

    id: StatementId = Field(description="Capital letters and digits, such as C1. It never changes.")
    text: Line = Field(description="The statement, up to 200 characters. Plain text; tokens may stand in it.")
    looks_back: Flag = Field(False, description="Whether it is asked when people look back.")
    choices: Annotated[tuple[AuthoredChoice, ...], Field(max_length=7)] = Field(
        (), description="Its own answers, two to seven. Left out, it is rated by agreement, from 1 to 5."
    )


class AuthoredInstrument(Authored):
    """Statements that belong together."""

    id: PartId = Field(description="Such as RE-C. Courses that share it are compared, so it never changes.")
    title: Line = Field(description="What people call it, such as Where I am now. Plain text.")
    stem: Line = Field(description="The question above the statements. Plain text.")
    looking_back: Question = Field("", description="The question that takes its place when people look back.")
    statements: Annotated[tuple[AuthoredStatement, ...], Field(min_length=1, max_length=20)] = Field(
        description="The statements, in order."
    )


def read_statements(text: str, findings: Findings) -> list[PersonalDraft]:
    """The instruments of a course; one that cannot be read is a finding and does not hide the others."""
    reading = read_yaml(STATEMENT_FILE, text, findings)
    if reading is None or reading.value is None:
        return []
    if not isinstance(reading.value, list):
        findings.error(Place(STATEMENT_FILE, 1), "This file must be a list, each entry beginning with “- id:”.")
        return []
    return [_instrument(reading, index, value, findings) for index, value in enumerate(reading.value)]


def _instrument(reading: Reading, index: int, value: Value, findings: Findings) -> PersonalDraft:
    place = reading.place((index,))
    authored = validated(AuthoredInstrument, reading, findings, value=value, at=(index,))
    if authored is None:
        given = value.get("id") if isinstance(value, dict) else None
        return PersonalDraft(given if isinstance(given, str) else None, place)
    _check(reading, index, authored, findings)
    keys = [(index, "title"), (index, "stem"), (index, "looking_back")]
    texts = [authored.title, authored.stem, authored.looking_back]
    for number, statement in enumerate(authored.statements):
        keys.append((index, "statements", number, "text"))  # type: ignore[arg-type]
        texts.append(statement.text)
    passages = tuple(
        Passage(reading.text_place(key), words, "plain") for key, words in zip(keys, texts, strict=True) if words
    )
    return PersonalDraft(authored.id, place, _built(authored), passages)


def _check(reading: Reading, index: int, authored: AuthoredInstrument, findings: Findings) -> None:
    seen: set[str] = set()
    for number, statement in enumerate(authored.statements):
        place = reading.place((index, "statements", number, "id"))
        if statement.id in seen:
            findings.error(place, f"{authored.id} has two statements {statement.id}. Give one of them another id.")
        seen.add(statement.id)
        choices = [choice.id for choice in statement.choices]
        if len(choices) == 1 or len(set(choices)) < len(choices) or PREFER_NOT.id in choices:
            findings.error(
                reading.place((index, "statements", number, "choices")),
                f"The choices of {statement.id} must be at least two, each with an id of its own. “Prefer not to "
                "say” is added by itself.",
            )
    if any(statement.looks_back for statement in authored.statements) and not authored.looking_back:
        findings.error(
            reading.place((index,)), f"Add “looking_back” to {authored.id}: some of its statements look back."
        )


def _built(authored: AuthoredInstrument) -> Instrument:
    return Instrument(
        title=authored.title,
        stem=authored.stem,
        looking_back=authored.looking_back,
        statements=tuple(
            Statement(
                id=one.id,
                text=one.text,
                looks_back=one.looks_back,
                choices=tuple(Choice(id=choice.id, text=choice.text) for choice in one.choices),
            )
            for one in authored.statements
        ),
    )
