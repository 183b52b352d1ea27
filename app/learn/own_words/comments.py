"""A learner tells the authors of a course something, changes it, or takes it back."""

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from app.course_pages.screen_urls import screen_url
from app.learn.place.in_place import status_of
from app.learn.place.place import get_place
from app.learn.place.screen_page import show
from app.learn.place.typed_again import personal_again, text_in
from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.pages.unsent import kept_when_signed_out
from app.platform.work import unit_of_work
from courses.reflection.comments import save_comment
from courses.taking.screens import ScreenAddress, open_screen
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.seen import FIELD


@signed_in
@kept_when_signed_out
def comment(address: ScreenAddress, comment_id: str) -> str | tuple[str, int] | Response:
    """Keep a comment; an empty one is taken back."""
    back = screen_url(address, fragment=comment_id)
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(back)
    text, seen, now = text_in(request.form), request.form.get(FIELD, ""), utc_now()
    try:
        with unit_of_work() as work:
            here = open_screen(work.session, address, person_id=who().person_id, now=now)
            save_comment(work.session, here, comment_id=comment_id, text=text, now=now, seen=seen)
    except RuleBroken as refusal:
        if refusal.field is None:
            raise
        place = get_place(db.session(), address)
        views = personal_again(db.session(), place, comment_id, request.form, refusal)
        return show(db.session(), place, personal=views, error=refusal.message), status_of(refusal)
    flash("Your comment is sent." if text.strip() else "There is no comment of yours.")
    return redirect(back)
