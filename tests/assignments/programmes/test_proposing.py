"""Other steps of a programme that is asked wait until somebody has seen whom they concern, and has decided."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.plans import find_plan
from assignments.previewing_steps import StepsPreview, preview_steps
from assignments.programmes.making import CHANGED_MEANWHILE, Draft, change_programme, faults_in
from assignments.programmes.proposing import (
    DECIDED_MEANWHILE,
    Seen,
    approve_change,
    change_at_once,
    drop_change,
    find_waiting,
    propose_change,
)
from assignments.standing.people_asked import asked_of
from courses.catalogue.programmes import StepsFrom, programmes_of
from kernel.errors import RuleBroken
from people.organisations import Organisation
from people.persons import Person
from tests.builders.programmes import a_programme, another_course, ask_for, complete
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_organisation

DAY = timedelta(days=1)


@pytest.fixture
def halton(session: Session) -> Organisation:
    return an_organisation(session)


@pytest.fixture
def courses(session: Session) -> tuple[int, int, int]:
    return (
        a_course(session).course_id,
        another_course(session, "RP", "Reading pack"),
        another_course(session, "LA", "Law"),
    )


def held(session: Session, halton: Organisation) -> StepsFrom:
    (found,) = programmes_of(session, halton.id)
    return found


def propose(session: Session, halton: Organisation, *steps: tuple[int, ...], seen: Seen | None = None) -> int:
    """Let these steps wait; returns the id of the change."""
    found = held(session, halton)
    draft, now = Draft(found.name, steps), NOON + DAY
    of = {"programme_id": found.programme_id, "organisation_id": halton.id}
    propose_change(session, draft, **of, seen=seen or Seen(found.number), by=None, now=now)
    waiting = find_waiting(session, programme_id=found.programme_id)
    assert waiting is not None
    return waiting.id


def test_what_waits_holds_for_nobody_until_it_is_approved(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, pack, law = courses
    a_programme(session, halton, (elearning,))
    key = propose(session, halton, (elearning, pack), (law,))
    assert (held(session, halton).number, held(session, halton).steps) == (1, ((elearning,),))
    approve_change(session, proposal_id=key, organisation_id=halton.id, by=None, now=NOON + 2 * DAY)
    assert (held(session, halton).number, held(session, halton).steps) == (2, ((elearning, pack), (law,)))
    with pytest.raises(RuleBroken, match=DECIDED_MEANWHILE):
        approve_change(session, proposal_id=key, organisation_id=halton.id, by=None, now=NOON + 2 * DAY)


def test_what_is_dropped_never_holds_and_leaves_room_for_another(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    a_programme(session, halton, courses[:1])
    key = propose(session, halton, courses[1:2])
    drop_change(session, proposal_id=key, by=None, now=NOON + 2 * DAY)
    with pytest.raises(RuleBroken, match=DECIDED_MEANWHILE):
        approve_change(session, proposal_id=key, organisation_id=halton.id, by=None, now=NOON + 2 * DAY)
    assert held(session, halton).steps == (courses[:1],)
    assert propose(session, halton, courses[2:]) != key


def test_whoever_has_not_seen_what_waits_does_not_replace_it(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    a_programme(session, halton, courses[:1])
    first = propose(session, halton, courses[1:2])
    with pytest.raises(RuleBroken, match=CHANGED_MEANWHILE):
        propose(session, halton, courses[2:])
    second = propose(session, halton, courses[2:], seen=Seen(1, first))
    with pytest.raises(RuleBroken, match=DECIDED_MEANWHILE):
        drop_change(session, proposal_id=first, by=None, now=NOON)
    draft, programme_id = Draft("Other name", (courses[:1],)), held(session, halton).programme_id
    of = {"programme_id": programme_id, "organisation_id": halton.id, "by": None, "now": NOON + 2 * DAY}
    with pytest.raises(RuleBroken, match=CHANGED_MEANWHILE):
        change_at_once(session, draft, seen=Seen(1), **of)
    change_at_once(session, draft, seen=Seen(1, second), **of)
    assert find_waiting(session, programme_id=programme_id) is None, "another name takes the place of what waited"


def test_what_can_no_longer_hold_is_not_approved(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    a_programme(session, halton, courses[:1])
    key = propose(session, halton, courses[:1], courses[2:])
    found = held(session, halton)
    of = {"programme_id": found.programme_id, "organisation_id": halton.id, "by": None, "now": NOON + 2 * DAY}
    change_programme(session, Draft(found.name, (courses[1:2],)), seen=1, **of)
    with pytest.raises(RuleBroken, match=CHANGED_MEANWHILE), session.begin_nested():
        approve_change(session, proposal_id=key, organisation_id=halton.id, by=None, now=NOON + 2 * DAY)
    assert find_waiting(session, programme_id=found.programme_id) is not None, "it waits still, and can be dropped"


def test_the_preview_says_who_has_finished_by_which_steps_and_who_is_midway(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, pack, law = courses
    programme = a_programme(session, halton, (elearning,), (pack,))
    ask_for(session, halton, programme)
    unit = a_unit(session, halton)
    both, all_three, only_pack, law_and_first, new, gone = (a_person(session, unit) for _ in range(6))
    done: dict[int, tuple[Person, ...]] = {
        elearning: (both, all_three, law_and_first),
        pack: (both, all_three, only_pack),
        law: (all_three, law_and_first),
    }
    for course, people in done.items():
        for person in people:
            complete(session, person, course, NOON - 5 * DAY)
    plan = find_plan(session, organisation_id=halton.id, course_id=programme, on=TODAY)
    assert plan is not None
    found = preview_steps(session, plan, ((elearning,), (law,)), on=TODAY)
    assert found == StepsPreview(asked=6, finished=2, keep=1, finish_at_once=1, midway=1, midway_lose=1)
    # What the preview said is what comes.
    key = propose(session, halton, (elearning,), (law,))
    approve_change(session, proposal_id=key, organisation_id=halton.id, by=None, now=NOON + DAY / 24)
    plan = find_plan(session, organisation_id=halton.id, course_id=programme, on=TODAY)
    assert plan is not None
    finished = {one.person_id for one in asked_of(session, [plan], on=TODAY) if one.finished_on is not None}
    assert finished == {both.id, all_three.id, law_and_first.id}
    assert {new.id, gone.id, only_pack.id}.isdisjoint(finished)


def test_a_programme_is_no_step_of_another(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    inner = a_programme(session, halton, courses[:1], name="First weeks")
    draft = Draft("Both", (courses[1:2], (inner,)))
    found = faults_in(session, draft, organisation_id=halton.id, programme_id=None)
    assert [(one.step_number, one.words) for one in found] == [
        (2, "Step 2 is the programme First weeks. A step is a course: choose its courses instead")
    ]
