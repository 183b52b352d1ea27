"""What workers do with tasks: each row is in one pair of hands, and whoever lost it writes nothing down."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.orm import Session

from kernel.tasks.claims import ClaimLost, claim, drop, extend, fail, finish, hold, release
from kernel.tasks.control import is_any_due
from kernel.tasks.kinds import TaskState, task_state
from tests.builders.region import NOON
from tests.builders.tasks import failed, in_hand
from tests.kernel.tasks.conftest import ERRANDS, TIMED, Errand, an_errand

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


def fresh(session: Session, errand: Errand) -> Errand:
    session.expire_all()
    return session.get_one(Errand, errand.id)


def test_a_batch_is_claimed_oldest_first(tasks: Session) -> None:
    ids = [an_errand(tasks).id for _ in range(5)]
    first, second = claim(tasks, ERRANDS, now=NOON, limit=3), claim(tasks, ERRANDS, now=NOON, limit=3)
    assert (first.ids, second.ids) == (tuple(ids[:3]), tuple(ids[3:]))
    assert claim(tasks, ERRANDS, now=NOON, limit=3) is None


def test_what_is_claimed_is_not_claimed_again_until_its_lease_ends(tasks: Session) -> None:
    errand = an_errand(tasks)
    assert in_hand(tasks, ERRANDS, errand.id)
    assert claim(tasks, ERRANDS, now=NOON + 5 * SECOND) is None
    assert in_hand(tasks, ERRANDS, errand.id, now=NOON + MINUTE + 5 * SECOND)


def test_a_table_stores_words_of_its_own_for_a_state(tasks: Session) -> None:
    errand = an_errand(tasks)
    claimed = in_hand(tasks, ERRANDS, errand.id)
    assert tasks.scalar(text("SELECT state FROM errand_of_tests")) == "running"
    finish(tasks, claimed)
    assert tasks.scalar(text("SELECT state FROM errand_of_tests")) == "arrived"
    assert fresh(tasks, errand).state is TaskState.DONE


def test_a_word_may_be_the_name_of_another_state() -> None:
    column = task_state(failed="tried-again", parked="failed").column.type
    dialect = DefaultDialect()
    stored = {state: column.process_bind_param(state, dialect) for state in TaskState}
    assert (stored[TaskState.FAILED], stored[TaskState.PARKED]) == ("tried-again", "failed")
    assert {word: column.process_result_value(word, dialect) for word in stored.values()} == {
        word: state for state, word in stored.items()
    }


def test_what_is_done_is_never_due_again(tasks: Session) -> None:
    errand = an_errand(tasks)
    finish(tasks, in_hand(tasks, ERRANDS, errand.id), effects=1)
    assert (fresh(tasks, errand).state, errand.effects, errand.claimed_by) == (TaskState.DONE, 1, None)
    assert not is_any_due(tasks, ERRANDS, now=NOON + DAY)


def test_what_turns_out_not_to_be_wanted_ends(tasks: Session) -> None:
    errand = an_errand(tasks)
    drop(tasks, in_hand(tasks, ERRANDS, errand.id), failure_reason="not-true-any-more")
    assert (fresh(tasks, errand).state, errand.failure_reason) == (TaskState.CANCELLED, "not-true-any-more")
    assert not is_any_due(tasks, ERRANDS, now=NOON + DAY)


def test_what_is_not_yet_time_for_waits(tasks: Session) -> None:
    an_errand(tasks, NOON + MINUTE)
    assert claim(tasks, TIMED, now=NOON) is None
    assert claim(tasks, TIMED, now=NOON + MINUTE) is not None


def test_a_slow_worker_stores_nothing_over_anothers_work(tasks: Session) -> None:
    errand, later = an_errand(tasks), NOON + 2 * MINUTE
    slow, other = in_hand(tasks, ERRANDS, errand.id), in_hand(tasks, ERRANDS, errand.id, now=later)
    for late in (
        lambda: finish(tasks, slow, effects=1),
        lambda: fail(tasks, slow, reason="Too late", now=later),
        lambda: extend(tasks, slow, now=later),
        lambda: release(tasks, slow),
        lambda: drop(tasks, slow),
        lambda: hold(tasks, slow),
    ):
        with pytest.raises(ClaimLost):
            late()
    finish(tasks, other, effects=1)
    with pytest.raises(ClaimLost):
        finish(tasks, slow, effects=2)
    assert (fresh(tasks, errand).state, errand.effects) == (TaskState.DONE, 1)


def test_the_same_worker_gets_no_second_chance_through_a_later_claim(tasks: Session) -> None:
    errand = an_errand(tasks)
    first = in_hand(tasks, ERRANDS, errand.id)
    release(tasks, first)
    in_hand(tasks, ERRANDS, errand.id)
    with pytest.raises(ClaimLost):
        finish(tasks, first)


def test_long_work_keeps_its_claim_by_saying_that_it_lives(tasks: Session) -> None:
    errand = an_errand(tasks)
    claimed = in_hand(tasks, ERRANDS, errand.id)
    for minutes in range(1, 10):
        extend(tasks, claimed, now=NOON + minutes * MINUTE, effects=minutes)
        assert claim(tasks, ERRANDS, now=NOON + minutes * MINUTE + 50 * SECOND) is None
    assert fresh(tasks, errand).effects == 9


def test_a_batch_of_which_one_was_taken_over_keeps_the_rest(tasks: Session) -> None:
    one, other = an_errand(tasks), an_errand(tasks)
    claimed = in_hand(tasks, ERRANDS, one.id, other.id)
    fresh(tasks, one).claimed_at = NOON - 2 * MINUTE
    tasks.flush()
    assert in_hand(tasks, ERRANDS, one.id)
    finish(tasks, claimed, effects=1)
    assert [fresh(tasks, errand).effects for errand in (one, other)] == [0, 1]


def test_what_is_given_back_is_due_at_once_and_counts_as_no_death(tasks: Session) -> None:
    errand = an_errand(tasks)
    release(tasks, in_hand(tasks, ERRANDS, errand.id))
    assert (fresh(tasks, errand).state, errand.claims) == (TaskState.PENDING, 0)
    assert in_hand(tasks, ERRANDS, errand.id)


def test_a_failure_keeps_its_reason_and_is_tried_again_later(tasks: Session) -> None:
    errand = an_errand(tasks)
    failed(tasks, ERRANDS, errand.id, "No space left on device")
    assert (errand.state, errand.failure_reason) == (TaskState.FAILED, "No space left on device")
    assert not is_any_due(tasks, ERRANDS, now=NOON + 30 * SECOND)
    assert is_any_due(tasks, ERRANDS, now=NOON + 2 * MINUTE)


def test_each_failure_waits_longer(tasks: Session) -> None:
    errand, now, waits = an_errand(tasks), NOON, []
    for _ in range(6):
        failed(tasks, ERRANDS, errand.id, is_passing=True, now=now)
        assert errand.retry_at is not None
        waits.append(errand.retry_at - now)
        now = errand.retry_at
    assert waits == [MINUTE, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 120 * MINUTE, 120 * MINUTE]


def test_the_third_failure_parks_it_with_its_reason(tasks: Session) -> None:
    errand, states = an_errand(tasks), []
    for day in range(3):
        failed(tasks, ERRANDS, errand.id, "No such font", now=NOON + day * DAY)
        states.append(errand.state)
    assert states == [TaskState.FAILED, TaskState.FAILED, TaskState.PARKED]
    assert errand.failure_reason == "No such font"
    assert not is_any_due(tasks, ERRANDS, now=NOON + 30 * DAY)


def test_what_something_else_is_at_fault_for_is_never_parked(tasks: Session) -> None:
    errand = an_errand(tasks)
    failed(tasks, ERRANDS, errand.id, "The disk is full", times=9, is_passing=True)
    assert errand.state is TaskState.FAILED
    assert is_any_due(tasks, ERRANDS, now=NOON + DAY)


def test_what_can_never_be_done_is_parked_at_once(tasks: Session) -> None:
    errand = an_errand(tasks)
    assert fail(tasks, in_hand(tasks, ERRANDS, errand.id), reason="Too large", now=NOON, is_final=True)
    assert fresh(tasks, errand).state is TaskState.PARKED


def test_a_long_reason_is_cut_to_its_column(tasks: Session) -> None:
    errand = an_errand(tasks)
    failed(tasks, ERRANDS, errand.id, "x" * 900)
    assert errand.failure_reason == "x" * 500


def test_what_kills_its_workers_is_taken_alone_and_after_all_others(tasks: Session) -> None:
    deadly, later = an_errand(tasks), NOON
    for _ in range(2):
        in_hand(tasks, ERRANDS, deadly.id, now=later)
        later += 2 * MINUTE
    others = [an_errand(tasks).id for _ in range(3)]
    assert claim(tasks, ERRANDS, now=later, limit=10).ids == tuple(others)
    assert claim(tasks, ERRANDS, now=later, limit=10).ids == (deadly.id,)


def test_a_claim_and_a_retry_from_before_the_clock_was_set_back_hold_nothing_up(tasks: Session) -> None:
    claimed, waiting, pending = an_errand(tasks), an_errand(tasks), an_errand(tasks, NOON + 2 * DAY)
    in_hand(tasks, ERRANDS, claimed.id, now=NOON + 2 * DAY)
    failed(tasks, ERRANDS, waiting.id, now=NOON + 2 * DAY)
    assert claim(tasks, ERRANDS, now=NOON, limit=10).ids == (claimed.id, waiting.id, pending.id)
