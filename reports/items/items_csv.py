"""The figures of a version as a table for a spreadsheet: one line for each choice of each question."""

import csv
from collections.abc import Callable, Iterator, Mapping
from io import StringIO

from courses.marking.question import Question
from reports.csv_export import BYTE_ORDER_MARK, NOT_SHOWN, safe_cell
from reports.items.choices import parts_of
from reports.items.figures import ItemFigures, VersionFigures

COLUMNS = (
    "question", "kind", "asked in", "people", "right at first percent", "points at first percent",
    "right later at least", "discrimination", "sure but wrong percent", "lower quartile seconds", "median seconds",
    "upper quartile seconds", "part", "choice", "is right", "chosen by", "of people",
)  # fmt: skip


def items_csv(figures: VersionFigures, questions: Mapping[str, Question], words: Callable[[str], str]) -> Iterator[str]:
    """The lines of the table, header first; the first begins with a byte-order mark. Counts alone, and no person.

    ``words`` makes plain text of what authors wrote.
    """
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for item in figures.items:
        question = questions[item.question_id]
        about = _about(item, question)
        if not item.is_shown:
            yield _line((*about, *("",) * 5))
            continue
        for choice in _choices(item, question, words) or [("",) * 5]:
            yield _line((*about, *choice))


def _about(item: ItemFigures, question: Question) -> tuple[object, ...]:
    name = (safe_cell(item.question_id), question.kind, safe_cell(item.quiz_id or "screen"))
    if not item.is_shown:
        return (*name, *(NOT_SHOWN,) * 9)
    sure = "" if item.sure is None else item.sure.percent
    discrimination = "" if item.discrimination is None else item.discrimination
    seconds = item.seconds or ("", "", "")
    return (
        *name, item.people, item.right_percent, item.score_percent, item.later_right, discrimination, sure, *seconds,
    )  # fmt: skip


def _choices(item: ItemFigures, question: Question, words: Callable[[str], str]) -> list[tuple[object, ...]]:
    verdicts = {True: "yes", False: "no", None: "acceptable or neither"}
    return [
        (
            safe_cell(words(part.text)),
            safe_cell(words(one.text)),
            verdicts[one.is_right],
            figures.counts.get(one.id, 0),
            figures.people,
        )
        for part in parts_of(question)
        if (figures := item.parts.get(part.key)) is not None
        for one in part.choices
    ]


def _line(cells: tuple[object, ...]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
