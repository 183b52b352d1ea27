"""Whatever happens to units and people, a day that is over is answered as before: against a model of lists and days.

Files, moves, leavers, corrections and reorganisations come in any order. The model knows nothing of periods or terms.
"""

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from people.counting import people_of, who_count
from people.reorganisation.applying import decide, undo
from people.reorganisation.bringing_about import bring_about
from people.reorganisation.periods import units_on
from people.reorganisation.planning import Wanted, preview
from people.reorganisation.record import ReorganisationState
from people.reorganisation.steps import Merge, Rename
from tests.builders.region import NOON, TODAY, a_person, change_job, job_of

HORIZON = 70
people, teams = st.integers(0, 3), st.integers(0, 1)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 9)),
        st.tuples(st.just("move"), people, st.integers(-12, 9), st.integers(0, 2), st.booleans()),
        st.tuples(st.just("leave"), people, st.integers(0, 9)),
        st.tuples(st.just("merge"), teams, st.integers(1, 9)),
        st.tuples(st.just("rename"), st.integers(1, 9)),
        st.tuples(st.just("undo")),
    ),
    max_size=9,
)


class Model:
    """What was said of each person, in the order in which it was said: from which day on they are in which unit."""

    def __init__(self, unit_ids, count):
        self.units = unit_ids
        self.said = [[(-1000, unit_ids[place % 2], None)] for place in range(count)]
        self.left = [HORIZON * 9] * count

    def place(self, person, day):
        if day >= self.left[person]:
            return None
        newest = max(
            (effective, order) for order, (effective, _, _) in enumerate(self.said[person]) if effective <= day
        )
        return self.said[person][newest[1]][1]

    def merge(self, source, target, day, reorganisation):
        """Whoever is in the one on the day goes, and whoever comes into it later goes on that day."""
        for person, said in enumerate(self.said):
            days = [day, *sorted({effective for effective, _, _ in said if effective > day})]
            said += [(one, target, reorganisation) for one in days if self.place(person, one) == source]

    def undo(self, reorganisation):
        self.said = [[one for one in said if one[2] != reorganisation] for said in self.said]

    def counted(self, day):
        return Counter(self.place(person, day) for person in range(len(self.said))) - Counter([None] * 99)


class Record:
    """The record beside it, and what it answered of days that were over."""

    def __init__(self, tree):
        self.tree, self.today, self.second = tree, 0, 0
        units = (tree.day, tree.night, tree.home)
        self.staff = [a_person(tree.session, units[place % 2]) for place in range(4)]
        self.model = Model([unit.id for unit in units], 4)
        self.merged, self.planned, self.answers = [], [], {}

    @property
    def now(self):
        """Each thing is said a second after the one before."""
        self.second += 1
        return NOON + timedelta(days=self.today, seconds=self.second)

    def counted(self, day):
        rows = people_of(organisation_id=self.tree.halton.id, on=TODAY + timedelta(days=day))
        found = select(rows.c.unit_id, func.count()).where(who_count(rows)).group_by(rows.c.unit_id)
        return Counter(dict(self.tree.session.execute(found).all()))

    def answer(self, day):
        """What a page of figures says of a day: its units by their names, and who counts in each."""
        counts = self.counted(day)
        on = TODAY + timedelta(days=day)
        units = units_on(self.tree.session, organisation_id=self.tree.halton.id, on=on, also=counts)
        return [(one.path, counts[one.id]) for one in units]

    def check(self):
        for day in {-20, self.today - 5, self.today, self.today + 5, self.today + 12}:
            assert self.counted(day) == self.model.counted(day), f"day {day}"
        for day, answer in self.answers.items():
            assert self.answer(day) == answer, f"what was said of day {day}"
        for day in (-20, self.today - 5, self.today - 1):
            self.answers.setdefault(day, self.answer(day))

    def wait(self, days):
        self.today += days
        due = [one for one in self.planned if one[0] <= self.today]
        bring_about(self.tree.session, now=self.now)
        for day, source, target, number in due:
            if source:
                self.model.merge(source, target, day, number)
        self.planned = [one for one in self.planned if one not in due]

    def move(self, person, delta, unit, is_file):
        day = self.today + delta
        change_job(
            self.tree.session, job_of(self.tree.session, self.staff[person]), TODAY + timedelta(days=day),
            now=self.now, run_id=1 if is_file else None,
            unit_id=self.model.units[unit],
        )  # fmt: skip
        self.model.said[person].append((day, self.model.units[unit], None))
        if delta < 0:  # a correction says something else of those days from now on
            self.answers = {one: said for one, said in self.answers.items() if one < day}

    def leave(self, person, delta):
        day = self.today + delta
        if self.model.left[person] <= day:
            return
        change_job(
            self.tree.session, job_of(self.tree.session, self.staff[person]), TODAY + timedelta(days=day),
            now=self.now, held=False,
        )  # fmt: skip
        self.model.left[person] = day

    def merge(self, team, delta):
        source, target = self.model.units[team], self.model.units[1 - team]
        self._decide(self.today + delta, Merge(source, target), source, target)

    def rename(self, delta):
        day = self.today + delta
        self._decide(day, Rename(self.tree.care.id, f"Care {day}"), None, None)

    def _decide(self, day, step, source, target):
        tree, on = self.tree, TODAY + timedelta(days=day)
        wanted = Wanted("A new shape", on, (step,))
        seen = preview(tree.session, organisation=tree.halton, wanted=wanted, now=self.now)
        if seen.findings or step in [one for one, _ in self.merged]:
            return
        row = decide(
            tree.session, organisation=tree.halton, wanted=wanted, fingerprint=seen.fingerprint, by=None, now=self.now
        )
        self.merged.append((step, row))
        self.planned.append((day, source, target, row.id))
        if source:
            self.model.merge(source, target, day, row.id)

    def undo(self):
        if self.merged and self.merged[-1][1].state is ReorganisationState.PLANNED:
            _, row = self.merged.pop()
            undo(self.tree.session, row=row, by=None, now=self.now)
            self.model.undo(row.id)
            self.planned = [one for one in self.planned if one[3] != row.id]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=happenings)
def test_a_day_that_is_over_is_answered_as_before(tree, happened):
    with tree.session.begin_nested() as kept:
        record = Record(tree)
        record.check()
        for what, *how in happened:
            getattr(record, what)(*how)
            record.check()
        kept.rollback()
    tree.session.expire_all()
