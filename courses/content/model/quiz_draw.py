"""Which questions a sitting holds, and in which order: a pure function of the quiz, the bank and a seed.

Digests instead of ``random``: the draw must be the same on every machine and after a change of Python version.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from courses.content.model.quiz import Quiz
from courses.marking.question import Question


def drawn_questions(
    quiz: Quiz, questions: Mapping[str, Question], seed: str, *, asked: Collection[str] = ()
) -> tuple[str, ...]:
    """The ids of the questions of one sitting, each once, in the order in which they are asked.

    ``asked`` are the questions of the sittings before: they are drawn only where the bank has no others.
    It holds every question that the quiz names and as many of each draw as it asks for; fewer only when the bank
    cannot give them, which ``is_large_enough`` tells authors.
    """
    taken = _filled(quiz, questions, seed, asked)
    return tuple(_mixed((*quiz.questions, *taken), f"{seed}/order"))


def is_large_enough(quiz: Quiz, questions: Mapping[str, Question]) -> bool:
    """Whether the bank can fill every draw at once, also where draws want the same questions."""
    return len(_filled(quiz, questions, "", ())) == sum(draw.count for draw in quiz.draws)


def _mixed(ids: Sequence[str], seed: str) -> list[str]:
    return sorted(ids, key=lambda identity: hashlib.sha256(f"{seed}/{identity}".encode()).digest())


def _filled(quiz: Quiz, questions: Mapping[str, Question], seed: str, asked: Collection[str]) -> list[str]:
    """A question for every place of every draw, moved about where two draws want the same one."""
    bank = _mixed([key for key in questions if key not in quiz.questions], f"{seed}/draw")
    bank.sort(key=lambda key: key in asked)
    wanted = [[key for key in bank if draw.takes(questions[key])] for draw in quiz.draws for _ in range(draw.count)]
    holders: dict[str, int] = {}
    for place in range(len(wanted)):
        _assign(place, wanted, holders, set())
    return list(holders)


def _assign(place: int, wanted: Sequence[Sequence[str]], holders: dict[str, int], tried: set[str]) -> bool:
    """Give a place a question, moving the one that holds it to another if it can go there."""
    for key in wanted[place]:
        if key in tried:
            continue
        tried.add(key)
        if key not in holders or _assign(holders[key], wanted, holders, tried):
            holders[key] = place
            return True
    return False
