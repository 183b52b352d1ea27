"""Shares, times and discrimination in words. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from courses.marking.question import Question
from kernel.rounding import rounded, rounded_to
from reports.items.advice import GOOD_DISCRIMINATION, LOW_DISCRIMINATION, has_negative_discrimination
from reports.items.choices import ENDING, KnownChoice, Part, parts_of
from reports.items.figures import ItemFigures


def in_ten(part: int, whole: int) -> str:
    """A share as people say it: "4 in 10", "Everybody", "Hardly anybody". Begins with a capital."""
    if part <= 0:
        return "Nobody"
    if part >= whole:
        return "Everybody"
    tenths = rounded(Fraction(10 * part, whole))
    if tenths == 0:
        return "Hardly anybody"
    return "Nearly everybody" if tenths == 10 else f"{tenths} in 10"


def discrimination_words(item: ItemFigures) -> str:
    """What its discrimination says about a question."""
    if item.discrimination is None:
        return "Cannot be said"
    if has_negative_discrimination(item):
        return "The wrong way round"
    if item.discrimination < LOW_DISCRIMINATION:
        return "Tells little"
    return "Tells well" if item.discrimination >= GOOD_DISCRIMINATION else "Tells something"


def discrimination_sentence(item: ItemFigures) -> str:
    """The same in a sentence, without its full stop: a figure may follow."""
    better = {
        "The wrong way round": "do worse here",
        "Tells little": "do hardly better here",
        "Tells something": "do a little better here",
        "Tells well": "do clearly better here",
    }
    words = better.get(discrimination_words(item))
    if words is None:
        return "Whether people who do well elsewhere do well here cannot be said"
    return f"People who do well elsewhere {words}"


@dataclass(frozen=True)
class CommonMistake:
    """The mistake that is made most at first: "4 in 10", of which part, and the choice."""

    how_many: str
    part: Part
    choice: KnownChoice


def find_common_mistake(item: ItemFigures, question: Question) -> CommonMistake | None:
    """The wrong choice that most people make at first; ``None`` where hardly anybody makes one."""
    wrong = [
        (Fraction(figures.counts.get(choice.id, 0), figures.people), part, choice)
        for part in parts_of(question)
        if part.key != ENDING and (figures := item.parts.get(part.key)) is not None
        for choice in part.choices
        if choice.is_right is False
    ]
    share, part, choice = max(wrong, key=lambda one: one[0], default=(Fraction(0), None, None))
    if part is None or choice is None or share < Fraction(1, 20):
        return None
    return CommonMistake(in_ten(share.numerator, share.denominator), part, choice)


def seconds_words(seconds: float) -> str:
    """A time to the nearest second, or in minutes from two on: "45 seconds", "2.5 minutes"."""
    whole = rounded(seconds)
    if whole < 120:
        return "1 second" if whole == 1 else f"{whole} seconds"
    return f"{str(rounded_to(seconds / 60, 1)).removesuffix('.0')} minutes"


def summary_words(item: ItemFigures) -> list[str]:
    """What happened with a question, a sentence each, words before figures."""
    right = in_ten(item.right, item.people)
    verb = "gets" if right.endswith("body") else "get"
    sentences = [f"{right} {verb} it right at the first try ({item.right_percent}% of {item.people:,} people)."]
    if item.score_percent > item.right_percent:
        sentences.append(f"With points for answers that are partly right, it is {item.score_percent}%.")
    not_right = item.people - item.right
    if item.later_right:
        sentences.append(f"Of the {not_right:,} others, at least {item.later_right:,} get it right at a later try.")
    if item.sure is not None:
        sure = in_ten(item.sure.wrong, item.sure.people)
        are = "is" if sure.endswith("body") else "are"
        sentences.append(f"{sure} {are} very sure and wrong ({item.sure.percent}% of {item.sure.people:,} people).")
    if item.seconds is not None:
        low, median, high = map(seconds_words, item.seconds)
        sentences.append(f"Half of the people take {median} or less. The middle half take from {low} to {high}.")
    return sentences
