"""Whose account is open: one rule, whatever happens to jobs, in which order, by file, by hand and by the calendar."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import local_day
from people.accounts import Account
from people.jobs.changes import ChangeOrigin, EmploymentChange
from people.jobs.values import Terms
from people.jobs.writing import NewChange, NewJob, Source, add_jobs, record_changes, undo_changes, undo_run
from people.organisations import Unit
from people.persons import Person
from people.roles import Role, RoleGrant, grant
from people.ways_in.settling import close_after_last_days, settle_accounts
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation, change_job, job_of

# What may happen: which of two jobs (in two authorities) it is about, and a number of days.
JOBS = st.integers(0, 1)
DAYS = st.integers(-20, 20)
ACTS = st.one_of(
    st.tuples(st.just("starts"), JOBS, DAYS),
    st.tuples(st.just("ends"), JOBS, DAYS),
    st.tuples(st.just("ends by file"), JOBS, DAYS),
    st.tuples(st.just("takes back"), JOBS, st.just(0)),
    st.tuples(st.just("undoes the file"), JOBS, st.just(0)),
    st.tuples(st.just("moves"), JOBS, DAYS),
    st.tuples(st.just("days pass"), st.just(0), st.integers(1, 25)),
)


@dataclass
class World:
    """A person with an account, and jobs in two authorities, one file run for each ending."""

    session: Session
    person: Person
    account: Account
    units: tuple[Unit, Unit]
    now: datetime = NOON
    jobs: dict[int, int] = field(default_factory=dict)
    runs: list[int] = field(default_factory=list)

    def act(self, what: str, which: int, days: int) -> None:
        on = local_day(self.now) + timedelta(days=days)
        is_undone = False
        if what == "days pass":
            for _ in range(days):
                self.now += timedelta(days=1)
                close_after_last_days(self.session, on=local_day(self.now), now=self.now)
            return
        self.now += timedelta(minutes=1)
        if what == "starts" and which not in self.jobs:
            unit = self.units[which]
            job = NewJob(self.person.id, unit.organisation_id, f"P{which}", on, Terms(unit.id))
            (self.jobs[which],) = add_jobs(self.session, [job], source=Source(ChangeOrigin.FEED, 999), now=self.now)
        elif which not in self.jobs:
            return
        elif what in ("starts", "ends", "moves"):
            values = {"starts": {"held": True}, "ends": {"held": False}, "moves": {"job_title": "Lead"}}[what]
            self.change(which, on, values, Source(ChangeOrigin.HAND))
        elif what == "ends by file":
            self.runs.append(len(self.runs) + 1)
            self.change(which, on, {"held": False}, Source(ChangeOrigin.FEED, self.runs[-1]))
        elif what == "takes back":
            newest = self.session.scalars(
                select(EmploymentChange.id)
                .where(
                    EmploymentChange.employment_id == self.jobs[which],
                    EmploymentChange.origin == ChangeOrigin.HAND,
                    EmploymentChange.undone_at.is_(None),
                )
                .order_by(EmploymentChange.id.desc())
            ).first()
            undo_changes(self.session, change_ids=[newest] if newest else [], by=None, now=self.now)
            is_undone = True
        elif what == "undoes the file" and self.runs:
            undo_run(self.session, source=Source(ChangeOrigin.FEED, self.runs.pop()), now=self.now)
            is_undone = True
        today = local_day(self.now)
        settle_accounts(self.session, person_ids=[self.person.id], on=today, by=None, now=self.now, is_undone=is_undone)

    def change(self, which: int, on: date, values: dict[str, object], source: Source) -> None:
        change = NewChange(self.jobs[which], on, values)
        record_changes(self.session, [change], source=source, now=self.now)

    def has_a_job_to_come_to(self) -> bool:
        """The rule, told by the ledger alone: on a day from today on, one of the jobs is held."""
        return any(self.is_held_from_today(job) for job in self.jobs.values())

    def is_held_from_today(self, job: int) -> bool:
        said = self.session.execute(
            select(EmploymentChange.effective_on, EmploymentChange.values)
            .where(EmploymentChange.employment_id == job, EmploymentChange.undone_at.is_(None))
            .order_by(EmploymentChange.effective_on, EmploymentChange.stated_at, EmploymentChange.id)
        ).all()
        turns = {on: values["held"] for on, values in said if "held" in values}  # of one day, what was said last
        today = local_day(self.now)
        before = [held for on, held in turns.items() if on <= today]
        return (bool(before) and before[-1]) or any(held for on, held in turns.items() if on > today)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=st.lists(ACTS, min_size=1, max_size=9))
def test_an_account_is_open_as_long_as_a_job_goes_on_or_is_to_come(
    session: Session, acts: list[tuple[str, int, int]]
) -> None:
    with session.begin_nested() as world_of_its_own:
        slug = f"a{len(acts)}"
        units = tuple(
            a_unit(session, an_organisation(session, f"{slug}-{place}", f"Council {place}")) for place in range(2)
        )
        an_account(session, a_person(session), Role.ADMIN)
        person = a_person(session, name="Ana")
        world = World(session, person, an_account(session, person), (units[0], units[1]))
        for act in acts:
            world.act(*act)
            if world.jobs:
                session.refresh(world.account)
                assert world.account.is_active == world.has_a_job_to_come_to(), acts
                assert world.account.is_active == (world.account.closed_at is None)
        world_of_its_own.rollback()


def test_somebody_with_two_jobs_in_two_authorities_stays_until_the_second_has_ended(session: Session) -> None:
    person, admin = a_person(session, name="Ana"), an_account(session, a_person(session), Role.ADMIN)
    account = an_account(session, person)
    world = World(session, person, account, (a_unit(session, an_organisation(session)), other_unit(session)))
    world.act("starts", 0, -10)
    world.act("starts", 1, -10)
    world.act("ends by file", 0, 0)
    assert account.is_active
    world.act("ends", 1, 15)
    world.act("days pass", 0, 14)
    session.refresh(account)
    assert account.is_active
    world.act("days pass", 0, 1)
    session.refresh(account)
    assert not account.is_active
    assert admin.is_active


def other_unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session, "sefton", "Sefton Council"))


def test_roles_end_when_somebody_comes_back_and_stay_when_an_ending_is_taken_back(session: Session) -> None:
    an_account(session, a_person(session), Role.ADMIN)
    unit = a_unit(session, an_organisation(session))
    person = a_person(session, name="Ana")
    account = an_account(session, person)
    world = World(session, person, account, (unit, unit))
    world.act("starts", 0, -10)
    for undo, is_kept in (("takes back", True), ("starts", False)):
        about = {"organisation_id": unit.organisation_id, "unit_id": unit.id}
        held: RoleGrant = grant(session, account_id=account.id, role=Role.MANAGER, now=world.now, **about)
        world.act("ends", 0, 0)
        world.act(undo, 0, 0)
        session.refresh(held)
        session.refresh(account)
        assert account.is_active
        assert (held.revoked_at is None) == is_kept
        held.revoked_at = held.revoked_at or world.now
        session.flush()


def test_nobody_comes_back_into_an_account_that_was_erased_or_switched_off(session: Session) -> None:
    admin = an_account(session, a_person(session), Role.ADMIN)
    unit = a_unit(session, an_organisation(session))
    for erased in (True, False):
        person = a_person(session, unit)
        account = an_account(session, person)
        change_job(session, job_of(session, person), local_day(NOON), held=False)
        settle_accounts(session, person_ids=[person.id], on=local_day(NOON), by=None, now=NOON)
        assert account.closed_at is not None
        if erased:
            account.password_hash = ""
        else:
            account.closed_at = None  # as an admin leaves it who switches it off
        change_job(session, job_of(session, person), local_day(NOON), held=True, now=NOON + timedelta(minutes=1))
        settle_accounts(session, person_ids=[person.id], on=local_day(NOON), by=admin.id, now=NOON)
        session.refresh(account)
        assert not account.is_active


def test_an_account_of_somebody_who_never_had_a_job_is_left_alone(session: Session) -> None:
    an_account(session, a_person(session), Role.ADMIN)
    author = an_account(session, a_person(session), Role.AUTHOR)
    settle_accounts(session, person_ids=[author.person_id], on=local_day(NOON), by=None, now=NOON)
    assert author.is_active
