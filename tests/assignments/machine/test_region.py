"""Two authorities, programmes, shorter courses, moves and training from elsewhere: any sequence, any order of arrival.

Quick here; ``MACHINE_EXAMPLES=300 MACHINE_STEPS=25`` tries hundreds (CONTRIBUTING.md).
"""

import os
from datetime import date, time, timedelta
from itertools import count
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from assignments.due.calendar import is_working_day
from assignments.plans import find_plan
from assignments.reminders.noting import note_owed
from assignments.reminders.owed import owed_on
from assignments.standing.explaining import explain
from assignments.standing.people_asked import asked_of
from messages.ways import Ways
from tests.assignments.machine import people_acts
from tests.assignments.machine.agreement import NAMES, check_day
from tests.assignments.machine.plain_facts import AskingSaid
from tests.assignments.machine.plain_programme import Steps
from tests.assignments.machine.region import PLACES, THINGS, Region
from tests.assignments.machine.test_machine import BEGIN, DUES, HOURS, OFFSETS, PEOPLE, PERIODS, PHASES, RULES

DAY = timedelta(days=1)
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "1"))
STEPS = int(os.environ.get("MACHINE_STEPS", "12"))
HERE = st.sampled_from(PLACES)
KEYS = st.sampled_from(THINGS)
COURSE = st.sampled_from(["course", "course", "short", "law", "before"])
ROUTES = st.sampled_from(["course", "short", "law", "before"])
ACCEPTS = st.one_of(st.just(("all",)), st.just(("none",)), st.tuples(st.just("no-older-than"), st.integers(1, 30)))
_names = count(1)


@st.composite
def steps(draw: st.DrawFn) -> Steps:
    """Courses in up to three steps, none of them twice."""
    courses = draw(st.lists(ROUTES, min_size=1, max_size=4, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, len(courses)), max_size=2)))
    parts = zip([0, *cuts], [*cuts, len(courses)], strict=True)
    return tuple(tuple(courses[first:last]) for first, last in parts if first < last)


