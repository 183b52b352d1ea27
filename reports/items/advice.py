"""What figures may mean for an author, in plain words, and which questions to look at first. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import sqrt

from courses.marking.question import Question
from reports.items.choices import ENDING, KnownChoice, parts_of
from reports.items.figures import ItemFigures
from reports.suppression import SMALLEST_SHOWN

# From here on a figure is worth a sentence. They are rules of thumb, not law; docs/item-analysis.md says so.
EASY, HARD, SURE_WRONG, HARDLY_CHOSEN, QUICK_SECONDS = 0.9, 0.4, 15, 0.02, 4
GOOD_DISCRIMINATION, LOW_DISCRIMINATION, NEGATIVE_DISCRIMINATION = 0.3, 0.1, -0.1
ENOUGH_TO_MISS_A_CHOICE = ENOUGH_TO_SAY_LITTLE = 100


class Weight(IntEnum):
    """How soon to look at something; higher first."""

    GOOD_TO_KNOW = 0
    LOOK = 1
    LOOK_FIRST = 2


@dataclass(frozen=True)
class Advice:
    """One remark: in a word or two for a list, and a sentence with what to do. ``choice``: about this one."""

    weight: Weight
    label: str
    words: str
    choice: KnownChoice | None = None


@dataclass(frozen=True)
class Misunderstanding:
    """Something that many people are sure of and that is not so. ``choice`` is what most of them chose, if known."""

    item: ItemFigures
    part_text: str
    choice: KnownChoice | None


def advice_on(item: ItemFigures, question: Question) -> tuple[Advice, ...]:
    """What to look at in one question, most pressing first; nothing where figures are not shown."""
    if not item.is_shown:
        return ()
    return tuple(sorted(_remarks(item, question), key=lambda one: -one.weight))


def has_negative_discrimination(item: ItemFigures) -> bool:
    """Whether those who do well elsewhere do worse here, by more than chance brings about once in forty times.

    Where two things have nothing to do with each other, r lies beyond 2 / √n about as seldom as that on either side.
    """
    found = item.discrimination
    return found is not None and found <= min(NEGATIVE_DISCRIMINATION, -2 / sqrt(item.people))


def has_low_discrimination(item: ItemFigures) -> bool:
    """Whether it says little about the rest, seen in enough people to say so."""
    found = item.discrimination
    return (
        found is not None
        and found < LOW_DISCRIMINATION
        and not has_negative_discrimination(item)
        and item.people >= ENOUGH_TO_SAY_LITTLE
    )


def _remarks(item: ItemFigures, question: Question) -> Iterator[Advice]:
    if has_negative_discrimination(item):
        yield Advice(
            Weight.LOOK_FIRST,
            "Check the wording",
            "People who do well elsewhere get this wrong more often: check the wording, and which answer is marked "
            "right.",
        )
    if item.sure is not None and item.sure.percent >= SURE_WRONG and item.sure.wrong >= SMALLEST_SHOWN:
        yield Advice(
            Weight.LOOK_FIRST,
            "Sure but wrong",
            "Many are very sure of a wrong answer: say on the screen before it why that is not so, and take it up in "
            "live sessions.",
        )
    if item.score < HARD:
        yield Advice(
            Weight.LOOK,
            "Hard",
            "Most people get this wrong at first: check that the screens before it say what it asks, and that its "
            "words are clear.",
        )
    yield from _on_choices(item, question)
    if item.score >= EASY:
        yield Advice(Weight.GOOD_TO_KNOW, "Warm-up", "Most people get this right at once: keep it as a warm-up.")
    elif has_low_discrimination(item):
        yield Advice(
            Weight.LOOK,
            "Tells little",
            "People who do well elsewhere do no better here: check that it asks about what the course teaches.",
        )
    if item.seconds is not None and item.seconds[1] < QUICK_SECONDS:
        yield Advice(
            Weight.LOOK,
            "Very quick",
            f"Half of the answers come within {QUICK_SECONDS} seconds: people may choose before they read.",
        )


def _on_choices(item: ItemFigures, question: Question) -> Iterator[Advice]:
    """Remarks about the options of a question that has one list of them."""
    parts = [part for part in parts_of(question) if part.key != ENDING]
    figures = item.parts.get(parts[0].key) if len(parts) == 1 else None
    if figures is None or parts[0].takes_many:
        return
    best = max((figures.counts.get(one.id, 0) for one in parts[0].choices if one.is_right), default=0)
    for one in parts[0].choices:
        count = figures.counts.get(one.id, 0)
        if one.is_right is False and count > best:
            yield Advice(
                Weight.LOOK,
                "A wrong answer leads",
                "More people choose this at first than the right answer:",
                choice=one,
            )
        elif one.is_right is False and question.options and _is_idle(count, figures.people):
            yield Advice(
                Weight.GOOD_TO_KNOW,
                "An idle option",
                "Hardly anybody chooses this, so it makes the question no harder. You could leave it out or write "
                "another:",
                choice=one,
            )


def _is_idle(count: int, people: int) -> bool:
    return people >= ENOUGH_TO_MISS_A_CHOICE and count < people * HARDLY_CHOSEN


def worst_first(items: Sequence[ItemFigures], questions: dict[str, Question]) -> list[ItemFigures]:
    """Those to look at soonest first: by the weight of the advice, then the hardest; those not shown at the end."""

    def key(item: ItemFigures) -> tuple[bool, int, float]:
        weights = [one.weight for one in advice_on(item, questions[item.question_id])]
        return not item.is_shown, -sum(weight * weight for weight in weights), item.score

    return sorted(items, key=key)


def misunderstandings(
    items: Sequence[ItemFigures], questions: dict[str, Question], *, most: int = 2, fewest: int = SMALLEST_SHOWN
) -> tuple[Misunderstanding, ...]:
    """What people are very sure of and wrong about, the largest share first; each held by ``fewest`` people or more.

    A question that stands in several places is named once.
    """
    held = [(item, item.sure) for item in items if item.sure is not None and item.sure.wrong >= fewest]
    held.sort(key=lambda one: -one[1].wrong / one[1].people)
    found: dict[str, Misunderstanding] = {}
    for item, sure in held:
        part, choice = _named(questions[item.question_id], sure.part, sure.choice)
        found.setdefault(item.question_id, Misunderstanding(item, part, choice))
    return tuple(found.values())[:most]


def _named(question: Question, part_key: str, choice_id: str) -> tuple[str, KnownChoice | None]:
    for part in parts_of(question):
        for choice in part.choices:
            if (part.key, choice.id) == (part_key, choice_id):
                return part.text, choice
    return "", None
