"""A course as versions store it: ``model_dump(mode="json")`` writes, ``model_validate`` reads it back."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from courses.content.model.examples import ExampleSet, set_in_use
from courses.content.model.facts import Fact
from courses.content.model.glossary import Term
from courses.content.model.personal import Instrument, PersonalBlock, personal_blocks
from courses.content.model.plans import PlanForm
from courses.content.model.quiz import Quiz
from courses.content.model.reading_blocks import DetailBlock, ExamplesBlock, TableBlock
from courses.marking.question import Choice, Frozen, Option, OverallFeedback, Question, Recording, Row

__all__ = [
    "Block", "Choice", "CourseDocument", "DetailBlock", "ExampleSet", "ExamplesBlock", "Fact", "FactsBlock",
    "Follows", "MarkdownBlock", "MediaFile", "Module", "MoreBlock", "NoteBlock", "Option", "OverallFeedback",
    "Question", "QuestionBlock", "Quiz", "QuizBlock", "Recording", "RecordingBlock", "ReflectionBlock", "Row",
    "Screen", "TableBlock", "Term", "Token",
]  # fmt: skip


class MarkdownBlock(Frozen):
    """Ordinary text."""

    type: Literal["markdown"] = "markdown"
    text: str


class MoreBlock(Frozen):
    """Text behind a title that the reader may open. Never tested."""

    type: Literal["more"] = "more"
    title: str
    text: str


class NoteBlock(Frozen):
    """A note about what is coming, set apart from the text."""

    type: Literal["note"] = "note"
    text: str


class QuestionBlock(Frozen):
    """The place of a question. ``courses``: only for people who completed one of these; see
    ``files/role_questions.py``.
    """

    type: Literal["question"] = "question"
    question_id: str
    courses: tuple[str, ...] = Field(default=(), exclude_if=lambda courses: not courses)


class QuizBlock(Frozen):
    """The place of a quiz."""

    type: Literal["quiz"] = "quiz"
    quiz_id: str


class ReflectionBlock(Frozen):
    """A private text field with its prompt in Markdown, and choices if it has any. It may always be left empty."""

    type: Literal["reflection"] = "reflection"
    id: str
    prompt: str
    choices: tuple[str, ...] = Field((), exclude_if=lambda choices: not choices)


class RecordingBlock(Frozen):
    """Sound or film with its alternatives."""

    type: Literal["recording"] = "recording"
    recording: Recording


class FactsBlock(Frozen):
    """Where some facts come from, behind a title that the reader may open; ``text`` stands after the list."""

    type: Literal["facts"] = "facts"
    fact_ids: tuple[str, ...]
    text: str = ""


Block = Annotated[
    MarkdownBlock
    | MoreBlock
    | NoteBlock
    | QuestionBlock
    | QuizBlock
    | ReflectionBlock
    | FactsBlock
    | DetailBlock
    | TableBlock
    | ExamplesBlock
    | RecordingBlock
    | PersonalBlock,
    Field(discriminator="type"),
]


class Screen(Frozen):
    """One page of a module."""

    id: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of the questions on this screen, from top to bottom."""
        return tuple(block.question_id for block in self.blocks if isinstance(block, QuestionBlock))

    @property
    def quiz_id(self) -> str | None:
        """The id of the quiz on this screen, if there is one."""
        return next((block.quiz_id for block in self.blocks if isinstance(block, QuizBlock)), None)

    @property
    def reflection_ids(self) -> tuple[str, ...]:
        """The ids of the reflections on this screen, from top to bottom."""
        return tuple(block.id for block in self.blocks if isinstance(block, ReflectionBlock))

    @property
    def personal(self) -> tuple[PersonalBlock, ...]:
        """Where learners say or see something about themselves on this screen."""
        return personal_blocks(self.blocks)


class Module(Frozen):
    """One sitting. ``know``, ``notice`` and ``do`` may be empty; ``slug`` is its part of the address."""

    id: str
    slug: str
    title: str
    minutes: int
    outcomes: tuple[str, ...] = ()
    know: str = ""
    notice: str = ""
    do: str = ""
    screens: tuple[Screen, ...]

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of the module's questions in screen order."""
        return tuple(question_id for screen in self.screens for question_id in screen.question_ids)

    @property
    def reflection_ids(self) -> tuple[str, ...]:
        """The ids of the module's reflections in screen order."""
        return tuple(reflection_id for screen in self.screens for reflection_id in screen.reflection_ids)

    def screen(self, screen_id: str) -> Screen:
        """The screen with this id; raises ``KeyError``."""
        for screen in self.screens:
            if screen.id == screen_id:
                return screen
        raise KeyError(screen_id)


