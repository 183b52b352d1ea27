"""A text with gaps, each with a native select list in it."""

from collections.abc import Iterator

from courses.marking.kinds.choosing import overall_feedback_is_there
from courses.marking.protocol import InvalidResponse, Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import Cloze, Gap, Question
from kernel.typed import folded

MOST_GAPS = 20
MOST_CHOICES = 20
LONGEST_CHOICE = 80


class ClozeText:
    """One point a gap; right when all gaps are right."""

    key = "cloze"
    version = 1
    label = "Text with gaps"
    shape: Shape = "gaps"
    keys: tuple[QuestionKey, ...] = ("text", "gap_feedback")
    keeps_order = False

    def mark(self, question: Question, response: Response) -> Mark:
        """Gaps right out of all gaps. The response is gap id to choice id."""
        gaps = question.cloze.gaps if question.cloze else ()
        if not isinstance(response, dict) or set(response) != {gap.id for gap in gaps} or not gaps:
            raise InvalidResponse(_instruction(gaps))
        if not all(response[gap.id] in {choice.id for choice in gap.choices} for gap in gaps):
            raise InvalidResponse(_instruction(gaps))
        won = {gap.id: response[gap.id] == gap.right_id for gap in gaps}
        is_right = all(won.values())
        overall = question.feedback.right if is_right else question.feedback.wrong
        notes = (Note(gap.id, won[gap.id], _says(gap, won[gap.id])) for gap in gaps)
        return Mark(sum(won.values()), len(gaps), is_right, (Note(None, is_right, overall), *notes))

    def check(self, question: Question) -> list[str]:
        """At least one gap, each with one right choice among several, and feedback for right and wrong."""
        return [*_faults(question.cloze), *overall_feedback_is_there(question)]


def _instruction(gaps: tuple[Gap, ...]) -> str:
    return "Choose an answer for the gap" if len(gaps) == 1 else "Choose an answer for every gap"


def _says(gap: Gap, is_right: bool) -> str:
    if is_right:
        return gap.right or "Right"
    return gap.wrong or "Not this one"


def _faults(cloze: Cloze | None) -> Iterator[str]:
    if cloze is None or not cloze.gaps:
        yield "This question has no gap. Write one into its “text”, the right answer first: [[right|other|another]]."
        return
    if len(cloze.gaps) > MOST_GAPS:
        yield f"This text has more than {MOST_GAPS} gaps. Split the question."
    for number, gap in enumerate(cloze.gaps, start=1):
        texts = [folded(choice.text) for choice in gap.choices]
        if not all(texts):
            yield f"Gap {number} has an empty choice. Write it, or remove the “|” beside it."
        elif len(texts) < 2:
            yield f"Gap {number} has nothing to choose between. Write its choices with | between them."
        elif len(texts) > MOST_CHOICES:
            yield f"Gap {number} has more than {MOST_CHOICES} choices. Remove some."
        elif max(map(len, texts)) > LONGEST_CHOICE:
            yield f"Gap {number} has a choice of more than {LONGEST_CHOICE} characters. Write a few words."
        elif len(set(texts)) < len(texts):
            yield f"Gap {number} has the same choice twice. Change or remove one."
        if sum(choice.is_right for choice in gap.choices) != 1:
            yield f"Gap {number} needs one right choice. Put the star before one of them only."
