"""What the address of a preview asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from assignments.audiences.rules import EVERYBODY, Rule, courses_needed
from assignments.audiences.saved import get_audience, rules_in_force
from assignments.due.rules import DueRule, Measure, Since, checked_due
from assignments.periods.rules import Lasts, PeriodRule, RunsFrom, checked_period
from assignments.plans import Plan, find_plan
from assignments.previewing import circle_of
from assignments.programmes.refreshers import Refresher, checked_refresher
from assignments.requirements import Asking
from courses.catalogue.programmes import find_programme
from courses.catalogue.versions import Course, get_course
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.organisations import Organisation


@dataclass(frozen=True)
class Wanted:
    """What an address asks for, and what it would take the place of; ``fault`` says why it cannot be."""

    organisation: Organisation
    course: Course
    asking: Asking
    rule: Rule
    audience_name: str | None
    held: Plan | None
    fault: str | None


def wanted_from(session: Session, organisation: Organisation, asked: Mapping[str, Any]) -> Wanted:
    """What the arguments of an address ask for. Raises ``NotFound`` and ``RuleBroken`` for what is not there."""
    today = local_day(utc_now())
    course = get_course(session, slug=str(asked.get("course")))
    programme = find_programme(session, course_id=course.id)
    if programme is not None and programme.organisation_id != organisation.id:
        raise NotFound(f"programme {course.slug} of {organisation.slug}")
    audience_id = int(asked["audience"]) if asked.get("audience") else None
    rule: Rule = EVERYBODY
    name = None
    if audience_id is not None:
        name = get_audience(session, audience_id=audience_id, organisation_id=organisation.id).name
        rule = rules_in_force(session, audience_ids=[audience_id], on=today)[audience_id].rule
    after = get_course(session, slug=str(asked["after"])).id if asked.get("after") else None
    due = checked_due(
        DueRule(
            Since(asked.get("since", "")),
            date.fromisoformat(asked["day"]) if asked.get("day") else None,
            int(asked.get("count") or 0),
            Measure(asked.get("measure") or "days"),
            after,
            int(asked.get("least") or 0),
            int(asked.get("grace") or 0),
        )
    )
    needs = courses_needed(rule) | ({after} if after is not None else set())
    fault = circle_of(session, organisation_id=organisation.id, course_id=course.id, needs=needs, on=today)
    held = find_plan(session, organisation_id=organisation.id, course_id=course.id, on=today)
    return Wanted(
        organisation,
        course,
        Asking(audience_id, due, _period(asked), _refresher(session, asked, course.id)),
        rule,
        name,
        held,
        fault,
    )


def _period(asked: Mapping[str, Any]) -> PeriodRule | None:
    if not asked.get("lasts"):
        return None
    return checked_period(
        PeriodRule(
            Lasts(asked["lasts"]),
            int(asked.get("months") or 0),
            date.fromisoformat(asked["until"]) if asked.get("until") else None,
            int(asked.get("opens") or 0),
            RunsFrom(asked.get("runs") or "completion"),
        )
    )


def _refresher(session: Session, asked: Mapping[str, Any], course_id: int) -> Refresher | None:
    if not asked.get("refresher") or not asked.get("lasts"):
        return None
    rule = Refresher(get_course(session, slug=str(asked["refresher"])).id, int(asked.get("within") or 0))
    return checked_refresher(rule, course_id=course_id, valid_months=int(asked.get("months") or 0))
