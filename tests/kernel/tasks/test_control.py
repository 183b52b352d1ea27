"""What people and maintenance do with tasks, whatever a worker is doing with them meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from kernel.tasks.claims import ClaimLost, claim, finish
from kernel.tasks.control import (
    cancel,
    counts_by_state,
    is_any_due,
    late,
    park_lost,
    pause,
    resume,
    retry,
)
from kernel.tasks.kinds import TaskState
from kernel.tasks.parked import parked_page
from tests.builders.region import NOON
from tests.builders.tasks import failed, in_hand
from tests.kernel.tasks.conftest import ERRANDS, TIMED, Errand, an_errand

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def state_of(session: Session, errand: Errand) -> TaskState:
    session.expire_all()
    return session.get_one(Errand, errand.id).state


@pytest.mark.parametrize(("act", "state"), [(pause, TaskState.PAUSED), (cancel, TaskState.CANCELLED)])
def test_whoever_stops_a_task_takes_it_from_its_worker(tasks: Session, act: object, state: TaskState) -> None:
    errand = an_errand(tasks)
    claimed = in_hand(tasks, ERRANDS, errand.id)
    assert act(tasks, ERRANDS, errand.id)  # type: ignore[operator]
    with pytest.raises(ClaimLost):
        finish(tasks, claimed, effects=1)
    assert state_of(tasks, errand) is state
    assert not is_any_due(tasks, ERRANDS, now=NOON + DAY)
    assert not act(tasks, ERRANDS, errand.id)  # type: ignore[operator]


def test_a_paused_task_goes_on_when_somebody_says_so(tasks: Session) -> None:
    errand = an_errand(tasks)
    assert not resume(tasks, ERRANDS, errand.id), "it has not stopped"
    pause(tasks, ERRANDS, errand.id)
    assert claim(tasks, ERRANDS, now=NOON + DAY) is None
    assert resume(tasks, ERRANDS, errand.id)
    assert in_hand(tasks, ERRANDS, errand.id)


def test_what_has_ended_is_neither_paused_nor_cancelled_nor_resumed(tasks: Session) -> None:
    errand = an_errand(tasks)
    finish(tasks, in_hand(tasks, ERRANDS, errand.id))
    assert not any(act(tasks, ERRANDS, errand.id) for act in (pause, cancel, resume))
    assert state_of(tasks, errand) is TaskState.DONE


def test_somebody_can_have_it_tried_three_times_more(tasks: Session) -> None:
    errand = an_errand(tasks)
    failed(tasks, ERRANDS, errand.id, times=3)
    (stopped,) = parked_page(tasks, [ERRANDS], page=1, size=5)
    assert (stopped.row_id, stopped.tried, stopped.reason) == (errand.id, 3, "No such font")
    assert retry(tasks, ERRANDS, now=NOON, which=Errand.id == errand.id) == 1
    tasks.expire_all()
    assert (errand.state, errand.failure_reason) == (TaskState.FAILED, "No such font"), "the reason stays to be seen"
    failed(tasks, ERRANDS, errand.id)
    assert errand.state is TaskState.FAILED


def test_all_that_failed_can_be_tried_at_once(tasks: Session) -> None:
    errand, _ = an_errand(tasks), an_errand(tasks)
    assert retry(tasks, ERRANDS, now=NOON) == 0
    failed(tasks, ERRANDS, errand.id)
    assert retry(tasks, ERRANDS, now=NOON) == 1
    assert in_hand(tasks, ERRANDS, errand.id)


def test_what_kills_its_workers_is_parked_in_the_end(tasks: Session) -> None:
    errand, now = an_errand(tasks), NOON
    for _ in range(5):
        assert park_lost(tasks, ERRANDS, now=now) == 0
        in_hand(tasks, ERRANDS, errand.id, now=now)
        now += 2 * MINUTE
    assert claim(tasks, ERRANDS, now=now) is None
    assert not is_any_due(tasks, ERRANDS, now=now)
    assert park_lost(tasks, ERRANDS, now=now) == 1
    assert state_of(tasks, errand) is TaskState.PARKED
    assert errand.failure_reason == "The worker died each of the 5 times that it was made"
    assert park_lost(tasks, ERRANDS, now=now) == 0


def test_a_worker_that_still_works_on_the_last_try_is_not_given_up(tasks: Session) -> None:
    errand = an_errand(tasks)
    errand.claims = 4
    tasks.flush()
    claimed = in_hand(tasks, ERRANDS, errand.id)
    assert park_lost(tasks, ERRANDS, now=NOON + MINUTE / 2) == 0
    finish(tasks, claimed)


def test_tasks_are_counted_by_state(tasks: Session) -> None:
    ids = [an_errand(tasks).id for _ in range(4)]
    failed(tasks, ERRANDS, ids[0], times=3)
    failed(tasks, ERRANDS, ids[1])
    in_hand(tasks, ERRANDS, ids[2])
    counts = counts_by_state(tasks, ERRANDS)
    assert {state for state, count in counts.items() if count == 1} == {
        TaskState.PARKED,
        TaskState.FAILED,
        TaskState.WORKING,
        TaskState.PENDING,
    }
    assert sum(counts.values()) == 4


def test_what_nobody_takes_up_is_late_since_it_was_due(tasks: Session) -> None:
    pending, tried, held, parked_one = (an_errand(tasks) for _ in range(4))
    failed(tasks, ERRANDS, tried.id)
    failed(tasks, ERRANDS, parked_one.id, times=3)
    in_hand(tasks, ERRANDS, held.id)
    after = 10 * MINUTE
    assert late(tasks, ERRANDS, now=NOON + 9 * MINUTE, after=after).count == 0
    assert late(tasks, ERRANDS, now=NOON + 10 * MINUTE, after=after).count == 2, "the one waiting and the dead worker's"
    found = late(tasks, ERRANDS, now=NOON + 25 * MINUTE, after=after)
    assert (found.count, found.oldest_at) == (3, pending.wanted_at)


def test_what_is_timed_is_not_late_before_its_time(tasks: Session) -> None:
    an_errand(tasks, NOON + DAY)
    assert late(tasks, TIMED, now=NOON + 20 * MINUTE, after=MINUTE).count == 0
    assert late(tasks, TIMED, now=NOON + 2 * DAY, after=MINUTE).count == 1
