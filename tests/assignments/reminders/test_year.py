"""A year played in days: reminders are never doubled, and never go to whoever has finished, left or is away."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.due.calendar import is_working_day
from assignments.due.rules import DueRule
from assignments.exemptions.giving import NewExemption, give_exemption
from assignments.exemptions.record import ExemptionReason
from assignments.periods.rules import Lasts, PeriodRule
from assignments.reminders.hours import is_open
from assignments.reminders.noting import REMINDER, note_owed
from assignments.reminders.owed import owed_on
from assignments.reminders.record import Reminder
from assignments.reminders.team_words import compose_team_late
from assignments.reminders.telling import compose_reminder
from assignments.requirements import Asking, require_course
from assignments.standing.explaining import Standing, explain
from courses.records.completion import record_completion
from kernel.clock import LOCAL
from kernel.tasks.kinds import TaskState
from messages.ledger import Message
from messages.ways import EVERY_WAY
from people.organisations import Organisation, Unit
from people.persons import Person
from tests.builders.mail_transport import give_address
from tests.builders.region import a_course, a_person, a_unit, an_employment, an_organisation, change_job, job_of

BEGIN = datetime(2027, 1, 4, 9, tzinfo=UTC)
DUE = date(2027, 3, 29)  # Easter Monday, the day after the clocks change
OUTAGE = {date(2027, 4, 6) + timedelta(days=offset) for offset in range(12)}


class Year:
    """The days of a year, with what workers do on each of them twice, and who was written to."""

    def __init__(self, session: Session, organisation_id: int) -> None:
        self.session, self.organisation_id = session, organisation_id
        self.sent: dict[int, list[tuple[date, str, str]]] = {}

    def play(self, until: date, since: date) -> None:
        day = since
        while day < until:
            if is_working_day(day) and day not in OUTAGE:
                for hour in (5, 5):
                    self.note(datetime.combine(day, datetime.min.time(), LOCAL).replace(hour=hour))
            for hour in (6, 7, 12, 20):
                self.send(datetime.combine(day, datetime.min.time(), LOCAL).replace(hour=hour))
            day += timedelta(days=1)

    def note(self, now: datetime) -> None:
        for portion in owed_on(self.session, organisation_id=self.organisation_id, on=now.date()):
            note_owed(self.session, portion, now=now, ways=EVERY_WAY)

    def send(self, now: datetime) -> None:
        due = select(Message).where(Message.state == TaskState.PENDING, Message.due_at <= now).order_by(Message.id)
        for message in self.session.scalars(due).all():
            compose = compose_reminder if message.kind == REMINDER else compose_team_late
            found = compose(self.session, [message], now=now)
            if found.postponed_until is not None:
                message.due_at = found.postponed_until
                continue
            message.state = TaskState.CANCELLED if found.content is None else TaskState.DONE
            if found.content is not None:
                assert is_open(now)
                self.sent.setdefault(message.person_id, []).append((now.date(), message.kind, found.content.subject))
        self.session.flush()


def finish(session: Session, person: Person, course_id: int, version_id: int, on: date) -> None:
    record_completion(
        session,
        person_id=person.id,
        course_id=course_id,
        cycle=1,
        course_version_id=version_id,
        now=datetime.combine(on, datetime.min.time(), LOCAL).replace(hour=6, minute=30),
    )


def a_team(session: Session, unit: Unit) -> tuple[Person, dict[str, Person]]:
    """A manager, and people of whom one leaves, one is on leave for a while and one has no email address."""
    boss = give_address(session, a_person(session, unit, "Boss"), "boss@halton.example")
    job = job_of(session, boss).id
    names = ("never", "finisher", "leaver", "returner", "paper")
    people = {name: a_person(session, unit, name, manager_id=job) for name in names}
    for name, person in people.items():
        give_address(session, person, None if name == "paper" else f"{name}@halton.example")
    change_job(session, job_of(session, people["returner"]), date(2027, 2, 15), away="long-leave")
    change_job(session, job_of(session, people["returner"]), date(2027, 6, 1), away=None)
    change_job(session, job_of(session, people["leaver"]), date(2027, 4, 1), held=False)
    return boss, people


def test_a_year_in_which_nobody_is_reminded_twice_or_in_vain(session: Session) -> None:
    halton: Organisation = an_organisation(session)
    unit = a_unit(session, halton)
    course = a_course(session)
    boss, people = a_team(session, unit)
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id],
        account_id=None,
        now=BEGIN,
        asking=Asking(due=DueRule(day=DUE)),
    )
    finish(session, boss, course.course_id, course.version_id, date(2027, 1, 5))
    year = Year(session, halton.id)
    year.play(date(2027, 3, 22), BEGIN.date())
    year.note(
        datetime(2027, 3, 22, 5, tzinfo=UTC)
    )  # noted at five, finished at half past six, looked at again at seven
    finish(session, people["finisher"], course.course_id, course.version_id, date(2027, 3, 22))
    year.play(date(2028, 1, 3), date(2027, 3, 22))

    days = {name: [day for day, _, _ in year.sent.get(person.id, [])] for name, person in people.items()}
    # The outage swallows the first week past the date; the second comes on its day.
    assert days["never"] == [
        date(2027, 2, 26),
        date(2027, 3, 15),
        date(2027, 3, 22),
        date(2027, 3, 25),
        date(2027, 4, 5),
        date(2027, 4, 19),
        date(2027, 4, 26),
    ]
    assert days["finisher"] == [date(2027, 2, 26), date(2027, 3, 15)]
    assert all(day < date(2027, 4, 1) for day in days["leaver"])
    assert all(day >= date(2027, 6, 1) for day in days["returner"])
    assert days["returner"]
    assert days["paper"] == []
    assert [kind for _, kind, _ in year.sent[boss.id]] == ["team-late"] * len(year.sent[boss.id])
    rows = session.scalars(select(Reminder)).all()
    counts = Counter((row.person_id, row.step, row.due_on) for row in rows)
    assert set(counts.values()) == {1}
    reasons = {row.reason for row in rows if row.person_id == people["paper"].id and row.step.value != "manager"}
    assert reasons == {"no-address"}
    assert {row.reason for row in rows if row.person_id == people["finisher"].id} == {None, "finished"}
    for sent in year.sent.values():
        assert len({day for day, _, _ in sent}) == len(sent)


def test_two_authorities_make_one_message_of_a_day(session: Session) -> None:
    halton, wirral = an_organisation(session), an_organisation(session, "wirral", "Wirral Council")
    person = give_address(session, a_person(session, a_unit(session, halton)))
    an_employment(session, person, a_unit(session, wirral))
    course = a_course(session)
    require_course(
        session,
        course_id=course.course_id,
        organisation_ids=[halton.id, wirral.id],
        account_id=None,
        now=BEGIN,
        due_on=date(2027, 2, 10),
    )
    for one in (halton, wirral):
        for portion in owed_on(session, organisation_id=one.id, on=date(2027, 2, 3)):
            note_owed(session, portion, now=datetime(2027, 2, 3, 5, 30, tzinfo=UTC), ways=EVERY_WAY)
    (message,) = session.scalars(select(Message)).all()
    found = compose_reminder(session, [message], now=datetime(2027, 2, 3, 8, tzinfo=UTC))
    assert found.content is not None
    assert found.content.subject == "Test course: finish by 10 February 2027"
    assert found.content.why.startswith("You get this message because Halton Borough Council asks everybody to finish")


def a_year_of_one_who_is_valid(session: Session) -> tuple[Year, Person, int]:
    """Somebody who finished on 20 January 2027 what is valid for a year, and can be taken again 60 days before."""
    halton = an_organisation(session)
    person = give_address(session, a_person(session, a_unit(session, halton)))
    course = a_course(session)
    rule = PeriodRule(Lasts.MONTHS, months=12, opens_days=60)
    asking = Asking(due=DueRule(day=DUE), period=rule)
    require_course(
        session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=BEGIN, asking=asking
    )
    finish(session, person, course.course_id, course.version_id, date(2027, 1, 20))
    return Year(session, halton.id), person, course.course_id


def test_whoever_is_valid_hears_of_the_end_in_time_and_is_not_called_unfinished(session: Session) -> None:
    year, person, _ = a_year_of_one_who_is_valid(session)
    year.play(date(2028, 2, 2), date(2027, 1, 21))
    subjects = [(day, words) for day, _, words in year.sent[person.id]]
    assert all(day >= date(2027, 12, 1) for day, _ in subjects)
    assert subjects[0][1] == "Test course: take it again by 20 January 2028"
    assert subjects[-1][1] == "Test course: was to be finished by 20 January 2028"


def test_whoever_is_valid_and_exempt_hears_nothing_and_has_finished(session: Session) -> None:
    year, person, course_id = a_year_of_one_who_is_valid(session)
    first = datetime(2027, 12, 1, 9, tzinfo=UTC)
    exemption = NewExemption(
        person_id=person.id,
        organisation_id=year.organisation_id,
        course_id=course_id,
        reason=ExemptionReason.EQUAL_TRAINING,
        evidence="Seen",
        starts_on=first.date(),
        ends_on=date(2028, 2, 28),
    )
    give_exemption(session, exemption, by=None, now=first)
    year.play(date(2028, 2, 2), first.date())
    assert year.sent == {}
    told = explain(session, person_id=person.id, course_id=course_id, on=date(2028, 1, 10))
    assert (told.state, told.due_on) == (Standing.FINISHED, None)
    assert explain(session, person_id=person.id, course_id=course_id, on=date(2028, 1, 25)).state is Standing.EXEMPT
