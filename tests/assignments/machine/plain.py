"""How somebody stands with one course, worked out day by day from lists of facts. Nothing here is the product’s.

Slow and plain on purpose: no spans, no SQL, no clock.
"""

from dataclasses import dataclass, field
from datetime import date

from tests.assignments.machine.plain_facts import (
    DAY,
    NOTICE,
    AskingSaid,
    Done,
    DueSaid,
    PeriodSaid,
    Person,
    Stand,
    by_rule,
    joined_on,
    months_after,
    with_leave,
)


@dataclass
class Plain:
    """What an authority asks of one thing, day by day, and its people. ``accepts`` is what it said of training from
    elsewhere, before somebody joined: all, none, or none that was so many months old then."""

    is_course = True
    where: str = ""
    accepts: list[tuple[date, tuple]] = field(default_factory=list)
    asked: list[tuple[date, AskingSaid | None]] = field(default_factory=list)
    rules: list[tuple[date, str]] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)

    def asking(self, day: date) -> AskingSaid | None:
        """What was asked at the end of a day."""
        return next((one for since, one in reversed(self.asked) if since <= day), None)

    def is_asked(self, person: Person, day: date) -> bool:
        """Whether it was asked of somebody at the end of a day, exempt or not."""
        asking, there = self.asking(day), person.job.on(day)
        if asking is None or there is None:
            return False
        return not asking.audience or self._fits(person, there, day)

    def _fits(self, person: Person, there: dict[str, object], day: date) -> bool:
        rule = next(one for since, one in reversed(self.rules) if since <= day)
        match rule.split():
            case ["grade", *grades]:
                return there["grade"] in grades
            case ["unit", unit]:
                return there["unit"] == unit
            case ["not-unit", unit]:
                return there["unit"] != unit
            case ["done-before"]:
                return bool(person.days_done("before", day))
        raise AssertionError(rule)

    def asked_since(self, person: Person, on: date) -> date:
        """Since when without a day between, and without being withdrawn between."""
        series, day = self.asking(on), on
        while True:
            before = self.asking(day - DAY)
            if before is None or series is None or before.series != series.series:
                return day
            if not self.is_asked(person, day - DAY):
                return day
            day -= DAY

    def counted(self, person: Person, course: str, on: date) -> list[date]:
        """The days on which somebody completed a course, as far as that counts here on a day."""
        return sorted(
            one.on
            for one in person.done
            if one.course == course and not one.is_none and one.on <= on and not self._refuses(person, one, on)
        )

    def _refuses(self, person: Person, done: Done, on: date) -> bool:
        joined = joined_on(person.job, on)
        said = next((one for since, one in reversed(self.accepts) if since <= on), ("all",))
        if joined is None or done.where == self.where or done.on >= joined or said == ("all",):
            return False
        return said == ("none",) or months_after(done.on, said[1]) < joined

    def completed(self, person: Person, on: date) -> list[date]:
        """The days on which somebody completed what is asked: the course, or the shorter one where that was enough."""
        whole, asking = self.counted(person, "course", on), self.asking(on)
        if asking is None or asking.period == ("for-ever",):
            return whole
        found: list[date] = []
        for day in sorted({*whole, *self.counted(person, "short", on)}):
            enough = found and any(day <= months_after(found[-1], one) for one in self._refreshers(day))
            if day in whole or enough:
                found.append(day)
        return found

    def _refreshers(self, day: date) -> list[int]:
        """What was said of the shorter course at any moment of a day."""
        ends = [since for since, _ in self.asked[1:]] + [date.max]
        return [
            one.refresher
            for (since, one), until in zip(self.asked, ends, strict=True)
            if one is not None and one.refresher is not None and since <= day <= until
        ]

    def is_midway(self, *_: object) -> bool:
        """Whether something of it is done, and not all: nobody here ever begins without finishing."""
        return False

    def stand(self, name: str, on: date) -> Stand:
        """How somebody stood at the end of a day."""
        person = self.people[name]
        done = self.is_course and person.days_done("course", on)
        asking = self.asking(on)
        if asking is None or not self.is_asked(person, on):
            return Stand("finished" if done else "not-asked")
        period = self.period(person, on)
        if period is not None and (period[1] is None or on <= period[1]):
            due = self._due(person, asking, period, on)
            is_open = period[1] is not None and period[2] <= on
            has_date = is_open and not self.is_exempt(person, on)
            return Stand("finished", due[1] if has_date else None, due[2] if has_date else None, period[1])
        if self.is_exempt(person, on):
            return Stand("exempt", valid_until=period[1] if period else None)
        state, due_on, last = self._due(person, asking, period, on)
        return Stand(state, due_on, last, period[1] if period else None)

    def is_exempt(self, person: Person, on: date) -> bool:
        return any(first <= on <= last for first, last, *_ in person.exempt)

    def _due(
        self, person: Person, asking: AskingSaid, period: tuple | None, on: date
    ) -> tuple[str, date | None, date | None]:
        since = self.asked_since(person, on)
        usual = self._usual(person, asking.due, since, on)
        if period is not None and period[1] is not None and period[1] >= since:
            since, usual = max(since, period[2]), period[1]
        elif asking.due[0] == "completed" and usual is None:
            return "waiting", None, None
        if usual is None:
            return "no-date", None, None
        dates = [(since, usual), *((given, until) for given, until in person.more_time if given <= on)]
        moved = [with_leave(person.job, begins, ends, on) for begins, ends in dates]
        if None in moved:
            return "away", None, None
        due_on = max(one for one in moved if one is not None)
        last = due_on + asking.grace * DAY
        return ("late" if last < on else "due"), due_on, last

    def _usual(self, person: Person, due: DueSaid, since: date, on: date) -> date | None:
        match due:
            case ["never"]:
                return None
            case ["day", day]:
                return day
            case ["asked", days]:
                return since + days * DAY
            case ["employment", months]:
                return months_after(self._back(person, on, None), months)
            case ["role", days]:
                return self._back(person, on, "title") + days * DAY
            case ["completed", days]:
                done = self.counted(person, "before", on)
                return done[0] + days * DAY if done else None
        raise AssertionError(due)

    def _back(self, person: Person, on: date, same: str | None) -> date:
        """The first day of a job, or of what is the same of it, without a day between."""
        day, there = on, person.job.on(on)
        assert there is not None
        while (before := person.job.on(day - DAY)) is not None and (same is None or before[same] == there[same]):
            day -= DAY
        return day

    def period(self, person: Person, on: date) -> tuple[date, date | None, date] | None:
        """The newest period at the end of a day: completed, valid until, opens. ``None`` before there is any."""
        asking, done = self.asking(on), self.completed(person, on)
        if not done or asking is None:
            return None
        if asking.period == ("for-ever",):
            return done[0], None, done[0]
        return self._newest(done, on)

    def _newest(self, done: list[date], known_on: date) -> tuple[date, date | None, date] | None:
        best: tuple[date, date | None, date] | None = None
        for place, day in enumerate(done):
            held = self._counted(done[:place], day)
            ends, opens, _ = self._ends(day, held, known_on)
            if best is None or (best[1] is not None and (ends is None or ends > best[1])):
                best = day, ends, max(ends - opens * DAY, day) if ends else day
        return best

    def _counted(self, done: list[date], on: date) -> tuple | None:
        """The period that was held on a day: its end, when it opened, and from where its months were counted."""
        best: tuple | None = None
        for place, day in enumerate(done):
            ends, opens, counted = self._ends(day, self._counted(done[:place], day), on)
            if best is None or (best[0] is not None and (ends is None or ends > best[0])):
                best = ends, max(ends - opens * DAY, day) if ends else day, counted
        return best

    def _ends(self, done: date, held: tuple | None, known_on: date) -> tuple[date | None, int, tuple[date, int]]:
        """When a completion ends, as it was promised day after day up to the day on which that is known."""
        first = min(since for since, _ in self.asked)
        ends: date | None = None
        promised, opens, counted, has_begun = date.min, 0, (done, 0), False
        last: PeriodSaid | None = None
        day = max(first, done)
        while day <= known_on:
            asking = self.asking(day)
            said = asking.period if asking else None
            if said is not None and (said != last or not has_begun):
                if said == ("for-ever",):
                    ends = None
                else:
                    by_this, from_there, opens = by_rule(said, done, held)
                    notice = day + max(NOTICE, opens) * DAY if ends is None and has_begun else date.min
                    ends = max(by_this, promised, notice)
                    counted = from_there if ends == by_this else (ends, 0)
                    promised = ends
                has_begun, last = True, said
            day += DAY
        return ends, opens, counted
