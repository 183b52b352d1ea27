"""Who has finished the course, who is midway, and who has not begun."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from demo.learning import PROGRAMME_DAYS, Learner, completion_moment
from demo.people import Job, Person
from kernel.clock import local_day
from people.jobs.terms import EmploymentKind

# A share of those who are at work and have not finished; about 12 in 100 of everybody.
_MIDWAY = 0.30
_SETTLING_IN = timedelta(days=5)


def add_history(people: Iterable[Person], *, learner: Learner, random: Random, now: datetime) -> None:
    """Give each person their past with the course, as likely as their team and their job make it."""
    today = local_day(now)
    for person in people:
        job = person.job
        if random.random() < _chance(job, today):
            person.completed_at = completion_moment(
                random, earliest=_first_day(job, today), latest=_last_day(job, today)
            )
        elif job.is_at_work(today) and random.random() < _MIDWAY:
            person.study = learner.study(earliest=job.starts_on, now=now)


def _chance(job: Job, today: date) -> float:
    done = job.team.done_percent / 100
    if job.starts_on > today:
        return 0
    if job.kind is EmploymentKind.AGENCY:
        return done * 0.3
    if job.ends_on is not None and job.ends_on < today:
        return done * 0.6
    return done


def _first_day(job: Job, today: date) -> date:
    return max(today - timedelta(days=PROGRAMME_DAYS), job.starts_on + _SETTLING_IN)


def _last_day(job: Job, today: date) -> date:
    last = today - timedelta(days=1)
    if job.ends_on is not None:
        last = min(last, job.ends_on)
    if job.away_from is not None and (job.away_until is None or job.away_until >= today):
        last = min(last, job.away_from - timedelta(days=1))
    return last
