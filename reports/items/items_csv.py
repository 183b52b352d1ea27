"""The figures of a version as a table for a spreadsheet, in both forms: one line for each choice of each question."""

from collections.abc import Callable, Iterator, Mapping

from courses.marking.question import Question
from kernel.spreadsheets import Cell, csv_lines, workbook
from reports.csv_export import NOT_SHOWN
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
    return csv_lines(_rows(figures, questions, words))


def items_workbook(figures: VersionFigures, questions: Mapping[str, Question], words: Callable[[str], str]) -> bytes:
    """The same lines as a workbook, in which every word is a word and every figure a figure."""
    return workbook(_rows(figures, questions, words), title="Questions", made_at=figures.counted_at)


def _rows(
    figures: VersionFigures, questions: Mapping[str, Question], words: Callable[[str], str]
) -> Iterator[tuple[Cell, ...]]:
    yield COLUMNS
    for item in figures.items:
        question = questions[item.question_id]
        about = _about(item, question)
        if not item.is_shown:
            yield (*about, *(None,) * 5)
            continue
        for choice in _choices(item, question, words) or [(None,) * 5]:
            yield (*about, *choice)


def _about(item: ItemFigures, question: Question) -> tuple[Cell, ...]:
    name = (item.question_id, question.kind, item.quiz_id or "screen")
    if not item.is_shown:
        return (*name, *(NOT_SHOWN,) * 9)
    sure = None if item.sure is None else item.sure.percent
    seconds = item.seconds or (None, None, None)
    return (
        *name, item.people, item.right_percent, item.score_percent, item.later_right, item.discrimination, sure,
        *seconds,
    )  # fmt: skip


def _choices(item: ItemFigures, question: Question, words: Callable[[str], str]) -> list[tuple[Cell, ...]]:
    verdicts = {True: "yes", False: "no", None: "acceptable or neither"}
    return [
        (
            words(part.text),
            words(one.text),
            verdicts[one.is_right],
            figures.counts.get(one.id, 0),
            figures.people,
        )
        for part in parts_of(question)
        if (figures := item.parts.get(part.key)) is not None
        for one in part.choices
    ]
