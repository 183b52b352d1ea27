"""When a quiz may be taken again: limits, pauses, and clocks that jump."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.content.model.quiz import Quiz
from courses.quizzes.policy import Allowance, minutes_in_words, next_try
from tests.builders.region import NOON

NOTHING = Allowance()


@dataclass(frozen=True)
class Sitting:
    number: int
    pause_from: datetime | None
    is_open: bool = False


def a_quiz(attempts: int | None = None, pause: int = 0) -> Quiz:
    return Quiz(id="RE-QUIZ-1", title="Quiz", attempts=attempts, pause_minutes=pause)


def sat(*moments: datetime) -> list[Sitting]:
    return [Sitting(number, moment) for number, moment in enumerate(moments, start=1)]


def test_without_rules_there_is_always_another_try() -> None:
    following = next_try(a_quiz(), sat(*[NOON] * 40), NOTHING, now=NOON)
    assert (following.number, following.left, following.can_start) == (41, None, True)


def test_a_limit_counts_the_tries_that_are_left() -> None:
    quiz = a_quiz(attempts=2)
    assert [next_try(quiz, sat(*[NOON] * used), NOTHING, now=NOON).left for used in range(4)] == [2, 1, 0, 0]
    assert not next_try(quiz, sat(NOON, NOON), NOTHING, now=NOON).can_start


def test_more_tries_can_be_given() -> None:
    assert next_try(a_quiz(attempts=1), sat(NOON), Allowance(extra_attempts=2), now=NOON).left == 2


def test_a_pause_ends_at_its_moment_and_not_before() -> None:
    quiz, pause = a_quiz(pause=30), timedelta(minutes=30)
    early = next_try(quiz, sat(NOON), NOTHING, now=NOON + pause - timedelta(seconds=1))
    assert early.opens_at == NOON + pause
    assert next_try(quiz, sat(NOON), NOTHING, now=NOON + pause).can_start


def test_a_waived_pause_falls_away_once() -> None:
    quiz = a_quiz(pause=30)
    given_after_one = Allowance(unpaused_after=1)
    assert next_try(quiz, sat(NOON), given_after_one, now=NOON).can_start
    assert not next_try(quiz, sat(NOON, NOON), given_after_one, now=NOON).can_start


@given(pause=st.integers(1, 10_000), jump=st.integers(-100_000, 100_000))
def test_a_clock_that_jumps_neither_shortens_a_pause_nor_locks_anybody_out(pause: int, jump: int) -> None:
    quiz, now = a_quiz(pause=pause), NOON + timedelta(minutes=jump)
    following = next_try(quiz, sat(NOON), NOTHING, now=now)
    assert following.can_start == (jump >= pause)
    assert following.opens_at is None or following.opens_at - now <= timedelta(minutes=2 * pause)
    assert following.is_clock_wrong == (-jump > pause)


@given(attempts=st.integers(1, 9), used=st.integers(0, 12), extra=st.integers(0, 9), jump=st.integers(-9_999, 9_999))
def test_no_clock_grants_a_try(attempts: int, used: int, extra: int, jump: int) -> None:
    now = NOON + timedelta(minutes=jump)
    following = next_try(a_quiz(attempts, 60), sat(*[NOON] * used), Allowance(extra), now=now)
    assert following.left == max(0, attempts + extra - used)
    assert following.has_tries == (used < attempts + extra)


@pytest.mark.parametrize(("minutes", "words"), [(1, "1 minute"), (90, "90 minutes"), (120, "2 hours"), (1440, "1 day")])
def test_a_pause_is_said_in_the_largest_unit_that_fits(minutes: int, words: str) -> None:
    assert minutes_in_words(minutes) == words
