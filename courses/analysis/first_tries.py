"""What each person did with each question, in one pass over a version’s answers and in memory that does not grow.

As in ``given_answers``, nothing tells whose answers these are. Whoever was moved to a corrected version counts with the
version that they began on, and with what they answered there. A person counts once, with their first attempt at the
version. A question is one thing on its screen and another in each quiz: people meet it there again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, select
from sqlalchemy.orm import Session

from courses.records.answers import Answer
from courses.records.attempts import Attempt
from courses.records.moves import began_on, is_before_any_move
from courses.records.quiz_records import Certainty, QuizAnswer, QuizSitting

_AT_ONCE = 5000

# A question and the quiz that asks it; ``None`` for the screen where it stands by itself.
Place = tuple[str, str | None]
# When a first try became final, and its row, so that no two are at the same moment.
Moment = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class FirstTry:
    """One person’s first try at a question in one place. ``right_at`` is the number of their first try that was right.

    In a quiz the tries are the sittings, handed in, that asked it. ``score`` is the share of the points, from 0 to 1.
    """

    place: Place
    final_at: Moment
    response: Any
    score: float
    is_right: bool
    right_at: int | None
    certainty: Certainty | None
    seconds: int | None


def whole_groups_until(session: Session, *, version_id: int, size: int) -> dict[Place, tuple[int, Moment]]:
    """For each place how many people fill whole groups of ``size``, and when the last of them was final.

    People come in the order in which their first tries became final, so a figure over these people stays as it is
    until ``size`` more have answered. Places with fewer than ``size`` are absent.
    """
    found: dict[Place, tuple[int, Moment]] = {}
    for first in (_first_on_screens(version_id), _first_in_quizzes(version_id)):
        where = (first.c.question_id, first.c.quiz_id)
        ranked = select(
            first,
            func.row_number().over(partition_by=where, order_by=(first.c.final_at, first.c.id)).label("rank"),
            func.count().over(partition_by=where).label("people"),
        ).subquery()
        last = select(ranked).where(ranked.c.rank == ranked.c.people - ranked.c.people % size)
        for row in session.execute(last):
            found[row.question_id, row.quiz_id or None] = (row.rank, (row.final_at, row.id))
    return found


def first_tries(session: Session, *, version_id: int) -> Iterator[list[FirstTry]]:
    """The first tries of one person after another. Two queries; rows are read a few at a time."""
    streams = (_tries(session, _on_screens(version_id)), _tries(session, _in_quizzes(version_id)))
    for _, both in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
        yield [one for _, one in both]


def _attempts(version_id: int) -> Select[Any]:
    of_version = select(func.min(Attempt.id)).where(began_on(version_id))
    return of_version.group_by(Attempt.person_id)


def _first_on_screens(version_id: int) -> Subquery:
    return (
        select(Answer.question_id, literal("").label("quiz_id"), Answer.answered_at.label("final_at"), Answer.id)
        .where(
            Answer.try_number == 1,
            Answer.attempt_id.in_(_attempts(version_id)),
            is_before_any_move(Answer.attempt_id, Answer.answered_at),
        )
        .subquery()
    )


def _first_in_quizzes(version_id: int) -> Subquery:
    each = (QuizSitting.attempt_id, QuizSitting.quiz_id, QuizAnswer.question_id)
    tries = (
        select(
            QuizAnswer.question_id,
            QuizSitting.quiz_id,
            QuizSitting.submitted_at.label("final_at"),
            QuizAnswer.id,
            func.row_number().over(partition_by=each, order_by=QuizSitting.number).label("try_number"),
        )
        .join(QuizSitting, _is_counted(version_id))
        .subquery()
    )
    return select(tries).where(tries.c.try_number == 1).subquery()


def _is_counted(version_id: int) -> ColumnElement[bool]:
    return and_(
        QuizSitting.id == QuizAnswer.sitting_id,
        QuizSitting.submitted_at.is_not(None),
        QuizSitting.attempt_id.in_(_attempts(version_id)),
        is_before_any_move(QuizSitting.attempt_id, QuizSitting.submitted_at),
        is_before_any_move(QuizSitting.attempt_id, QuizAnswer.saved_at),
    )


def _on_screens(version_id: int) -> Select[Any]:
    return (
        select(
            Answer.attempt_id, Answer.question_id, literal("").label("quiz_id"), Answer.id,
            Answer.answered_at, Answer.response, Answer.points, Answer.out_of, Answer.is_right, Answer.seconds,
        )
        .where(
            Answer.attempt_id.in_(_attempts(version_id)), is_before_any_move(Answer.attempt_id, Answer.answered_at)
        )
        .order_by(Answer.attempt_id, Answer.question_id, Answer.try_number)
    )  # fmt: skip


def _in_quizzes(version_id: int) -> Select[Any]:
    return (
        select(
            QuizSitting.attempt_id, QuizAnswer.question_id, QuizSitting.quiz_id, QuizAnswer.id,
            QuizSitting.submitted_at, QuizAnswer.response, QuizAnswer.points, QuizAnswer.out_of, QuizAnswer.is_right,
            QuizAnswer.seconds, QuizAnswer.certainty,
        )
        .join(QuizSitting, _is_counted(version_id))
        .order_by(QuizSitting.attempt_id, QuizSitting.quiz_id, QuizAnswer.question_id, QuizSitting.number)
    )  # fmt: skip


def _tries(session: Session, statement: Select[Any]) -> Iterator[tuple[int, FirstTry]]:
    rows = session.execute(statement.execution_options(yield_per=_AT_ONCE))
    for (attempt_id, question_id, quiz_id), tries in groupby(rows, key=itemgetter(0, 1, 2)):
        yield attempt_id, _first_of((question_id, quiz_id or None), tries)


def _first_of(place: Place, tries: Iterator[Any]) -> FirstTry:
    first = next(tries)
    right_at = 1 if first[8] else next((number for number, row in enumerate(tries, start=2) if row[8]), None)
    certainty = first[10] if len(first) > 10 else None
    return FirstTry(
        place=place,
        final_at=(first[4], first[3]),
        response=first[5],
        score=first[6] / first[7] if first[7] else float(first[8]),
        is_right=first[8],
        right_at=right_at,
        certainty=certainty,
        seconds=first[9],
    )
