"""Which course figures and lists are of: one that the authority asks for, or any other that its people may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request
from sqlalchemy.orm import Session

from assignments.plan_words import due_rule_in_words
from assignments.plans import Plan, plans_on
from assignments.requirements import Requirement
from courses.catalogue.versions import Course, courses_by_id, current_versions
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound


@dataclass(frozen=True)
class CourseOption:
    """One course in the chooser. Those that the authority asks for come first."""

    slug: str
    title: str
    is_asked: bool


@dataclass(frozen=True)
class CourseChoice:
    """The course that is chosen, and the others. ``course`` is ``None`` while nothing is asked and nothing chosen.

    ``plan`` is what the authority asks, ``due_on`` the day by which it does, if it names one for all, and ``by_when``
    the rule in words: "within 90 days of the start of their job".
    """

    course: Course | None
    title: str
    is_asked: bool
    is_default: bool
    due_on: date | None
    plan: Plan | None
    by_when: str
    options: tuple[CourseOption, ...]

    def get_course(self) -> Course:
        """The course. Raises ``NotFound`` while none is asked for and none chosen."""
        if self.course is None:
            raise NotFound("a course that is asked for or chosen")
        return self.course

    def is_past(self, on: date) -> bool:
        """Whether whoever has not finished by now is past the day."""
        return self.plan is not None and self.due_on is not None and self.plan.due.is_past(on)


def course_choice(session: Session, *, organisation_id: int) -> CourseChoice:
    """What the address asks for, or else what the authority asked for first. Raises ``NotFound`` for no such course."""
    asked = {
        plan.course_id: plan
        for plan in plans_on(session, Requirement.organisation_id == organisation_id, on=local_day(utc_now()))
    }
    places = {course_id: place for place, course_id in enumerate(asked)}
    every = [*_programmes(session, asked), *((course, version.title) for course, version in current_versions(session))]
    found = sorted(every, key=lambda pair: places.get(pair[0].id, len(places)))
    default = next((course.slug for course, _ in found if course.id in asked), None)
    wanted = request.args.get("course") or default
    chosen = next((pair for pair in found if pair[0].slug == wanted), None)
    if wanted is not None and chosen is None:
        raise NotFound(f"course {wanted}")
    course = chosen[0] if chosen else None
    plan = asked.get(course.id) if course else None
    return CourseChoice(
        course=course,
        title=chosen[1] if chosen else "",
        is_asked=plan is not None,
        is_default=wanted == default,
        due_on=plan.due.day if plan and not plan.due.at_least_days else None,
        plan=plan,
        by_when=due_rule_in_words(session, plan.due) if plan else "",
        options=tuple(CourseOption(course.slug, title, course.id in asked) for course, title in found),
    )


def _programmes(session: Session, asked: Mapping[int, Plan]) -> list[tuple[Course, str]]:
    """Those that are asked for, with their names."""
    names = {key: plan.programme[-1].name for key, plan in asked.items() if plan.programme}
    rows = courses_by_id(session, course_ids=names) if names else {}
    return [(rows[key], name) for key, name in names.items()]
