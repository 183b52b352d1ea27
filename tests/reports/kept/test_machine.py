"""Any sequence of acts and back-dated changes: what is kept of a day is what a count of it says, or is kept no more.

The acts are those of two authorities with programmes, shorter courses and moves; others write past every rule of the
product, as an import or a hand in the database would. ``MACHINE_EXAMPLES=300 MACHINE_STEPS=25`` tries hundreds.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from assignments.exemptions.record import Exemption, ExemptionReason
from assignments.plans import find_plan
from courses.catalogue.versions import get_current_version
from courses.records.completion import Completion, CompletionSource
from kernel.database import table_of
from people.jobs.absences import Absence, AbsenceKind
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.reorganisation.periods import UnitPeriod
from reports.figures.counting import exactly
from reports.figures.definition import By
from reports.figures.population import Question
from reports.kept.keeping import count_day, exactly_past, keep, kept_on
from reports.kept.record import KeptCount, close_days
from tests.assignments.machine.test_machine import OFFSETS, PEOPLE, PHASES
from tests.assignments.machine.test_region import HERE, PLACES, Machine
from tests.builders.region import a_person

DAY = timedelta(days=1)
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "2"))
STEPS = int(os.environ.get("MACHINE_STEPS", "12"))
COUNTED_BY = st.sampled_from([By.UNIT, By.UNIT, By.GRADE, By.ROUTE, By.MANAGER])
_cycles = count(1000)


class KeptMachine(Machine):
    """The same life, in which counts are kept and looked at after every step."""

    def look(self, back: int) -> None:
        """What places say of each other is for the other machine."""

    def _check_the_end(self) -> None:
        pass

    def _remind(self, place: str) -> None:
        pass

    def _keep_promises(self, on: date) -> None:
        pass

    @rule(back=st.integers(1, 60), by=COUNTED_BY)
    def keep_counts(self, back: int, by: By) -> None:
        on = self.region.today - back * DAY
        now = self.region.at(time(4))
        assert close_days(self.session, self.region.today - DAY, now=now)
        for place, thing in self.region.views:
            key = {
                "organisation_id": self.region.organisations[place].id,
                "course_id": self.region.things[thing].course_id,
            }
            count = count_day(self.session, on=on, by=by, now=now, **key)
            assert count
            keep(self.session, count)
            # Nothing has changed since, so it holds.
            assert kept_on(self.session, [on], by=by, **key)

    # What the product itself would not do, or not in this way.

    @rule(who=PEOPLE, offset=st.integers(-60, 5), place=HERE)
    def past_learning(self, who: str, offset: int, place: str) -> None:
        course_id = self.region.courses["course"]
        at = datetime.combine(self.region.today + offset * DAY, time(23, 30), UTC)
        row = {
            "person_id": self.region.ids[who],
            "course_id": course_id,
            "cycle": -next(_cycles),
            "course_version_id": get_current_version(self.session, course_id=course_id).id,
            "organisation_id": self.region.organisations[place].id,
            "unit_path": "",
            "grade": "",
            "completed_at": at,
            "source": CompletionSource.IMPORTED,
        }
        self.session.execute(insert(table_of(Completion)), [row])

    @rule(who=PEOPLE, other=PEOPLE)
    def give_to_another(self, who: str, other: str) -> None:
        """As a merge of two records does: completions, jobs and exemptions change hands."""
        if who == other:
            return
        taken = select(Completion.cycle).where(Completion.person_id == self.region.ids[other])
        self.session.execute(
            update(table_of(Completion))
            .where(Completion.person_id == self.region.ids[who], Completion.cycle.not_in(taken))
            .values(person_id=self.region.ids[other])
        )
        self.session.execute(
            update(table_of(Exemption))
            .where(Exemption.person_id == self.region.ids[who])
            .values(person_id=self.region.ids[other])
        )
        self.session.expire_all()

    @rule(who=PEOPLE, place=HERE, offset=OFFSETS, grade=st.sampled_from(["G1", "G5"]))
    def write_terms(self, who: str, place: str, offset: int, grade: str) -> None:
        jobs = select(Employment.id).where(
            Employment.person_id == self.region.ids[who],
            Employment.organisation_id == self.region.organisations[place].id,
        )
        on = self.region.today + offset * DAY
        self.session.execute(
            update(table_of(EmploymentTerms))
            .where(EmploymentTerms.employment_id.in_(jobs), EmploymentTerms.starts_on >= on)
            .values(grade=grade)
        )
        self.session.execute(
            update(table_of(EmploymentTerms))
            .where(EmploymentTerms.employment_id.in_(jobs), EmploymentTerms.starts_on < on)
            .values(ends_on=on)
        )
        self.session.expire_all()

    @rule(who=PEOPLE, offset=OFFSETS)
    def leave_without_a_ledger(self, who: str, offset: int) -> None:
        job = self.session.scalars(select(Employment.id).where(Employment.person_id == self.region.ids[who])).first()
        starts_on = self.region.today + offset * DAY
        self.session.execute(delete(table_of(Absence)).where(Absence.employment_id == job))
        row = {"employment_id": job, "starts_on": starts_on, "ends_on": None, "kind": AbsenceKind.SECONDMENT}
        self.session.execute(insert(table_of(Absence)), [row])

    @rule(who=PEOPLE, other=PEOPLE, place=HERE, offset=OFFSETS)
    def manage(self, who: str, other: str, place: str, offset: int) -> None:
        """Somebody manages somebody else, who may work for the other authority."""
        jobs = {key: self.region.jobs[key] for key in self.region.jobs}
        managed, manager = jobs[place, who], jobs[PLACES[0], other]
        if managed.id != manager.id:
            self.session.execute(
                update(table_of(EmploymentTerms))
                .where(
                    EmploymentTerms.employment_id == managed.id,
                    EmploymentTerms.starts_on <= self.region.today + offset * DAY,
                )
                .values(manager_id=manager.id)
            )
            self.session.expire_all()

    @rule(place=HERE, offset=OFFSETS)
    def take_on(self, place: str, offset: int) -> None:
        a_person(self.session, self.region.units[place, "North"], "New", starts_on=self.region.today + offset * DAY)

    @rule(place=HERE, who=PEOPLE)
    def job_of_another(self, place: str, who: str) -> None:
        self.session.execute(
            update(table_of(Employment))
            .where(Employment.id == self.region.jobs[place, who].id)
            .values(starts_on=date(2019, 1, 1), payroll_number=f"X{next(_cycles)}")
        )
        self.session.expire_all()

    @rule(place=HERE, offset=OFFSETS)
    def reorganise(self, place: str, offset: int) -> None:
        """North stands in South from a day on."""
        north, south = (self.region.units[place, name] for name in ("North", "South"))
        on = self.region.today + offset * DAY
        self.session.execute(delete(table_of(UnitPeriod)).where(UnitPeriod.unit_id == north.id))
        rows = [
            {"starts_on": date.min, "ends_on": on - DAY, "parent_id": None},
            {"starts_on": on, "ends_on": None, "parent_id": south.id},
        ]
        said = {"unit_id": north.id, "name": "North", "path": "North"}
        self.session.execute(insert(table_of(UnitPeriod)), [{**said, **row} for row in rows])

    @rule(who=PEOPLE, place=HERE, first=st.integers(-60, 0), days=st.integers(0, 80))
    def exempt_in_the_past(self, who: str, place: str, first: int, days: int) -> None:
        starts_on = self.region.today + first * DAY
        row = {
            "person_id": self.region.ids[who],
            "organisation_id": self.region.organisations[place].id,
            "course_id": self.region.courses["course"],
            "reason": ExemptionReason.OTHER,
            "evidence": "",
            "starts_on": starts_on,
            "ends_on": starts_on + days * DAY,
            "given_at": self.region.at(time(9)),
        }
        self.session.execute(insert(table_of(Exemption)), [row])

    @invariant()
    def what_is_kept_is_what_would_be_counted(self) -> None:
        rows = self.session.execute(
            select(KeptCount.organisation_id, KeptCount.course_id, KeptCount.of_day, KeptCount.by)
        ).all()
        for organisation_id, course_id, on, by in rows:
            plan = find_plan(self.session, organisation_id=organisation_id, course_id=course_id, on=on)
            question = Question(organisation_id, course_id, on, plan)
            fresh = exactly(self.session, question, by=by, with_begun=False)
            said = exactly_past(self.session, question, by=by)
            assert said.counts == fresh.counts, (on, by)
            assert {why: dict(parts) for why, parts in said.left_out.items()} == fresh.left_out, (on, by)


def test_what_is_kept_is_true_whatever_is_written(session: Session) -> None:
    machine = type("MachineHere", (KeptMachine,), {"session": session})
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
