"""The order in which a question's options, items and choices are shown to one person."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from courses.marking.question import Choice, Gap, Question

AnyChoice = TypeVar("AnyChoice", bound=Choice)


@dataclass(frozen=True)
class DisplayRow:
    """A row to match: its id and its words, without its answer."""

    id: str
    text: str


@dataclass(frozen=True)
class DisplayGap:
    """A gap to fill: its id and what may stand in it, without saying which is right."""

    id: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Display:
    """A question as it is shown: ids and words in display order, and nothing that gives an answer away."""

    id: str
    kind: str
    stem: str
    story: str
    options: tuple[Choice, ...]
    items: tuple[Choice, ...]
    rows: tuple[DisplayRow, ...]
    choices: tuple[Choice, ...]
    gaps: tuple[DisplayGap, ...]


def display(question: Question, seed: str, *, keeps_order: bool) -> Display:
    """The question in the order that ``seed`` gives. The same seed gives the same order on every machine."""
    options = [Choice(id=option.id, text=option.text) for option in question.options]
    last = {option.id for option in question.options if option.keep_last}
    if not keeps_order:
        moving = [option for option in options if option.id not in last]
        options = mixed(moving, question.id + seed) + [option for option in options if option.id in last]
    return Display(
        id=question.id,
        kind=question.kind,
        stem=question.stem,
        story=question.story,
        options=tuple(options),
        items=tuple(_never_as_written(question.items, question.id + seed)),
        rows=tuple(DisplayRow(row.id, row.item) for row in question.rows),
        choices=tuple(_never_as_written(question.choices, question.id + seed)),
        gaps=tuple(_gap(gap, question.id + seed) for gap in question.cloze.gaps) if question.cloze else (),
    )


def _gap(gap: Gap, seed: str) -> DisplayGap:
    # Each gap is mixed for itself: what they have in common must not stand at the same place in all of them.
    plain = [Choice(id=choice.id, text=choice.text) for choice in gap.choices]
    return DisplayGap(gap.id, tuple(mixed(plain, f"{seed}/{gap.id}")))


def mixed(choices: Sequence[AnyChoice], seed: str) -> list[AnyChoice]:
    """The choices in the order that ``seed`` gives, the same on every machine."""
    # Sorting by digest instead of random.shuffle: the order must survive a change of Python version.
    return sorted(choices, key=lambda choice: hashlib.sha256(f"{seed}/{choice.id}".encode()).digest())


def _never_as_written(choices: Sequence[Choice], seed: str) -> list[Choice]:
    # The written order is the right answer, so a shuffle that falls on it would answer the question.
    order = mixed(choices, seed)
    return order[1:] + order[:1] if order == list(choices) else order
