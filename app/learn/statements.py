"""What learners say about themselves: the statements on a screen, and their own page of how it changed."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.extensions import db
from app.learn.own_courses import own_courses
from app.learn.personal import in_words
from app.learn.replies import wants_json
from app.templating import clock
from app.work import unit_of_work
from courses.change import Change, change_in
from courses.content.personal import Instrument, Moment, StatementsBlock
from courses.ratings import forget_ratings, ratings_of, save_ratings
from kernel.clock import utc_now
from kernel.errors import NotFound


@signed_in
def rate(slug: str, module_slug: str, number: int, instrument_id: str, moment: str) -> Response:
    """Keep what was chosen. Scripts ask for JSON while somebody chooses; without them the page comes back."""
    if moment not in list(Moment):
        raise NotFound(f"moment {moment}")
    place = StatementsBlock(instrument_id=instrument_id, moment=Moment(moment))
    here = url_for("learn.screen", slug=slug, module_slug=module_slug, number=number, _anchor=place.key)
    if request.method == "GET":
        return redirect(here)
    now = utc_now()
    with unit_of_work() as work:
        save_ratings(
            work.session,
            person_id=who().person_id,
            slug=slug,
            module_slug=module_slug,
            screen=number,
            place=place,
            values={name: value for name, value in request.form.items() if name != "csrf_token" and value},
            now=now,
        )
    return jsonify(saved_at=clock(now)) if wants_json() else redirect(here)


@signed_in
def ratings() -> str:
    """Everything that the person at the keyboard has said about themselves, and how it changed."""
    return render_template("learn/ratings.html", changes=_changes(db.session()))


@signed_in
def forget(instrument_id: str) -> Response:
    """Remove what they said with one instrument."""
    with unit_of_work() as work:
        forget_ratings(work.session, person_id=who().person_id, instrument_id=instrument_id)
    flash("Your ratings are removed.")
    return redirect(url_for("learn.ratings"))


def _changes(session: Session) -> list[Change]:
    person_id = who().person_id
    said = ratings_of(session, person_id=person_id)
    found = _instruments(session) if said else {}
    changes = [change_in(key, instrument, said) for key, instrument in found.items()]
    return [change for change in changes if change.rows]


def _instruments(session: Session) -> dict[str, Instrument]:
    """The instruments of the courses that the person began, in their authority’s words; the newest course decides."""
    found: dict[str, Instrument] = {}
    for course in own_courses(session):
        found |= {key: in_words(course, one) for key, one in course.document.instruments.items()}
    return found
