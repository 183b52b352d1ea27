"""Any sequence of acts, over any days: every place that says how somebody stands says what a plain model says.

Quick here; ``MACHINE_EXAMPLES=3000`` tries thousands (CONTRIBUTING.md).
"""

import os
from datetime import date, time, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from assignments.due.calendar import is_working_day
from assignments.reminders.noting import note_owed
from assignments.reminders.owed import owed_on
from messages.ways import Ways
from tests.assignments.machine.agreement import NAMES, check_day
from tests.assignments.machine.plain_facts import AskingSaid
from tests.assignments.machine.world import World

DAY = timedelta(days=1)
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "2"))
STEPS = int(os.environ.get("MACHINE_STEPS", "12"))
# Shrinking takes minutes; a long run that only looks for whether there is anything goes without.
LEFT_OUT = {Phase.explain, *([Phase.shrink] if os.environ.get("MACHINE_SHRINK") == "no" else [])}
PHASES = [phase for phase in Phase if phase not in LEFT_OUT]
# Before the clocks change and Easter, 29 February, the ends of months and years, and a Christmas.
BEGIN = [date(2027, 3, 15), date(2028, 2, 20), date(2026, 10, 16), date(2026, 12, 21), date(2025, 1, 29)]
HOURS = st.sampled_from([time(0, 5), time(1, 30), time(9), time(17), time(23, 55)])
PEOPLE = st.sampled_from(NAMES)
OFFSETS = st.integers(-25, 25)
DUES = st.one_of(
    st.just(("never",)),
    st.integers(3, 120).map(lambda days: ("in", days)),
    st.tuples(st.just("asked"), st.integers(5, 90)),
    st.tuples(st.just("employment"), st.integers(1, 15)),
    st.tuples(st.just("role"), st.integers(5, 400)),
    st.tuples(st.just("completed"), st.integers(5, 90)),
)
PERIODS = st.one_of(
    st.just(("for-ever",)),
    st.tuples(st.just("months"), st.integers(2, 14), st.integers(0, 50), st.sampled_from(["completion", "old-end"])),
    st.tuples(st.just("yearly"), st.sampled_from([2, 3, 9]), st.sampled_from([1, 29, 30]), st.integers(0, 60)).filter(
        lambda one: one[1:3] != (2, 30)
    ),
)
RULES = st.sampled_from(
    ["grade G5", "grade G7", "grade G5 G7", "unit North", "not-unit North", "unit South", "done-before"]
)


