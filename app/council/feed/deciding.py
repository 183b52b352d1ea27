"""Letting a file go on, or not: one more page before anything happens, and a second person where it was stopped."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.feed.run_page import RunPage, note_roles_opened, read_page
from app.platform.access import allow, who
from app.platform.forms import FlaskForm
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.feed.runs.deciding import decide
from people.feed.runs.record import APPLY_FEEDS, Choice, FeedRun
from people.roles import Role

SAID = {
    Choice.NOTHING: "Nothing has changed. The file is kept in the list",
    Choice.WITHOUT_LEAVERS: "The file is being applied, and nobody’s job ends",
    Choice.ALL: "The file is being applied",
}


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_decide(slug: str, run_id: int) -> str | tuple[str, int] | Response:
    """What would happen by a choice, and the button that makes it happen."""
    page = read_page(slug, run_id)
    sent = request.form if request.method == "POST" else request.args
    choice = next((one for one in Choice if one == sent.get("choice")), None)
    is_open = page.run.is_planned or (page.run.is_unread and choice is Choice.NOTHING)
    if choice is None or not is_open:
        refusal = "Select what should happen" if page.run.is_planned else "Somebody has decided about this file already"
        flash(refusal, "important")
        return redirect(url_for("council.feed_run", slug=slug, run_id=run_id))
    refusal = ""
    if FlaskForm().validate_on_submit():
        try:
            _decide(page.run, choice)
        except RuleBroken as problem:
            refusal = problem.message
        else:
            flash(SAID[choice])
            return redirect(url_for("council.feed_run", slug=slug, run_id=run_id))
    shown = _page(page, choice, refusal)
    return (shown, 422) if refusal else shown


def _page(page: RunPage, choice: Choice, refusal: str) -> str:
    return render_template(
        "council/feed_decide.html",
        slug=page.organisation.slug,
        page=page,
        run=page.run,
        plan=page.run.plan,
        choice=choice.value,
        counts=page.counts,
        refusal=refusal,
        role_names=note_roles_opened(page),
    )


def _decide(run: FeedRun, choice: Choice) -> None:
    with unit_of_work() as work:
        decide(work.session, run_id=run.id, choice=choice, by=who().account_id, now=utc_now())
        if choice is not Choice.NOTHING:
            work.ring_after_commit(APPLY_FEEDS)
