"""Figures through the one way in, with small groups hidden, and those that were published."""

from datetime import date

from flask import Response, jsonify, request

from app.api.bearer import answered, bearer_of, guessed
from app.platform.access import public
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from assignments.plans import plans_on
from assignments.requirements import Requirement
from courses.catalogue.versions import courses_by_id
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from reports.answers.answering import answer
from reports.answers.plain import plain
from reports.answers.published import Published, get_published, published_by
from reports.figures.definition import FigureDefinition, cut_from

NOT_A_DAY = "“on” is no day. Write it as 2027-03-31"
NO_COURSE = "Nothing is asked for, so say which course: ?course=…"


@public
@guessed
@answered
def figures(slug: str) -> Response:
    """How far people are with a course on a day, by one thing."""
    bearer, session, now = bearer_of(slug), db.session(), utc_now()
    course = request.args.get("course") or _asked_first(bearer.organisation_id)
    definition = FigureDefinition(slug, course, day_in_address() or local_day(now), cut_from(request.args))
    found = answer(session, definition, now=now, smallest_shown=current_settings().smallest_group)
    return jsonify({**plain(found), "as_at": now.isoformat()})


@public
@guessed
@answered
def published(slug: str) -> Response:
    """What was published of the authority, the newest first."""
    bearer = bearer_of(slug)
    found = published_by(db.session(), organisation_id=bearer.organisation_id)
    return jsonify(published=[_in_short(one) for one in found])


@public
@guessed
@answered
def published_figure(slug: str, figure_number: str) -> Response:
    """One published figure, as it was shown."""
    bearer_of(slug)
    found = get_published(db.session(), figure_number)
    if found.authority != slug:
        raise NotFound(f"figure {found.number} of {slug}")
    return jsonify({**_in_short(found), "figures": found.result})


def _in_short(one: Published) -> dict[str, object]:
    published_at = one.published_at.isoformat()
    definition = one.definition.as_json()
    return {"number": one.number, "definition": definition, "is_public": one.is_public, "published_at": published_at}


def day_in_address() -> date | None:
    """The day that the address asks for. Raises ``RuleBroken`` for what is none."""
    typed = request.args.get("on", "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as problem:
        raise RuleBroken(NOT_A_DAY, field="on") from problem


def _asked_first(organisation_id: int) -> str:
    today = local_day(utc_now())
    plans = plans_on(db.session(), Requirement.organisation_id == organisation_id, on=today)
    if not plans:
        raise RuleBroken(NO_COURSE, field="course")
    return courses_by_id(db.session(), course_ids=[plans[0].course_id])[plans[0].course_id].slug
