"""On one day, every place that says how somebody stands, beside the plain model."""

from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from app.cli.asked.requirements import _counted
from assignments.asked import required_courses_of
from assignments.plans import Plan, find_plan, plans_on
from assignments.requirements import Requirement
from assignments.standing.explaining import Reader, explain
from assignments.standing.people_asked import asked_of
from courses.catalogue.versions import Course
from people.organisations import Organisation
from reports.completion import counted_groups
from reports.listing.people_states import people_page
from reports.listing.wanted import LearningState, ListOfPeople, Wanted
from reports.team import TeamState, team_lines
from tests.assignments.machine.plain import Plain
from tests.assignments.machine.plain_facts import Stand

NAMES = ("Ann Ó Sé", "王芳", "Bo Li")


class PublishedCourse(Protocol):
    """A course or a programme."""

    course_id: int


class World(Protocol):
    """What is looked at: one thing that one authority asks for, and the plain model of it."""

    session: Session
    today: date
    plain: Plain
    ids: dict[str, int]
    organisation: Organisation
    course: PublishedCourse


_ON_THE_LIST = {
    "finished": LearningState.FINISHED,
    "exempt": LearningState.EXEMPT,
}


def check_day(world: World, on: date, *, is_alone: bool = True) -> None:
    """Raises ``AssertionError`` with the person and the day where two places say different things.

    ``is_alone`` says that nothing else is asked of these people, so that their own page is about it.
    """
    stands = {name: world.plain.stand(name, on) for name in NAMES}
    asked = {name for name in NAMES if world.plain.is_asked(world.plain.people[name], on)}
    _check_explained(world, on, stands)
    _check_everybody(world, on, stands, asked)
    _check_numbers(world, on, stands, asked)
    if on == world.today:
        if is_alone:
            _check_own_pages(world, on, stands, asked)
        _check_team(world, on, stands, asked)
    if world.plain.asking(on) is not None:
        _check_figures(world, on, stands, asked)
        _check_list(world, on, stands, asked)


def _check_explained(world: World, on: date, stands: dict[str, Stand]) -> None:
    for name, stand in stands.items():
        here = Reader(organisation_ids=frozenset({world.organisation.id}))
        of = {"person_id": world.ids[name], "course_id": world.course.course_id, "on": on}
        found = explain(world.session, **of, reader=here)
        said = (found.state.value, found.due_on, found.valid_until)
        assert said == (stand.state, stand.due_on, stand.valid_until), (name, on, found.sentence)
        assert found.sentence.endswith(".")
        assert name in found.sentence or found.sentence.startswith("On ")
        assert bool(found.missing) == (stand.state in {"late", "due", "no-date", "away", "waiting"})


def _plans(world: World, on: date) -> tuple[Plan, ...]:
    here, of_it = Requirement.organisation_id == world.organisation.id, Requirement.course_id == world.course.course_id
    return plans_on(world.session, here, of_it, on=on)


def _check_everybody(world: World, on: date, stands: dict[str, Stand], asked: set[str]) -> None:
    plans = _plans(world, on)
    found = {one.person_id: one for one in asked_of(world.session, plans, on=on, with_exempt=True)}
    assert found.keys() == {world.ids[name] for name in asked}
    for name in asked:
        one, stand = found[world.ids[name]], stands[name]
        since = world.plain.asked_since(world.plain.people[name], on)
        assert (one.finished_on is not None, one.is_left_out) == (stand.state == "finished", stand.state == "exempt")
        if one.period is None:
            assert one.facts.asked_on == since, (name, on)


def _check_numbers(world: World, on: date, stands: dict[str, Stand], asked: set[str]) -> None:
    """What ``requirements evaluate`` prints."""
    plans = _plans(world, on)
    states = [stands[name].state for name in asked]
    for numbers in _counted(world.session, plans, on).values():
        assert numbers["exempt"] == states.count("exempt")
        assert numbers["asked"] == len(states) - states.count("exempt")
        assert [numbers[one] for one in ("finished", "late", "away")] == [
            states.count(one) for one in ("finished", "late", "away")
        ]


def _check_own_pages(world: World, on: date, stands: dict[str, Stand], asked: set[str]) -> None:
    """My learning."""
    for name, stand in stands.items():
        mine = required_courses_of(world.session, person_id=world.ids[name], on=on)
        found = mine.get(world.course.course_id)
        if name not in asked or stand.state == "exempt":
            assert found is None, (name, on)
            continue
        assert found is not None, (name, on)
        if stand.state in {"due", "late"}:
            assert (found.due_on, found.is_past(on)) == (stand.due_on, stand.state == "late")
        assert found.is_away == (stand.state == "away") or stand.state == "finished"


def _check_team(world: World, on: date, stands: dict[str, Stand], asked: set[str]) -> None:
    """My team."""
    lines = team_lines(world.session, {world.organisation.id: list(world.ids.values())}, on=on)
    found = {one.person_id: one for one in lines if one.course_id == world.course.course_id}
    assert found.keys() == {world.ids[name] for name in asked if stands[name].state != "exempt"}
    for name in asked:
        stand, line = stands[name], found.get(world.ids[name])
        if line is None:
            continue
        if stand.state == "finished":
            expected = TeamState.FINISHED
        elif stand.state == "away" or world.plain.people[name].job.is_away(on):
            expected = TeamState.AWAY
        else:
            expected = {"late": TeamState.LATE, "due": TeamState.DUE}.get(stand.state, TeamState.NO_DATE)
        assert line.state is expected, (name, on)


def _check_figures(world: World, on: date, stands: dict[str, Stand], asked: set[str]) -> None:
    course = world.session.get_one(Course, world.course.course_id)
    group = counted_groups(world.session, organisation=world.organisation, course_id=course.id, on=on).total
    counted = [name for name in asked if not world.plain.people[name].job.is_away(on)]
    states = [stands[name].state for name in counted]
    assert group.counts is not None
    assert group.counts.people == len(states) - states.count("exempt")
    assert group.counts.complete == states.count("finished"), on


def _check_list(world: World, on: date, stands: dict[str, Stand], asked: set[str]) -> None:
    organisation_id, course_id = world.organisation.id, world.course.course_id
    plan = find_plan(world.session, organisation_id=organisation_id, course_id=course_id, on=on)
    of = ListOfPeople(organisation_id, (), course_id, plan, on)
    counted = {world.ids[name]: stands[name] for name in asked if not world.plain.people[name].job.is_away(on)}
    names = {key: name for name, key in world.ids.items()}
    for state in (None, LearningState.EXEMPT):
        page = people_page(world.session, of, Wanted(state), page=1, size=50)
        is_exempt = state is LearningState.EXEMPT
        expected = {key for key, stand in counted.items() if (stand.state == "exempt") == is_exempt}
        assert {one.person_id for one in page.people} == expected
        for one in page.people:
            stand = counted[one.person_id]
            is_midway = world.plain.is_midway(names[one.person_id], on)
            begun = LearningState.STARTED if is_midway else LearningState.NOT_STARTED
            assert one.state is _ON_THE_LIST.get(stand.state, begun), (one.name, on)
            assert one.is_late == (stand.state == "late")
    late = people_page(world.session, of, Wanted(LearningState.PAST_DATE), page=1, size=50)
    assert {one.person_id for one in late.people} == {key for key, one in counted.items() if one.state == "late"}
