"""The same facts in the database: each act is done in both, or in neither where the product refuses it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.audiences.rules import HasCompleted, InUnit, Not, OnGrade, Rule
from assignments.audiences.saved import add_audience, approve_rule, propose_rule
from assignments.exemptions.giving import NewExemption, end_exemption, give_exemption
from assignments.exemptions.record import Exemption, ExemptionReason
from assignments.requests.asking import NewRequest, ask
from assignments.requests.deciding import Decision, decide
from assignments.requests.record import Outcome, RequestKind
from assignments.requirement_changes import change_asking, get_requirement, withdraw_requirement
from assignments.requirements import Asking, require_course
from courses.records.completion import Completion, note_event, record_completion
from courses.records.completion_events import CompletionEventKind
from kernel.clock import LOCAL
from kernel.errors import RuleBroken
from people.organisations import Unit
from tests.assignments.machine.agreement import NAMES
from tests.assignments.machine.plain import Plain
from tests.assignments.machine.plain_facts import AskingSaid, Done, Job, Person
from tests.assignments.machine.said import due_rule, period_rule
from tests.builders.region import FIRST, a_course, a_follow_up, a_person, a_unit, an_organisation, change_job, job_of

DAY = timedelta(days=1)


@dataclass
class World:
    """An authority with two units, a course that it asks for, a course before it, and three people."""

    session: Session
    today: date
    plain: Plain = field(default_factory=Plain)
    seconds: int = 0

    def __post_init__(self) -> None:
        session, now = self.session, self.at(time(9))
        halton = an_organisation(session)
        self.organisation = halton
        self.units: dict[str, Unit] = {name: a_unit(session, halton, name) for name in ("North", "South")}
        self.course = a_course(session)
        self.before = a_follow_up(session)
        first = self.today - 400 * DAY
        self.ids: dict[str, int] = {}
        for name in NAMES:
            found = a_person(session, self.units["North"], name, starts_on=first)
            job = Job(first)
            job.say(first, 0, {"held": True, "unit": "North", "grade": "G5", "title": "Officer", "away": None})
            self.plain.people[name] = Person(job)
            self.ids[name] = found.id
        self.audience_id = add_audience(
            session, organisation_id=halton.id, name="Some", rule=OnGrade(("G5",)), account_id=None, now=now
        )
        self.plain.rules.append((self.today, "grade G5"))
        self.versions = {"course": self.course.version_id, "before": self.before.version_id}
        self.series = 0
        self.corrected: set[str] = set()

    def at(self, hour: time) -> datetime:
        """A moment of today, each later than the one before; also on the nights when the clocks change."""
        self.seconds += 1
        return datetime.combine(self.today, hour, LOCAL) + self.seconds * timedelta(milliseconds=1)

    def attempt(self, act: Callable[[], None]) -> bool:
        """Do it; whether the product let it happen."""
        try:
            with self.session.begin_nested():
                act()
        except RuleBroken:
            return False
        return True

    # What is asked

    def ask_for(self, asking: AskingSaid, now: datetime) -> None:
        held = self.plain.asking(self.today)
        if held is None:
            self.series += 1
            asking = AskingSaid(self.series, asking.audience, asking.due, asking.period, asking.grace)
            require_course(
                self.session,
                course_id=self.course.course_id,
                organisation_ids=[self.organisation.id],
                account_id=None,
                now=now,
                asking=self._asking(asking),
            )
        else:
            asking = AskingSaid(held.series, asking.audience, asking.due, asking.period, asking.grace)
            change_asking(
                self.session, requirement_id=self._held(), asking=self._asking(asking), account_id=None, now=now
            )
        self.plain.asked.append((self.today, asking))

    def withdraw(self, now: datetime) -> None:
        if self.plain.asking(self.today) is not None:
            withdraw_requirement(self.session, requirement_id=self._held(), account_id=None, now=now)
            self.plain.asked.append((self.today, None))

    def change_rule(self, rule: str, now: datetime) -> None:
        version = propose_rule(
            self.session, audience_id=self.audience_id, rule=self._rule(rule), account_id=None, now=now
        )
        approve_rule(self.session, version_id=version.id, account_id=None, now=now)
        self.plain.rules.append((self.today, rule))

    def _held(self) -> int:
        return get_requirement(self.session, course_id=self.course.course_id, organisation_id=self.organisation.id).id

    def _asking(self, said: AskingSaid) -> Asking:
        audience_id = self.audience_id if said.audience else None
        due = due_rule(said.due, said.grace, self.before.course_id)
        return Asking(audience_id, due, period_rule(said.period))

    def _rule(self, said: str) -> Rule:
        match said.split():
            case ["grade", *grades]:
                return OnGrade(tuple(grades))
            case ["unit", unit]:
                return InUnit(self.units[unit].id)
            case ["not-unit", unit]:
                return Not(InUnit(self.units[unit].id))
        return HasCompleted(self.before.course_id)

    # People

    def change(self, name: str, on: date, now: datetime, **values: object) -> None:
        person_id = self.ids[name]
        said: dict[str, object] = {
            {"title": "job_title", "unit": "unit_id"}.get(key, key): self.units[value].id
            if key == "unit" and isinstance(value, str)
            else value
            for key, value in values.items()
        }
        job = job_of(self.session, _Named(person_id))
        change_job(self.session, job, on, now=now, **said)
        self.seconds += 1
        self.plain.people[name].job.say(on, self.seconds, values)

    def complete(self, name: str, course: str, now: datetime) -> None:
        course_id = {"course": self.course.course_id, "before": self.before.course_id}[course]
        person_id = self.ids[name]
        newest = self.session.scalar(
            select(func.max(Completion.cycle)).where(
                Completion.person_id == person_id, Completion.course_id == course_id
            )
        )
        record_completion(
            self.session,
            person_id=person_id,
            course_id=course_id,
            cycle=(newest or 0) + 1,
            course_version_id=self.versions[course],
            now=now,
        )
        self.plain.people[name].done.append(Done(course, self.today))

    def correct(self, name: str, place: int, now: datetime) -> None:
        """One of their completions turns out to be none, or is one after all."""
        done = self.plain.people[name].done
        if not done:
            return
        place %= len(done)
        rows = self.session.scalars(
            select(Completion).where(Completion.person_id == self.ids[name]).order_by(Completion.id)
        ).all()
        kind = CompletionEventKind.REINSTATED if done[place].is_none else CompletionEventKind.WITHDRAWN
        assert note_event(self.session, rows[place], kind, reason="Corrected", account_id=None, now=now)
        done[place].is_none = not done[place].is_none
        self.corrected.add(name)

    def exempt(self, name: str, days: int, now: datetime) -> None:
        span = (self.today, self.today + days * DAY)
        new = NewExemption(
            self.ids[name], self.organisation.id, self.course.course_id, ExemptionReason.OTHER, "Seen", *span
        )
        if self.attempt(lambda: _ignore(give_exemption(self.session, new, by=None, now=now))):
            self.plain.people[name].exempt.append(span)

    def end_exemption(self, name: str, now: datetime) -> None:
        key = self.session.scalar(
            select(Exemption.id).where(Exemption.person_id == self.ids[name]).order_by(Exemption.id.desc()).limit(1)
        )
        if key is None:
            return
        if self.attempt(lambda: end_exemption(self.session, exemption_id=key, reason="Over", by=None, now=now)):
            spans = self.plain.people[name].exempt
            spans[-1] = (spans[-1][0], self.today - DAY)

    def give_time(self, name: str, days: int, now: datetime) -> None:
        until = self.today + days * DAY
        asked = NewRequest(RequestKind.MORE_TIME, "Short of staff", self.today + 300 * DAY)
        whom = {"person_id": self.ids[name], "course_id": self.course.course_id}

        def both() -> None:
            key = ask(self.session, asked, **whom, by=None, now=now)
            decide(self.session, request_id=key, decision=Decision(Outcome.GRANTED, "", until), by=None, now=now)

        if self.attempt(both):
            self.plain.people[name].more_time.append((self.today, until))

    def new_version(self) -> None:
        """The course is published anew, in other words: those who have completed it have completed it."""
        count = len(self.versions) + self.seconds
        words = a_course(self.session, first=_first(count))
        self.versions["course"] = words.version_id


@dataclass(frozen=True)
class _Named:
    id: int


def _ignore(_: object) -> None:
    return None


def _first(count: int) -> str:
    return FIRST.replace("# Hello ", f"# Hello for the {count}th time ")
