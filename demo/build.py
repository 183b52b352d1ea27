"""Builds the demo region in an empty database: everything in memory first, then each table in one go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.periods.rules import Lasts, PeriodRule
from assignments.requirements import Asking, require_course
from demo.accounts import add_accounts, choose
from demo.asked.exceptions import add_exceptions
from demo.asked.programmes import add_programmes
from demo.asked.reminders import add_reminders
from demo.flag import flag_as_demo
from demo.history import add_history
from demo.learning import PROGRAMME_DAYS, Learner
from demo.looks import add_looks
from demo.people import Workforce
from demo.ratings import add_ratings
from demo.region import Authority, headcounts, read_region, teams_of
from demo.storing import Taken, add_completions, add_organisations, add_people, add_studies, add_units
from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.organisations import Organisation
from reports.items.snapshots import store_figures
from reports.items.tallies import count_items

DEFAULT_SEED, DEFAULT_PEOPLE, FEWEST_PEOPLE = 2026, 22_000, 200


@dataclass(frozen=True)
class BuildOutcome:
    """What was built."""

    people: int
    jobs: int
    units: int
    completions: int
    midway: int


def build(
    session: Session, *, seed: int, people: int, course: Taken, hashes: Mapping[str, str], now: datetime
) -> BuildOutcome:
    """Store the demo region: the same seed, size and moment give the same rows. ``hashes`` go by username.

    Raises ``RuleBroken`` when the database already knows an organisation: these could be real people.
    """
    if session.scalar(select(exists(select(Organisation.id)))):
        raise RuleBroken("This database already holds organisations. The demo needs an empty database of its own")
    # Repeatable on purpose; passwords are not drawn from this.
    random, today = Random(seed), local_day(now)  # noqa: S311
    authorities = read_region()
    counts = headcounts(authorities, people)
    teams = [team for one in authorities for team in teams_of(one, people=counts[one.slug], random=random)]
    workforce = Workforce(random, today)
    everybody = workforce.people_in(teams)
    add_history(everybody, learner=Learner(course.document, random), random=random, now=now)
    chosen = choose(everybody, workforce=workforce, today=today)

    organisation_ids = add_organisations(session, authorities)
    unit_ids = add_units(session, teams, organisation_ids)
    jobs = add_people(session, everybody, organisation_ids, unit_ids, now)
    completions = add_completions(session, everybody, organisation_ids, course)
    midway = add_studies(session, everybody, course)
    _count_answers(session, course, now)
    add_ratings(session, everybody, organisation_ids, course, random=random, now=now)
    add_accounts(session, chosen=chosen, hashes=hashes, organisation_ids=organisation_ids, unit_ids=unit_ids, now=now)
    add_looks(session, organisation_ids=organisation_ids, admin="admin", now=now)
    _ask(session, authorities, organisation_ids, course, now)
    add_programmes(session, organisation_ids=organisation_ids, course_id=course.course_id, now=now)
    add_exceptions(session, everybody, organisation_ids=organisation_ids, course_id=course.course_id, now=now)
    add_reminders(session, organisation_ids=organisation_ids.values(), now=now)
    flag_as_demo(session, seed=seed, people=people, now=now)
    session.flush()
    return BuildOutcome(len(everybody), jobs, len(unit_ids), completions, midway)


def _count_answers(session: Session, course: Taken, now: datetime) -> None:
    # By itself it would be counted within a minute; a demo is looked at sooner.
    figures = count_items(session, version_id=course.version_id, document=course.document, now=now)
    store_figures(session, version_id=course.version_id, figures=figures)


# Who completed the course when the programme began can take it again by now.
_VALID = {"wirral": PeriodRule(Lasts.MONTHS, 18, opens_days=90)}


def _ask(
    session: Session,
    authorities: Iterable[Authority],
    organisation_ids: Mapping[str, int],
    course: Taken,
    now: datetime,
) -> None:
    asked_at = now - timedelta(days=PROGRAMME_DAYS)
    for authority in authorities:
        due_on = local_day(now) + timedelta(days=authority.due_in_days)
        require_course(
            session,
            course_id=course.course_id,
            organisation_ids=[organisation_ids[authority.slug]],
            account_id=None,
            now=asked_at,
            asking=Asking(None, DueRule(day=due_on), _VALID.get(authority.slug)),
        )
