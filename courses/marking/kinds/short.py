"""A few words to type, with the answers that are accepted."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from courses.marking.kinds.choosing import overall_feedback_is_there
from courses.marking.kinds.real_words import other_words
from courses.marking.kinds.spelling import OtherWords, normalised, slips
from courses.marking.protocol import InvalidResponse, Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import NearMiss, Question, ShortAnswer

MOST_CHARACTERS = 200
_MARKUP, _ESCAPED = re.compile(r"[\\`*_\[\]<>&]"), r"\\\g<0>"


class Short:
    """Right or not. Other real words and known near misses, which have feedback of their own, are no misspellings."""

    key = "short"
    version = 2
    label = "A few words"
    shape: Shape = "text"
    keys: tuple[QuestionKey, ...] = ("accepted", "not_accepted", "spelling")
    keeps_order = True

    @property
    def earlier(self) -> Mapping[int, Callable[[Question, Response], Mark]]:
        """The rules from before other real words were told from misspellings."""
        return {1: lambda question, response: _mark(question, response, lambda _: ())}

    def mark(self, question: Question, response: Response) -> Mark:
        """One point for an accepted answer, whatever its capitals, accents and punctuation."""
        return _mark(question, response)

    def check(self, question: Question) -> list[str]:
        """Accepted answers that differ, near misses that are not among them, and feedback for right and wrong."""
        short = question.short
        if short is None or not short.accepted:
            findings = ["This question has no right answer. List at least one under “accepted”."]
        else:
            texts = [*short.accepted, *(miss.text for miss in short.not_accepted)]
            findings = _unusable(texts) + _repeated(short)
        return findings + overall_feedback_is_there(question)


@dataclass(frozen=True)
class Meaning:
    """The accepted answer that was typed, or the near miss, or neither; ``slips`` counts the misspellings in it."""

    accepted: str | None = None
    miss: NearMiss | None = None
    slips: int = 0


def meant_by(short: ShortAnswer, response: str) -> Meaning:
    """The accepted answer or the near miss that was typed, if any."""
    return _nearest(short, normalised(response), _others_of(short))


def words_near(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By the words of ``texts``, the real words near each that count as other words; most have none."""
    words = dict.fromkeys(word for text in texts for word in normalised(text).split())
    return {word: near for word in words if (near := other_words(word))}


def refused_words(short: ShortAnswer) -> tuple[str, ...]:
    """The real words near the accepted answers that count as wrong and that the author has not spoken of."""
    others = _others_of(short)
    words = {word for text in short.accepted for word in normalised(text).split()}
    spoken_of = {normalised(text) for text in (*short.accepted, *(miss.text for miss in short.not_accepted))}
    return tuple(sorted({near for word in words for near in others(word)} - spoken_of - words))


def _others_of(short: ShortAnswer) -> OtherWords:
    stored = short.other_words
    return other_words if stored is None else lambda word: stored.get(word, ())


def _mark(question: Question, response: Response, others: OtherWords | None = None) -> Mark:
    typed = normalised(response) if isinstance(response, str) and len(response) <= MOST_CHARACTERS else ""
    if isinstance(response, str) and len(response) > MOST_CHARACTERS:
        raise InvalidResponse(f"Your answer must be {MOST_CHARACTERS} characters or fewer")
    if not typed or question.short is None:
        raise InvalidResponse("Type your answer in a few words")
    meant = _nearest(question.short, typed, others or _others_of(question.short))
    if meant.accepted is None:
        text = meant.miss.feedback if meant.miss else question.feedback.wrong
        return Mark(0, 1, False, (Note(None, False, text),))
    spelling = f" It is written “{_MARKUP.sub(_ESCAPED, meant.accepted)}”." if meant.slips else ""
    return Mark(1, 1, True, (Note(None, True, question.feedback.right + spelling),))


def _nearest(short: ShortAnswer, typed: str, others: OtherWords) -> Meaning:
    """What is closest to ``typed``; of an accepted answer and a near miss that are equally close, the near miss."""

    def distance(text: str) -> int | None:
        meant = normalised(text)
        if short.spelling == "strict":
            return 0 if typed == meant else None
        return slips(typed, meant, others)

    found = [Meaning(miss=miss, slips=far) for miss in short.not_accepted if (far := distance(miss.text)) is not None]
    found += [Meaning(text, slips=far) for text in short.accepted if (far := distance(text)) is not None]
    return min(found, key=lambda meaning: meaning.slips, default=Meaning())


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
