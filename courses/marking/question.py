"""What a question is once it has been read: plain data that every kind of question shares."""

import hashlib
import unicodedata
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

# Enough for every figure of a course, and few enough that sums and printed figures stay exact.
Figure = Annotated[Decimal, Field(max_digits=18, decimal_places=6)]


class Frozen(BaseModel):
    """Data that is stored with a course version: it never changes, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Frozen):
    """Something to choose: an id that gives nothing away, and its words."""

    id: str
    text: str


class Recording(Frozen):
    """Sound or film with what stands for it. Files are named by their paths in the bundle; ``transcript`` is Markdown.

    ``only_seen`` says what the pictures alone show, and ``described`` is the film with that spoken; both may be empty.
    """

    file: str
    title: str
    transcript: str
    captions: str = ""
    poster: str = ""
    only_seen: str = ""
    described: str = ""


class Option(Choice):
    """One option of a question that is answered by choosing."""

    feedback: str = ""
    is_right: bool = False
    is_best: bool = False
    is_acceptable: bool = False
    keep_last: bool = False
    media: Recording | None = None

    @model_serializer(mode="wrap")
    def _stored(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # As in Question: what older versions did not know is stored only where it is used.
        return {name: value for name, value in handler(self).items() if name != "media" or value is not None}


class Row(Frozen):
    """One row of a matching question. ``answer_id`` is the id of the right choice."""

    id: str
    item: str
    answer_id: str


class OverallFeedback(Frozen):
    """What to say about the answer as a whole. Inline Markdown; an empty text is not shown."""

    right: str = ""
    wrong: str = ""


class NumberAnswer(Frozen):
    """A right number: ``answer``, and how far from it (``tolerance``) is still right. ``unit`` is plain text.

    ``too_low`` and ``too_high`` are feedback, shown in place of the general one where they have words.
    """

    answer: Figure
    tolerance: Figure = Decimal(0)
    unit: str = ""
    too_low: str = ""
    too_high: str = ""

    @property
    def lowest(self) -> Decimal:
        """The smallest number that is right."""
        return self.answer - self.tolerance

    @property
    def highest(self) -> Decimal:
        """The largest number that is right."""
        return self.answer + self.tolerance


class NearMiss(Frozen):
    """An answer that is close to a right one and means something else, with what to say about it."""

    text: str
    feedback: str


class ShortAnswer(Frozen):
    """Right answers in words, plain text. ``forgiving`` lets small misspellings through.

    ``other_words`` are, by the word of an answer, the real words near it that are no misspellings of it. They stand
    here so that a later word list changes no mark of this version; ``None`` in versions from before they did.
    """

    accepted: tuple[str, ...]
    not_accepted: tuple[NearMiss, ...] = ()
    spelling: Literal["strict", "forgiving"] = "forgiving"
    other_words: dict[str, tuple[str, ...]] | None = Field(default=None, exclude_if=lambda words: words is None)


class GapChoice(Choice):
    """One choice for a gap. Its words are plain text."""

    is_right: bool = False


class Gap(Frozen):
    """One gap of a text, with what may stand in it and what to say about the choice that was made."""

    id: str
    choices: tuple[GapChoice, ...]
    right: str = ""
    wrong: str = ""

    @property
    def right_id(self) -> str:
        """The id of the right choice; empty when there is none, which ``check`` refuses."""
        return next((choice.id for choice in self.choices if choice.is_right), "")


class Cloze(Frozen):
    """A text with gaps. ``text`` is Markdown in which ``[[1]]`` is the place of the first gap, and so on."""

    text: str
    gaps: tuple[Gap, ...]


class StoryChoice(Choice):
    """One thing to do at a node of a branching story. ``leads_to`` is the id of a node, which may be its own, or of an
    ending."""

    feedback: str
    is_best: bool = False
    is_acceptable: bool = False
    leads_to: str


class StoryNode(Frozen):
    """One moment of a branching story. ``heading`` is plain text; without a ``stem`` it asks what the question asks."""

    id: str
    heading: str
    text: str
    stem: str = ""
    choices: tuple[StoryChoice, ...] = ()
    media: Recording | None = None


class StoryEnding(Frozen):
    """A place where a branching story ends."""

    id: str
    heading: str
    text: str


class BranchingStory(Frozen):
    """A story whose next moment depends on what was chosen. It begins at the first node."""

    nodes: tuple[StoryNode, ...]
    endings: tuple[StoryEnding, ...]

    @property
    def parts(self) -> tuple[StoryNode | StoryEnding, ...]:
        """Its nodes and then its endings."""
        return (*self.nodes, *self.endings)


class Question(Frozen):
    """One question. Texts are Markdown with ``{{tokens}}`` still in them.

    ``items`` stand in the right order; their ids do not show it. ``choices`` are what a row may be matched
    with. ``number``, ``short``, ``cloze`` and ``branching`` are there for the kinds of these names alone. Quizzes draw
    by ``tags`` and ``outcome``, which is the id of a module.
    """

    id: str
    kind: str
    about: str
    scored: bool = True
    stem: str
    story: str = ""
    options: tuple[Option, ...] = ()
    items: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    choices: tuple[Choice, ...] = ()
    feedback: OverallFeedback = OverallFeedback()
    number: NumberAnswer | None = None
    short: ShortAnswer | None = None
    cloze: Cloze | None = None
    branching: BranchingStory | None = None
    media: Recording | None = None
    tags: tuple[str, ...] = Field(default=(), exclude_if=lambda tags: not tags)
    outcome: str | None = None

    @model_serializer(mode="wrap")
    def _stored(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # A part that is not there is not stored: older versions keep the fingerprint that they were published with.
        return {name: value for name, value in handler(self).items() if value is not None}

    def text_of(self, target: str) -> str:
        """The words behind an option, item, row or choice id; raises ``KeyError`` for any other id."""
        for thing in (*self.options, *self.items, *self.choices):
            if thing.id == target:
                return thing.text
        for row in self.rows:
            if row.id == target:
                return row.item
        raise KeyError(target)


def opaque_id(text: str) -> str:
    """A short id made from the words alone, so that it says nothing about the right order."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:10]


def option_id(position: int) -> str:
    """The id of the option at ``position``, counted from 0: a, b, c and so on."""
    return "abcdefghijklmnopqrstuvwxyz"[position]
