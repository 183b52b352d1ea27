"""A completion is put right by rows beside it: it never changes, nobody is left between two, and all can go back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.amending.amending import NOT_FOR_ONESELF, NOT_ONESELF, NewAmendment, amend, faults_in, undo
from courses.amending.listing import amended_lines, done_lines
from courses.amending.record import CompletionAmendment, Fault
from courses.catalogue.versions import PublishOutcome
from courses.records.attempts import Attempt
from courses.records.completion import Completion, is_standing, record_completion
from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.organisations import Unit
from people.persons import Person
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_organisation

DAY = timedelta(days=1)
LATER = NOON + 10 * DAY


@pytest.fixture
def unit(session: Session) -> Unit:
    return a_unit(session, an_organisation(session))


@pytest.fixture
def course(session: Session) -> PublishOutcome:
    return a_course(session)


def complete(session: Session, person: Person, course: PublishOutcome, cycle: int = 1) -> Completion:
    ids = {"person_id": person.id, "course_id": course.course_id, "course_version_id": course.version_id}
    (event,) = record_completion(session, **ids, cycle=cycle, now=NOON)
    return session.get_one(Completion, event.completion_id)


def begun(session: Session, person: Person, course: PublishOutcome, cycle: int) -> None:
    session.add(
        Attempt(
            person_id=person.id,
            course_id=course.course_id,
            cycle=cycle,
            course_version_id=course.version_id,
            started_at=NOON,
            last_seen_at=NOON + DAY,
            at_module="first-steps",
            at_screen=1,
        )
    )
    session.flush()


def standing(session: Session, person: Person) -> list[tuple[date, int]]:
    rows = session.scalars(select(Completion).where(Completion.person_id == person.id, is_standing()))
    return sorted((local_day(one.completed_at), one.cycle) for one in rows)


def put_right(session: Session, done: Completion, new: NewAmendment) -> CompletionAmendment:
    outcome = amend(session, done, new, by=None, now=LATER)
    return session.get_one(CompletionAmendment, outcome.amendment_id)


def test_a_wrong_day_is_another_completion_and_the_attempt_still_led_to_it(
    session: Session, unit: Unit, course: PublishOutcome
) -> None:
    person = a_person(session, unit)
    begun(session, person, course, cycle=1)
    done = complete(session, person, course)
    row = put_right(session, done, NewAmendment(Fault.WRONG_DAY, "Register of the 3rd", date(2026, 3, 3)))
    assert standing(session, person) == [(date(2026, 3, 3), 2)]
    assert local_day(done.completed_at) == TODAY, "the first stays what it was"
    undo(session, row, by=None, now=LATER + DAY)
    assert standing(session, person) == [(TODAY, 1)]


def test_whoever_takes_the_course_again_meanwhile_is_not_finished_by_another_day(
    session: Session, unit: Unit, course: PublishOutcome
) -> None:
    person = a_person(session, unit)
    done = complete(session, person, course)
    begun(session, person, course, cycle=2)
    put_right(session, done, NewAmendment(Fault.WRONG_DAY, "Register", date(2026, 3, 3)))
    assert standing(session, person) == [(date(2026, 3, 3), 0)]
    complete(session, person, course, cycle=2)
    assert len(standing(session, person)) == 2


def test_of_the_wrong_person_the_right_one_has_it_with_their_own_job(
    session: Session, unit: Unit, course: PublishOutcome
) -> None:
    wrong = a_person(session, unit, "Wei Wong")
    wirral = a_unit(session, an_organisation(session, "wirral", "Wirral Council"), "Parks")
    right = a_person(session, wirral, "Wei Wang", grade="G9")
    done = complete(session, wrong, course)
    new = NewAmendment(Fault.WRONG_PERSON, "Namesake", person_id=right.id)
    row = put_right(session, done, new)
    assert (standing(session, wrong), standing(session, right)) == ([], [(TODAY, 0)])
    moved = session.get_one(Completion, row.replacement_id)
    assert (moved.organisation_id, moved.unit_path, moved.grade) == (wirral.organisation_id, "Parks", "G9")
    complete(session, wrong, course)
    with pytest.raises(RuleBroken, match="completed the course again"), session.begin_nested():
        undo(session, row, by=None, now=LATER)
    assert standing(session, right) == [(TODAY, 0)], "nothing is half done"


def test_a_completion_recorded_by_mistake_is_taken_again(session: Session, unit: Unit, course: PublishOutcome) -> None:
    person = a_person(session, unit)
    done = complete(session, person, course)
    row = put_right(session, done, NewAmendment(Fault.IN_ERROR, "They were not there"))
    assert standing(session, person) == []
    with pytest.raises(RuleBroken, match="corrected this completion already"):
        put_right(session, done, NewAmendment(Fault.IN_ERROR, "Twice"))
    undo(session, row, by=None, now=LATER)
    with pytest.raises(RuleBroken, match="taken this correction back already"):
        undo(session, row, by=None, now=LATER)
    assert standing(session, person) == [(TODAY, 1)]
    put_right(session, done, NewAmendment(Fault.IN_ERROR, "After all"))
    assert standing(session, person) == []
    (newer, older) = amended_lines(session, person_id=person.id, organisation_ids=None)
    assert (newer.can_undo, older.can_undo, older.reason) == (True, False, "They were not there")


def test_everything_wrong_is_said_at_once(session: Session, unit: Unit, course: PublishOutcome) -> None:
    person, other = a_person(session, unit), a_person(session, unit)
    lead = an_account(session, a_person(session, unit))
    done = complete(session, person, course)
    complete(session, other, course)

    def said(new: NewAmendment, by: int | None = None) -> dict[str, str]:
        return faults_in(session, done, new, by=by, on=TODAY)

    assert said(NewAmendment(Fault.WRONG_DAY, "")).keys() == {"reason", "completed_on"}
    assert "in the past" in said(NewAmendment(Fault.WRONG_DAY, "x", TODAY + DAY))["completed_on"]
    assert "already" in said(NewAmendment(Fault.WRONG_DAY, "x", TODAY))["completed_on"]
    assert "already" in said(NewAmendment(Fault.WRONG_PERSON, "x", person_id=other.id))["person"]
    assert "no job" in said(NewAmendment(Fault.WRONG_PERSON, "x", person_id=a_person(session).id))["person"]
    own = NewAmendment(Fault.WRONG_PERSON, "x", person_id=lead.person_id)
    assert said(own, by=lead.id) == {"person": NOT_FOR_ONESELF}
    mine = an_account(session, person)
    assert said(NewAmendment(Fault.IN_ERROR, "x"), by=mine.id) == {"reason": NOT_ONESELF}


def test_another_authority_reads_neither_who_corrected_it_nor_why(
    session: Session, unit: Unit, course: PublishOutcome
) -> None:
    person, other = a_person(session, unit), a_person(session, unit, "Bo Li")
    done = complete(session, person, course)
    put_right(session, done, NewAmendment(Fault.WRONG_PERSON, "The register names Bo Li", person_id=other.id))
    (line,) = amended_lines(session, person_id=person.id, organisation_ids=frozenset({0}))
    assert (line.after_name, line.reason) == ("somebody at another authority", "")
    assert line.amended_by == "Somebody at another authority"
    (line,) = amended_lines(session, person_id=person.id, organisation_ids=frozenset({unit.organisation_id}))
    assert (line.after_name, line.reason) == ("Bo Li", "The register names Bo Li")


def test_an_hr_lead_corrects_what_their_own_authority_recorded(
    session: Session, unit: Unit, course: PublishOutcome
) -> None:
    person = a_person(session, unit)
    complete(session, person, course)
    for only, can in ((None, True), (frozenset({unit.organisation_id}), True), (frozenset({0}), False)):
        (line,) = done_lines(session, person_id=person.id, organisation_ids=only)
        assert (line.counts, line.can_amend) == (True, can)
