"""The same for courses in steps: which steps held at which moment of a day, and what somebody has done since."""

from dataclasses import dataclass, field
from datetime import date

from tests.assignments.machine.plain import Plain
from tests.assignments.machine.plain_facts import Person

Steps = tuple[tuple[str, ...], ...]


@dataclass
class PlainProgramme(Plain):
    """What an authority asks of a programme. ``versions`` are its steps, each with the day on which it came."""

    is_course = False
    versions: list[tuple[date, Steps]] = field(default_factory=list)

    def change_steps(self, on: date, steps: Steps) -> None:
        """Others hold from now on; those that nobody was ever asked for never held."""
        if self.asked:
            self.versions.append((on, steps))
        else:
            self.versions = [(on, steps)]

    def completed(self, person: Person, on: date) -> list[date]:
        """Each day in its turn: what was done since the last time, and whether that is all of what held that day."""
        return self._played(person, on)[0]

    def courses_now(self, name: str, on: date) -> tuple[str, ...]:
        """By which courses the next step is done; none where nothing is to be done."""
        person = self.people[name]
        found, mine = self._played(person, on)
        period = self.period(person, on)
        is_over = bool(found) and (period is None or period[1] is None or period[2] > on)
        is_done = is_over or self.asking(on) is None
        return () if is_done else next((one for one in self._newest_steps(on) if not mine & set(one)), ())

    def is_midway(self, name: str, on: date) -> bool:
        """Whether a step is done this time, of those that hold."""
        mine = self._played(self.people[name], on)[1]
        return any(mine & set(step) for step in self._newest_steps(on))

    def _newest_steps(self, on: date) -> Steps:
        return next((steps for day, steps in reversed(self.versions) if day <= on), self.versions[0][1])

    def _played(self, person: Person, on: date) -> tuple[list[date], set[str]]:
        courses = {course for _, steps in self.versions for step in steps for course in step}
        done = {course: self.counted(person, course, on) for course in courses}
        days = {day for its in done.values() for day in its} | {day for day, _ in self.versions if day <= on}
        found: list[date] = []
        mine: set[str] = set()
        for day in sorted(days):
            mine |= {course for course, its in done.items() if day in its}
            if any(all(mine & set(step) for step in steps) for steps in self._held(day, on)):
                found.append(day)
                mine = set()
        return found, mine

    def _held(self, day: date, known_on: date) -> list[Steps]:
        """Every list of steps that held at some moment of a day; the first was there before."""
        known = [one for one in self.versions if one[0] <= known_on] or self.versions[:1]
        ends = [since for since, _ in known[1:]] + [date.max]
        return [
            steps
            for place, ((since, steps), until) in enumerate(zip(known, ends, strict=True))
            if (since <= day or place == 0) and day <= until
        ]
