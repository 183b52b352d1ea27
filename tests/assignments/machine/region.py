"""Two authorities in the database and beside it: what each asks of a course, and one of a programme too.

Each fact is kept with the moment at which it was stated, so that all of them can arrive again in any other order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy.orm import Session

from assignments.audiences.rules import HasCompleted, InUnit, Not, OnGrade, Rule
from assignments.audiences.saved import add_audience, approve_rule, propose_rule
from assignments.programmes.making import Draft, change_programme
from assignments.programmes.refreshers import Refresher
from assignments.requirement_changes import change_asking, get_requirement, withdraw_requirement
from assignments.requirements import Asking, require_course
from courses.acceptance.rules import Accepts, NewRule, set_rule
from courses.catalogue.programmes import programmes_of
from kernel.clock import LOCAL
from kernel.errors import RuleBroken
from people.jobs.employment import Employment
from people.organisations import Organisation, Unit
from tests.assignments.machine.agreement import NAMES
from tests.assignments.machine.plain import Plain
from tests.assignments.machine.plain_facts import AskingSaid, Done, Job, Person
from tests.assignments.machine.plain_programme import PlainProgramme, Steps
from tests.assignments.machine.said import due_rule, period_rule
from tests.builders.programmes import a_programme, another_course
from tests.builders.region import a_person, a_unit, an_employment, an_organisation

DAY = timedelta(days=1)
PLACES = ("halton", "wirral")
COURSES = {"course": "Course", "short": "Shorter course", "before": "Before", "law": "Law"}
THINGS = (("halton", "course"), ("wirral", "course"), ("halton", "programme"))
FIRST_STEPS: Steps = (("course", "short"), ("law",))


@dataclass(frozen=True)
class Thing:
    """A course or a programme by its id."""

    course_id: int


@dataclass
class View:
    """One thing that one authority asks for, as the checks of a day read it."""

    region: "Region"
    place: str
    course: Thing
    plain: Plain

    @property
    def session(self) -> Session:
        return self.region.session

    @property
    def today(self) -> date:
        return self.region.today

    @property
    def ids(self) -> dict[str, int]:
        return self.region.ids

    @property
    def organisation(self) -> Organisation:
        return self.region.organisations[self.place]


@dataclass
class Region:
    """Halton and Wirral with a unit each for North and South, and three people who work for Halton at first."""

    session: Session
    today: date
    name: str = ""
    seconds: int = 0
    # By the id of the first time, that of the replay.
    completions: dict[int, int] = field(default_factory=dict)
    exemptions: dict[int, int] = field(default_factory=dict)
    streams: dict[tuple[object, ...], list[Callable[["Region"], None]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session, self.begun_on, self.first = self.session, self.today, self.today - 400 * DAY
        self.courses = {
            key: another_course(session, self.name + key[:2].upper(), title) for key, title in COURSES.items()
        }
        self.organisations = {one: an_organisation(session, one + self.name.lower(), one) for one in PLACES}
        self.units: dict[tuple[str, str], Unit] = {
            (place, unit): a_unit(session, self.organisations[place], unit)
            for place in PLACES
            for unit in ("North", "South")
        }
        made_at = self.at(time(8)) - 9 * DAY
        made = a_programme(session, self.organisations["halton"], *self._steps(FIRST_STEPS), at=made_at)
        self.things = {"course": Thing(self.courses["course"]), "programme": Thing(made)}
        self.jobs: dict[tuple[str, str], Employment] = {}
        self.ids: dict[str, int] = {}
        plain_jobs = {(place, who): self._employed(place, who) for who in NAMES for place in PLACES}
        done: dict[str, list[Done]] = {who: [] for who in NAMES}
        accepts: dict[str, list[tuple[date, tuple]]] = {place: [] for place in PLACES}
        self.views: dict[tuple[str, str], View] = {}
        for place, thing in THINGS:
            kind = PlainProgramme if thing == "programme" else Plain
            plain = kind(
                place, accepts[place], people={who: Person(plain_jobs[place, who], done[who]) for who in NAMES}
            )
            self.views[place, thing] = View(self, place, self.things[thing], plain)
        self.programme.versions = [(self.today - 9 * DAY, FIRST_STEPS)]
        self.audiences = {place: self._audience(place) for place in PLACES}
        self.series = 0

    def _employed(self, place: str, who: str) -> Job:
        """A job at Halton, and one at Wirral that lasted for a day."""
        unit = self.units[place, "North"]
        last = {} if place == "halton" else {"ends_on": self.first, "is_main": False}
        if who not in self.ids:
            self.ids[who] = a_person(self.session, None, who).id
        of = _Named(self.ids[who])
        self.jobs[place, who] = an_employment(self.session, of, unit, starts_on=self.first, **last)  # type: ignore[arg-type]
        job = Job(self.first)
        job.say(self.first, 0, {"held": True, "unit": "North", "grade": "G5", "title": "Officer", "away": None})
        if last:
            job.say(self.first + DAY, 0, {"held": False})
        return job

    def _audience(self, place: str) -> int:
        organisation_id, rule = self.organisations[place].id, OnGrade(("G5",))
        for view in self.of(place):
            view.plain.rules.append((self.today, "grade G5"))
        return add_audience(
            self.session,
            organisation_id=organisation_id,
            name="Some",
            rule=rule,
            account_id=None,
            now=self.at(time(8)),
        )

    @property
    def programme(self) -> PlainProgramme:
        found = self.views["halton", "programme"].plain
        assert isinstance(found, PlainProgramme)
        return found

    def of(self, place: str) -> list[View]:
        """What an authority asks for."""
        return [view for (where, _), view in self.views.items() if where == place]

    def at(self, hour: time) -> datetime:
        """A moment of today, each later than the one before of that hour."""
        self.seconds += 1
        return datetime.combine(self.today, hour, LOCAL) + self.seconds * timedelta(milliseconds=1)

    def keep(self, stream: tuple[object, ...], act: Callable[["Region"], None]) -> None:
        """Keep for a replay what has happened."""
        self.streams.setdefault(stream, []).append(act)

    def happens(self, stream: tuple[object, ...], act: Callable[["Region"], None]) -> bool:
        """Do it, and keep it for a replay, unless the product refuses it."""
        try:
            with self.session.begin_nested():
                act(self)
        except RuleBroken:
            return False
        self.keep(stream, act)
        return True

    def arrive_again(self, random: Random, name: str) -> "Region":
        """The same facts in another order: of one stream as they came, of several in any order."""
        found = Region(self.session, self.begun_on, name)
        left = {key: list(acts) for key, acts in self.streams.items()}
        while left:
            key = random.choice(list(left))
            left[key].pop(0)(found)
            left = {one: acts for one, acts in left.items() if acts}
        return found

    # What is asked

    def ask_for(self, key: tuple[str, str], said: AskingSaid, now: datetime) -> None:
        plain = self.views[key].plain
        held = plain.asking(self.today)
        if held is None:
            self.series += 1
        said = AskingSaid(held.series if held else self.series, *list(vars(said).values())[1:])

        def act(region: Region) -> None:
            view, asking = region.views[key], region._asking(key[0], said)
            of = {"account_id": None, "now": now, "asking": asking}
            if held is None:
                require_course(
                    region.session, course_id=view.course.course_id, organisation_ids=[view.organisation.id], **of
                )
            else:
                change_asking(region.session, requirement_id=region._held(key), **of)

        if self.happens(("asked", *key), act):
            plain.asked.append((self.today, said))

    def withdraw(self, key: tuple[str, str], now: datetime) -> None:
        plain = self.views[key].plain
        if plain.asking(self.today) is None:
            return

        def act(region: Region) -> None:
            withdraw_requirement(region.session, requirement_id=region._held(key), account_id=None, now=now)

        if self.happens(("asked", *key), act):
            plain.asked.append((self.today, None))

    def change_rule(self, place: str, said: str, now: datetime) -> None:
        def act(region: Region) -> None:
            rule = region._rule(place, said)
            version = propose_rule(
                region.session, audience_id=region.audiences[place], rule=rule, account_id=None, now=now
            )
            approve_rule(region.session, version_id=version.id, account_id=None, now=now)

        self.happens(("rule", place), act)
        for view in self.of(place):
            view.plain.rules.append((self.today, said))

    def change_steps(self, steps: Steps, now: datetime) -> None:
        if steps == self.programme.versions[-1][1]:
            return

        def act(region: Region) -> None:
            (held,) = programmes_of(region.session, region.organisations["halton"].id)
            of = {"programme_id": held.programme_id, "organisation_id": region.organisations["halton"].id}
            draft = Draft(held.name, region._steps(steps))
            change_programme(region.session, draft, seen=held.number, by=None, now=now, **of)

        # A programme knows by moments whether it was asked when it changed, whichever of the two arrived first.
        if self.happens(("steps",), act):
            self.programme.change_steps(self.today, steps)

    def accept(self, place: str, said: tuple, now: datetime) -> bool:
        accepts = {"all": Accepts.ALL, "none": Accepts.NONE, "no-older-than": Accepts.NO_OLDER}[said[0]]
        months, today = (said[1] if len(said) > 1 else None), self.today

        def act(region: Region) -> None:
            rule = NewRule(region.organisations[place].id, None, accepts, months, today)
            set_rule(region.session, rule, by=None, now=now)

        has_changed = self.happens(("accepts", place), act)
        if has_changed:
            self.views[place, "course"].plain.accepts.append((self.today, said))
        return has_changed

    def _held(self, key: tuple[str, str]) -> int:
        view = self.views[key]
        return get_requirement(self.session, course_id=view.course.course_id, organisation_id=view.organisation.id).id

    def _asking(self, place: str, said: AskingSaid) -> Asking:
        due = due_rule(said.due, said.grace, self.courses["before"])
        refresher = Refresher(self.courses["short"], said.refresher) if said.refresher else None
        return Asking(self.audiences[place] if said.audience else None, due, period_rule(said.period), refresher)

    def _rule(self, place: str, said: str) -> Rule:
        match said.split():
            case ["grade", *grades]:
                return OnGrade(tuple(grades))
            case ["unit", unit]:
                return InUnit(self.units[place, unit].id)
            case ["not-unit", unit]:
                return Not(InUnit(self.units[place, unit].id))
        return HasCompleted(self.courses["before"])

    def _steps(self, said: Steps) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(self.courses[one] for one in step) for step in said)


@dataclass(frozen=True)
class _Named:
    id: int
