"""Two people decide one thing at one moment, each on a connection of their own: one does, the other is told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from app.platform.extensions import writing
from assignments.audiences.rules import OnGrade
from assignments.audiences.saved import DECIDED_MEANWHILE, add_audience, approve_rule, drop_rule, propose_rule
from assignments.due.rules import DueRule
from assignments.programmes.making import CHANGED_MEANWHILE as PROGRAMME_CHANGED
from assignments.programmes.making import Draft, change_programme
from assignments.reminders.nudges import Nudge, nudge
from assignments.requests.asking import NewRequest, ask
from assignments.requests.deciding import Decision, decide
from assignments.requests.record import LearnerRequest, Outcome, RequestKind
from assignments.requirement_changes import CHANGED_MEANWHILE, change_asking, get_requirement
from assignments.requirements import Asking, Requirement, require_course
from courses.catalogue.programmes import ProgrammeVersion, programmes_of
from kernel.audit import AuditEntry
from kernel.database import Base
from kernel.errors import RuleBroken
from messages.ledger import Message
from messages.ways import EVERY_WAY
from people.roles import Role
from tests.builders.programmes import a_programme, another_course
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation
from tests.conftest import NewDatabase

DUE = TODAY + timedelta(days=20)
Act = Callable[[Session], object]


@dataclass(frozen=True)
class Halton:
    """The ids of what stands in the database."""

    organisation_id: int
    course_id: int
    person_id: int
    leads: tuple[int, int]


@pytest.fixture
def engine(a_database: NewDatabase, tmp_path: Path) -> Iterator[Engine]:
    with a_database(tmp_path) as url:
        own = create_engine(url)
        Base.metadata.create_all(own)
        yield writing(own)
        own.dispose()


@pytest.fixture
def halton(engine: Engine) -> Halton:
    with Session(engine) as session, session.begin():
        organisation = an_organisation(session)
        unit = a_unit(session, organisation)
        person = a_person(session, unit)
        person.email = "sian@example.org"
        hr = [a_person(session, unit, name) for name in ("Ann", "Bo")]
        ann, bo = (an_account(session, one, Role.HR_LEAD, unit=unit) for one in hr)
        course = a_course(session).course_id
        asking = Asking(due=DueRule(day=DUE))
        require_course(
            session, course_id=course, organisation_ids=[organisation.id], account_id=None, now=NOON, asking=asking
        )
        return Halton(organisation.id, course, person.id, (ann.id, bo.id))


def at_once(engine: Engine, *acts: Act) -> list[object]:
    """What each act returned or how it was refused, all begun at the same moment, the refusals last."""
    barrier, results = Barrier(len(acts)), list[object]([None] * len(acts))

    def run(place: int) -> None:
        with Session(engine) as session:
            barrier.wait(timeout=30)
            try:
                results[place] = acts[place](session)
                session.commit()
            except RuleBroken as refusal:
                session.rollback()
                results[place] = refusal

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(results, key=lambda one: isinstance(one, RuleBroken))


def told(results: list[object]) -> str:
    """What the second one of two was told; the first one did it."""
    done, refusal = results
    assert not isinstance(done, Exception)
    assert isinstance(refusal, RuleBroken)
    return refusal.message


def counted(engine: Engine, table: type[Base], **only: object) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table).filter_by(**only)) or 0


def test_of_two_who_answer_a_request_one_does_and_the_other_reads_who_did(engine: Engine, halton: Halton) -> None:
    with Session(engine) as session, session.begin():
        new = NewRequest(RequestKind.MORE_TIME, "My team moves", DUE + timedelta(days=9))
        key = ask(session, new, person_id=halton.person_id, course_id=halton.course_id, by=None, now=NOON)
        messages = session.scalar(select(func.count()).select_from(Message)) or 0

    def deciding(decision: Decision, by: int) -> Act:
        return lambda session: decide(session, request_id=key, decision=decision, by=by, now=NOON)

    granting = deciding(Decision(Outcome.GRANTED, "", DUE + timedelta(days=9)), halton.leads[0])
    refusing = deciding(Decision(Outcome.REFUSED, "We need you before that"), halton.leads[1])
    assert "decided this on 21 November 2026" in told(at_once(engine, granting, refusing))
    with Session(engine) as session:
        row = session.get_one(LearnerRequest, key)
        assert (row.outcome is Outcome.GRANTED) == (row.granted_until is not None)
        assert row.decided_by_account_id == halton.leads[0 if row.outcome is Outcome.GRANTED else 1]
    assert counted(engine, AuditEntry, action="learner-request-decided") == 1
    assert counted(engine, Message) == messages + 1


def test_of_two_who_nudge_one_does_and_one_message_goes(engine: Engine, halton: Halton) -> None:
    def nudging(by: int) -> Act:
        return lambda session: nudge(
            session,
            person_id=halton.person_id,
            organisation_id=halton.organisation_id,
            course_id=halton.course_id,
            account_id=by,
            ways=EVERY_WAY,
            now=NOON,
        )

    assert "One nudge in 7 days is enough" in told(at_once(engine, *map(nudging, halton.leads)))
    assert (counted(engine, Nudge), counted(engine, Message)) == (1, 1)
    assert counted(engine, AuditEntry, action="person-nudged") == 1


def test_of_two_who_decide_on_one_change_of_an_audience_one_does(engine: Engine, halton: Halton) -> None:
    with Session(engine) as session, session.begin():
        key = add_audience(
            session,
            organisation_id=halton.organisation_id,
            name="Some",
            rule=OnGrade(("G5",)),
            account_id=None,
            now=NOON,
        )
        version = propose_rule(session, audience_id=key, rule=OnGrade(("G7",)), account_id=None, now=NOON).id
    before = counted(engine, AuditEntry)

    def approving(session: Session) -> None:
        approve_rule(session, version_id=version, account_id=halton.leads[0], now=NOON)

    def dropping(session: Session) -> None:
        drop_rule(session, version_id=version, account_id=halton.leads[1], now=NOON)

    assert told(at_once(engine, approving, dropping)) == DECIDED_MEANWHILE
    assert counted(engine, AuditEntry) == before + 1


def test_of_two_who_change_one_requirement_one_does_and_one_row_holds(engine: Engine, halton: Halton) -> None:
    with Session(engine) as session:
        where = {"course_id": halton.course_id, "organisation_id": halton.organisation_id}
        held = get_requirement(session, **where).id

    def changing(day: date) -> Act:
        asking = Asking(due=DueRule(day=day))
        return lambda session: change_asking(session, requirement_id=held, asking=asking, account_id=None, now=NOON)

    days = (DUE + timedelta(days=1), DUE + timedelta(days=2))
    assert told(at_once(engine, *map(changing, days))) == CHANGED_MEANWHILE
    assert counted(engine, Requirement, withdrawn_at=None) == 1
    assert counted(engine, Requirement) == 2


def test_of_two_who_ask_for_one_course_one_begins_it(engine: Engine, halton: Halton) -> None:
    with Session(engine) as session, session.begin():
        other = another_course(session, "LA", "Law")

    def asking(session: Session) -> int:
        return require_course(
            session, course_id=other, organisation_ids=[halton.organisation_id], account_id=None, now=NOON
        )

    assert sorted(map(str, at_once(engine, asking, asking))) == ["0", "1"]
    assert counted(engine, Requirement, course_id=other) == 1


def test_of_two_who_save_one_programme_one_does(engine: Engine, halton: Halton) -> None:
    with Session(engine) as session, session.begin():
        organisation = an_organisation(session, "wirral", "Wirral Council")
        other = another_course(session, "LA", "Law")
        a_programme(session, organisation, (halton.course_id,))
        (held,) = programmes_of(session, organisation.id)
        organisation_id = organisation.id

    def saving(*steps: tuple[int, ...]) -> Act:
        return lambda session: change_programme(
            session,
            Draft(held.name, steps),
            programme_id=held.programme_id,
            seen=1,
            organisation_id=organisation_id,
            by=None,
            now=NOON,
        )

    results = at_once(engine, saving((other,)), saving((halton.course_id,), (other,)))
    assert told(results) == PROGRAMME_CHANGED
    assert counted(engine, ProgrammeVersion) == 2
