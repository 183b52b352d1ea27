"""Any order of exempting, ending, asking, granting, refusing, leave and finishing, against a plain model.

Whoever has finished is never unfinished, and everybody has an explanation on every day.
"""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.exemptions.giving import NewExemption, end_exemption, give_exemption
from assignments.exemptions.record import Exemption, ExemptionReason
from assignments.plans import plans_on
from assignments.requests.asking import NewRequest, ask
from assignments.requests.deciding import Decision, decide
from assignments.requests.record import LearnerRequest, Outcome, RequestKind
from assignments.requirements import Asking, Requirement, require_course
from assignments.standing.explaining import Standing, explain
from assignments.standing.people_asked import asked_of
from courses.records.completion import record_completion
from kernel.errors import RuleBroken
from people.jobs.absences import AbsenceKind
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation, change_job, job_of

DAYS = 12
ACTS = st.tuples(
    st.sampled_from(["exempt", "end", "ask", "grant", "refuse", "leave", "come_back", "finish", "nothing"]),
    st.integers(1, 6),
)
DAY = timedelta(days=1)


class PlainModel:
    """One person, day by day, in sets: on which days they are exempt, until when they have time, since when done."""

    def __init__(self, due_on: date) -> None:
        self.due_on = due_on
        self.spans: list[tuple[date, date]] = []
        self.grants: list[tuple[date, date]] = []
        self.finished_on: date | None = None
        self.was_away = False

    def is_exempt(self, on: date) -> bool:
        return any(first <= on <= last for first, last in self.spans)

    def states(self, on: date) -> set[Standing]:
        """In which states they may be; where they were on leave, the date is left to the tests of dates."""
        if self.finished_on is not None and self.finished_on <= on:
            return {Standing.FINISHED}
        if self.is_exempt(on):
            return {Standing.EXEMPT}
        if self.was_away:
            return {Standing.DUE, Standing.LATE, Standing.AWAY}
        last = max([self.due_on, *(until for given_on, until in self.grants if given_on <= on)])
        return {Standing.LATE if last < on else Standing.DUE}


class World:
    """The same person in the database."""

    def __init__(self, session: Session) -> None:
        self.session = session
        halton = an_organisation(session)
        self.person = a_person(session, a_unit(session, halton), "Bo Li")
        self.organisation_id, self.course = halton.id, a_course(session)
        self.model = PlainModel(TODAY + 3 * DAY)
        require_course(
            session,
            course_id=self.course.course_id,
            organisation_ids=[halton.id],
            account_id=None,
            now=NOON,
            asking=Asking(due=DueRule(day=self.model.due_on)),
        )

    @property
    def ids(self) -> dict[str, int]:
        return {"person_id": self.person.id, "course_id": self.course.course_id}

    def do(self, act: str, length: int, on: date, now: datetime) -> None:
        """Do it in both; what the rules refuse has happened in neither."""
        try:
            with self.session.begin_nested():
                getattr(self, act)(length, on, now)
        except RuleBroken:
            pass

    def nothing(self, *_: Any) -> None:
        """A day passes."""

    def exempt(self, length: int, on: date, now: datetime) -> None:
        span = (on, on + length * DAY)
        new = NewExemption(
            self.person.id, self.organisation_id, self.course.course_id, ExemptionReason.OTHER, "Seen", *span
        )
        give_exemption(self.session, new, by=None, now=now)
        self.model.spans.append(span)

    def end(self, _length: int, on: date, now: datetime) -> None:
        key = self.session.scalar(select(Exemption.id).order_by(Exemption.id.desc()).limit(1))
        if key is not None:
            end_exemption(self.session, exemption_id=key, reason="Over", by=None, now=now)
            first, _ = self.model.spans[-1]
            self.model.spans[-1] = (first, on - DAY)

    def ask(self, _length: int, on: date, now: datetime) -> None:
        ask(
            self.session,
            NewRequest(RequestKind.MORE_TIME, "Short of staff", on + 90 * DAY),
            **self.ids,
            by=None,
            now=now,
        )

    def grant(self, length: int, on: date, now: datetime) -> None:
        until = on + length * DAY
        self._decide(Decision(Outcome.GRANTED, "", until), now)
        self.model.grants.append((on, until))

    def refuse(self, _length: int, _on: date, now: datetime) -> None:
        self._decide(Decision(Outcome.REFUSED, "No"), now)

    def _decide(self, decision: Decision, now: datetime) -> None:
        key = self.session.scalar(select(LearnerRequest.id).order_by(LearnerRequest.id.desc()).limit(1))
        if key is None:
            raise RuleBroken("Nobody asked")
        decide(self.session, request_id=key, decision=decision, by=None, now=now)

    def leave(self, _length: int, on: date, now: datetime) -> None:
        change_job(self.session, job_of(self.session, self.person), on, now=now, away=AbsenceKind.LONG_LEAVE)
        self.model.was_away = True

    def come_back(self, _length: int, on: date, now: datetime) -> None:
        change_job(self.session, job_of(self.session, self.person), on, now=now, away=None)

    def finish(self, _length: int, on: date, now: datetime) -> None:
        if self.model.finished_on is None:
            version = {"course_version_id": self.course.version_id}
            record_completion(self.session, **self.ids, **version, cycle=1, now=now)
            self.model.finished_on = on

    def check(self, upto: date) -> None:
        """Every day so far, as the explanation, the list and the model have it."""
        for back in range((upto - TODAY).days + 1):
            on = TODAY + back * DAY
            found = explain(self.session, **self.ids, on=on)
            assert found.sentence.startswith("Bo Li "), found.sentence
            assert found.state in self.model.states(on), (on, found.sentence)
            plans = plans_on(self.session, Requirement.organisation_id == self.organisation_id, on=on)
            asked = list(asked_of(self.session, plans, on=on))
            assert len(asked) == (found.state is not Standing.EXEMPT)
            assert (found.due_on is None) == (found.state in {Standing.FINISHED, Standing.EXEMPT, Standing.AWAY})


@given(st.lists(ACTS, max_size=DAYS))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_acts_agrees_with_a_plain_model(session: Session, acts: list[tuple[str, int]]) -> None:
    with session.begin_nested() as savepoint:
        world = World(session)
        for passed, (act, length) in enumerate(acts):
            on = TODAY + passed * DAY
            world.do(act, length, on, NOON + passed * DAY)
        world.check(TODAY + len(acts) * DAY)
        savepoint.rollback()
    session.expunge_all()
