"""The texts that an authority may word itself, what may stand in each, and how it reads until then. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LINK, LIST = "link", "list"
# These stand for more than words, so each is a paragraph of its own, once.
ALONE = (LINK, LIST)


class Text(StrEnum):
    """A text that may be worded; the value is stored and stands in addresses."""

    REMINDER = "reminder"
    SEVERAL = "several-reminders"
    NUDGE = "nudge"
    ANSWER = "answer"
    DECIDED = "decided-for-many"
    AT_RISK = "at-risk"
    AGAIN = "not-begun-again"


@dataclass(frozen=True)
class Words:
    """What somebody wrote: a subject, a body in paragraphs with an empty line between them, and the one sentence of a
    text message. Without that, a text says what ours does."""

    subject: str
    body: str
    short: str = ""


@dataclass(frozen=True)
class TextKind:
    """What a text is called, what may stand in it and what it means, what must, and our own words for it."""

    title: str
    placeholders: Mapping[str, str]
    required: tuple[str, ...]
    ours: Words


_STANDS = "One sentence: what they still have to do, by when, and why then"
_COMMON = {
    "name": "What the person is called",
    "authority": "The authority that asks",
    LINK: "The link that opens it, in a paragraph of its own",
}
_COURSE = {
    "course": "The title of the course",
    "date": "Their date, such as 18 December 2026, or “no date yet”",
    "how it stands": _STANDS,
}
TEXTS: Mapping[Text, TextKind] = {
    Text.REMINDER: TextKind(
        "A reminder of one course",
        {"course and date": "Such as “Race equality: finish by 18 December 2026”", **_COURSE, **_COMMON},
        (LINK,),
        Words("((course and date))", "((how it stands))\n\n((link))", "((course and date))"),
    ),
    Text.SEVERAL: TextKind(
        "A reminder of several courses",
        {
            "number": "How many courses there are",
            LIST: "The courses with their dates, in a paragraph of its own",
            **_COMMON,
        },
        (LIST, LINK),
        Words(
            "((number)) courses to finish",
            "You are asked to finish:\n\n((list))\n\n((link))",
            "You have ((number)) courses to finish",
        ),
    ),
    Text.NUDGE: TextKind(
        "A nudge by a manager or HR lead",
        {"who asks": "The manager or HR lead who pressed “Nudge”", **_COURSE, **_COMMON},
        ("who asks", LINK),
        Words(
            "A nudge: ((course))",
            "((who asks)) would like you to finish ((course)).\n\n((how it stands))\n\n((link))",
            "((who asks)) would like you to finish ((course))",
        ),
    ),
    Text.ANSWER: TextKind(
        "The answer to what somebody asked",
        {
            "what became of it": "Such as “You have more time for Race equality”",
            "course": _COURSE["course"],
            "answer": "What they asked, and the answer in the words of whoever gave it",
            **_COMMON,
        },
        ("answer", LINK),
        Words("((what became of it))", "((answer))\n\n((link))", "((what became of it))"),
    ),
    Text.DECIDED: TextKind(
        "More time or an exemption that was decided for many",
        {
            "what became of it": "Such as “You have more time for Race equality”",
            "course": _COURSE["course"],
            "what was decided": "Until when they have time, or when they are exempt; or that it was taken back",
            **_COMMON,
        },
        ("what was decided", LINK),
        Words("((what became of it))", "((what was decided))\n\n((link))", "((what became of it))"),
    ),
    Text.AT_RISK: TextKind(
        "Somebody would not finish in time",
        {"how far": "Such as “You have not begun yet”, or “You have finished 2 of 6 modules”", **_COURSE, **_COMMON},
        (LINK,),
        Words(
            "((course)): there is time until ((date))",
            "((how far)). There is time until ((date)).\n\n((link))",
            "((course)): there is time until ((date))",
        ),
    ),
    Text.AGAIN: TextKind(
        "Somebody can take a course again, and has not begun",
        {**_COURSE, **_COMMON},
        (LINK,),
        Words(
            "((course)): take it again by ((date))",
            "You finished ((course)) before. That counts until ((date)), and you can take it again now.\n\n((link))",
            "((course)): take it again by ((date))",
        ),
    ),
}
