"""How everybody stood on the day of the export, person by person: the rows that the figures of that day count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assignments.plans import Plan, plans_on
from assignments.requirements import Requirement
from assignments.standing.people_asked import asked_of
from courses.catalogue.versions import Course
from courses.records.completion import Completion, is_standing
from people.jobs.employment import Employment
from reports.figures.population import Question, population

PORTION = 1000


@dataclass(frozen=True)
class MadeTable:
    """A table that is worked out and stored nowhere: its columns with their kinds, and what each is."""

    name: str
    title: str
    columns: tuple[tuple[str, str, str], ...]


STANDING = MadeTable(
    "standing",
    "How far everybody with a job here was with each course on the day of the export: the figures count these rows",
    (
        ("on_day", "day", "The day of the export"),
        ("course_id", "integer", "Course or programme"),
        ("person_id", "integer", "Whose"),
        ("unit_id", "integer", "The unit of their main job"),
        ("grade", "text", "The grade of their main job"),
        ("contract", "text", "The contract of their main job"),
        ("left_out", "text", "Why they are not in the figures; empty when they are"),
        ("is_asked", "boolean", "Whether the course is asked of them"),
        ("is_exempt", "boolean", "Whether they are exempt from it"),
        ("has_finished", "boolean", "Whether they have finished, and that is valid on the day"),
        ("has_begun", "boolean", "Whether they have begun, this time"),
    ),
)
DUE = MadeTable(
    "due",
    "By when each person was asked to finish, on the day of the export, and whether that day had gone by",
    (
        ("on_day", "day", "The day of the export"),
        ("course_id", "integer", "Course or programme that is asked for"),
        ("person_id", "integer", "Whose"),
        ("employment_id", "integer", "The job through which they are asked"),
        ("asked_on", "day", "Since when they are asked"),
        ("due_on", "day", "By when"),
        ("is_late", "boolean", "Whether that day and its days of grace had gone by, and they have not finished"),
        ("finished_on", "day", "When they completed what is valid on the day"),
    ),
)


def courses_concerned(session: Session, *, organisation_id: int, on: date) -> Sequence[tuple[int, Plan | None]]:
    """Each course that is asked for or that somebody who ever worked here completed, what is asked for first."""
    asked = {one.course_id: one for one in plans_on(session, Requirement.organisation_id == organisation_id, on=on)}
    theirs = select(Employment.person_id).where(Employment.organisation_id == organisation_id)
    done = select(Completion.course_id).where(Completion.person_id.in_(theirs), is_standing())
    others = session.scalars(select(Course.id).where(Course.id.in_(done), Course.id.not_in(asked)).order_by(Course.id))
    return [*asked.items(), *((one, None) for one in others)]


def standing_rows(
    session: Session, courses: Sequence[tuple[int, Plan | None]], *, organisation_id: int, on: date
) -> Iterator[Sequence[Any]]:
    """The rows of ``STANDING``."""
    for course_id, plan in courses:
        query = _standing(session, Question(organisation_id, course_id, on, plan))
        for row in session.execute(query, execution_options={"yield_per": PORTION}):
            yield (on, course_id, *row)


def _standing(session: Session, question: Question) -> Select[Any]:
    who = population(session, question)
    people = who.people.c
    return select(
        people.person_id,
        people.unit_id,
        people.grade,
        people.contract,
        who.left_out,
        people.is_asked,
        people.is_exempt,
        people.has_finished,
        people.has_begun,
    ).order_by(people.person_id)


def due_rows(session: Session, courses: Sequence[tuple[int, Plan | None]], *, on: date) -> Iterator[Sequence[Any]]:
    """The rows of ``DUE``: of everybody who is asked and not exempt."""
    for course_id, plan in courses:
        for one in asked_of(session, [plan] if plan else [], on=on):
            is_late = one.due.is_late(on) and one.finished_on is None
            asked_on, due_on = one.facts.asked_on, one.due.due_on
            yield on, course_id, one.person_id, one.employment_id, asked_on, due_on, is_late, one.finished_on
