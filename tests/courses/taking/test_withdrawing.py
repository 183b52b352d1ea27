"""A completion that was none: it counts nowhere, and the course can be completed again."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from courses.catalogue.versions import PublishOutcome
from courses.records.attempts import Attempt, find_attempt, lock_attempt
from courses.records.completion import (
    Completion,
    completions_for,
    find_completion,
    find_withdrawal,
    is_standing,
    record_completion,
)
from courses.records.completion_events import CompletionEvent
from courses.taking.progression import begin_course
from courses.taking.withdrawing import reinstate_completion, withdraw_completion
from kernel.errors import RuleBroken
from tests.builders.certificates import completed_by
from tests.builders.region import NOON, a_course, a_person, a_unit, an_organisation
from tests.builders.screens import take_course

WHY = {"reason": "It was issued by mistake: the course was not complete", "account_id": None}


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


@pytest.fixture
def person(session: Session) -> int:
    return a_person(session, a_unit(session, an_organisation(session))).id


def complete(session: Session, person: int, course: PublishOutcome, cycle: int = 1) -> list[int]:
    events = record_completion(
        session,
        person_id=person,
        course_id=course.course_id,
        cycle=cycle,
        course_version_id=course.version_id,
        now=NOON,
    )
    return [event.completion_id for event in events]


def standing(session: Session) -> list[int]:
    return list(session.scalars(select(Completion.id).where(is_standing()).order_by(Completion.id)))


def test_a_withdrawn_completion_stays_on_record_and_counts_nowhere(
    session: Session, person: int, course: PublishOutcome
) -> None:
    first = completed_by(session, person, course)
    withdraw_completion(session, completion_id=first, now=NOON, **WHY)
    assert session.scalar(select(func.count()).select_from(Completion)) == 1
    assert standing(session) == []
    assert find_completion(session, person_id=person, course_id=course.course_id) is None
    assert list(completions_for(session, person_id=person)) == []
    withdrawal = find_withdrawal(session, person_id=person, course_id=course.course_id)
    assert withdrawal is not None
    assert (withdrawal.completed_at, withdrawal.reason) == (NOON, WHY["reason"])


def test_the_course_can_be_completed_again_once(session: Session, person: int, course: PublishOutcome) -> None:
    first = completed_by(session, person, course)
    assert complete(session, person, course) == []
    withdraw_completion(session, completion_id=first, now=NOON, **WHY)
    (second,) = complete(session, person, course)
    assert second != first
    assert complete(session, person, course) == []
    assert standing(session) == [second]


def test_a_reinstated_completion_counts_again_and_is_not_recorded_twice(
    session: Session, person: int, course: PublishOutcome
) -> None:
    first = completed_by(session, person, course)
    for act in (withdraw_completion, withdraw_completion, reinstate_completion, reinstate_completion):
        act(session, completion_id=first, now=NOON, **WHY)
    assert session.scalar(select(func.count()).select_from(CompletionEvent)) == 2
    assert standing(session) == [first]
    assert complete(session, person, course) == []
    assert find_withdrawal(session, person_id=person, course_id=course.course_id) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.sampled_from(("complete", "withdraw", "reinstate")), max_size=8))
def test_whatever_the_order_what_was_said_last_of_each_completion_holds(
    session: Session, person: int, course: PublishOutcome, acts: list[str]
) -> None:
    with session.begin_nested() as point:
        model: dict[int, bool] = {}
        for act in acts:
            if act == "complete":
                new = complete(session, person, course)
                assert bool(new) is not any(model.values())
                model.update(dict.fromkeys(new, True))
            elif model:
                newest = max(model)
                do = withdraw_completion if act == "withdraw" else reinstate_completion
                do(session, completion_id=newest, now=NOON, **WHY)
                model[newest] = act == "reinstate"
            assert standing(session) == [one for one, counts in model.items() if counts]
        point.rollback()


def test_whoever_had_nothing_left_to_do_begins_anew(session: Session, person: int, course: PublishOutcome) -> None:
    take_course(session, person)
    completion = find_completion(session, person_id=person, course_id=course.course_id)
    assert completion is not None
    withdraw_completion(session, completion_id=completion.id, now=NOON + timedelta(days=1), **WHY)
    attempt = find_attempt(session, person_id=person, slug="test-course")
    assert attempt is not None
    assert (attempt.cycle, attempt.completed_modules) == (2, frozenset())
    take_course(session, person)
    again = find_completion(session, person_id=person, course_id=course.course_id)
    assert again is not None
    assert again.id != completion.id


def test_whoever_is_midway_goes_on_where_they_are(session: Session, person: int, course: PublishOutcome) -> None:
    begin_course(session, person_id=person, slug="test-course", now=NOON)
    first = completed_by(session, person, course)
    withdraw_completion(session, completion_id=first, now=NOON, **WHY)
    assert session.scalars(select(Attempt.cycle)).all() == [1]
    take_course(session, person)
    assert len(standing(session)) == 1


def test_after_a_mistake_the_course_is_found_as_it_was_left(
    session: Session, person: int, course: PublishOutcome
) -> None:
    take_course(session, person)
    (first,) = standing(session)
    withdraw_completion(session, completion_id=first, now=NOON, **WHY)
    reinstate_completion(session, completion_id=first, now=NOON, **WHY)
    attempt = find_attempt(session, person_id=person, slug="test-course")
    assert attempt is not None
    assert (attempt.cycle, len(attempt.completed_modules)) == (1, 2)


def test_what_is_restored_in_the_middle_of_taking_it_again_is_complete_in_every_module(
    session: Session, person: int, course: PublishOutcome
) -> None:
    take_course(session, person)
    (first,) = standing(session)
    withdraw_completion(session, completion_id=first, now=NOON, **WHY)
    lock_attempt(session, person_id=person, slug="test-course", now=NOON + timedelta(minutes=5))
    reinstate_completion(session, completion_id=first, now=NOON + timedelta(days=1), **WHY)
    attempt = find_attempt(session, person_id=person, slug="test-course")
    assert attempt is not None
    assert (attempt.cycle, len(attempt.completed_modules)) == (2, 2)


def test_nothing_is_reinstated_beside_a_newer_completion(session: Session, person: int, course: PublishOutcome) -> None:
    first = completed_by(session, person, course)
    withdraw_completion(session, completion_id=first, now=NOON, **WHY)
    (second,) = complete(session, person, course)
    with pytest.raises(RuleBroken, match="has completed the course again since"), session.begin_nested():
        reinstate_completion(session, completion_id=first, now=NOON, **WHY)
    assert standing(session) == [second]
    withdraw_completion(session, completion_id=second, now=NOON, **WHY)
    reinstate_completion(session, completion_id=first, now=NOON, **WHY)
    assert standing(session) == [first]


def test_no_correction_is_changed_or_removed(session: Session, person: int, course: PublishOutcome) -> None:
    withdraw_completion(session, completion_id=completed_by(session, person, course), now=NOON, **WHY)
    with pytest.raises(DatabaseError, match="append-only"):
        session.query(CompletionEvent).delete()
