"""A few words to type, with the answers that are accepted."""

from collections.abc import Iterable

from courses.marking.door import InvalidResponse, Mark, Note, Response, Shape
from courses.marking.kinds.choosing import overall_feedback_is_there
from courses.marking.kinds.wording import normalised, slips
from courses.marking.question import NearMiss, Question, ShortAnswer

MOST_CHARACTERS = 200


class Short:
    """Right or not. Known near misses have feedback of their own, and are never taken for a misspelling."""

    key = "short"
    version = 1
    label = "A few words"
    shape: Shape = "text"
    keeps_order = True

    def mark(self, question: Question, response: Response) -> Mark:
        """One point for an accepted answer, whatever its capitals, accents and punctuation."""
        typed = normalised(response) if isinstance(response, str) and len(response) <= MOST_CHARACTERS else ""
        if isinstance(response, str) and len(response) > MOST_CHARACTERS:
            raise InvalidResponse(f"Your answer must be {MOST_CHARACTERS} characters or fewer")
        if not typed or question.short is None:
            raise InvalidResponse("Type your answer in a few words")
        accepted, miss = _nearest(question.short, typed)
        if accepted and miss is None:
            return Mark(1, 1, True, (Note(None, True, question.feedback.right),))
        return Mark(0, 1, False, (Note(None, False, miss.feedback if miss else question.feedback.wrong),))

    def check(self, question: Question) -> list[str]:
        """Accepted answers that differ, near misses that are none of them, and feedback for right and wrong."""
        short = question.short
        if short is None or not short.accepted:
            findings = ["This question has no right answer. List at least one under “accepted”."]
        else:
            texts = [*short.accepted, *(miss.text for miss in short.not_accepted)]
            findings = _unusable(texts) + _repeated(short)
        return findings + overall_feedback_is_there(question)


def meant_by(short: ShortAnswer, response: str) -> tuple[bool, NearMiss | None]:
    """Whether what was typed is accepted, and the near miss that it is, if any."""
    accepted, miss = _nearest(short, normalised(response))
    return accepted and miss is None, miss


def _nearest(short: ShortAnswer, typed: str) -> tuple[bool, NearMiss | None]:
    """Whether the answer is accepted, and the near miss that it is at least as close to, if any."""

    def distance(text: str) -> int | None:
        meant = normalised(text)
        if short.spelling == "strict":
            return 0 if typed == meant else None
        return slips(typed, meant)

    best = min((found for text in short.accepted if (found := distance(text)) is not None), default=None)
    misses = [(found, miss) for miss in short.not_accepted if (found := distance(miss.text)) is not None]
    nearest = min(misses, key=lambda pair: pair[0], default=None)
    if nearest is not None and (best is None or nearest[0] <= best):
        return False, nearest[1]
    return best is not None, None


def _unusable(texts: Iterable[str]) -> list[str]:
    findings = []
    for text in texts:
        if "{{" in text:
            findings.append(f"“{text[:60]}” holds a token. Answers are the same everywhere: write the words in full.")
        elif not normalised(text):
            findings.append(f"“{text[:60]}” has no letters or figures, so nobody could type it. Write it in words.")
        elif len(text) > MOST_CHARACTERS:
            findings.append(f"“{text[:60]}…” is too long: it may have up to {MOST_CHARACTERS} characters.")
    return findings


def _repeated(short: ShortAnswer) -> list[str]:
    findings = []
    first: dict[str, str] = {}
    for text in short.accepted:
        other = first.setdefault(normalised(text), text)
        if other is not text:
            findings.append(
                f"“{other[:60]}” and “{text[:60]}” count as the same answer: capitals, accents and punctuation make "
                "no difference. Remove one."
            )
    refused: dict[str, str] = {}
    for miss in short.not_accepted:
        meant = normalised(miss.text)
        if meant in first:
            findings.append(f"“{miss.text[:60]}” is both accepted and not accepted. Remove one of the two.")
        elif meant in refused:
            findings.append(f"“{miss.text[:60]}” stands twice under “not_accepted”. Remove one of the two.")
        refused.setdefault(meant, miss.text)
    return findings
