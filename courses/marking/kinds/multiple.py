"""Several right answers, shown as tick boxes."""

from courses.marking.kinds.choosing import (
    number_word,
    options_are_distinct,
    promised_count,
    scenario_words_are_absent,
)
from courses.marking.protocol import InvalidResponse, Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import Question


class Multiple:
    """Right only when all right boxes and no others are ticked."""

    key = "multiple"
    version = 1
    label = "Several right answers"
    shape: Shape = "many"
    keys: tuple[QuestionKey, ...] = ("options",)
    keeps_order = False

    def mark(self, question: Question, response: Response) -> Mark:
        """One point for the exact set. Every option gets its note, ticked or not."""
        known = {option.id for option in question.options}
        if not isinstance(response, list) or not response or not known.issuperset(response):
            raise InvalidResponse(_instruction(question.stem))
        is_right = set(response) == {option.id for option in question.options if option.is_right}
        overall = question.feedback.right if is_right else question.feedback.wrong
        notes = tuple(Note(option.id, option.is_right, option.feedback) for option in question.options)
        whole = (Note(None, is_right, overall),) if overall else ()
        return Mark(1 if is_right else 0, 1, is_right, whole + notes)

    def check(self, question: Question) -> list[str]:
        """Right and other options, and a stem that says truly how many to select."""
        right = sum(option.is_right for option in question.options)
        findings = options_are_distinct(question.options)
        if len(question.options) < 2:
            findings.append("Give this question at least two options.")
        findings += scenario_words_are_absent(question.options)
        if right == 0:
            findings.append("This question has no right answer. Put “right: true” under each right option.")
        promised = promised_count(question.stem)
        if promised is None:
            findings.append(
                f"Say in the stem how many answers to select, for example “Select {number_word(right)}.” "
                "or “Select all that apply.”"
            )
        elif promised != "all" and promised != right:
            findings.append(
                f"The stem asks for {number_word(int(promised))}, but {number_word(right)} "
                f"{'option is' if right == 1 else 'options are'} right. Change the stem or the options."
            )
        return findings


def _instruction(stem: str) -> str:
    promised = promised_count(stem)
    if isinstance(promised, int):
        return f"Select {number_word(promised)} {'answer' if promised == 1 else 'answers'}"
    return "Select all that apply"
