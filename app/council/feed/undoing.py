"""Taking back the last file: first what that would do, then the button."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.council.feed.run_page import read_page
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.feed.runs.record import APPLY_FEEDS
from people.feed.runs.undoing import ask_to_undo, preview_undo
from people.roles import Role


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_undo(slug: str, run_id: int) -> str | Response:
    """What comes back and what goes, and what stays because it happened since."""
    page = read_page(slug, run_id)
    back = redirect(url_for("council.feed_run", slug=slug, run_id=run_id))
    if page.why_no_undo:
        flash(page.why_no_undo, "important")
        return back
    if FlaskForm().validate_on_submit():
        try:
            with unit_of_work() as work:
                ask_to_undo(work.session, run_id=run_id, by=who().account_id, now=utc_now())
                work.ring_after_commit(APPLY_FEEDS)
        except RuleBroken as problem:
            flash(problem.message, "important")
        else:
            flash("The file is being undone")
        return back
    preview = preview_undo(db.session(), page.run)
    return render_template("council/feed_undo.html", slug=slug, page=page, run=page.run, preview=preview)
