"""What can be chosen in a question, part by part, and what was chosen in an answer. Pure.

Words that people typed are never kept: a typed answer only falls into one of the groups that its author foresaw.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.marking import InvalidResponse, kind_of
from courses.marking.kinds.branching import verdict
from courses.marking.kinds.figures import plain_figure, read_number, with_unit
from courses.marking.kinds.short import meant_by
from courses.marking.question import Question, StoryEnding
from courses.marking.story_paths import place_after, steps_along

WHOLE = ""  # the part that is the question as a whole
ENDING = "/ending"  # no id of an author holds a slash
RIGHT, TOO_LOW, TOO_HIGH, OTHER = "right", "too-low", "too-high", "other"

Chosen = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class KnownChoice:
    """Something that can be chosen. ``is_right`` is ``None`` where it is acceptable, or neither right nor wrong."""

    id: str
    text: str
    is_right: bool | None
    is_markdown: bool = True


@dataclass(frozen=True)
class Part:
    """A row, item, gap or node and what can be chosen there; the question itself has the key ``WHOLE``.

    ``takes_many``: several can be chosen at once, so that the shares add up to more than everybody.
    """

    key: str
    text: str
    choices: tuple[KnownChoice, ...]
    takes_many: bool = False
    is_markdown: bool = True


def parts_of(question: Question) -> tuple[Part, ...]:
    """Everything that can be chosen, as it was written; empty for a kind that is not installed, or not known here."""
    kind = kind_of(question.kind)
    found = _PARTS.get(kind.shape) if kind else None
    return tuple(found(question)) if found else ()


def chosen_in(question: Question, response: Any) -> Chosen:
    """Part and choice of all that was chosen in a response; nothing for one that the question does not know."""
    kind = kind_of(question.kind)
    found = _CHOSEN.get(kind.shape) if kind else None
    return found(question, response) if found else iter(())


def _options(question: Question) -> Iterator[Part]:
    options = tuple(
        KnownChoice(one.id, one.text, None if one.is_acceptable else one.is_right or one.is_best)
        for one in question.options
    )
    yield Part(WHOLE, "", options, takes_many=_takes_many(question))


def _takes_many(question: Question) -> bool:
    kind = kind_of(question.kind)
    return kind is not None and kind.shape == "many"


def _option(question: Question, response: Any) -> Chosen:
    known = {option.id for option in question.options}
    given = response if isinstance(response, list) else [response]
    yield from ((WHOLE, one) for one in dict.fromkeys(one for one in given if _is_one_of(one, known)))


def _items(question: Question) -> Iterator[Part]:
    for right, item in enumerate(question.items, start=1):
        places = range(1, len(question.items) + 1)
        choices = tuple(KnownChoice(str(place), f"Place {place}", place == right, False) for place in places)
        yield Part(item.id, item.text, choices)


def _places(question: Question, response: Any) -> Chosen:
    known = {item.id for item in question.items}
    places = {str(place) for place in range(1, len(known) + 1)}
    given = enumerate(response, start=1) if isinstance(response, list) else ()
    pairs = response.items() if isinstance(response, Mapping) else ((item, str(place)) for place, item in given)
    yield from ((item, place) for item, place in pairs if _is_one_of(item, known) and _is_one_of(place, places))


def _is_one_of(value: Any, known: Container[str]) -> bool:
    # What is stored is JSON, and an earlier version of a kind may have stored anything.
    return isinstance(value, str) and value in known


def _rows(question: Question) -> Iterator[Part]:
    for row in question.rows:
        choices = (KnownChoice(one.id, one.text, one.id == row.answer_id, False) for one in question.choices)
        yield Part(row.id, row.item, tuple(choices))


def _matched(question: Question, response: Any) -> Chosen:
    rows, known = {row.id for row in question.rows}, {choice.id for choice in question.choices}
    given = response.items() if isinstance(response, Mapping) else ()
    yield from ((row, choice) for row, choice in given if row in rows and _is_one_of(choice, known))


def _gaps(question: Question) -> Iterator[Part]:
    gaps = question.cloze.gaps if question.cloze else ()
    for number, gap in enumerate(gaps, start=1):
        choices = tuple(KnownChoice(one.id, one.text, one.is_right, False) for one in gap.choices)
        yield Part(gap.id, f"Gap {number} of {len(gaps)}", choices, is_markdown=False)


def _filled(question: Question, response: Any) -> Chosen:
    gaps = {gap.id: {choice.id for choice in gap.choices} for gap in question.cloze.gaps} if question.cloze else {}
    given = response.items() if isinstance(response, Mapping) else ()
    yield from ((gap, choice) for gap, choice in given if _is_one_of(choice, gaps.get(gap, ())))


def _typed_groups(question: Question) -> Iterator[Part]:
    if question.number is not None:
        number = question.number
        right = with_unit(number.answer, number.unit)
        if number.tolerance:
            right = f"{plain_figure(number.lowest)} to {with_unit(number.highest, number.unit)}"
        groups = [(RIGHT, right, True), (TOO_LOW, "A smaller number", False), (TOO_HIGH, "A larger number", False)]
        yield Part(WHOLE, "", tuple(KnownChoice(*group, False) for group in groups))
    elif question.short is not None:
        accepted = " or ".join(f"“{text}”" for text in question.short.accepted)
        misses = (
            KnownChoice(f"near-{place}", f"“{miss.text}”, or close to it", False, False)
            for place, miss in enumerate(question.short.not_accepted)
        )
        other = KnownChoice(OTHER, "Something else", False, False)
        yield Part(WHOLE, "", (KnownChoice(RIGHT, accepted, True, False), *misses, other))


def _typed(question: Question, response: Any) -> Chosen:
    if not isinstance(response, str):
        return
    if question.number is not None:
        value = read_number(response, question.number.unit)
        if value is not None:
            too_low, too_high = value < question.number.lowest, value > question.number.highest
            yield WHOLE, TOO_LOW if too_low else TOO_HIGH if too_high else RIGHT
    elif question.short is not None:
        meant = meant_by(question.short, response)
        place = question.short.not_accepted.index(meant.miss) if meant.miss else None
        yield WHOLE, RIGHT if meant.accepted else OTHER if place is None else f"near-{place}"


def _nodes(question: Question) -> Iterator[Part]:
    story = question.branching
    if story is None:
        return
    for node in story.nodes:
        choices = tuple(KnownChoice(one.id, one.text, verdict(one)) for one in node.choices)
        yield Part(node.id, node.heading, choices, is_markdown=False)
    endings = tuple(KnownChoice(ending.id, ending.heading, None, False) for ending in story.endings)
    yield Part(ENDING, "How the story ends", endings, is_markdown=False)


def _walked(question: Question, response: Any) -> Chosen:
    """The first choice at each node, and the ending."""
    if question.branching is None or not isinstance(response, list):
        return
    try:
        steps = steps_along(question.branching, response)
        end = place_after(question.branching, response)
    except InvalidResponse:
        return
    first: dict[str, str] = {}
    for node, choice in steps:
        first.setdefault(node.id, choice.id)
    yield from first.items()
    if isinstance(end, StoryEnding):
        yield ENDING, end.id


_PARTS: Mapping[str, Callable[[Question], Iterator[Part]]] = {
    "one": _options, "many": _options, "order": _items, "pairs": _rows, "gaps": _gaps, "text": _typed_groups,
    "path": _nodes,
}  # fmt: skip
_CHOSEN: Mapping[str, Callable[[Question, Any], Chosen]] = {
    "one": _option, "many": _option, "order": _places, "pairs": _matched, "gaps": _filled, "text": _typed,
    "path": _walked,
}  # fmt: skip