class Token(Frozen):
    """Local text: what everybody reads, what some authorities read instead, by organisation slug, and what goes with
    an example set, by its id."""

    default: str
    authorities: dict[str, str] = Field(default_factory=dict)
    sets: dict[str, str] = Field(default_factory=dict, exclude_if=lambda sets: not sets)


class MediaFile(Frozen):
    """What is known about a picture or a recording without its bytes: ``bytes`` is their number; width and height
    are in pixels, as it is shown. ``seconds`` is how long a recording plays, or where captions end."""

    sha256: str
    content_type: str
    bytes: int
    width: int | None = None
    height: int | None = None
    seconds: int | None = None
    has_sound: bool | None = None
    # The same to the thousandth, while a bundle is read; never stored.
    exact_seconds: float | None = Field(default=None, exclude=True)

    def as_stored(self) -> "MediaFile":
        """The same without what is only known while a bundle is read."""
        return self.model_copy(update={"exact_seconds": None})

    @model_serializer(mode="wrap")
    def _stored(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Pictures keep the shape that they were published with.
        later = ("seconds", "has_sound")
        return {name: value for name, value in handler(self).items() if name not in later or value is not None}


class Follows(Frozen):
    """The slug of the course that a person completes first, and how many weeks later this one opens to them."""

    course: str
    weeks: int


# Keys that documents published before them do not have.
_LATER = frozenset({"valid_for_months"})


class CourseDocument(Frozen):
    """A whole course. ``media`` is keyed by the file's path in the bundle, such as ``media/map.png``.

    ``certificate``: completing it earns one, valid for ``valid_for_months`` or, where that is absent, for ever.
    """

    id: str
    slug: str
    title: str
    summary: str
    language: str
    minutes: int
    pass_percent: int
    order: Literal["in-order", "any-order"]
    follows: Follows | None = None
    certificate: bool = True
    valid_for_months: int | None = None
    outcomes: tuple[str, ...]
    examples: tuple[ExampleSet, ...] = Field(default=(), exclude_if=lambda sets: not sets)
    tokens: dict[str, Token] = Field(default_factory=dict)
    modules: tuple[Module, ...]
    questions: dict[str, Question]
    media: dict[str, MediaFile] = Field(default_factory=dict)
    facts: dict[str, Fact] = Field(default_factory=dict)
    glossary: dict[str, Term] = Field(default_factory=dict, exclude_if=lambda terms: not terms)
    instruments: dict[str, Instrument] = Field(default_factory=dict, exclude_if=lambda instruments: not instruments)
    quizzes: dict[str, Quiz] = Field(default_factory=dict, exclude_if=lambda quizzes: not quizzes)
    plans: dict[str, PlanForm] = Field(default_factory=dict, exclude_if=lambda plans: not plans)

    def example_set(self, chosen: str | None) -> str | None:
        """The id of the example set for somebody who chose ``chosen``; ``None`` for a course without sets."""
        found = set_in_use(self.examples, chosen)
        return found.id if found else None

    @model_serializer(mode="wrap")
    def _stored(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # What came later and is not used is not stored: older versions keep the fingerprint they were published with.
        return {name: value for name, value in handler(self).items() if name not in _LATER or value is not None}

    def module(self, slug: str) -> Module:
        """The module with this slug; raises ``KeyError``."""
        for module in self.modules:
            if module.slug == slug:
                return module
        raise KeyError(slug)

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of all questions in the order in which a learner meets them."""
        return tuple(question_id for module in self.modules for question_id in module.question_ids)

    @property
    def scored_question_ids(self) -> tuple[str, ...]:
        """The ids of the questions that count towards ``pass_percent``, in the same order."""
        return tuple(question_id for question_id in self.question_ids if self.questions[question_id].scored)

    def screens(self) -> Iterator[tuple[Module, Screen]]:
        """Every screen with its module, from first to last."""
        for module in self.modules:
            for screen in module.screens:
                yield module, screen
