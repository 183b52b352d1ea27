"""A manager's team by name: what is asked of whom by when, and who has finished. Never how far somebody is."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.reminders.owed import standing_of
from assignments.reminders.standing import asked_today
from assignments.standing.people_asked import Asked
from courses.catalogue.versions import courses_by_id, titles_of
from kernel.typed import searchable
from messages.ways import EVERY_WAY, Ways, is_reachable
from people.persons import Person


class TeamState(StrEnum):
    """How somebody stands with a course, in the order in which a manager reads it."""

    LATE = "late"
    DUE = "due"
    NO_DATE = "no-date"
    AWAY = "away"
    FINISHED = "finished"


# Those to whom something can still be said about it.
OPEN = (TeamState.LATE, TeamState.DUE, TeamState.NO_DATE)


@dataclass(frozen=True)
class TeamLine:
    """One person and one course that is asked of them. ``due_on`` is empty where nothing is to be done by a date."""

    person_id: int
    name: str
    gets_messages: bool
    organisation_id: int
    course_id: int
    course_slug: str
    title: str
    state: TeamState
    due_on: date | None


@dataclass(frozen=True)
class TeamCounts:
    """People of a team: how many there are, are past a date, have only things to do that are not late, are on leave
    and have nothing left to do."""

    people: int
    late: int
    to_do: int
    away: int
    finished: int


def team_lines(
    session: Session, members: Mapping[int, Collection[int]], *, on: date, ways: Ways = EVERY_WAY
) -> list[TeamLine]:
    """What is asked of a team on a day, who is late first, then by date and name. ``members`` are ids by authority.

    A handful of statements for each authority, however many people there are.
    """
    asked = [
        (organisation_id, one)
        for organisation_id, people in sorted(members.items())
        if people
        for one in asked_today(session, organisation_id=organisation_id, person_ids=people, on=on).values()
    ]
    people = {one.person_id for _, one in asked}
    courses = {one.plan.course_id for _, one in asked}
    titles, slugs = titles_of(session, course_ids=courses), courses_by_id(session, course_ids=courses)
    rows = session.execute(
        select(Person.id, Person.chosen_name, Person.sorting_name, is_reachable(ways).label("is_reached")).where(
            Person.id.in_(people)
        )
    )
    known = {key: (name, searchable(sorting or name), bool(works)) for key, name, sorting, works in rows}
    lines = [
        TeamLine(
            person_id=one.person_id,
            name=known[one.person_id][0],
            gets_messages=known[one.person_id][2],
            organisation_id=organisation_id,
            course_id=one.plan.course_id,
            course_slug=slugs[one.plan.course_id].slug,
            title=_title(one, titles[one.plan.course_id]),
            state=state_of(one, on),
            due_on=None if one.finished_on is not None else one.due.due_on,
        )
        for organisation_id, one in asked
    ]
    order = list(TeamState)
    return sorted(
        lines,
        key=lambda one: (
            order.index(one.state),
            one.due_on or date.max,
            known[one.person_id][1],
            one.person_id,
            one.title,
            one.organisation_id,
        ),
    )


def _title(asked: Asked, title: str) -> str:
    """What is asked, as a manager reads it: of a programme how many steps it has, and never how far somebody is."""
    steps = len(asked.plan.steps)
    return f"{title} (programme of {steps} {'step' if steps == 1 else 'steps'})" if steps else title


def state_of(asked: Asked, on: date) -> TeamState:
    """How somebody stands. Whoever has finished has finished, also on leave."""
    standing = standing_of(asked, on)
    if asked.finished_on is not None:
        return TeamState.FINISHED
    if standing.is_away:
        return TeamState.AWAY
    if asked.due.is_late(on):
        return TeamState.LATE
    return TeamState.DUE if asked.due.due_on is not None else TeamState.NO_DATE


def counted(lines: Iterable[TeamLine]) -> TeamCounts:
    """Each person once, by what matters most."""
    states: dict[int, set[TeamState]] = {}
    for one in lines:
        states.setdefault(one.person_id, set()).add(one.state)
    late = sum(TeamState.LATE in its for its in states.values())
    finished = sum(its == {TeamState.FINISHED} for its in states.values())
    away = sum(TeamState.AWAY in its and TeamState.LATE not in its for its in states.values())
    return TeamCounts(len(states), late, len(states) - late - finished - away, away, finished)
