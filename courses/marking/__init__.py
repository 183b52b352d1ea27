"""Marking: the kinds of question, how each is marked and checked, and the order in which options are shown.

Pure: no session, no web, no clock. Kinds are plugs: docs/adding-a-question-kind.md says how one is added.
"""

from collections.abc import Mapping
from functools import cache
from typing import get_args

from courses.marking.display import Display, display
from courses.marking.kinds.branching import Branching
from courses.marking.kinds.cloze import ClozeText
from courses.marking.kinds.match import Match
from courses.marking.kinds.multiple import Multiple
from courses.marking.kinds.number import Number
from courses.marking.kinds.order import Order
from courses.marking.kinds.scenario import Scenario
from courses.marking.kinds.short import Short
from courses.marking.kinds.single import Single
from courses.marking.kinds.truefalse import TrueFalse
from courses.marking.protocol import InvalidResponse, Mark, Note, QuestionKey, QuestionKind, Response, Shape
from courses.marking.question import Choice, Option, Question, Row
from kernel.plugs import UnusablePlug, installed

__all__ = [
    "BUILT_IN", "Choice", "Display", "InvalidResponse", "Mark", "Note", "Option", "Question", "QuestionKey",
    "QuestionKind", "Response", "Row", "Shape", "installed_kinds", "kind_of", "mark", "mark_by", "marking_version",
    "shuffled",
]  # fmt: skip

ENTRY_POINT_GROUP = "common_ground.question_kinds"
BUILT_IN: tuple[QuestionKind, ...] = (
    Single(), Multiple(), TrueFalse(), Order(), Match(), Scenario(), Number(), Short(), ClozeText(),
    Branching(),
)  # fmt: skip


@cache
def installed_kinds() -> Mapping[str, QuestionKind]:
    """Built-in kinds and those that installed packages offer, by key. Called when the platform starts.

    Raises ``UnusablePlug`` when two claim one key, or one has a shape or a key that is not known here.
    """
    kinds = installed(ENTRY_POINT_GROUP, BUILT_IN)
    for key, kind in kinds.items():
        if kind.shape not in get_args(Shape) or not {*kind.keys} <= {*get_args(QuestionKey)}:
            raise UnusablePlug(f"The kind of question {key!r} has a shape or keys that this version does not know.")
    return kinds


def kind_of(key: str) -> QuestionKind | None:
    """The kind with this key, or ``None`` when no such kind is installed (any more)."""
    return installed_kinds().get(key)


def mark(question: Question, response: Response) -> Mark:
    """Mark ``response``. Raises ``InvalidResponse``, with what the person should do, when it cannot be."""
    kind = kind_of(question.kind)
    if kind is None:
        raise InvalidResponse("This question cannot be answered at the moment. Carry on with the next one.")
    if not _is_plain(response):
        raise InvalidResponse("Select an answer")
    return kind.mark(question, response)


def marking_version(question: Question) -> int:
    """The version of the rules by which ``mark`` marks this question now; 0 when its kind is not installed."""
    kind = kind_of(question.kind)
    return 0 if kind is None else kind.version


def mark_by(question: Question, response: Response, *, version: int) -> Mark | None:
    """Mark as the rules of ``version`` do; ``None`` when neither the kind nor anything it keeps knows them any more.

    Raises ``InvalidResponse`` as ``mark`` does. A kind may keep earlier rules: ``earlier``, a mapping from version to
    a function that takes the question and the response.
    """
    kind = kind_of(question.kind)
    if kind is None:
        return None
    if version == kind.version:
        return mark(question, response)
    earlier = getattr(kind, "earlier", {}).get(version)
    return earlier(question, response) if earlier else None


def _is_plain(response: object) -> bool:
    # Responses also arrive as JSON, where a list may hold anything.
    if isinstance(response, dict):
        return all(isinstance(value, str) for value in response.values())
    return isinstance(response, str) or (
        isinstance(response, list) and all(isinstance(value, str) for value in response)
    )


def shuffled(question: Question, seed: str) -> Display:
    """What a person is shown, in an order that depends only on ``seed``. It holds no right answers."""
    kind = kind_of(question.kind)
    return display(question, seed, keeps_order=kind is None or kind.keeps_order)
