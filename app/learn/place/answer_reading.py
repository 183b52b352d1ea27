"""From a posted form to the response that marking understands: one reader for each shape of answer."""

from collections.abc import Callable, Mapping
from datetime import datetime

from werkzeug.datastructures import MultiDict

from app.learn.place.timing import seconds_since
from courses.marking import InvalidResponse, Question, Response, Shape, kind_of
from courses.marking.kinds.branching import TO_AN_END
from courses.taking.answering import GivenTry
from kernel.errors import NotFound

Posted = MultiDict[str, str]
ROW = "row-"


def _one(posted: Posted, _question: Question) -> Response:
    return posted.get("answer", "")


def _text(posted: Posted, _question: Question) -> Response:
    return posted.get("answer", "").strip()


def _many(posted: Posted, _question: Question) -> Response:
    return list(dict.fromkeys(posted.getlist("answer")))


def _pairs(posted: Posted, _question: Question) -> Response:
    return {name.removeprefix(ROW): value for name, value in posted.items() if name.startswith(ROW) and value}


def _order(posted: Posted, question: Question) -> Response:
    places = _pairs(posted, question)
    if not isinstance(places, dict) or len(places) < len(question.items):
        raise InvalidResponse("Choose a place for every item")
    if sorted(places.values()) != sorted(str(place) for place in range(1, len(question.items) + 1)):
        raise InvalidResponse("Give every item a place of its own: two items share one")
    return sorted(places, key=lambda item: int(places[item]))


def _path(_posted: Posted, _question: Question) -> Response:
    # A story is stored step by step at an address of its own.
    raise InvalidResponse(TO_AN_END)


READERS: Mapping[Shape, Callable[[Posted, Question], Response]] = {
    "one": _one,
    "many": _many,
    "order": _order,
    "pairs": _pairs,
    "text": _text,
    "gaps": _pairs,
    "path": _path,
}


def response_in(posted: Posted, question: Question) -> Response:
    """The response that a form holds.

    Raises ``InvalidResponse`` when an order is incomplete or uses a place twice, ``NotFound`` when the question's kind
    is not installed.
    """
    kind = kind_of(question.kind)
    if kind is None:
        raise NotFound(f"the kind {question.kind}")
    return READERS[kind.shape](posted, question)


def given_try(posted: Posted, question: Question, *, slug: str, now: datetime) -> GivenTry:
    """The try at a question of a screen that a form holds. Raises as ``response_in`` does."""
    try_number, response = try_number_in(posted), response_in(posted, question)
    return GivenTry(try_number, response, seconds_since(posted.get("shown_at", ""), now, slug, question.id))


def filled_in(posted: Posted, shape: Shape) -> dict[str, str] | set[str] | str:
    """What was chosen or typed, right or not, to show it again beside an error."""
    if shape == "text":
        return posted.get("answer", "")
    rows = {name.removeprefix(ROW): value for name, value in posted.items() if name.startswith(ROW)}
    return rows or set(posted.getlist("answer"))


def try_number_in(posted: Posted) -> int:
    """Which try the form was printed for; what is not a number counts as the first."""
    return number_in(posted, "try_number")


def number_in(posted: Posted, name: str) -> int:
    """A number from 1 that the form carries; what is none counts as 1."""
    text = posted.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
