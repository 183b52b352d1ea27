"""The authority that is played: its units, its people, and the seven things that it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, islice
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assignments.audiences.rules import InUnit
from assignments.audiences.saved import add_audience
from assignments.due.rules import DueRule, Measure, Since
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom
from assignments.requirements import Asking, require_course
from bench.asked.played.judge import Judge, Thing
from bench.asked.region import programme_of, published
from kernel.database import table_of
from people.jobs.changes import ChangeOrigin
from people.jobs.values import Terms
from people.jobs.writing import NewJob, Source, add_jobs
from people.organisations import Organisation, Unit, UnitKind
from people.persons import Person

AT_ONCE = 2_000
_GRADES = ("G5", "G6", "G7")
_slugs = count(1)


@dataclass(frozen=True)
class Authority:
    """``jobs`` is the job of each person; ``versions`` the version of each course that can be completed."""

    organisation_id: int
    units: tuple[int, ...]
    versions: dict[int, int]
    jobs: dict[int, int]
    judge: Judge


def an_authority(session: Session, people: int, *, now: datetime, random: Random) -> Authority:
    """One with so many people, all of whom work there from before the year on; nothing is committed."""
    organisation = Organisation(slug=f"played-{next(_slugs)}", name="A played authority")
    session.add(organisation)
    session.flush()
    units = [
        Unit(organisation_id=organisation.id, kind=UnitKind.DIRECTORATE, name=f"Unit {place}", path=f"Unit {place}")
        for place in range(8)
    ]
    session.add_all(units)
    session.flush()
    unit_ids = tuple(one.id for one in units)
    versions = dict(published(session, f"{organisation.slug}-{place}", now) for place in range(6))
    jobs = _employ(session, organisation.id, unit_ids, people, now=now, random=random)
    things = _ask(session, organisation.id, unit_ids, list(versions), now)
    judge = Judge(things, working=set(jobs))
    return Authority(organisation.id, unit_ids, versions, jobs, judge)


def _employ(
    session: Session, organisation_id: int, units: Sequence[int], people: int, *, now: datetime, random: Random
) -> dict[int, int]:
    found: dict[int, int] = {}
    numbers = iter(range(people))
    while some := list(islice(numbers, AT_ONCE)):
        first = session.scalar(select(Person.id).order_by(Person.id.desc()).limit(1)) or 0
        rows = [
            {"chosen_name": f"Person {place}", "created_at": now, "email": f"p{organisation_id}-{place}@played.example"}
            for place in some
        ]
        session.execute(insert(table_of(Person)), rows)
        ids = session.scalars(select(Person.id).where(Person.id > first).order_by(Person.id)).all()
        jobs = [
            NewJob(
                key,
                organisation_id,
                f"Y{key:07}",
                date(2020 + random.randrange(8), 1 + random.randrange(8), 1),
                Terms(random.choice(units), job_title="Officer", grade=random.choice(_GRADES)),
            )
            for key in ids
        ]
        made = add_jobs(session, jobs, source=Source(ChangeOrigin.DEMO), now=now)
        found |= dict(zip(ids, made, strict=True))
    return found


def _ask(
    session: Session, organisation_id: int, units: Sequence[int], courses: Sequence[int], now: datetime
) -> dict[int, Thing]:
    """By a day, also on Easter Monday and 29 February; for a time; after the start; of one unit; and in steps."""
    a, b, c, d, e, f = courses
    programme = programme_of(session, organisation_id, ((a, b), (c,)), now)
    rule = InUnit(units[0])
    audience = add_audience(
        session, organisation_id=organisation_id, name="Unit 0", rule=rule, account_id=None, now=now
    )
    year = PeriodRule(Lasts.MONTHS, 12, opens_days=60)
    half = PeriodRule(Lasts.MONTHS, 6, opens_days=30, runs_from=RunsFrom.OLD_END)
    asked = {
        a: (Asking(due=DueRule(day=date(2027, 12, 17))), Thing(((a,),))),
        b: (Asking(due=DueRule(day=date(2028, 4, 17))), Thing(((b,),))),
        c: (Asking(due=DueRule(day=date(2027, 11, 30)), period=year), Thing(((c,),), 12, 60)),
        d: (Asking(due=DueRule(day=date(2027, 10, 29)), period=half), Thing(((d,),), 6, 30)),
        e: (
            Asking(due=DueRule(since=Since.EMPLOYMENT, count=3, measure=Measure.MONTHS, at_least_days=200)),
            Thing(((e,),)),
        ),
        f: (Asking(audience, DueRule(since=Since.ASKED, count=20, measure=Measure.WORKING_DAYS)), Thing(((f,),))),
        programme: (Asking(due=DueRule(day=date(2028, 2, 29), grace_days=3)), Thing(((a, b), (c,)))),
    }
    for key, (asking, _) in asked.items():
        whom = [organisation_id]
        require_course(session, course_id=key, organisation_ids=whom, account_id=None, now=now, asking=asking)
    return {key: thing for key, (_, thing) in asked.items()}
