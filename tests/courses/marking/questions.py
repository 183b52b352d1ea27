"""Questions of each kind, for tests."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from courses.content.files.gaps import read_gaps
from courses.marking import Choice, Option, Question, Row
from courses.marking.question import NearMiss, NumberAnswer, OverallFeedback, ShortAnswer, opaque_id, option_id

FEEDBACK = OverallFeedback(right="All right.", wrong="Not quite.")


def chosen_from(
    kind: str,
    *,
    right: Sequence[int] = (),
    best: int | None = None,
    acceptable: Sequence[int] = (),
    of: int = 4,
) -> Question:
    """A question with ``of`` options, of which those at the given positions are right, best or acceptable."""
    options = tuple(
        Option(
            id=option_id(at),
            text=f"Option {at}",
            feedback=f"About {at}",
            is_right=at in right,
            is_best=at == best,
            is_acceptable=at in acceptable,
        )
        for at in range(of)
    )
    return Question(id="RE-Q1", kind=kind, about="fact", stem="Select two.", story="Once.", options=options)


def true_or_false(*, right: bool) -> Question:
    """A statement that is true, or false."""
    options = (
        Option(id="a", text="True", feedback="About true", is_right=right),
        Option(id="b", text="False", feedback="About false", is_right=not right),
    )
    return Question(id="RE-Q2", kind="truefalse", about="fact", stem="So it is.", options=options)


def in_order(*texts: str) -> Question:
    """Items to put in the order in which they are given."""
    items = tuple(Choice(id=opaque_id(text), text=text) for text in texts)
    return Question(id="RE-Q3", kind="order", about="fact", stem="Order these.", items=items, feedback=FEEDBACK)


def matching(pairs: dict[str, str], *extra: str) -> Question:
    """Items to match with their answers."""
    rows = tuple(
        Row(id=f"r{number}", item=item, answer_id=opaque_id(answer))
        for number, (item, answer) in enumerate(pairs.items(), start=1)
    )
    texts = dict.fromkeys([*pairs.values(), *extra])
    choices = tuple(Choice(id=opaque_id(text), text=text) for text in texts)
    return Question(
        id="RE-Q4", kind="match", about="fact", stem="Match.", rows=rows, choices=choices, feedback=FEEDBACK
    )


def a_number(answer: str, *, tolerance: str = "0", unit: str = "", too_low: str = "", too_high: str = "") -> Question:
    """A number to type."""
    number = NumberAnswer(
        answer=Decimal(answer), tolerance=Decimal(tolerance), unit=unit, too_low=too_low, too_high=too_high
    )
    return Question(id="RE-Q5", kind="number", about="fact", stem="How many?", number=number, feedback=FEEDBACK)


def in_words(
    *accepted: str, near: dict[str, str] | None = None, spelling: Literal["strict", "forgiving"] = "forgiving"
) -> Question:
    """A few words to type. ``near`` are near misses with their feedback."""
    misses = tuple(NearMiss(text=text, feedback=feedback) for text, feedback in (near or {}).items())
    short = ShortAnswer(accepted=accepted, not_accepted=misses, spelling=spelling)
    return Question(id="RE-Q6", kind="short", about="law", stem="What is it?", short=short, feedback=FEEDBACK)


def with_gaps(text: str) -> Question:
    """A text as an author writes it, with its gaps."""
    cloze = read_gaps(text, ())
    return Question(id="RE-Q7", kind="cloze", about="fact", stem="Complete it.", cloze=cloze, feedback=FEEDBACK)
