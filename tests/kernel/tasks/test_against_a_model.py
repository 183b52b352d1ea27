"""Whatever is killed, doubled, delayed or reordered: each piece of work is done once, or parked with a reason.

Workers die after a claim, or work on when their lease has run out; the clock is set back; people pause, resume, cancel
and try again in the middle. A plain model in dictionaries says what must come of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.tasks import control
from kernel.tasks.claims import Claim, ClaimLost, claim, extend, fail, finish, release
from kernel.tasks.kinds import TaskState
from tests.builders.region import NOON
from tests.kernel.tasks.conftest import ERRANDS, Errand, an_errand

PENDING, WORKING, FAILED, PARKED = TaskState.PENDING, TaskState.WORKING, TaskState.FAILED, TaskState.PARKED
PAUSED, DONE, CANCELLED = TaskState.PAUSED, TaskState.DONE, TaskState.CANCELLED
LEASE, WAITS = ERRANDS.lease, ERRANDS.retry_after
OPEN = set(TaskState) - {DONE, CANCELLED, TaskState.EXPIRED}
MOST = 8  # tasks in one example


@dataclass
class Row:
    """What the model knows of one task. ``holder`` is the number of the claim that has it in hand."""

    state: TaskState = PENDING
    holder: int | None = None
    heard_at: datetime = NOON
    claims: int = 0
    failures: int = 0
    retry_at: datetime = NOON
    effects: int = 0


@dataclass
class Hand:
    """A worker and what it claimed."""

    number: int
    claim: Claim[Errand]


class TaskMachine(RuleBasedStateMachine):
    """The machine and the model, step by step. ``session`` is set by the test."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.session.execute(delete(Errand))
        self.now = NOON
        self.model: dict[int, Row] = {}
        self.hands: list[Hand] = []

    @initialize(count=st.integers(1, 3))
    def begin(self, count: int) -> None:
        for _ in range(count):
            self.model[an_errand(self.session).id] = Row()

    # ---- what workers do: a killed one does nothing any more, and a slow one acts long after its lease ----

    @rule(limit=st.integers(1, 3))
    def take(self, limit: int) -> None:
        if not any(map(self._is_due, self.model.values())) and len(self.model) < MOST:
            self.model[an_errand(self.session).id] = Row()
        taken = claim(self.session, ERRANDS, now=self.now, limit=limit)
        due = [key for key, row in self.model.items() if self._is_due(row)]
        expected = [key for key in due if self.model[key].claims < ERRANDS.alone_after][:limit] or due[:1]
        assert list(taken.ids if taken else ()) == expected
        if taken is None:
            return
        self.hands.append(Hand(len(self.hands), taken))
        for key in expected:
            row = self.model[key]
            row.state, row.holder, row.heard_at, row.claims = WORKING, len(self.hands) - 1, self.now, row.claims + 1

    @precondition(lambda self: self.hands)
    @rule(
        which=st.sampled_from([0, 0, 0, 1, 2]),
        how=st.sampled_from(["finish", "fail", "give up", "pass", "live", "give back"]),
    )
    def work(self, which: int, how: str) -> None:
        """What one of the newest workers does; some of them do it twice, or too late."""
        hand = self.hands[-1 - which % len(self.hands)]
        held = [row for key in hand.claim.ids if (row := self.model[key]).holder == hand.number]
        try:
            self._tell(hand.claim, how)
        except ClaimLost:
            assert not held
        else:
            assert held
        for row in held:
            self._expect(row, how)

    def _tell(self, taken: Claim[Errand], how: str) -> None:
        if how == "finish":
            finish(self.session, taken, effects=Errand.effects + 1)
        elif how == "live":
            extend(self.session, taken, now=self.now)
        elif how == "give back":
            release(self.session, taken)
        else:
            kind = {"is_final": how == "give up", "is_passing": how == "pass"}
            fail(self.session, taken, reason="Why", now=self.now, **kind)

    def _expect(self, row: Row, how: str) -> None:
        if how == "live":
            row.heard_at = self.now
            return
        row.holder = None
        if how == "finish":
            row.state, row.effects = DONE, row.effects + 1
        elif how == "give back":
            row.state, row.claims = PENDING, 0
        else:
            row.retry_at = self.now + WAITS[min(row.failures, len(WAITS) - 1)]
            row.failures, row.claims = row.failures + 1, 0
            is_parked = how == "give up" or (row.failures >= ERRANDS.most_failures and how != "pass")
            row.state = PARKED if is_parked else FAILED

    # ---- what time does, also backwards ----

    @rule(seconds=st.sampled_from([30, 61, 8000, -90, -200_000]))
    def tick(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    # ---- what people and maintenance do ----

    @rule(which=st.integers(0, MOST - 1), act=st.sampled_from(["pause", "resume", "cancel", "retry", "park"]))
    def command(self, which: int, act: str) -> None:
        key = list(self.model)[which % len(self.model)]
        row = self.model[key]
        if act == "park":
            self._park_lost()
        elif act == "retry":
            is_meant = row.state in (FAILED, PARKED)
            assert control.retry(self.session, ERRANDS, now=self.now, which=Errand.id == key) == int(is_meant)
            if is_meant:
                row.state, row.retry_at, row.failures, row.claims = FAILED, self.now, 0, 0
        else:
            before = {"pause": {PENDING, WORKING, FAILED}, "resume": {PAUSED, PARKED, FAILED}, "cancel": OPEN}[act]
            assert getattr(control, act)(self.session, ERRANDS, key) is (row.state in before)
            if row.state in before:
                row.state = {"pause": PAUSED, "resume": PENDING, "cancel": CANCELLED}[act]
                row.holder, row.claims, row.failures = None, 0, 0

    # ---- what must hold ----

    @invariant()
    def the_rows_are_as_the_model_says(self) -> None:
        self.session.expire_all()
        rows = {row.id: row for row in self.session.scalars(select(Errand))}
        for key, expected in self.model.items():
            row = rows[key]
            assert (row.state, row.claims, row.failures) == (expected.state, expected.claims, expected.failures)
            assert row.effects == expected.effects == (1 if expected.state is DONE else 0)
            assert (row.claimed_by is not None) is (expected.state is WORKING)
            assert row.failure_reason or expected.state not in (FAILED, PARKED)

    @invariant()
    def what_is_due_is_what_the_model_says(self) -> None:
        expected = [key for key, row in self.model.items() if self._is_due(row)]
        due = self.session.scalars(select(Errand.id).where(ERRANDS.is_due(self.now)).order_by(Errand.id)).all()
        assert due == expected
        assert control.is_any_due(self.session, ERRANDS, now=self.now) is bool(expected)

    def teardown(self) -> None:
        """A worker that lives does what is left, however long that takes: nothing hangs for ever."""
        for _ in range(2):
            self.now += timedelta(hours=3)
            self._park_lost()
            while (taken := claim(self.session, ERRANDS, now=self.now, limit=3)) is not None:
                finish(self.session, taken, effects=Errand.effects + 1)
        self.session.expire_all()
        for row in self.session.scalars(select(Errand)):
            assert row.state in (DONE, PARKED, PAUSED, CANCELLED)
            assert row.effects == (1 if row.state is DONE else 0)
            assert row.failure_reason or row.state is not PARKED

    def _is_due(self, row: Row) -> bool:
        if row.state is FAILED:
            return row.retry_at <= self.now or row.retry_at > self.now + WAITS[-1] + LEASE
        return row.state is PENDING or (self._is_abandoned(row) and row.claims < ERRANDS.most_claims)

    def _is_abandoned(self, row: Row) -> bool:
        return row.state is WORKING and not self.now - LEASE <= row.heard_at <= self.now + LEASE

    def _park_lost(self) -> None:
        lost = [row for row in self.model.values() if self._is_abandoned(row) and row.claims >= ERRANDS.most_claims]
        assert control.park_lost(self.session, ERRANDS, now=self.now) == len(lost)
        for row in lost:
            row.state, row.holder = PARKED, None


def test_each_piece_of_work_is_done_once_or_parked_with_a_reason(tasks: Session) -> None:
    machine = type("Machine", (TaskMachine,), {"session": tasks})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
