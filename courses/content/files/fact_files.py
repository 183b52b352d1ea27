"""Reads facts.yaml and shared-facts.yaml: facts, each with its source and the days that matter."""

import re
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from courses.content.format.authoring import AnyText, Authored, CourseId, FactId, Text
from courses.content.format.draft import FactDraft, Passage
from courses.content.format.explaining import validated
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Reading, Value, read_yaml

FACT_FILE = "facts.yaml"
SHARED_FACT_FILE = "shared-facts.yaml"


def _day(value: Any) -> date:
    # Anything but four, two and two digits is refused, because 3/4/2027 means two different days.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise ValueError("must be a day, such as 2027-01-31")


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
ShortLine = Annotated[AnyText, Field(max_length=200)]


class AuthoredFact(Authored):
    """One fact: what is said, where it comes from, and when to look at it again."""

    id: FactId = Field(description="The course’s id, -F- and a word: RE-F-PORT. It never changes.")
    text: Text = Field(description="What learners read wherever the fact is printed. Markdown; tokens may stand in it.")
    name: ShortLine = Field("", description="What the list of sources calls it, such as The ship of 1699. Plain text.")
    source: AnyText = Field("", description="Where it comes from. Needed once it is checked. Inline Markdown.")
    source_date: ShortLine = Field("", description="What the source says it is from, such as Census 2021. Plain text.")
    checked_on: Day | None = Field(None, description="When somebody compared it with its source, such as 2026-11-21.")
    review_by: Day = Field(description="When to look at it again, such as 2027-01-31.")
    status: Literal["checked", "to-check"] = Field(
        "checked", description="“to-check” until somebody has confirmed it: it must not be shown to learners before."
    )
    note: AnyText = Field("", description="What authors should know about it. Learners never see it.")


class AuthoredSharedFact(AuthoredFact):
    """A fact of several courses, beside whose folders it stands."""

    id: FactId = Field(description="ALL-F- and a word: ALL-F-DUTY. It never changes.")
    courses: Annotated[tuple[CourseId, ...], Field(min_length=1, max_length=50)] = Field(
        description="The ids of the courses that hold it: [RE, IR]. Other courses do not see it."
    )


Kind = TypeVar("Kind", bound=AuthoredFact)


def read_facts(text: str, findings: Findings) -> list[FactDraft]:
    """The facts of a course; one that cannot be read is a finding and does not hide the others."""
    return [draft for draft, _ in _read(FACT_FILE, AuthoredFact, text, findings)]


def read_shared_facts(text: str, course_id: str | None, findings: Findings) -> tuple[list[FactDraft], dict[str, Place]]:
    """The facts that several courses share and this one holds; all of them without a ``course_id``. Beside them the
    places of those that name other courses only, by id."""
    held, others = [], {}
    for draft, authored in _read(SHARED_FACT_FILE, AuthoredSharedFact, text, findings):
        if authored is None or course_id is None or course_id in authored.courses:
            held.append(replace(draft, is_shared=True))
        else:
            others[authored.id] = draft.place
    return held, others


def _read(file: str, kind: type[Kind], text: str, findings: Findings) -> list[tuple[FactDraft, Kind | None]]:
    reading = read_yaml(file, text, findings)
    if reading is None or reading.value is None:
        return []
    if not isinstance(reading.value, list):
        findings.error(Place(file, 1), "This file must be a list of facts, each beginning with “- id:”.")
        return []
    return [_fact(kind, reading, index, value, findings) for index, value in enumerate(reading.value)]


def _fact(
    kind: type[Kind], reading: Reading, index: int, value: Value, findings: Findings
) -> tuple[FactDraft, Kind | None]:
    place = reading.place((index,))
    authored = validated(kind, reading, findings, value=value, at=(index,))
    if authored is None:
        given = value.get("id") if isinstance(value, dict) else None
        return FactDraft(given if isinstance(given, str) else None, place), None
    if authored.status == "checked":
        for key in ("source", "checked_on"):
            if not getattr(authored, key):
                findings.error(place, f"Add “{key}” to {authored.id}, or write “status: to-check”.")
    if authored.checked_on and authored.review_by < authored.checked_on:
        findings.error(
            reading.place((index, "review_by")),
            f"{authored.id} would be reviewed before the day it was checked on. Put one of the two days right.",
        )
    passages = (
        Passage(reading.text_place((index, "text")), authored.text, "blocks"),
        Passage(reading.text_place((index, "source")), authored.source, "inline"),
    )
    return FactDraft(authored.id, place, authored.model_dump(exclude={"id", "courses"}), passages), authored
