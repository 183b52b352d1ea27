"""Things to put in order, with "move up" and "move down" buttons or a number beside each item."""

from courses.marking.kinds.choosing import overall_feedback_is_there
from courses.marking.protocol import InvalidResponse, Mark, Note, QuestionKey, Response, Shape
from courses.marking.question import Question

EVERY_ITEM = "Choose a place for every item"
EACH_PLACE_ONCE = "Choose a different place for each item"


class Order:
    """Right when the whole order is right; the feedback shows which places are."""

    key = "order"
    version = 1
    label = "Put in order"
    shape: Shape = "order"
    keys: tuple[QuestionKey, ...] = ("items",)
    keeps_order = False

    def mark(self, question: Question, response: Response) -> Mark:
        """One point for the whole order.

        The response is the list of item ids, first place first, or item id to place ("1", "2", …) as the
        number selects send it.
        """
        right_order = [item.id for item in question.items]
        order = _as_list(response, right_order)
        is_right = order == right_order
        overall = question.feedback.right if is_right else question.feedback.wrong
        places = tuple(_place(item, item == right) for item, right in zip(order, right_order, strict=True))
        return Mark(1 if is_right else 0, 1, is_right, (Note(None, is_right, overall), *places))

    def check(self, question: Question) -> list[str]:
        """At least three different items, and feedback for right and wrong."""
        findings = []
        if len(question.items) < 3:
            findings.append("Give this question at least three items, in the right order.")
        if len({item.id for item in question.items}) < len(question.items):
            findings.append("Two items have the same words. Change or remove one.")
        return findings + overall_feedback_is_there(question)


def _place(item: str, is_right: bool) -> Note:
    return Note(item, is_right, "In the right place" if is_right else "Not in its place yet")


def _as_list(response: Response, items: list[str]) -> list[str]:
    if isinstance(response, dict):
        places = {item: place for item, place in response.items() if place}
        if set(places) != set(items) or not all(place in _places(items) for place in places.values()):
            raise InvalidResponse(EVERY_ITEM)
        if len(set(places.values())) < len(items):
            raise InvalidResponse(EACH_PLACE_ONCE)
        return sorted(places, key=lambda item: int(places[item]))
    if not isinstance(response, list) or set(response) != set(items):
        raise InvalidResponse(EVERY_ITEM)
    if len(response) != len(items):
        raise InvalidResponse(EACH_PLACE_ONCE)
    return response


def _places(items: list[str]) -> set[str]:
    return {str(place) for place in range(1, len(items) + 1)}
