"""The question files that an author writes: their keys, what each may hold, and how the schema explains them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from courses.content.format.authoring import (
    AnyText,
    Authored,
    FactId,
    Figure,
    Flag,
    Line,
    PartId,
    Recorded,
    Slug,
    Text,
    tidied,
)
from courses.content.format.story_authoring import AuthoredEnding, AuthoredNode
from courses.marking import BUILT_IN


def in_words(kinds: Iterable[str]) -> str:
    """The kinds of question to choose from: "single, multiple or order"."""
    *others, last = kinds
    return f"{', '.join(others)} or {last}"


class AuthoredOption(Authored):
    """One option of a question that is answered by choosing."""

    text: Text = Field(description="The words of the option. Inline Markdown.")
    feedback: Text = Field(description="What a person who chose it reads: the reason, and words to use. Markdown.")
    right: Flag = Field(False, description="True for a right answer of single, multiple and truefalse questions.")
    best: Flag = Field(False, description="True for the one best answer of a scenario.")
    acceptable: Flag = Field(False, description="True for an answer of a scenario that gets half the point.")
    keep_last: Flag = Field(False, description="True for “all of these”: it stays at the end when options are mixed.")
    media: Recorded = Field(None, description="Sound or film that belongs to the option.")


class AuthoredRow(Authored):
    """One row of a matching question."""

    item: Text = Field(description="What is to be matched. Inline Markdown.")
    answer: Line = Field(description="Its right answer. Plain text. Two rows may have the same answer.")


class AuthoredFeedback(Authored):
    """Feedback for the answer as a whole."""

    right: AnyText = Field("", description="What to say when everything is right. Markdown.")
    wrong: AnyText = Field("", description="What to say when it is not. Markdown.")
    too_low: AnyText = Field("", description="What to say instead when a number is too low. Markdown.")
    too_high: AnyText = Field("", description="What to say instead when a number is too high. Markdown.")


class AuthoredNearMiss(Authored):
    """An answer of a short question that is close to a right one and means something else."""

    text: Line = Field(description="The answer. Plain text.")
    feedback: Text = Field(description="Why it is another thing. Markdown.")


class AuthoredGap(Authored):
    """What to say about one gap of a cloze question."""

    right: AnyText = Field("", description="What to say when it is right. Markdown.")
    wrong: AnyText = Field("", description="What to say when it is not. Markdown.")


class AuthoredQuestion(Authored):
    """One question. Which of the lists it has depends on its kind."""

    id: PartId = Field(description="Begins with the course id: RE-M1-Q1 for a question, RE-M1-X1 for an interaction.")
    kind: Line = Field(description=f"{in_words(kind.key for kind in BUILT_IN)}; or a kind that your platform has.")
    about: Literal["law", "policy", "behaviour", "fact", "reflection"] = Field(
        description="What the question asks about. A question about reflection must not be scored."
    )
    scored: Flag = Field(True, description="False for an interaction that does not count towards pass_percent.")
    stem: Annotated[str, BeforeValidator(tidied), Field(min_length=1, max_length=1_000)] = Field(
        description="The question itself. Inline Markdown, up to 1,000 characters."
    )
    story: AnyText = Field("", description="What happens before the question. Markdown. A scenario must have it.")
    media: Recorded = Field(None, description="Sound or film that the question is about.")
    options: Annotated[tuple[AuthoredOption, ...], Field(max_length=20)] = Field(
        (), description="The options of single, multiple, truefalse and scenario questions."
    )
    items: Annotated[tuple[Text, ...], Field(max_length=20)] = Field(
        (), description="The items of an order question, in the right order. Inline Markdown."
    )
    rows: Annotated[tuple[AuthoredRow, ...], Field(max_length=20)] = Field(
        (), description="The rows of a match question."
    )
    extra_choices: Annotated[tuple[Line, ...], Field(max_length=20)] = Field(
        (), description="Answers of a match question that fit no row. Plain text."
    )
    answer: Figure | None = Field(None, description="The right number of a number question, in figures.")
    tolerance: Annotated[Figure, Field(ge=0)] = Field(
        Decimal(0), description="How far from the answer of a number question is still right. Left out, it is 0."
    )
    unit: Annotated[AnyText, Field(max_length=20)] = Field(
        "", description="What stands beside the number, such as %. Plain text."
    )
    accepted: Annotated[tuple[Line, ...], Field(max_length=40)] = Field(
        (), description="The answers of a short question that are right. Plain text."
    )
    not_accepted: Annotated[tuple[AuthoredNearMiss, ...], Field(max_length=40)] = Field(
        (), description="Answers of a short question that are close and not right, with feedback of their own."
    )
    spelling: Literal["strict", "forgiving"] = Field(
        "forgiving", description="Whether a short question lets small misspellings through."
    )
    text: AnyText = Field(
        "",
        description="The text of a cloze question, with gaps: [[right|other|another]] or [[other|*right]]. Markdown.",
    )
    gap_feedback: Annotated[tuple[AuthoredGap, ...], Field(max_length=20)] = Field(
        (), description="What to say about each gap of a cloze question, first gap first. May be left out."
    )
    nodes: Annotated[tuple[AuthoredNode, ...], Field(max_length=20)] = Field(
        (), description="The moments of a branching story, the first one first."
    )
    endings: Annotated[tuple[AuthoredEnding, ...], Field(max_length=10)] = Field(
        (), description="The places where a branching story ends."
    )
    feedback: AuthoredFeedback = Field(
        AuthoredFeedback(),
        description="Needed for order, match, number, short and cloze; optional for multiple.",
    )
    tags: Annotated[tuple[Slug, ...], Field(max_length=20)] = Field(
        (), description="Words by which quizzes draw questions, such as law. Small letters, digits and hyphens."
    )
    outcome: PartId | None = Field(None, description="The id of the module that it belongs to, such as RE-M2.")
    facts: Annotated[tuple[FactId, ...], Field(max_length=20)] = Field(
        (), description="Facts that the question leans on without printing them, such as RE-F-PORT."
    )
