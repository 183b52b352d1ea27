"""Rows to match with an answer, each with a native select list."""

from courses.marking.kinds.choosing import overall_feedback_is_there
from courses.marking.protocol import InvalidResponse, Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import Question
from kernel.typed import folded


class Match:
    """One point a row; right when all rows are right."""

    key = "match"
    version = 1
    label = "Match pairs"
    shape: Shape = "pairs"
    keys: tuple[QuestionKey, ...] = ("rows", "extra_choices")
    keeps_order = False

    def mark(self, question: Question, response: Response) -> Mark:
        """Rows right out of all rows. The response is row id to choice id."""
        rows = {row.id for row in question.rows}
        choices = {choice.id for choice in question.choices}
        if not isinstance(response, dict) or set(response) != rows or not choices.issuperset(response.values()):
            raise InvalidResponse("Choose an answer for every item")
        right = {row.id: response[row.id] == row.answer_id for row in question.rows}
        is_right = all(right.values())
        overall = question.feedback.right if is_right else question.feedback.wrong
        notes = (Note(row, won, "Matched" if won else "Not this one") for row, won in right.items())
        return Mark(sum(right.values()), len(right), is_right, (Note(None, is_right, overall), *notes))

    def check(self, question: Question) -> list[str]:
        """At least two different rows, two different choices, and feedback for right and wrong."""
        findings = []
        if len(question.rows) < 2:
            findings.append("Give this question at least two rows, each with an item and its answer.")
        if len({folded(row.item) for row in question.rows}) < len(question.rows):
            findings.append("Two rows have the same item. Change or remove one.")
        if question.rows and len(question.choices) < 2:
            findings.append("All rows have the same answer. Give different answers, or add “extra_choices”.")
        if len({choice.id for choice in question.choices}) < len(question.choices):
            findings.append("An extra choice has the same words as another choice. Change or remove it.")
        return findings + overall_feedback_is_there(question)
