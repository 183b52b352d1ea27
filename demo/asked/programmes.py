"""A programme in Sefton, and in Wirral a shorter course the next time, where the shipped courses are published."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assignments.due.rules import DueRule
from assignments.programmes.making import Draft, make_programme
from assignments.programmes.refreshers import Refresher
from assignments.requirement_changes import change_asking, get_requirement
from assignments.requirements import Asking, require_course
from courses.catalogue.versions import current_versions
from kernel.clock import local_day

_FRONT_LINE, _RECRUITMENT = "front-line-services", "inclusive-recruitment"
_BEGAN, _DUE_IN, _MONTHS = timedelta(days=30), timedelta(days=60), 36


def add_programmes(session: Session, *, organisation_ids: Mapping[str, int], course_id: int, now: datetime) -> None:
    """Ask everybody in Sefton for a programme of two steps, of which the second can be done in two ways."""
    known = {course.slug: course.id for course, _ in current_versions(session)}
    if not {_FRONT_LINE, _RECRUITMENT} <= known.keys():
        return
    sefton, wirral, began = organisation_ids["sefton"], organisation_ids["wirral"], now - _BEGAN
    draft = Draft("Fair to everybody", ((course_id,), (known[_FRONT_LINE], known[_RECRUITMENT])))
    programme = make_programme(session, draft, organisation_id=sefton, account_id=None, now=began)
    asking = Asking(due=DueRule(day=local_day(now) + _DUE_IN))
    require_course(
        session,
        course_id=programme.course_id,
        organisation_ids=[sefton],
        account_id=None,
        now=began,
        asking=asking,
    )
    held = get_requirement(session, course_id=course_id, organisation_id=wirral)
    shorter = Asking(held.audience_id, held.rule, held.period, Refresher(known[_FRONT_LINE], _MONTHS))
    change_asking(session, requirement_id=held.id, asking=shorter, account_id=None, now=began)
