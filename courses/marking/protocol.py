"""The protocol of question kinds: what a kind must offer, and what marking hands back.

A kind gets a question and a response and returns plain data. It never sees a request, a session or the clock.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from courses.marking.question import Question
from kernel.errors import RuleBroken

Response = str | list[str] | dict[str, str]
Shape = Literal["one", "many", "order", "pairs", "text", "gaps", "path"]
# What a question in a course file may have beside what every question has.
QuestionKey = Literal[
    "options", "items", "rows", "extra_choices", "answer", "tolerance", "unit", "accepted", "not_accepted", "spelling",
    "text", "gap_feedback", "nodes", "endings",
]  # fmt: skip


class InvalidResponse(RuleBroken):
    """The response cannot be marked. The message says what the person has to do: "Select an answer"."""


@dataclass(frozen=True)
class Note:
    """One piece of feedback.

    ``target`` is the option, item, row or gap it belongs to, ``None`` for the whole question. ``is_right`` says
    whether that option is a right answer, or that item, row or gap is in its right place; ``None`` means
    acceptable but not best. ``text`` is Markdown.
    """

    target: str | None
    is_right: bool | None
    text: str


@dataclass(frozen=True)
class Mark:
    """The result of marking: ``points`` out of ``out_of``; ``is_right`` only when every point was won."""

    points: float
    out_of: int
    is_right: bool
    feedback: tuple[Note, ...]


class QuestionKind(Protocol):
    """What every kind of question offers, whether it is built in or installed from elsewhere."""

    @property
    def key(self) -> str:
        """The word authors write after ``kind:``."""

    @property
    def version(self) -> int:
        """Goes up when the same response may be marked otherwise than before. Stored with every answer."""

    @property
    def label(self) -> str:
        """The name shown to people who choose a kind."""

    @property
    def shape(self) -> Shape:
        """The form of the response: one id, many ids, ids in order, row id to choice id, typed text, gap id to choice
        id, or the ids of choices in the order in which they were made."""

    @property
    def keys(self) -> tuple[QuestionKey, ...]:
        """What authors write for this kind beside the keys that every question has. Anything else is refused."""

    @property
    def keeps_order(self) -> bool:
        """True when the options must stay as the author wrote them."""

    def mark(self, question: Question, response: Response) -> Mark:
        """Mark ``response``. The same question and response always give the same mark."""

    def check(self, question: Question) -> list[str]:
        """What an author has to put right, as full sentences; empty when the question can be used."""
