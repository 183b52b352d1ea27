"""What stands beside figures in a file: of whom and of which day they are, who is counted, what is hidden or rounded,
who made the file and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kernel.clock import LOCAL
from kernel.spreadsheets import Cell
from people.counting import RULE
from people.reorganisation.sentences import day_in_words
from reports.completion import CompletionFigures
from reports.earlier_days import smallest_shown_earlier
from reports.paper.parts import NOT_SHOWN

HEADING = ("about", "note")
SHARES = "Each share is rounded by itself, a half upwards; 100% is everybody and 0% is nobody, never nearly."


@dataclass(frozen=True)
class Made:
    """Who made a file, from which page, and under which numbers the same figures were published."""

    by: str
    address: str
    published: Sequence[str] = ()


def notes_on(figures: CompletionFigures, made: Made) -> Iterator[tuple[Cell, ...]]:
    """The notes, heading first. Counts are numbers, and days are days."""
    yield HEADING
    yield "Authority", figures.organisation_name
    if figures.total.name != figures.organisation_name:
        yield "Of whom", figures.total.path or figures.total.name
    yield "Course or programme", figures.course_title
    yield "Version", figures.course_version
    yield "Day of the figures", figures.on
    if figures.small_groups_on and figures.small_groups_on != figures.on:
        yield "Day of groups that are not large", figures.small_groups_on
    yield "Who is counted", RULE
    if figures.total.counts:
        yield "People who are counted", figures.total.counts.people
    for reason in figures.left_out.reasons:
        yield f"Left out: {reason.words}", NOT_SHOWN if reason.people is None else reason.people
    yield "Small groups", small_groups_rule(figures)
    yield "Rounding", rounding_rule(figures)
    yield "Made by", made.by
    yield "Made on", f"{figures.as_at.astimezone(LOCAL):%Y-%m-%d at %H:%M}"
    yield "The same figures", made.address
    for number in made.published:
        yield "Published as", number


def small_groups_rule(figures: CompletionFigures) -> str:
    """Which groups are not shown, and why, in words."""
    if figures.is_of_earlier_day:
        return (
            f"Groups of fewer than {smallest_shown_earlier(figures.step)} people are not shown, so that nobody can be "
            "picked out."
        )
    return (
        f"A group of fewer than {figures.smallest_shown} people is not shown, so that nobody can be picked out. "
        "Sometimes a larger group beside it is not shown either, because its figures would give the small one away."
    )


def rounding_rule(figures: CompletionFigures) -> str:
    """How the figures are rounded, in words."""
    if not figures.is_of_earlier_day:
        return f"Counts are exact. {SHARES}"
    step = figures.step
    return (
        f"Figures of a day that is over are rounded to the nearest {step}, so they may not add up. A share is shown "
        f"for {10 * step} people or more. {SHARES}"
        + (
            f" Groups of fewer than {50 * step} people are as at {day_in_words(figures.small_groups_on)}."
            if figures.small_groups_on
            else ""
        )
    )