class Machine(RuleBasedStateMachine):
    """One life of two authorities, in a savepoint that is rolled back."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.session.begin_nested()
        self.noted: dict[tuple[object, ...], list[date]] = {}
        self.promised: dict[tuple[tuple[str, str], str], date | None] = {}

    @initialize(
        day=st.sampled_from(BEGIN),
        dues=st.tuples(*[DUES] * 3),
        periods=st.tuples(*[PERIODS] * 3),
        refresher=st.one_of(st.none(), st.integers(14, 30)),
    )
    def begin(self, day: date, dues: tuple, periods: tuple, refresher: int | None) -> None:
        self.region = Region(self.session, day)
        self.first = day
        for key, due, period in zip(THINGS, dues, periods, strict=True):
            self.ask_for(key, due, period, False, 0, refresher)

    @rule(
        key=KEYS,
        due=DUES,
        period=PERIODS,
        audience=st.sampled_from([True, False]),
        grace=st.integers(0, 5),
        refresher=st.one_of(st.none(), st.integers(14, 30)),
    )
    def ask_for(
        self, key: tuple[str, str], due: tuple, period: tuple, audience: bool, grace: int, refresher: int | None
    ) -> None:
        if due[0] == "in":
            due = ("day", self.region.today + due[1] * DAY)
        months = refresher if key[1] == "course" and period != ("for-ever",) else None
        said = AskingSaid(0, audience, due, period, grace, months)
        self.region.ask_for(key, said, self.region.at(time(9)))

    @rule(key=KEYS)
    def withdraw(self, key: tuple[str, str]) -> None:
        self.region.withdraw(key, self.region.at(time(9)))

    @rule(place=HERE, said=RULES, hour=HOURS)
    def change_rule(self, place: str, said: str, hour: time) -> None:
        self.region.change_rule(place, said, self.region.at(hour))

    @rule(said=steps())
    def change_steps(self, said: Steps) -> None:
        self.region.change_steps(said, self.region.at(time(9)))

    @rule(place=HERE, said=ACCEPTS)
    def accept(self, place: str, said: tuple) -> None:
        if self.region.accept(place, said, self.region.at(time(9))):
            self._release(place)

    @rule(who=PEOPLE, place=HERE, offset=OFFSETS, unit=st.sampled_from(["North", "South"]))
    def transfer(self, who: str, place: str, offset: int, unit: str) -> None:
        self._change(who, place, offset, unit=unit)

    @rule(who=PEOPLE, place=HERE, offset=OFFSETS, grade=st.sampled_from(["G5", "G7"]))
    def grade(self, who: str, place: str, offset: int, grade: str) -> None:
        self._change(who, place, offset, grade=grade)

    @rule(who=PEOPLE, place=HERE, offset=OFFSETS, held=st.booleans())
    def leave_or_join(self, who: str, place: str, offset: int, held: bool) -> None:
        self._change(who, place, offset, held=held)

    @rule(who=PEOPLE, offset=OFFSETS, back=st.booleans())
    def move(self, who: str, offset: int, back: bool) -> None:
        """From one authority to the other."""
        for place in PLACES:
            self._change(who, place, offset, held=(place == "wirral") is not back)

    @rule(who=PEOPLE, place=HERE, offset=OFFSETS, away=st.sampled_from(["long-leave", None]))
    def away_or_returned(self, who: str, place: str, offset: int, away: str | None) -> None:
        self._change(who, place, offset, away=away)

    def _change(self, who: str, place: str, offset: int, **values: object) -> None:
        on = self.region.today + offset * DAY
        people_acts.change(self.region, place, who, on, self.region.at(time(9)), **values)
        # What was known wrongly of a past day is no promise, and whoever joins anew goes by the rule of that day.
        if offset < 0 or self.region.views[place, "course"].plain.accepts:
            self._release(place, who)

    def _release(self, place: str, *names: str) -> None:
        for key, who in list(self.promised):
            if key[0] == place and who in (names or NAMES):
                del self.promised[key, who]

    @rule(who=PEOPLE, course=COURSE, hour=HOURS)
    def complete(self, who: str, course: str, hour: time) -> None:
        people_acts.complete(self.region, who, course, self.region.at(hour))

    @rule(who=PEOPLE, place=st.integers(0, 5))
    def correct(self, who: str, place: int) -> None:
        people_acts.correct(self.region, who, place, self.region.at(time(9)))
        for where in PLACES:
            self._release(where, who)

    @rule(key=KEYS, who=PEOPLE, days=st.integers(0, 90))
    def exempt(self, key: tuple[str, str], who: str, days: int) -> None:
        people_acts.exempt(self.region, key, who, days, self.region.at(time(9)))

    @rule(key=KEYS, who=PEOPLE)
    def end_exemption(self, key: tuple[str, str], who: str) -> None:
        people_acts.end_newest_exemption(self.region, key, who, self.region.at(time(9)))

    @rule(thing=st.sampled_from(["course", "programme"]), who=PEOPLE, days=st.integers(1, 120))
    def give_time(self, thing: str, who: str, days: int) -> None:
        people_acts.give_time(self.region, thing, who, days, self.region.at(time(9)))

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        """Each working day reminders are worked out, twice as after a crash."""
        for _ in range(days):
            self._next_day(1)
            if is_working_day(self.region.today):
                for place in (*PLACES, *PLACES):
                    self._remind(place)

    @rule(days=st.sampled_from([30, 61, 180, 365]))
    @precondition(lambda self: (self.region.today - self.first).days < 700)
    def nobody_works_for(self, days: int) -> None:
        self._next_day(days)

    def _next_day(self, days: int) -> None:
        self._keep_promises(self.region.today)
        self.region.today += days * DAY

    def _keep_promises(self, on: date) -> None:
        """Whoever had finished, until a day or for ever, has: whatever happened since that is no correction."""
        for key, view in self.region.views.items():
            for who in NAMES:
                stand = view.plain.stand(who, on)
                promise = self.promised.get((key, who), date.min)
                if promise is None or promise >= on:
                    assert stand.state in {"finished", "not-asked"}, (key, who, on, promise)
                if stand.state == "finished":
                    self.promised[key, who] = stand.valid_until or on + 27 * DAY

    def _remind(self, place: str) -> None:
        region, on, now = self.region, self.region.today, self.region.at(time(5, 30))
        organisation_id = region.organisations[place].id
        owed = [one for some in owed_on(self.session, organisation_id=organisation_id, on=on) for one in some]
        note_owed(self.session, owed, now=now, ways=Ways(sends_mail=False, sends_texts=False))
        names = {key: name for name, key in region.ids.items()}
        views = {view.course.course_id: view for view in region.of(place)}
        for one in owed:
            who, plain = names[one.person_id], views[one.course_id].plain
            stand, person = plain.stand(who, on), plain.people[who]
            assert stand.state in {"due", "late"} or (stand.state == "finished" and stand.due_on), (who, on, stand)
            assert one.due_on == stand.due_on
            assert not person.job.is_away(on)
            assert not plain.is_exempt(person, on)
            days = self.noted.setdefault((place, one.course_id, who, one.step.value), [])
            assert all((on - day).days >= 14 for day in days), (who, one.step, days, on)
            days.append(on)

    @rule(back=st.integers(0, 40))
    def look(self, back: int) -> None:
        self._look(self.region, max(self.first, self.region.today - back * DAY))

    def _look(self, region: Region, on: date) -> None:
        for key, view in region.views.items():
            view.plain = self.region.views[key].plain
            check_day(view, on, is_alone=False)
        self._look_at_steps(region, on)
        for who in NAMES:
            self._look_at_both(region, who, on)

    def _look_at_steps(self, region: Region, on: date) -> None:
        view = region.views["halton", "programme"]
        plan = find_plan(self.session, organisation_id=view.organisation.id, course_id=view.course.course_id, on=on)
        names = {key: name for name, key in region.ids.items()}
        for one in asked_of(self.session, [plan] if plan else [], on=on):
            following = tuple(
                region.courses[course] for course in self.region.programme.courses_now(names[one.person_id], on)
            )
            assert one.courses_now == following, (names[one.person_id], on)

    def _look_at_both(self, region: Region, who: str, on: date) -> None:
        """Where two authorities ask, the one that still waits counts."""
        said = explain(self.session, person_id=region.ids[who], course_id=region.courses["course"], on=on)
        plains = [region.views[place, "course"].plain for place in PLACES]
        asking = [plain.stand(who, on) for plain in plains if plain.is_asked(plain.people[who], on)]
        waiting = {one.state for one in asking} - {"finished", "exempt"}
        assert said.state.value in (waiting or {one.state for one in asking} or {"finished", "not-asked"}), (who, on)

    def teardown(self) -> None:
        try:
            if hasattr(self, "region"):
                self._keep_promises(self.region.today)
                self._check_the_end()
        finally:
            self.savepoint.rollback()
            self.session.expunge_all()

    def _check_the_end(self) -> None:
        region = self.region
        asked = [day for view in region.views.values() for day, _ in (*view.plain.asked, *view.plain.rules)]
        changed = {*asked, *(day for day, _ in region.programme.versions)}
        days = {region.today, *changed, *(day - DAY for day in changed)}
        wanted = [max(day, self.first) for day in sorted(days)[-max(2, STEPS // 4) :]]
        for day in wanted:
            self._look(region, day)
        again = region.arrive_again(Random(len(region.streams)), f"R{next(_names)}")  # noqa: S311 - no secret
        again.today = region.today
        for day in wanted:
            self._look(again, day)


def test_two_authorities_agree_with_a_plain_model_and_any_order_of_arrival_gives_the_same(session: Session) -> None:
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
