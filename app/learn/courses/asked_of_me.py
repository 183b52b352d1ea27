"""What I must do, by when, and why me."""

from flask import render_template

from app.platform.access import signed_in, who
from app.platform.extensions import db
from assignments.requests.asking import newest_requests
from assignments.requests.telling import request_in_words
from assignments.standing.explaining import ONESELF, explanations
from courses.catalogue.versions import courses_by_id
from kernel.clock import local_day, utc_now


@signed_in
def asked_of_me() -> str:
    """Everything that is asked of the person who reads it, each with its rule and what the date follows from."""
    session, person_id = db.session(), who().person_id
    found = explanations(session, person_id=person_id, on=local_day(utc_now()), reader=ONESELF)
    newest = newest_requests(session, person_id=person_id)
    return render_template(
        "learn/asked_of_me.html",
        found=found,
        courses=courses_by_id(session, course_ids=[one.course_id for one in found]),
        requests={key: (one.decided_at is None, request_in_words(one)) for key, one in newest.items()},
    )
