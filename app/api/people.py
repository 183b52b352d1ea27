"""Rows of people, for a token that was made for it by somebody who may download rows: each answer is on record."""

from http import HTTPStatus

from flask import Response, jsonify, request

from app.api.bearer import answered, bearer_of, guessed
from app.api.problems import Refused
from app.platform.access import public
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.work import unit_of_work
from assignments.plans import find_plan
from courses.catalogue.versions import get_course
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.api_tokens.tokens import may_read_people, note_people_read
from reports.listing.people_rows import payroll_numbers
from reports.listing.people_states import people_page
from reports.listing.wanted import LearningState, ListOfPeople, Wanted

PAGE_SIZE = 500
NO_RIGHT = "This token reads no rows of people, or whoever made it may not download rows any more"


@public
@guessed
@answered
def people(slug: str) -> Response:
    """One page of those who count, by name, and how far each is with a course."""
    bearer, session, now = bearer_of(slug), db.session(), utc_now()
    if not may_read_people(session, bearer, now=now):
        raise Refused(HTTPStatus.FORBIDDEN, NO_RIGHT)
    today, course = local_day(now), get_course(session, slug=request.args.get("course", ""))
    plan = find_plan(session, organisation_id=bearer.organisation_id, course_id=course.id, on=today)
    of, page = ListOfPeople(bearer.organisation_id, (), course.id, plan, today), number_in(request.args, "page")
    if page < 1:
        raise RuleBroken("“page” is a number from 1 on", field="page")
    found = people_page(session, of, Wanted(_state()), page=page, size=PAGE_SIZE)
    numbers = payroll_numbers(session, of, [one.person_id for one in found.people])
    each = [
        {
            "name": one.name,
            "payroll_number": numbers.get(one.person_id, ""),
            "unit": one.unit_path,
            "state": one.state.value,
            "due_on": one.due_on.isoformat() if one.due_on else None,
            "is_late": one.is_late,
            "finished_on": one.finished_on.isoformat() if one.finished_on else None,
        }
        for one in found.people
    ]
    course_id = course.id
    with unit_of_work() as work:
        note_people_read(work.session, bearer, course_id=course_id, people=len(each), now=now)
    pages = max(1, -(-found.found // PAGE_SIZE))
    return jsonify(on=today.isoformat(), found=found.found, page=page, pages=pages, people=each)


def _state() -> LearningState | None:
    typed = request.args.get("state", "").strip()
    found = next((one for one in LearningState if one.value == typed), None)
    if typed and found is None:
        raise RuleBroken(f"“state” is one of these: {', '.join(LearningState)}", field="state")
    return found
