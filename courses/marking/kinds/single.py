"""One right answer among several, shown as radio buttons."""

from courses.marking.kinds.choosing import chosen_option, options_are_distinct, scenario_words_are_absent
from courses.marking.protocol import Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import Question


class Single:
    """Right or not."""

    key = "single"
    version = 1
    label = "One right answer"
    shape: Shape = "one"
    keys: tuple[QuestionKey, ...] = ("options",)
    keeps_order = False

    def mark(self, question: Question, response: Response) -> Mark:
        """One point for the right option; the note belongs to the option that was chosen."""
        option = chosen_option(question, response)
        note = Note(option.id, option.is_right, option.feedback)
        return Mark(1 if option.is_right else 0, 1, option.is_right, (note,))

    def check(self, question: Question) -> list[str]:
        """At least two options, exactly one of them right."""
        right = sum(option.is_right for option in question.options)
        findings = options_are_distinct(question.options)
        if len(question.options) < 2:
            findings.append("Give this question at least two options.")
        findings += scenario_words_are_absent(question.options)
        if right == 0:
            findings.append("This question has no right answer. Put “right: true” under the right option.")
        if right > 1:
            findings.append(
                f"A “single” question has one right answer, but {right} options say “right: true”. "
                "Leave one, or change the kind to “multiple”."
            )
        return findings
