"""The demo's people and their jobs: most simply work; some have left, are away or have two jobs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from demo.learning import Study
from demo.names import Addresses, NameSource
from demo.region import Team
from people.jobs.terms import EmploymentKind

WORK_FILE = Path(__file__).parent / "work.yaml"

_TWO_JOBS = 0.02
_SECOND_JOB_ELSEWHERE = 0.3
# Work that takes on people for a season or a shift.
_CASUAL_WORK = {"catering", "crew", "leisure", "culture", "care"}


@dataclass
class Job:
    """An employment before it is stored."""

    team: Team
    payroll_number: str
    title: str
    grade: str
    starts_on: date
    kind: EmploymentKind = EmploymentKind.EMPLOYEE
    is_main: bool = True
    ends_on: date | None = None
    away_from: date | None = None
    away_until: date | None = None

    def is_at_work(self, on: date) -> bool:
        """An employee or casual worker who is there. The figures go by ``people.counting``, not by this."""
        is_away = self.away_from is not None and self.away_from <= on and (self.away_until or on) >= on
        is_current = self.starts_on <= on and (self.ends_on or on) >= on
        return is_current and not is_away and self.kind in (EmploymentKind.EMPLOYEE, EmploymentKind.CASUAL)


@dataclass(eq=False)
class Person:
    """Somebody before they are stored; ``id`` is known afterwards."""

    name: str
    email: str | None
    jobs: list[Job]
    completed_at: datetime | None = None
    study: Study | None = None
    id: int = 0

    @property
    def job(self) -> Job:
        """The main job."""
        return self.jobs[0]

    @property
    def work_mobile(self) -> str | None:
        """The number of the work phone that two in five have who have no address, such as drivers of a depot.

        Ofcom keeps these thousand numbers free for stories: nobody ever gets a text.
        """
        digits = "".join(filter(str.isdigit, self.job.payroll_number))
        has_phone = self.email is None and int(digits) % 5 < 2
        return f"+447700900{int(digits) % 1000:03d}" if has_phone else None


@dataclass
class Workforce:
    """Makes people; one for a whole region, so that payroll numbers and addresses stay unique."""

    random: Random
    today: date
    names: NameSource = field(init=False)

    def __post_init__(self) -> None:
        self.names = NameSource(self.random)
        self._addresses = Addresses()
        self._payroll: dict[str, int] = {}
        self._work: dict[str, Any] = yaml.safe_load(WORK_FILE.read_text(encoding="utf-8"))

    def people_in(self, teams: Sequence[Team]) -> list[Person]:
        """Somebody for every place in these teams; one in fifty of them with a second job."""
        people = [self._person(team, is_lead=place == 0) for team in teams for place in range(team.size)]
        self._add_second_jobs(people, [team for team in teams if team.work])
        return people

    def rename(self, person: Person, name: str) -> None:
        """Give somebody another name, and an address that fits it."""
        person.name = name
        person.email = self._address(person.job, name)

    def _person(self, team: Team, *, is_lead: bool) -> Person:
        name = self.names.draw(team.authority.mix)
        job = self._job(team, is_lead=is_lead) if team.work else self._seat(team)
        if team.work and not is_lead:
            self._vary(job)
        has_address = not team.work or is_lead or self.random.random() * 100 < self._work[team.work]["desk"]
        return Person(name, self._address(job, name) if has_address else None, [job])

    def _address(self, job: Job, name: str) -> str:
        domain = job.team.authority.domain
        return self._addresses.address(name, payroll_number=job.payroll_number, domain=domain)

    def _payroll_number(self, team: Team) -> str:
        prefix = team.authority.payroll
        self._payroll[prefix] = self._payroll.get(prefix, 100_000) + self.random.randint(1, 9)
        return f"{prefix}{self._payroll[prefix]}"

    def _job(self, team: Team, *, is_lead: bool) -> Job:
        titles = self._work[team.work]["titles"]
        title, lowest, highest = titles[0] if is_lead else self.random.choice(titles[1:])
        step = self.random.randint(lowest, highest)
        return Job(
            team=team,
            payroll_number=self._payroll_number(team),
            title=title,
            grade=team.authority.grade_at(step),
            starts_on=self.today - timedelta(days=self._days_here()),
        )

    def _seat(self, team: Team) -> Job:
        elections = date(self.today.year - self.random.randint(1, 12), 5, 6)
        seat = Job(team, self._payroll_number(team), "Councillor", "Member", elections)
        seat.kind = EmploymentKind.ELECTED_MEMBER
        return seat

    def _days_here(self) -> int:
        return min(14_000, 30 + round(self.random.expovariate(1 / 2600)))

    def _days_ago(self, fewest: int, most: int) -> date:
        return self.today - timedelta(days=self.random.randint(fewest, most))

    def _vary(self, job: Job) -> None:
        """What happens in working lives, in about the shares of a large employer."""
        chance = self.random.random()
        if chance < 0.040:
            job.ends_on = self._days_ago(1, 420)
            job.starts_on = job.ends_on - timedelta(days=self._days_here())
        elif chance < 0.047:
            job.starts_on = self._days_ago(-60, -3)
        elif chance < 0.072:
            job.away_from = max(job.starts_on, self._days_ago(14, 300))
            job.away_until = self._days_ago(-200, -2) if self.random.random() < 0.6 else None
        elif chance < 0.082:
            job.away_until = max(job.starts_on, self._days_ago(20, 300))
            job.away_from = max(job.starts_on, job.away_until - timedelta(days=self.random.randint(30, 300)))
        elif chance < 0.097:
            job.kind = EmploymentKind.AGENCY
            job.starts_on = max(job.starts_on, self._days_ago(20, 500))
        elif chance < 0.200 and job.team.work in _CASUAL_WORK:
            job.kind = EmploymentKind.CASUAL

    def _add_second_jobs(self, people: Sequence[Person], teams: Sequence[Team]) -> None:
        at_work = [person for person in people if person.job.is_at_work(self.today)]
        for person in self.random.sample(at_work, min(len(at_work), round(len(people) * _TWO_JOBS))):
            home = person.job.team
            is_elsewhere = self.random.random() < _SECOND_JOB_ELSEWHERE
            others = [
                team for team in self.random.sample(teams, min(60, len(teams)))
                if team is not home and (team.authority is home.authority) is not is_elsewhere
            ]  # fmt: skip
            if others:
                second = self._job(others[0], is_lead=False)
                second.is_main = False
                person.jobs.append(second)
