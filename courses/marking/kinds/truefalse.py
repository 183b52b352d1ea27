"""A statement that is true or false."""

from courses.marking.kinds.choosing import chosen_option, scenario_words_are_absent
from courses.marking.protocol import Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import Question
from kernel.typed import folded


class TrueFalse:
    """Two radio buttons that always stand in the order True, False."""

    key = "truefalse"
    version = 1
    label = "True or false"
    shape: Shape = "one"
    keys: tuple[QuestionKey, ...] = ("options",)
    keeps_order = True

    def mark(self, question: Question, response: Response) -> Mark:
        """One point for the right option."""
        option = chosen_option(question, response, message="Select true or false")
        note = Note(option.id, option.is_right, option.feedback)
        return Mark(1 if option.is_right else 0, 1, option.is_right, (note,))

    def check(self, question: Question) -> list[str]:
        """Exactly the options True and False, in that order, one of them right."""
        findings = scenario_words_are_absent(question.options)
        if [folded(option.text) for option in question.options] != ["true", "false"]:
            findings.append("Give this question two options, “True” and then “False”.")
        right = sum(option.is_right for option in question.options)
        if right != 1:
            findings.append("Put “right: true” under either True or False, not both and not neither.")
        return findings
