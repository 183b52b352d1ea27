"""A number to type, right within a range."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from courses.marking.kinds.choosing import overall_feedback_is_there
from courses.marking.kinds.figures import plain_figure, read_number
from courses.marking.protocol import InvalidResponse, Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import NumberAnswer, Question

_EXAMPLES = (Decimal(12), Decimal(7), Decimal(340))
_HALF = Decimal("0.5")


class Number:
    """Right or not; the feedback may say which way to look."""

    key = "number"
    version = 2
    label = "A number"
    shape: Shape = "text"
    keys: tuple[QuestionKey, ...] = ("answer", "tolerance", "unit")
    keeps_order = True

    @property
    def earlier(self) -> Mapping[int, Callable[[Question, Response], Mark]]:
        """The rules that took 10² for 102."""
        return {1: lambda question, response: _mark(question, response, flattens=True)}

    def mark(self, question: Question, response: Response) -> Mark:
        """One point for a number in the range, however it was typed."""
        return _mark(question, response)

    def check(self, question: Question) -> list[str]:
        """An answer, a range that is not empty, a unit that is no number, and feedback for right and wrong."""
        findings = []
        if question.number is None:
            findings.append("This question has no right answer. Add “answer” with the number, such as “answer: 12”.")
        elif question.number.tolerance < 0:
            findings.append("“tolerance” must be 0 or more: it says how far from the answer is still right.")
        if question.number is not None and not _can_stand_by_a_number(question.number.unit):
            findings.append("“unit” begins with a figure or a sign. Write what stands beside the number, such as “%”.")
        return findings + overall_feedback_is_there(question)


def _mark(question: Question, response: Response, *, flattens: bool = False) -> Mark:
    expected = question.number
    if expected is None:
        raise InvalidResponse("Type a number in figures")
    value = read_number(response, expected.unit, flattens=flattens) if isinstance(response, str) else None
    if value is None:
        raise InvalidResponse(_instruction(expected))
    is_right = expected.lowest <= value <= expected.highest
    text = question.feedback.right if is_right else _which_way(expected, value) or question.feedback.wrong
    return Mark(1 if is_right else 0, 1, is_right, (Note(None, is_right, text),))


def _which_way(expected: NumberAnswer, value: Decimal) -> str:
    return expected.too_low if value < expected.lowest else expected.too_high


def _instruction(expected: NumberAnswer) -> str:
    # The examples must not be right answers.
    for number in _EXAMPLES:
        if expected.highest < number or number + _HALF < expected.lowest:
            return f"Type a number, such as {plain_figure(number)} or {plain_figure(number + _HALF)}"
    return "Type a number in figures"


def _can_stand_by_a_number(unit: str) -> bool:
    return not unit or not (unit[0].isdecimal() or unit[0] in "+-.,'" or "{{" in unit)
