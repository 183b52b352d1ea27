"""Puts the quizzes that the demo's people took into the tables."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from courses.records.quiz_records import QuizAnswer, QuizSitting
from demo.learning import SittingTaken


def add_sittings(session: Session, sittings: Iterable[tuple[int, SittingTaken]]) -> int:
    """Store sittings, each with the id of its attempt, and their answers; returns how many sittings there are."""
    listed = list(sittings)
    if not listed:
        return 0
    table = QuizSitting.__table__
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)  # type: ignore[arg-type]
    ids = session.scalars(statement, [_sitting(attempt_id, sat) for attempt_id, sat in listed]).all()
    answers = [row for sitting_id, (_, sat) in zip(ids, listed, strict=True) for row in _answers(sitting_id, sat)]
    session.execute(insert(QuizAnswer.__table__), answers)  # type: ignore[arg-type]
    return len(listed)


def _sitting(attempt_id: int, sat: SittingTaken) -> dict[str, Any]:
    right, handed_in_at = sum(given.result.is_right for given in sat.tries), sat.tries[-1].answered_at
    return {
        "attempt_id": attempt_id,
        "quiz_id": sat.quiz.id,
        "number": 1,
        "seed": sat.seed,
        "question_ids": [given.question_id for given in sat.tries],
        "started_at": sat.started_at,
        "submitted_at": handed_in_at,
        "pause_from": handed_in_at,
        "right_answers": right,
        "out_of": len(sat.tries),
        "is_passed": sat.quiz.is_passed_with(right, len(sat.tries)),
    }


def _answers(sitting_id: int, sat: SittingTaken) -> list[dict[str, Any]]:
    return [
        {
            "sitting_id": sitting_id,
            "question_id": given.question_id,
            "response": given.response,
            "certainty": given.certainty,
            "seconds": given.seconds,
            "points": given.result.points,
            "out_of": given.result.out_of,
            "is_right": given.result.is_right,
            "marking_version": given.marking_version,
            "saved_at": given.answered_at,
        }
        for given in sat.tries
    ]
