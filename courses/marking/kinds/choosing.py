"""What several kinds have in common: options to choose from, and feedback on the answer as a whole."""

import re
from collections.abc import Sequence

from courses.marking.protocol import InvalidResponse, Response
from courses.marking.question import Option, Question
from kernel.typed import folded

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PROMISE = re.compile(
    r"\b(?:select|choose|pick|tick)\s+(?:any\s+|the\s+)?(all|\d{1,2}|" + "|".join(_NUMBERS[1:]) + r")\b",
    re.IGNORECASE,
)


def chosen_option(question: Question, response: Response, *, message: str = "Select an answer") -> Option:
    """The option that was chosen; raises ``InvalidResponse`` when nothing, or something else, was."""
    for option in question.options:
        if isinstance(response, str) and response == option.id:
            return option
    raise InvalidResponse(message)


def options_are_distinct(options: Sequence[Option]) -> list[str]:
    """A sentence when two options have the same words."""
    texts = [folded(option.text) for option in options]
    return [] if len(set(texts)) == len(texts) else ["Two options have the same words. Change or remove one."]


def scenario_words_are_absent(options: Sequence[Option]) -> list[str]:
    """A sentence when an option uses the words that only scenarios have."""
    if any(option.is_best or option.is_acceptable for option in options):
        return ["“best” and “acceptable” belong to scenarios. Write “right: true”, or change the kind."]
    return []


def overall_feedback_is_there(question: Question) -> list[str]:
    """A sentence when the feedback for right or for wrong has no words."""
    if question.feedback.right.strip() and question.feedback.wrong.strip():
        return []
    return ["Write feedback for this question: “feedback:” with “right” and “wrong” under it."]


def number_word(number: int) -> str:
    """3 as "three"; figures above ten."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def promised_count(stem: str) -> int | str | None:
    """How many answers the stem asks for: a number, "all", or ``None`` when it does not say."""
    found = _PROMISE.search(stem)
    if found is None:
        return None
    word = found.group(1).lower()
    if word == "all":
        return word
    return int(word) if word.isdigit() else _NUMBERS.index(word)
