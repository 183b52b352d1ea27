"""A file of past learning: what it would do in sentences, how far it is, and what somebody does with it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.certificates.progress import begun_by, carry_out, part_of_page, percent_of
from app.council.history.rows_file import PUT_RIGHT
from app.council.history.words import OUTCOME_WORDS, RUN_WORDS, evidence_lines, is_going_on
from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.sealed.past_learning import delete_file
from app.platform.work import unit_of_work
from courses.catalogue.versions import current_versions
from courses.history.evidence import name_courses, unknown_courses
from courses.history.plan import Outcome
from courses.history.runs import (
    courses_of,
    discard_run,
    figures_of,
    get_run,
    needs_second_person,
    rows_page,
    sentences_for,
    start_applying,
    start_undoing,
)
from courses.history.stored import WORK_OFF_HISTORY, HistoryRun, Stage
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation
from people.roles import Role
from people.visibility import past_learning_scope

PAGE_SIZE, MOST_NAMES = 50, 30
ACTS: dict[str, tuple[Callable[..., None], str, str | None]] = {
    "apply": (start_applying, "It is being applied", WORK_OFF_HISTORY),
    "undo": (start_undoing, "It is being undone", WORK_OFF_HISTORY),
    "discard": (discard_run, "Put away. Nothing was changed", None),
}


def _found(slug: str, run_id: int) -> tuple[Organisation, HistoryRun]:
    """The file, if it is this person's to see. Raises ``NotFound``."""
    organisation = past_learning_scope(db.session(), who(), slug=slug)
    return organisation, get_run(db.session(), run_id=run_id, organisation_id=organisation.id)


@allow(Role.HR_LEAD, Role.ADMIN)
def history_run(slug: str, run_id: int) -> str:
    """The plan in sentences, what it changes in past figures, and the choice."""
    session = db.session()
    organisation, run = _found(slug, run_id)
    return render_template(
        "council/history_run.html",
        sentences=sentences_for(session, run),
        figures=figures_of(run, smallest_shown=current_settings().smallest_group),
        unknown=unknown_courses(session, run_id=run.id)[:MOST_NAMES] if run.stage is Stage.PLANNED else (),
        courses=current_versions(session),
        added_to=courses_of(session, run_id=run.id),
        planned_by=begun_by(run.planned_by_account_id) if run.planned_by_account_id else "",
        needs_other=needs_second_person(run),
        is_mine=run.planned_by_account_id == who().account_id,
        **_progress(organisation, run),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def history_run_status(slug: str, run_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while more is to come."""
    organisation, run = _found(slug, run_id)
    return part_of_page("council/history_run_status.html", **_progress(organisation, run))


def _progress(organisation: Organisation, run: HistoryRun) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "run": run,
        "is_live": is_going_on(run),
        "done_percent": percent_of(run.done, run.wanted, of_none=100),
        "run_words": RUN_WORDS,
    }


@allow(Role.HR_LEAD, Role.ADMIN)
def history_run_change(slug: str, run_id: int, act: str) -> Response:
    """Apply, undo or put away."""
    _, run = _found(slug, run_id)
    if act not in ACTS:
        raise NotFound(f"{act} for a file of past learning")
    do, words, bell = ACTS[act]
    key = run.file_key
    carry_out(do, words, bell=bell, run_id=run.id)
    if act == "discard":
        if key is not None and get_run(db.session(), run_id=run_id, organisation_id=None).stage is Stage.DISCARDED:
            delete_file(key)
        return redirect(url_for("council.history", slug=slug))
    return redirect(url_for("council.history_run", slug=slug, run_id=run_id))


@allow(Role.HR_LEAD, Role.ADMIN)
def history_rows(slug: str, run_id: int, outcome: str) -> str:
    """The rows of a file with one outcome, page by page."""
    organisation, run = _found(slug, run_id)
    if outcome not in list(Outcome):
        raise NotFound(f"rows that are {outcome}")
    page = number_in(request.args, "page")
    found = rows_page(db.session(), run, Outcome(outcome), page=max(1, page), size=PAGE_SIZE)
    pages = max(1, -(-found.count // PAGE_SIZE))
    if not 1 <= page <= pages:
        abort(404)
    if found.rows:
        note_names_opened("past-learning", authority=slug, state=outcome, page=page, people=len(found.rows))
    return render_template(
        "council/history_rows.html",
        organisation=organisation,
        run=run,
        outcome=outcome,
        heading=OUTCOME_WORDS[Outcome(outcome)],
        lines=evidence_lines(db.session(), organisation, found.rows),
        can_put_right=outcome in PUT_RIGHT,
        can_match=run.stage is Stage.APPLIED and outcome == Outcome.UNMATCHED,
        count=found.count,
        page=page,
        pages=pages,
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def history_courses(slug: str, run_id: int) -> Response:
    """Keep which courses the authority means by names of its own, and plan the file again."""
    organisation, run = _found(slug, run_id)
    slugs = {course.slug: course.id for course, _ in current_versions(db.session())}
    called = {
        name: slugs[meant]
        for place in range(MOST_NAMES)
        if (name := request.form.get(f"called-{place}", "")) and (meant := request.form.get(f"course-{place}")) in slugs
    }
    try:
        with unit_of_work() as work:
            again = get_run(work.session, run_id=run.id, organisation_id=organisation.id)
            name_courses(work.session, organisation_id=organisation.id, called=called, run=again, now=utc_now())
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash("Kept, and planned again" if called else "No course was chosen, so nothing is planned anew")
    return redirect(url_for("council.history_run", slug=slug, run_id=run_id))
