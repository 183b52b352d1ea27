"""A plan of past learning in words: each sentence with its number in front, then the figures that change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from courses.history.plan import Outcome
from kernel.rounding import rounded
from people.feed.rows import ReportLine


@dataclass(frozen=True)
class HistorySentence:
    """One thing that a file does. ** surround the words that matter; ``note`` says more."""

    about: str
    count: int
    words: str
    note: str = ""

    @property
    def plain(self) -> str:
        """All of it as one line."""
        note = f" {self.note}" if self.note else ""
        return f"{self.count:,} {self.words.replace('**', '')}{note}"


@dataclass(frozen=True)
class ChangedFigure:
    """How many of the people who count on a day had finished a course by then: as it stands, and with the file."""

    course_title: str
    on: date
    people: int
    before: int
    after: int
    step: int = 1

    def in_steps(self, step: int) -> "ChangedFigure":
        """The same with each number to the nearest step."""
        people, before, after = (
            step * rounded(Fraction(number, step)) for number in (self.people, self.before, self.after)
        )
        return replace(self, people=people, before=before, after=after, step=step)


SHORT = (
    "Stopped: the file says at its end that it has more rows than were read. It looks as if a part of it is missing. A"
    " second person must decide."
)
# Of one, and of several.
_WORDS = {
    Outcome.MATCHED: (
        "completion **is added** to somebody’s record.",
        "completions **are added** to people’s records.",
    ),
    Outcome.ALREADY_THERE: (
        "row **is there already**: the same person, course and day.",
        "rows **are there already**: the same person, course and day.",
    ),
    Outcome.REPEATED: ("row **repeats** one above it.", "rows **repeat** one above them."),
    Outcome.UNMATCHED: (
        "row **is kept as evidence**. It belongs to nobody yet, and can be matched by hand.",
        "rows **are kept as evidence**. They belong to nobody yet, and can be matched by hand.",
    ),
    Outcome.UNUSABLE: ("row **cannot be used**, and changes nothing.", "rows **cannot be used**, and change nothing."),
}


def sentences_of(counts: Mapping[Outcome, int], by_course: Mapping[str, int]) -> tuple[HistorySentence, ...]:
    """What a plan does. ``by_course`` says how many completions are added to which course."""
    return tuple(
        HistorySentence(one.value, counts.get(one, 0), words[counts.get(one, 0) != 1], _note(one, by_course))
        for one, words in _WORDS.items()
        if counts.get(one, 0) or one is Outcome.MATCHED
    )


def figure_sentences(figures: Sequence[ChangedFigure], *, authority: str) -> tuple[str, ...]:
    """Which figures of past days change. What is added for a past day corrects the figure of that day."""
    return tuple(
        f"On {one.on.day} {one.on:%B %Y}, {about}{one.before:,} of {about or 'the '}{one.people:,} people who count in"
        f" {authority} had finished {one.course_title}; with this file {about}{one.after:,} had."
        for one in figures
        for about in ("about " if one.step > 1 else "",)
    )


def report_line_sentences(lines: Sequence[ReportLine]) -> tuple[str, ...]:
    """Which lines of a file are the report’s own and left out, and whether it says that there are more rows."""
    said = [
        f"Row {line.row_number:,} looks like a total or the end of the report: left out. “{line.words}”"
        for line in lines
    ]
    said = [*said[:3], *([f"So do {len(said) - 3:,} more."] if len(said) > 3 else [])]
    for line in lines:
        if line.stated and line.stated > line.read:
            said.append(
                f"“{line.words}” states more rows than were read, which were {line.read:,}. It looks as if a part of"
                " the file is missing."
            )
    return tuple(said)


def _note(outcome: Outcome, by_course: Mapping[str, int]) -> str:
    if outcome is not Outcome.MATCHED or not by_course:
        return ""
    listed = sorted(by_course.items(), key=lambda one: (-one[1], one[0]))
    shown = "; ".join(f"{title}: {count:,}" for title, count in listed[:5])
    return f"{shown}; and more." if len(listed) > 5 else f"{shown}."
