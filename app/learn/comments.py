"""A learner tells the authors of a course something, changes it, or takes it back."""

from dataclasses import replace

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.access import signed_in, who
from app.extensions import db
from app.learn.comment_views import CommentView
from app.learn.personal import personal_on
from app.learn.places import get_place, show
from app.work import unit_of_work
from courses.comments import save_comment
from kernel.clock import utc_now
from kernel.errors import RuleBroken


@signed_in
def comment(slug: str, module_slug: str, number: int, comment_id: str) -> str | tuple[str, int] | Response:
    """Keep a comment; an empty one is taken back."""
    here = url_for("learn.screen", slug=slug, module_slug=module_slug, number=number, _anchor=comment_id)
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(here)
    # The database keeps no character number 0.
    text = request.form.get("text", "").replace("\x00", "").replace("\r\n", "\n")
    try:
        with unit_of_work() as work:
            save_comment(
                work.session,
                person_id=who().person_id,
                slug=slug,
                module_slug=module_slug,
                screen=number,
                comment_id=comment_id,
                text=text,
                now=utc_now(),
            )
    except RuleBroken as refusal:
        if refusal.field is None:
            raise
        return _show_refused(slug, module_slug, number, comment_id, text, refusal.message), 422
    flash("Your comment is sent." if text.strip() else "There is no comment of yours.")
    return redirect(here)


def _show_refused(slug: str, module_slug: str, number: int, comment_id: str, text: str, message: str) -> str:
    place = get_place(db.session(), slug, module_slug, number)
    views = personal_on(db.session(), place.course, module_slug, number)
    view = views[comment_id]
    if isinstance(view, CommentView):
        views[comment_id] = replace(view, text=text, error=message)
    return show(db.session(), place, personal=views, error=message)
