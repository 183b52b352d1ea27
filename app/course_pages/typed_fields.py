"""Questions that are answered by typing, or by filling the gaps of a text: what their templates get."""

from dataclasses import dataclass

from markupsafe import Markup

from app.course_pages.rendering import ReadyCourse
from courses.content.files.gaps import gap_marker, with_markers
from courses.marking import Question, Shape
from courses.marking.kinds.figures import is_currency
from courses.marking.question import Cloze

# What somebody typed is shown again beside an error, but not a whole book.
MOST_SHOWN_AGAIN = 200

_HINTS: dict[Shape, str] = {
    "many": "Select all that apply.",
    "order": "Give each item a place.",
    "text": "Type a few words.",
    "gaps": "Choose an answer for every gap.",
}


@dataclass(frozen=True)
class FieldView:
    """One field to type in. ``prefix`` and ``suffix`` are the unit; ``width`` is in characters, 0 for a whole line."""

    value: str
    prefix: str = ""
    suffix: str = ""
    width: int = 0
    inputmode: str | None = None
    has_spellcheck: bool = False


def hint_for(question: Question, shape: Shape) -> str | None:
    """What to do, in a sentence; ``None`` where the controls say it themselves."""
    if shape == "many" and "select" in question.stem.lower():
        return None
    if question.number is not None:
        unit = question.number.unit
        # A screen reader does not read the unit beside the field.
        return f"Type a number in figures. The unit is {unit}." if unit else "Type a number in figures."
    return _HINTS.get(shape)


def field_view(question: Question, value: str) -> FieldView:
    """The field of a typed answer with what is in it."""
    if question.number is None:
        is_checked = question.short is None or question.short.spelling == "forgiving"
        return FieldView(value, has_spellcheck=is_checked)
    unit = question.number.unit
    return FieldView(
        value,
        prefix=unit if is_currency(unit) else "",
        suffix="" if is_currency(unit) else unit,
        width=10,
        # The keypad of an iPhone has no minus.
        inputmode="decimal" if question.number.lowest >= 0 else None,
    )


def gap_name(cloze: Cloze, gap_id: str) -> str:
    """What a gap is called: "Gap 1 of 3"."""
    numbers = {gap.id: number for number, gap in enumerate(cloze.gaps, start=1)}
    return f"Gap {numbers[gap_id]} of {len(numbers)}"


def pieces_of(course: ReadyCourse, cloze: Cloze) -> tuple[Markup, ...]:
    """The text cut at its gaps: always one piece more than there are gaps.

    A piece may begin in one element and end in another; only all of them with the gaps between are whole.
    """
    pieces: list[Markup] = []
    rest = course.markdown(with_markers(cloze))
    for number, _ in enumerate(cloze.gaps, start=1):
        before, _, rest = rest.partition(gap_marker(number))
        pieces.append(before)
    return (*pieces, rest)
