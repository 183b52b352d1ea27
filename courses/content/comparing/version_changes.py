"""What differs between two versions, in the order in which it matters: keys, questions, screens, facts, the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from courses.content.comparing.course_words import (
    RIGHT,
    Texts,
    fact_texts,
    question_texts,
    quiz_texts,
    screen_texts,
    settings_of,
)
from courses.content.comparing.word_changes import TextChange
from courses.content.model.course import CourseDocument

How = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class PartChange:
    """A part that came, went or reads differently: its id, its title, and the texts that differ.

    ``is_key`` says that another answer is right now.
    """

    id: str
    title: str
    how: How
    texts: tuple[TextChange, ...]
    is_key: bool = False


@dataclass(frozen=True)
class VersionChanges:
    """Everything that differs. A question whose key changed is among ``keys`` alone."""

    keys: tuple[PartChange, ...]
    questions: tuple[PartChange, ...]
    screens: tuple[PartChange, ...]
    quizzes: tuple[PartChange, ...]
    facts: tuple[PartChange, ...]
    settings: tuple[TextChange, ...]

    @property
    def is_empty(self) -> bool:
        """True when nobody would read anything else than before."""
        return not (self.keys or self.questions or self.screens or self.quizzes or self.facts or self.settings)


def version_changes(before: CourseDocument, after: CourseDocument) -> VersionChanges:
    """What differs between two versions of a course."""
    questions = tuple(_parts(question_texts(before), question_texts(after)))
    return VersionChanges(
        keys=tuple(one for one in questions if one.is_key),
        questions=tuple(one for one in questions if not one.is_key),
        screens=tuple(_parts(screen_texts(before), screen_texts(after))),
        quizzes=tuple(_parts(quiz_texts(before), quiz_texts(after))),
        facts=tuple(_parts(fact_texts(before), fact_texts(after))),
        settings=_texts(settings_of(before), settings_of(after)),
    )


def _parts(before: Mapping[str, tuple[str, Texts]], after: Mapping[str, tuple[str, Texts]]) -> Iterator[PartChange]:
    """What was changed and added in the order of the newer version, then what was removed."""
    for key, (title, texts) in after.items():
        if key not in before:
            yield PartChange(key, title, "added", _texts({}, texts))
        elif differing := _texts(before[key][1], texts):
            yield PartChange(key, title, "changed", differing, is_key=any(one.label == RIGHT for one in differing))
    for key, (title, texts) in before.items():
        if key not in after:
            yield PartChange(key, title, "removed", _texts(texts, {}))


def _texts(before: Texts, after: Texts) -> tuple[TextChange, ...]:
    changes = (TextChange(label, before.get(label, ""), after.get(label, "")) for label in {**after, **before})
    return tuple(one for one in changes if one.before != one.after)
