"""A bundle while it is being read: every piece still knows the file and line that it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from courses.content.format.authoring import CourseFile, ModuleFront
from courses.content.model.course import MediaFile, Screen
from courses.content.model.glossary import Term
from courses.content.model.personal import Instrument, PersonalBlock
from courses.content.model.plans import PlanForm
from courses.content.model.quiz import Quiz
from courses.content.source.file_names import FileNames
from courses.content.source.findings import Place
from courses.content.source.yaml_reading import Reading
from courses.marking.question import Question, Recording

Form = Literal["blocks", "inline", "plain"]


@dataclass(frozen=True)
class Passage:
    """A text that somebody reads. ``is_core``: it is running text of a screen, which has a budget."""

    place: Place
    text: str
    form: Form
    is_core: bool = False


@dataclass(frozen=True)
class Named:
    """Something with an id: "screen", "question" and so on."""

    id: str
    what: str
    place: Place


@dataclass(frozen=True)
class RecordingDraft:
    """A recording where it is used. ``key_places`` tells where each of its keys stands; ``asked_for`` is the word of
    its directive, "audio" or "video", or empty in a question."""

    recording: Recording
    place: Place
    key_places: Mapping[str, Place]
    asked_for: str = ""

    def at(self, key: str) -> Place:
        """Where the key stands, or where the recording begins when the key is not there."""
        return self.key_places.get(key, self.place)


@dataclass(frozen=True)
class ScreenDraft:
    """A screen with its texts, the questions it asks for, and its reflections."""

    place: Place
    screen: Screen
    passages: tuple[Passage, ...]
    questions: tuple[Named, ...]
    reflections: tuple[Named, ...]
    facts: tuple[Named, ...] = ()
    personal: tuple[tuple[Place, PersonalBlock], ...] = ()
    recordings: tuple[RecordingDraft, ...] = ()
    quizzes: tuple[Named, ...] = ()


@dataclass(frozen=True)
class ModuleDraft:
    """A module file. ``front`` is ``None`` when its front matter could not be read."""

    reading: Reading
    front: ModuleFront | None
    screens: tuple[ScreenDraft, ...]


@dataclass(frozen=True)
class QuestionDraft:
    """A question and its texts. ``question`` is ``None`` when it could not be read; its id is kept where
    there is one, so that a screen that asks for it is not blamed."""

    id: str | None
    place: Place
    question: Question | None
    passages: tuple[Passage, ...] = ()
    facts: tuple[Named, ...] = ()
    recordings: tuple[RecordingDraft, ...] = ()


@dataclass(frozen=True)
class FactDraft:
    """A fact and its texts. ``values`` is ``None`` when it could not be read; its id is kept where there is one."""

    id: str | None
    place: Place
    values: dict[str, Any] | None = None
    passages: tuple[Passage, ...] = ()
    is_shared: bool = False


@dataclass(frozen=True)
class TermDraft:
    """A word of the glossary and its texts. ``term`` is ``None`` when it could not be read."""

    id: str | None
    place: Place
    term: Term | None = None
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class PersonalDraft:
    """Something that learners are asked about themselves. ``thing`` is ``None`` when it could not be read."""

    id: str | None
    place: Place
    thing: Instrument | PlanForm | None = None
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class QuizDraft:
    """A quiz, the ``index``-th of its file. ``quiz`` is ``None`` when it could not be read; its id is kept."""

    id: str | None
    reading: Reading
    index: int
    quiz: Quiz | None
    passages: tuple[Passage, ...] = ()

    def place(self, *path: str | int) -> Place:
        """The place of the quiz, or of something in it."""
        return self.reading.place((self.index, *path))


@dataclass
class Draft:
    """Everything that was read from a bundle.

    ``unread`` are files that hold nothing which could be read, or that are listed and not there; their own findings say
    why. ``facts_of_others`` are the shared facts that name other courses only, with their places.
    """

    course: CourseFile | None = None
    course_reading: Reading = field(default_factory=lambda: Reading("course.yaml"))
    modules: list[ModuleDraft] = field(default_factory=list)
    questions: list[QuestionDraft] = field(default_factory=list)
    facts: list[FactDraft] = field(default_factory=list)
    terms: list[TermDraft] = field(default_factory=list)
    personal: list[PersonalDraft] = field(default_factory=list)
    quizzes: list[QuizDraft] = field(default_factory=list)
    media: dict[str, MediaFile] = field(default_factory=dict)
    media_names: set[str] = field(default_factory=set)
    file_names: FileNames = field(default_factory=FileNames)
    unread: set[str] = field(default_factory=set)
    facts_of_others: dict[str, Place] = field(default_factory=dict)

    def is_read(self, *beginnings: str) -> bool:
        """Whether all files whose names begin so could be read. What stands in one that could not may well be there:
        nobody is told to write it."""
        return not any(name.startswith(beginnings) for name in self.unread)

    def recordings(self) -> list[RecordingDraft]:
        """Every place that plays a recording, in reading order."""
        on_screens = [one for module in self.modules for screen in module.screens for one in screen.recordings]
        return on_screens + [one for question in self.questions for one in question.recordings]

    def passages(self) -> list[Passage]:
        """Every text of the screens, questions, statements and facts, in reading order."""
        on_screens = [text for module in self.modules for screen in module.screens for text in screen.passages]
        on_screens += [text for question in self.questions for text in question.passages]
        on_screens += [text for personal in self.personal for text in personal.passages]
        return on_screens + [text for fact in self.facts for text in fact.passages]
