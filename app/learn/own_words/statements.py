"""What learners say about themselves: the statements on a screen, and their own page of how it changed."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.course_pages.personal import StatementsView, in_words
from app.course_pages.screen_urls import screen_url
from app.learn.courses.own_courses import own_courses
from app.learn.place.in_place import refused_in_place, saved_in_place
from app.learn.place.place import get_place
from app.learn.place.screen_page import show
from app.learn.place.typed_again import personal_again
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.pages.negotiation import wants_json
from app.platform.pages.unsent import PAGE_OF, kept_when_signed_out
from app.platform.work import unit_of_work
from courses.content.model.personal import Instrument, Moment, StatementsBlock
from courses.reflection.rating_comparison import RatingComparison, compare_ratings
from courses.reflection.ratings import chosen_values, forget_ratings, ratings_of, save_ratings
from courses.taking.screens import ScreenAddress, open_screen
from kernel.clock import utc_now
from kernel.errors import NotFound
from kernel.seen import FIELD, ChangedMeanwhile, marks_after

NO_STATEMENTS = frozenset({"csrf_token", FIELD, PAGE_OF})
Answer = tuple[str | Response, int]


@signed_in
@kept_when_signed_out
def rate(address: ScreenAddress, instrument_id: str, moment: str) -> Answer | Response:
    """Keep what was chosen. Scripts ask for JSON while somebody chooses; without them the page comes back."""
    if moment not in list(Moment):
        raise NotFound(f"moment {moment}")
    place = StatementsBlock(instrument_id=instrument_id, moment=Moment(moment))
    back = screen_url(address, fragment=place.key)
    if request.method == "GET":
        return redirect(back)
    now = utc_now()
    values = {name: value for name, value in request.form.items() if name not in NO_STATEMENTS and value}
    seen = request.form.get(FIELD, "")
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            save_ratings(work.session, here, place=place, values=values, now=now, seen=seen)
            stored = chosen_values(work.session, person_id=who().person_id, place=place)
    except ChangedMeanwhile as refusal:
        return _show_both(address, place, refusal)
    return saved_in_place(now, seen=marks_after(seen, stored=stored, typed=values)) if wants_json() else redirect(back)


def _show_both(address: ScreenAddress, block: StatementsBlock, refusal: ChangedMeanwhile) -> Answer:
    place = get_place(db.session(), address)
    views = personal_again(db.session(), place, block.key, request.form, refusal)
    view = views[block.key]
    if wants_json() and isinstance(view, StatementsView):
        return refused_in_place(refusal, view)
    return show(db.session(), place, personal=views, error=refusal.message), 409


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


def _changes(session: Session) -> list[RatingComparison]:
    person_id = who().person_id
    said = ratings_of(session, person_id=person_id)
    found = _instruments(session) if said else {}
    changes = [compare_ratings(key, instrument, said) for key, instrument in found.items()]
    return [change for change in changes if change.rows]


def _instruments(session: Session) -> dict[str, Instrument]:
    """The instruments of the courses that the person began, in their authority’s words; the newest course decides."""
    found: dict[str, Instrument] = {}
    for course in own_courses(session):
        found |= {key: in_words(course, one) for key, one in course.document.instruments.items()}
    return found
