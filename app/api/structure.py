"""What figures can be of: the courses, and the units of a day."""

from flask import Response, jsonify

from app.api.bearer import answered, bearer_of, guessed
from app.api.figures import day_in_address
from app.platform.access import public
from app.platform.extensions import db
from assignments.plans import plans_on
from assignments.requirements import Requirement
from courses.catalogue.versions import courses_by_id, current_versions
from kernel.clock import local_day, utc_now
from people.reorganisation.periods import units_on


@public
@guessed
@answered
def courses(slug: str) -> Response:
    """Every course and every programme that is asked for, with whether the authority asks for it."""
    bearer, session, today = bearer_of(slug), db.session(), local_day(utc_now())
    asked = {
        one.course_id: one for one in plans_on(session, Requirement.organisation_id == bearer.organisation_id, on=today)
    }
    names = {key: plan.programme[-1].name for key, plan in asked.items() if plan.programme}
    found: list[dict[str, object]] = [
        {"slug": row.slug, "title": names[key], "version": None, "is_asked": True}
        for key, row in (courses_by_id(session, course_ids=names) if names else {}).items()
    ]
    found += [
        {"slug": course.slug, "title": version.title, "version": version.number, "is_asked": course.id in asked}
        for course, version in current_versions(session)
    ]
    return jsonify(courses=found)


@public
@guessed
@answered
def units(slug: str) -> Response:
    """The units as they were on a day, parents before what stands in them."""
    bearer = bearer_of(slug)
    on = day_in_address() or local_day(utc_now())
    found = units_on(db.session(), organisation_id=bearer.organisation_id, on=on)
    each = [
        {"id": one.id, "name": one.name, "path": one.path, "kind": one.kind.value, "parent_id": one.parent_id}
        for one in found
    ]
    return jsonify(on=on.isoformat(), units=each)
