"""Reads plans.yaml: ideas, questions and tips for the plans that learners make."""

from typing import Annotated

from pydantic import Field

from courses.content.format.authoring import AnyText, Authored, Line, PartId, Slug
from courses.content.format.draft import Passage, PersonalDraft
from courses.content.format.explaining import validated
from courses.content.model.plans import IdeasFor, Obstacle, PlanForm, PlanIdea
from courses.content.source.findings import Findings, Place
from courses.content.source.yaml_reading import Path, Reading, Value, read_yaml

PLAN_FILE = "plans.yaml"
Tip = Annotated[AnyText, Field(max_length=300)]


class AuthoredIdea(Authored):
    """One plan to borrow."""

    situation: Line = Field(description="What follows “If”, up to 200 characters. Plain text, without a full stop.")
    action: Line = Field(description="What follows “then I will”, up to 200 characters. Plain text.")


class AuthoredIdeas(Authored):
    """Ideas for one role."""

    role: Line = Field(description="For whom they are, such as Managers. Plain text.")
    ideas: Annotated[tuple[AuthoredIdea, ...], Field(min_length=1, max_length=12)] = Field(
        description="Plans to borrow."
    )


class AuthoredObstacle(Authored):
    """One thing that can get in the way."""

    id: Slug = Field(description="What is stored: small letters, digits and hyphens. It never changes.")
    text: Line = Field(description="What people choose, such as Time. Plain text.")
    tip: Tip = Field("", description="What they read then, up to 300 characters. Inline Markdown. May be left out.")


class AuthoredPlan(Authored):
    """Everything around a plan."""

    id: PartId = Field(description="Such as RE-PLAN. Courses that share it ask about the same plan: it never changes.")
    title: Line = Field(description="What people call it, such as My plan. Plain text.")
    ideas: Annotated[tuple[AuthoredIdeas, ...], Field(max_length=12)] = Field(
        (), description="Plans to borrow, role by role."
    )
    checks: Annotated[tuple[Line, ...], Field(max_length=8)] = Field(
        (), description="Questions that make a plan stronger. Plain text."
    )
    obstacles: Annotated[tuple[AuthoredObstacle, ...], Field(max_length=10)] = Field(
        (), description="What may have got in the way, each with a tip."
    )


def read_plans(text: str, findings: Findings) -> list[PersonalDraft]:
    """The plans of a course; one that cannot be read is a finding and does not hide the others."""
    reading = read_yaml(PLAN_FILE, text, findings)
    if reading is None or reading.value is None:
        return []
    if not isinstance(reading.value, list):
        findings.error(Place(PLAN_FILE, 1), "This file must be a list, each entry beginning with “- id:”.")
        return []
    return [_plan(reading, index, value, findings) for index, value in enumerate(reading.value)]


def _plan(reading: Reading, index: int, value: Value, findings: Findings) -> PersonalDraft:
    place = reading.place((index,))
    authored = validated(AuthoredPlan, reading, findings, value=value, at=(index,))
    if authored is None:
        given = value.get("id") if isinstance(value, dict) else None
        return PersonalDraft(given if isinstance(given, str) else None, place)
    seen: set[str] = set()
    for number, obstacle in enumerate(authored.obstacles):
        if obstacle.id in seen:
            findings.error(
                reading.place((index, "obstacles", number, "id")),
                f"{authored.id} has two obstacles {obstacle.id}. Give one of them another id.",
            )
        seen.add(obstacle.id)
    return PersonalDraft(authored.id, place, _built(authored), _passages(reading, index, authored))


def _passages(reading: Reading, index: int, authored: AuthoredPlan) -> tuple[Passage, ...]:
    plain: list[tuple[Path, str]] = [((index, "title"), authored.title)]
    for row, group in enumerate(authored.ideas):
        plain.append(((index, "ideas", row, "role"), group.role))
        for column, idea in enumerate(group.ideas):
            here: Path = (index, "ideas", row, "ideas", column)
            plain += [((*here, "situation"), idea.situation), ((*here, "action"), idea.action)]
    plain += [((index, "checks", number), check) for number, check in enumerate(authored.checks)]
    tips: list[tuple[Path, str]] = []
    for number, obstacle in enumerate(authored.obstacles):
        plain.append(((index, "obstacles", number, "text"), obstacle.text))
        tips.append(((index, "obstacles", number, "tip"), obstacle.tip))
    return (
        *(Passage(reading.text_place(path), text, "plain") for path, text in plain),
        *(Passage(reading.text_place(path), text, "inline") for path, text in tips if text),
    )


def _built(authored: AuthoredPlan) -> PlanForm:
    return PlanForm(
        title=authored.title,
        ideas=tuple(
            IdeasFor(
                role=group.role,
                ideas=tuple(PlanIdea(situation=idea.situation, action=idea.action) for idea in group.ideas),
            )
            for group in authored.ideas
        ),
        checks=authored.checks,
        obstacles=tuple(Obstacle(id=one.id, text=one.text, tip=one.tip) for one in authored.obstacles),
    )