class Machine(RuleBasedStateMachine):
    """One life of the authority, in a savepoint that is rolled back."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.session.begin_nested()
        self.noted: dict[tuple[int, str], list[date]] = {}
        self.promised: dict[str, date | None] = {}
        self.looked_at: list[date] = []

    @initialize(day=st.sampled_from(BEGIN), due=DUES, period=PERIODS, audience=st.sampled_from([True, True, False]))
    def begin(self, day: date, due: tuple, period: tuple, audience: bool) -> None:
        self.world = World(self.session, day)
        self.first = day
        self.ask_for(due, period, audience, 0, time(9))

    @rule(due=DUES, period=PERIODS, audience=st.sampled_from([True, True, False]), grace=st.integers(0, 5), hour=HOURS)
    def ask_for(self, due: tuple, period: tuple, audience: bool, grace: int, hour: time) -> None:
        if due[0] == "in":
            due = ("day", self.world.today + due[1] * DAY)
        self.world.ask_for(AskingSaid(0, audience, due, period, grace), self.world.at(hour))

    @rule(hour=HOURS)
    def withdraw(self, hour: time) -> None:
        self.world.withdraw(self.world.at(hour))

    @rule(said=RULES, hour=HOURS)
    def change_rule(self, said: str, hour: time) -> None:
        self.world.change_rule(said, self.world.at(hour))

    @rule(who=PEOPLE, offset=OFFSETS, unit=st.sampled_from(["North", "South"]))
    def transfer(self, who: str, offset: int, unit: str) -> None:
        self._change(who, offset, unit=unit)

    @rule(who=PEOPLE, offset=OFFSETS, grade=st.sampled_from(["G5", "G7"]))
    def grade(self, who: str, offset: int, grade: str) -> None:
        self._change(who, offset, grade=grade)

    @rule(who=PEOPLE, offset=OFFSETS, title=st.sampled_from(["Officer", "Manager"]))
    def role(self, who: str, offset: int, title: str) -> None:
        self._change(who, offset, title=title)

    @rule(who=PEOPLE, offset=OFFSETS, held=st.booleans())
    def leave_or_come_back(self, who: str, offset: int, held: bool) -> None:
        self._change(who, offset, held=held)

    @rule(who=PEOPLE, offset=OFFSETS, away=st.sampled_from(["long-leave", None]))
    def away_or_returned(self, who: str, offset: int, away: str | None) -> None:
        self._change(who, offset, away=away)

    def _change(self, who: str, offset: int, **values: object) -> None:
        self.world.change(who, self.world.today + offset * DAY, self.world.at(time(9)), **values)
        if offset < 0:
            self.promised.pop(who, None)

    @rule(who=PEOPLE, course=st.sampled_from(["course", "course", "before"]), hour=HOURS)
    def complete(self, who: str, course: str, hour: time) -> None:
        self.world.complete(who, course, self.world.at(hour))

    @rule(who=PEOPLE, place=st.integers(0, 5))
    def correct(self, who: str, place: int) -> None:
        self.world.correct(who, place, self.world.at(time(9)))
        self.promised.pop(who, None)

    @rule(who=PEOPLE, days=st.integers(0, 90))
    def exempt(self, who: str, days: int) -> None:
        self.world.exempt(who, days, self.world.at(time(9)))

    @rule(who=PEOPLE)
    def end_exemption(self, who: str) -> None:
        self.world.end_exemption(who, self.world.at(time(9)))

    @rule(who=PEOPLE, days=st.integers(1, 120))
    def give_time(self, who: str, days: int) -> None:
        self.world.give_time(who, days, self.world.at(time(9)))

    @rule()
    def new_version(self) -> None:
        self.world.new_version()

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        """Each working day reminders are worked out, twice as after a crash."""
        for _ in range(days):
            self._next_day(1)
            if is_working_day(self.world.today):
                self._remind()
                self._remind()

    @rule(days=st.sampled_from([30, 61, 180, 365]))
    @precondition(lambda self: (self.world.today - self.first).days < 700)
    def nobody_works_for(self, days: int) -> None:
        self._next_day(days)

    def _next_day(self, days: int) -> None:
        self._keep_promises(self.world.today)
        self.world.today += days * DAY

    def _keep_promises(self, on: date) -> None:
        """Whoever had finished, until a day or for ever, has: whatever happened since that is no correction."""
        for who in NAMES:
            stand = self.world.plain.stand(who, on)
            promise = self.promised.get(who, date.min)
            if promise is None or promise >= on:
                assert stand.state in {"finished", "not-asked"}, (who, on, promise)
            if stand.state == "finished":
                # A rule that ends what was valid for ever leaves 28 days at least.
                self.promised[who] = stand.valid_until or on + 27 * DAY

    def _remind(self) -> None:
        world, on, now = self.world, self.world.today, self.world.at(time(5, 30))
        owed = [one for some in owed_on(self.session, organisation_id=world.organisation.id, on=on) for one in some]
        note_owed(self.session, owed, now=now, ways=Ways(sends_mail=False, sends_texts=False))
        names = {key: name for name, key in world.ids.items()}
        own = [one.person_id for one in owed if one.step.value != "manager"]
        assert len(own) == len(set(own)), "one reminder a day"
        for one in owed:
            who = names[one.person_id]
            stand, person = world.plain.stand(who, on), world.plain.people[who]
            assert stand.state in {"due", "late"} or (stand.state == "finished" and stand.due_on), (who, on, stand)
            assert one.due_on == stand.due_on
            assert not person.job.is_away(on)
            assert not world.plain.is_exempt(person, on)
            days = self.noted.setdefault((one.person_id, one.step.value), [])
            assert all((on - day).days >= 14 for day in days), (who, one.step, days, on)
            days.append(on)

    @rule(back=st.integers(0, 40))
    def look(self, back: int) -> None:
        self.looked_at.append(max(self.first, self.world.today - back * DAY))
        check_day(self.world, self.looked_at[-1])

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self._keep_promises(self.world.today)
                changed = [day for day, _ in (*self.world.plain.asked, *self.world.plain.rules)]
                days = {self.world.today, *changed, *(day - DAY for day in changed), *self.looked_at[-2:]}
                for day in sorted(days)[-12:]:
                    check_day(self.world, max(day, self.first))
        finally:
            self.savepoint.rollback()
            self.session.expunge_all()


def test_any_sequence_of_acts_agrees_with_a_plain_model_everywhere(session: Session) -> None:
    machine = type("MachineHere", (Machine,), {"session": session})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
