"""The days: a feed each Monday, completions before and after breakfast, reminders noted twice and sent at eight."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from assignments.due.calendar import is_working_day
from assignments.reminders.noting import REMINDER, note_owed
from assignments.reminders.owed import owed_on
from assignments.reminders.record import Reminder
from assignments.reminders.steps import Step
from assignments.reminders.telling import compose_reminder
from bench.asked.played.authority import Authority
from courses.records.completion import Completion, CompletionSource
from kernel.clock import LOCAL
from kernel.database import table_of
from kernel.tasks.kinds import TaskState
from messages.ledger import Message
from messages.ways import Ways
from people.jobs.absences import AbsenceKind
from people.jobs.changes import ChangeOrigin
from people.jobs.writing import NewChange, Source, record_changes

DAY = timedelta(days=1)
FIRST, AFTER = date(2027, 9, 1), date(2028, 9, 1)
# A third of the people get another unit in one night.
REORGANISED_ON = date(2028, 4, 3)


@dataclass
class Year:
    """A year of one authority. ``compose_each`` says that each so many-th message is composed as it is sent; the others
    only leave. ``keep`` is called where a worker would commit."""

    session: Session
    authority: Authority
    random: Random
    compose_each: int = 1
    keep: Callable[[], object] = lambda: None
    noted: int = 0
    sent: int = 0
    composed: int = 0
    not_needed: int = 0

    def play(self, since: date = FIRST, until: date = AFTER) -> None:
        """Each day in its turn."""
        self.cycles: defaultdict[tuple[int, int], int] = defaultdict(int)
        day = since
        while day < until:
            if is_working_day(day):
                for _ in range(2):  # as after a crash
                    self._note(day)
                self._complete(_at(day, time(6, 30)), share=0.004)
            if day.weekday() == 0:
                self._feed(day)
            if day == REORGANISED_ON:
                self._reorganise(day)
            self._send(day)
            self._complete(_at(day, time(16)), share=0.004)
            self.keep()
            day += DAY

    def _note(self, day: date) -> None:
        judge = self.authority.judge
        for portion in owed_on(self.session, organisation_id=self.authority.organisation_id, on=day):
            self.noted += note_owed(
                self.session, portion, now=_at(day, time(5, 30)), ways=Ways(sends_mail=True, sends_texts=False)
            )
            for one in portion:
                judge.noted(one.person_id, one.course_id, one.step.value, one.due_on, day)

    def _complete(self, now: datetime, *, share: float) -> None:
        """A few people complete a course; the same every day, so that nearly all have by the end."""
        people, versions = list(self.authority.jobs), list(self.authority.versions.items())
        rows = []
        for _ in range(round(len(people) * share * len(versions)) or 1):
            person_id, (course_id, version_id) = self.random.choice(people), self.random.choice(versions)
            self.cycles[person_id, course_id] += 1
            rows.append(
                {
                    "person_id": person_id,
                    "course_id": course_id,
                    "cycle": self.cycles[person_id, course_id],
                    "course_version_id": version_id,
                    "organisation_id": self.authority.organisation_id,
                    "unit_path": "",
                    "grade": "",
                    "completed_at": now,
                    "source": CompletionSource.PLATFORM,
                }
            )
            self.authority.judge.done[person_id][course_id].append(now.date())
        self.session.execute(insert(table_of(Completion)), rows)

    def _feed(self, day: date) -> None:
        """Some leave, some return, some go on long leave and come back, and some move to another unit or grade."""
        judge, jobs = self.authority.judge, self.authority.jobs
        gone, here = sorted(jobs.keys() - judge.working), sorted(judge.working - judge.away)
        plan: tuple[tuple[list[int], dict[str, object], Callable[[int], None]], ...] = (
            (self._some(here, 0.01), {"held": False}, judge.working.discard),
            (self._some(gone, 0.15), {"held": True}, judge.working.add),
            (self._some(here, 0.006), {"away": AbsenceKind.LONG_LEAVE}, judge.away.add),
            (self._some(sorted(judge.away), 0.15), {"away": None}, judge.away.discard),
            (self._some(here, 0.01), {"unit_id": self.random.choice(self.authority.units)}, _nothing),
        )
        changes: dict[tuple[int, str], NewChange] = {}
        for people, values, follow in plan:
            for person_id in people:
                changes[jobs[person_id], next(iter(values))] = NewChange(jobs[person_id], day, values)
                follow(person_id)
        record_changes(
            self.session, list(changes.values()), source=Source(ChangeOrigin.FEED, None), now=_at(day, time(7))
        )

    def _some(self, people: list[int], share: float) -> list[int]:
        whole = len(people) * share
        count = int(whole) + (self.random.random() < whole - int(whole))
        return self.random.sample(people, min(count, len(people)))

    def _reorganise(self, day: date) -> None:
        people = self._some(sorted(self.authority.judge.working), 1 / 3)
        units = self.authority.units
        changes = [NewChange(self.authority.jobs[one], day, {"unit_id": self.random.choice(units)}) for one in people]
        for first in range(0, len(changes), 500):
            some = changes[first : first + 500]
            record_changes(self.session, some, source=Source(ChangeOrigin.HAND, None), now=_at(day, time(7, 30)))

    def _send(self, day: date) -> None:
        """What is due leaves at eight, when each message is looked at again."""
        now = _at(day, time(8))
        due = (Message.kind == REMINDER, Message.state == TaskState.PENDING, Message.due_at <= now)
        waiting = self.session.scalars(select(Message).where(*due).order_by(Message.id)).all()
        for place, message in enumerate(waiting):
            if place % self.compose_each:
                continue
            keys = list(self._keys(message))
            found = compose_reminder(self.session, [message], now=now)
            self.composed += 1
            if found.content is None:
                self.not_needed += 1
            else:
                self.authority.judge.sent(message.person_id, keys, day)
        self.session.flush()
        self.sent += len(waiting)
        self.session.execute(update(Message).where(*due).values(state=TaskState.DONE, sent_at=now))
        self.session.expire_all()

    def _keys(self, message: Message) -> Iterator[int]:
        rows = select(Reminder.course_id).where(
            Reminder.person_id == message.person_id,
            Reminder.digest_on == date.fromisoformat(message.step),
            Reminder.step != Step.MANAGER,
        )
        yield from self.session.scalars(rows)


def _nothing(_: int) -> None:
    """Whoever moves works here as before."""


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, LOCAL)
