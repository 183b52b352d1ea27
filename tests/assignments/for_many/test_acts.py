"""More time for many people: decided once, done a batch at a time by the rules of the moment, and taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.asked import required_courses_of
from assignments.for_many import doing, taking_back
from assignments.for_many.doing import CHANGED, Decision, decide_for_many
from assignments.for_many.listing import holds_for, people_of_act, progress_of
from assignments.for_many.previewing import Terms, faults_in_terms, preview
from assignments.for_many.record import ACTS, ActForMany, ActKind, PersonOutcome, Why
from assignments.for_many.taking_back import TAKEN_ALREADY, take_back
from assignments.for_many.working_off import work_off_batch
from assignments.requests.record import TimeGiven
from assignments.requirements import require_course
from assignments.standing.explaining import explain
from courses.catalogue.versions import PublishOutcome
from courses.records.completion import record_completion
from kernel.audit import AuditEntry
from kernel.errors import RuleBroken
from kernel.tasks.claims import claim
from messages.ways import EVERY_WAY
from people.organisations import Unit
from people.persons import Person
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation

DAY = timedelta(days=1)
DUE, LATER = TODAY + 9 * DAY, TODAY + 40 * DAY


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def course(session: Session, unit: Unit) -> PublishOutcome:
    found = a_course(session)
    ids = [unit.organisation_id]
    require_course(
        session, course_id=found.course_id, organisation_ids=ids, account_id=None, now=NOON - 9 * DAY, due_on=DUE
    )
    return found


@pytest.fixture
def people(session: Session, unit: Unit) -> list[Person]:
    return [a_person(session, unit, name) for name in ("Siân Évans", "Nguyễn Thị Mai", "محمد علي", "王芳")]


@pytest.fixture
def lead(session: Session, unit: Unit) -> int:
    return an_account(session, a_person(session, unit, "Ọláyínká Lead")).id


@pytest.fixture
def terms(unit: Unit, course: PublishOutcome) -> Terms:
    return Terms(ActKind.MORE_TIME, unit.organisation_id, course.course_id, ends_on=LATER)


def decide(session: Session, terms: Terms, people: list[Person], lead: int) -> ActForMany:
    ids = [one.id for one in people]
    seen = preview(session, terms, ids, by=lead, ways=EVERY_WAY, now=NOON).stamp
    return decide_for_many(session, terms, ids, Decision(lead, "Everybody", seen), ways=EVERY_WAY, now=NOON)


def work(session: Session, limit: int) -> None:
    claimed = claim(session, ACTS, now=NOON)
    assert claimed is not None
    work_off_batch(session, claimed, limit=limit, ways=EVERY_WAY, now=NOON)


def complete(session: Session, person: Person, course: PublishOutcome) -> None:
    ids = {"person_id": person.id, "course_id": course.course_id}
    record_completion(session, **ids, cycle=1, course_version_id=course.version_id, now=NOON)


def due_on(session: Session, person: Person, course: PublishOutcome) -> date | None:
    """As it is explained, and as it stands on My learning."""
    explained = explain(session, person_id=person.id, course_id=course.course_id, on=TODAY).due_on
    assert required_courses_of(session, person_id=person.id, on=TODAY)[course.course_id].due_on == explained
    return explained


def test_a_few_have_more_time_at_once(
    session: Session, terms: Terms, people: list[Person], lead: int, course: PublishOutcome
) -> None:
    complete(session, people[3], course)
    act = decide(session, terms, people, lead)
    assert not act.is_going_on
    assert progress_of(session, act_id=act.id).left_out == {Why.FINISHED: 1}
    assert [due_on(session, one, course) for one in people[:3]] == [LATER] * 3
    assert holds_for(session, act_ids=[act.id]) == {act.id: 3}
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "people-given-more-time"))
    assert entry.detail == {
        "course": course.course_id,
        "people": 3,
        "act_for_many": act.id,
        "ends_on": LATER.isoformat(),
        "left_out": 1,
    }


def test_many_are_done_by_batches_and_who_finished_meanwhile_is_left_out(
    session: Session,
    terms: Terms,
    people: list[Person],
    lead: int,
    course: PublishOutcome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doing, "AT_ONCE", 1)
    act = decide(session, terms, people, lead)
    assert act.is_going_on
    assert progress_of(session, act_id=act.id).of(PersonOutcome.WAITING) == 4
    work(session, 2)
    complete(session, people[2], course)
    work(session, 2)
    assert act.is_going_on  # a full batch does not know that it was the last
    work(session, 2)
    session.refresh(act)
    assert not act.is_going_on
    progress = progress_of(session, act_id=act.id)
    assert (progress.of(PersonOutcome.DONE), progress.left_out) == (3, {Why.FINISHED: 1})


def test_an_act_that_is_stopped_half_way_goes_backwards_from_there(
    session: Session,
    terms: Terms,
    people: list[Person],
    lead: int,
    course: PublishOutcome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doing, "AT_ONCE", 1)
    monkeypatch.setattr(taking_back, "AT_ONCE", 1)
    act = decide(session, terms, people, lead)
    work(session, 3)
    take_back(session, act, by=lead, now=NOON + DAY)
    assert act.is_going_on
    work(session, 2)
    work(session, 2)
    session.refresh(act)
    assert not act.is_going_on
    assert progress_of(session, act_id=act.id).of(PersonOutcome.TAKEN_BACK) == 4
    assert holds_for(session, act_ids=[act.id]) == {}
    assert [due_on(session, one, course) for one in people] == [DUE] * 4
    assert len(session.scalars(select(TimeGiven)).all()) == 3  # nothing is deleted
    with pytest.raises(RuleBroken, match=TAKEN_ALREADY):
        take_back(session, act, by=lead, now=NOON + DAY)


def test_what_would_be_for_others_than_was_seen_is_looked_at_again(
    session: Session, terms: Terms, people: list[Person], lead: int, course: PublishOutcome
) -> None:
    ids = [one.id for one in people]
    seen = preview(session, terms, ids, by=lead, ways=EVERY_WAY, now=NOON).stamp
    complete(session, people[0], course)
    with pytest.raises(RuleBroken, match="numbers have changed"):
        decide_for_many(session, terms, ids, Decision(lead, "Everybody", seen), ways=EVERY_WAY, now=NOON)
    later = replace(terms, ends_on=LATER + DAY)
    assert preview(session, later, ids, by=lead, ways=EVERY_WAY, now=NOON).stamp != seen
    assert session.scalars(select(ActForMany)).all() == []
    assert CHANGED.startswith("The numbers have changed")


def test_nobody_decides_about_themselves_and_nobody_loses_time(
    session: Session, terms: Terms, people: list[Person], unit: Unit, course: PublishOutcome
) -> None:
    own = an_account(session, people[0]).id
    ids = [one.id for one in people]
    assert preview(session, terms, ids, by=own, ways=EVERY_WAY, now=NOON).left_out == {Why.ONESELF: (people[0].id,)}
    sooner = replace(terms, ends_on=DUE)
    assert preview(session, sooner, ids[1:], by=own, ways=EVERY_WAY, now=NOON).left_out == {
        Why.HAS_LONGER: tuple(ids[1:])
    }
    elsewhere = replace(terms, organisation_id=an_organisation(session, "wirral", "Wirral Council").id)
    assert preview(session, elsewhere, ids, by=own, ways=EVERY_WAY, now=NOON).left_out == {Why.NOT_ASKED: tuple(ids)}


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [
        (None, "Enter the day until which they have time"),
        (TODAY - DAY, "The day must be today or in the future"),
        (date.max, "or earlier"),
    ],
)
def test_a_day_that_cannot_be_is_refused(terms: Terms, ends_on: date | None, said: str) -> None:
    assert said in faults_in_terms(replace(terms, ends_on=ends_on), on=TODAY)["ends_on"]
    assert faults_in_terms(terms, on=TODAY) == {}


def test_each_person_of_an_act_is_named(
    session: Session, terms: Terms, people: list[Person], lead: int, course: PublishOutcome
) -> None:
    complete(session, people[0], course)
    act = decide(session, terms, people, lead)
    found, listed = people_of_act(session, act_id=act.id, outcome=PersonOutcome.DONE, page=1, size=2)
    rest = people_of_act(session, act_id=act.id, outcome=PersonOutcome.DONE, page=2, size=2)[1]
    assert found == 3
    assert {one.name for one in [*listed, *rest]} == {"Nguyễn Thị Mai", "محمد علي", "王芳"}
    (left_out,) = people_of_act(session, act_id=act.id, outcome=PersonOutcome.LEFT_OUT, page=1, size=50)[1]
    assert (left_out.name, left_out.why) == ("Siân Évans", Why.FINISHED)
