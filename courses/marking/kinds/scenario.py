"""A short story and what to do in it: one best answer, and often others that are acceptable."""

from courses.marking.kinds.choosing import chosen_option, options_are_distinct
from courses.marking.protocol import Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import Question


class Scenario:
    """The best option gets the whole point, an acceptable one half of it and kind feedback."""

    key = "scenario"
    version = 1
    label = "Story with a best answer"
    shape: Shape = "one"
    keys: tuple[QuestionKey, ...] = ("options",)
    keeps_order = False

    def mark(self, question: Question, response: Response) -> Mark:
        """1, 0.5 or 0 points. The note's ``is_right`` is ``None`` for an acceptable option."""
        option = chosen_option(question, response)
        if option.is_best:
            return Mark(1, 1, True, (Note(option.id, True, option.feedback),))
        if option.is_acceptable:
            return Mark(0.5, 1, False, (Note(option.id, None, option.feedback),))
        return Mark(0, 1, False, (Note(option.id, False, option.feedback),))

    def check(self, question: Question) -> list[str]:
        """A story, at least two options, exactly one of them best."""
        findings = options_are_distinct(question.options)
        if not question.story.strip():
            findings.append("A scenario needs a “story” before its stem.")
        if len(question.options) < 2:
            findings.append("Give this question at least two options.")
        best = sum(option.is_best for option in question.options)
        if any(option.is_right for option in question.options):
            findings.append("A scenario has “best” and “acceptable” options. Write one of these instead of “right”.")
        if best == 0:
            findings.append("This scenario has no best answer. Put “best: true” under the best option.")
        if best > 1:
            findings.append(
                f"A scenario has one best answer, but {best} options say “best: true”. "
                "Leave one and mark the others “acceptable: true”."
            )
        if any(option.is_best and option.is_acceptable for option in question.options):
            findings.append("An option is either best or acceptable. Remove one of the two words.")
        return findings
