"""A programme that is asked for: who has finished it, what is next, and what stops one from being saved."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from assignments.due.rules import DueRule, Since
from assignments.exemptions.giving import NewExemption, give_exemption
from assignments.exemptions.record import ExemptionReason
from assignments.periods.rules import Lasts, PeriodRule
from assignments.plans import find_plan
from assignments.programmes.making import CHANGED_MEANWHILE, Draft, change_programme, faults_in
from assignments.requirements import Asking
from assignments.standing.people_asked import Asked, asked_of
from courses.catalogue.programmes import get_programme, programmes_named, programmes_of
from courses.catalogue.versions import titles_of
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from people.persons import Person
from tests.builders.programmes import MADE, a_programme, another_course, ask_for, complete
from tests.builders.region import NOON, TODAY, a_course, a_follow_up, a_person, a_unit, an_organisation

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


def asked(session: Session, halton: Organisation, course_id: int, on: date = TODAY) -> dict[int, Asked]:
    plan = find_plan(session, organisation_id=halton.id, course_id=course_id, on=on)
    assert plan is not None
    return {one.person_id: one for one in asked_of(session, [plan], on=on)}


def test_it_is_done_when_each_step_is_by_any_of_its_courses(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, pack, law = courses
    programme = a_programme(session, halton, (elearning, pack), (law,))
    ask_for(session, halton, programme, Asking(due=DueRule(day=TODAY + 10 * DAY)))
    unit = a_unit(session, halton)
    done, midway, new = (a_person(session, unit) for _ in range(3))
    complete(session, done, law, NOON - 5 * DAY)
    complete(session, done, pack, NOON - 3 * DAY)
    complete(session, midway, elearning, NOON)
    found = asked(session, halton, programme)
    assert [found[one.id].finished_on for one in (done, midway, new)] == [TODAY - 3 * DAY, None, None]
    assert [found[one.id].courses_now for one in (done, midway, new)] == [(), (law,), (elearning, pack)]
    assert {one.due.due_on for one in found.values()} == {TODAY + 10 * DAY}
    assert titles_of(session, course_ids=[programme, law]) == {programme: "First weeks", law: "Law"}


def test_who_has_finished_stays_finished_when_a_step_comes_to_it(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, pack, law = courses
    programme = a_programme(session, halton, (elearning,))
    ask_for(session, halton, programme)
    unit = a_unit(session, halton)
    done, new = a_person(session, unit), a_person(session, unit)
    complete(session, done, elearning, NOON)
    change(session, halton, ((elearning,), (law,)))
    complete(session, new, elearning, NOON + 5 * DAY)
    found = asked(session, halton, programme, TODAY + 9 * DAY)
    assert (found[done.id].finished_on, found[done.id].next_step) == (TODAY, None)
    assert (found[new.id].finished_on, found[new.id].courses_now) == (None, (law,))
    change(session, halton, ((elearning, pack),), seen=2, after=10)
    assert asked(session, halton, programme, TODAY + 9 * DAY)[new.id].finished_on is None, "past days stay"
    assert asked(session, halton, programme, TODAY + 10 * DAY)[new.id].finished_on == TODAY + 10 * DAY


def change(
    session: Session, halton: Organisation, steps: tuple[tuple[int, ...], ...], seen: int = 1, after: float = 2
) -> None:
    (held,) = programmes_of(session, halton.id)
    draft, now = Draft(held.name, steps), NOON + after * DAY
    assert change_programme(
        session, draft, programme_id=held.programme_id, seen=seen, organisation_id=halton.id, by=None, now=now
    )


def test_in_a_new_period_every_step_is_to_be_done_again(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, _, law = courses
    programme = a_programme(session, halton, (elearning,), (law,))
    ask_for(session, halton, programme, Asking(period=PeriodRule(Lasts.MONTHS, 12, opens_days=30)))
    person = a_person(session, a_unit(session, halton))
    complete(session, person, elearning, NOON)
    complete(session, person, law, NOON + DAY)
    end = date(2027, 11, 22)
    held = asked(session, halton, programme, end - 31 * DAY)[person.id]
    assert (held.finished_on, held.next_step, held.period and held.period.valid_until) == (TODAY + DAY, None, end)
    is_open = asked(session, halton, programme, end - 30 * DAY)[person.id]
    assert (is_open.courses_now, is_open.due.due_on, is_open.finished_on) == ((elearning,), end, TODAY + DAY)
    complete(session, person, elearning, NOON + 350 * DAY, cycle=2)
    assert asked(session, halton, programme, end + DAY)[person.id].courses_now == (law,)
    assert asked(session, halton, programme, end + DAY)[person.id].finished_on is None
    complete(session, person, law, NOON + 370 * DAY, cycle=2)
    again = asked(session, halton, programme, end + 10 * DAY)[person.id]
    assert (again.finished_on, again.next_step) == (TODAY + 370 * DAY, None)


def test_an_exemption_and_a_rule_for_dates_hold_for_a_programme_too(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    programme = a_programme(session, halton, courses[:1], courses[1:])
    ask_for(session, halton, programme, Asking(due=DueRule(since=Since.ASKED, count=20)))
    unit = a_unit(session, halton)
    exempt, other = a_person(session, unit), a_person(session, unit)
    new = NewExemption(exempt.id, halton.id, programme, ExemptionReason.OTHER, "Agreed", TODAY, TODAY + 30 * DAY)
    give_exemption(session, new, by=None, now=NOON)
    found = asked(session, halton, programme)
    assert found.keys() == {other.id}
    assert found[other.id].due.due_on == TODAY + 20 * DAY


def faults(session: Session, halton: Organisation, name: str, *steps: tuple[int, ...]) -> list[str]:
    return [one.words for one in faults_in(session, Draft(name, steps), organisation_id=halton.id, programme_id=None)]


def test_everything_that_is_wrong_is_said_at_once(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, _, law = courses
    follow = a_follow_up(session).course_id
    assert faults(session, halton, " ", (law, law), (0,), (999_999,), (follow,), (elearning,)) == [
        "Enter a name for the programme",
        "Step 1 names Law more than once. Once is enough",
        "Step 2 has no course. Choose one, or remove the step",
        "A course of step 3 is not published, so nobody can take it",
        "Look back 2 opens only after Test course, which comes later here: it goes round in a circle",
    ]
    nothing = "Choose a course for at least one step: this programme asks for nothing"
    assert faults(session, halton, "Nothing", (0,), ()) == [nothing]
    assert faults(session, halton, "None") == [nothing]
    twice = "Law is in an earlier step too. One completion would do both: keep one"
    assert faults(session, halton, "Twice", (law,), (elearning, law)) == [twice]
    assert faults(session, halton, "In order", (elearning,), (follow,)) == []
    assert faults(session, halton, "Either way", (follow, law), (elearning,)) == []


def test_two_who_change_it_do_not_overwrite_each_other(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    a_programme(session, halton, courses[:1])
    change(session, halton, (courses[:1], courses[1:2]))
    with pytest.raises(RuleBroken, match=CHANGED_MEANWHILE):
        change(session, halton, (courses[1:2],))
    (held,) = programmes_of(session, halton.id)
    assert (held.number, held.steps) == (2, (courses[:1], courses[1:2]))
    same = Draft(held.name, held.steps)
    assert not change_programme(
        session, same, programme_id=held.programme_id, seen=2, organisation_id=halton.id, by=None, now=NOON
    )


def test_a_programme_belongs_to_its_authority(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    a_programme(session, halton, courses[:1], name="Ọláyínká’s 第一步")
    wirral = an_organisation(session, "wirral", "Wirral Council")
    (held,) = programmes_of(session, halton.id)
    assert (held.name, held.made_at) == ("Ọláyínká’s 第一步", MADE)
    with pytest.raises(NotFound):
        get_programme(session, programme_id=held.programme_id, organisation_id=wirral.id)
    a_programme(session, wirral, courses[:1], name=held.name)
    assert faults(session, halton, "ọláyínká’s 第一步", courses[:1]) == [
        "Another programme has this name. Choose a different name"
    ]


def test_training_from_before_counts_as_the_authority_accepts_it(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, _, law = courses
    programme = a_programme(session, halton, (elearning,), (law,))
    ask_for(session, halton, programme)
    person: Person = a_person(session, a_unit(session, halton))
    for course in (elearning, law):
        complete(session, person, course, NOON - 300 * DAY)
    assert asked(session, halton, programme)[person.id].finished_on == TODAY - 300 * DAY


@pytest.mark.parametrize("typed", ["Cwrs Siân", "cwrs  Sia\u0302n", " CWRS SIÂN "])
def test_a_programme_is_found_by_its_name_however_it_is_typed(session: Session, typed: str) -> None:
    halton = an_organisation(session)
    key = a_programme(session, halton, (another_course(session, "LW", "Law"),), name="Cwrs Siân")
    assert programmes_named(session, typed) == [f"programme.{key}"]


def test_a_change_on_the_day_on_which_it_is_asked_takes_nothing_away(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, pack, law = courses
    programme = a_programme(session, halton, (elearning,), at=NOON - DAY / 24)
    ask_for(session, halton, programme)
    unit = a_unit(session, halton)
    done, other = a_person(session, unit), a_person(session, unit)
    complete(session, done, elearning, NOON - 9 * DAY)
    complete(session, other, pack, NOON - 9 * DAY)
    assert asked(session, halton, programme)[done.id].finished_on == TODAY - 9 * DAY
    change(session, halton, ((elearning,), (law,)), after=0.1)
    change(session, halton, ((law,), (pack,)), seen=2, after=0.2)
    found = asked(session, halton, programme)
    assert (found[done.id].finished_on, found[other.id].finished_on) == (TODAY - 9 * DAY, None)


def test_a_version_that_nobody_was_asked_for_finishes_nobody(
    session: Session, halton: Organisation, courses: tuple[int, int, int]
) -> None:
    elearning, _, law = courses
    programme = a_programme(session, halton, (elearning,), at=NOON - 9 * DAY)
    change(session, halton, ((elearning,), (law,)), after=-1)
    ask_for(session, halton, programme)
    person = a_person(session, a_unit(session, halton))
    complete(session, person, elearning, NOON - 20 * DAY)
    assert asked(session, halton, programme)[person.id].courses_now == (law,)
