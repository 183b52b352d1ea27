"""Past learning that belongs to nobody yet, matched by hand: find the person, choose the course, confirm."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.council.history.words import evidence_lines
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_of
from app.platform.pages.opened_names import note_names_opened
from app.platform.work import unit_of_work
from courses.catalogue.versions import current_versions
from courses.history.evidence import get_evidence, match_evidence, people_meant
from courses.history.stored import HistoryRow
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.directory import FoundPerson, listed
from people.organisations import Organisation
from people.roles import Role
from people.visibility import PeopleScope, past_learning_scope

LONGEST = 200


@allow(Role.HR_LEAD, Role.ADMIN)
def history_evidence(slug: str, row_id: int) -> str | tuple[str, int] | Response:
    """What the file says, who it could be, and the choice."""
    organisation = past_learning_scope(db.session(), who(), slug=slug)
    row = get_evidence(db.session(), row_id=row_id, organisation_id=organisation.id)
    if request.method != "POST":
        return _page(organisation, row, [])
    courses = {course.slug: course.id for course, _ in current_versions(db.session())}
    person_id = number_of(request.form.get("person", ""), 0)
    course_id = row.course_id or courses.get(request.form.get("course", ""))
    errors = [] if person_id else [("Select a person", "#person")]
    errors += [] if course_id else [("Select a course", "#course")]
    if errors or course_id is None:
        return _page(organisation, row, errors), 422
    try:
        with unit_of_work() as work:
            match_evidence(
                work.session,
                row_id=row_id,
                organisation_id=organisation.id,
                person_id=person_id,
                course_id=course_id,
                by=who().account_id,
                now=utc_now(),
            )
    except RuleBroken as refusal:
        return _page(organisation, row, [(refusal.message, "#person")]), 422
    flash("Matched. It stands in the person’s record now")
    return redirect(url_for("council.history", slug=slug))


def _page(organisation: Organisation, row: HistoryRow, errors: list[tuple[str, str]]) -> str:
    typed = request.values.get("name", "").strip()[:LONGEST]
    found, is_cut = _people(organisation, row, typed)
    if not found:  # then there is nothing to select, and the way on is to search
        errors = [(words, "#name") for words, _ in errors[:1]]
    if found:
        note_names_opened("past-learning", authority=organisation.slug, is_search="yes" if typed else None)
    return render_template(
        "council/history_evidence.html",
        organisation=organisation,
        line=evidence_lines(db.session(), organisation, [row])[0],
        needs_course=row.course_id is None,
        courses=current_versions(db.session()),
        chosen_person=request.form.get("person", ""),
        chosen_course=request.form.get("course", ""),
        typed=typed,
        people=found,
        is_cut=is_cut,
        errors=errors,
    )


def _people(organisation: Organisation, row: HistoryRow, typed: str) -> tuple[tuple[FoundPerson, ...], bool]:
    """Who was searched for; without a search those whom the plan suggests, or who was found already."""
    ids, is_cut = tuple(row.suggested), False
    if row.person_id:
        ids = (row.person_id, *(one for one in ids if one != row.person_id))
    if typed:
        found = people_meant(db.session(), typed=typed, organisation_id=organisation.id)
        ids, is_cut = found.person_ids, found.is_cut
    scope = PeopleScope(frozenset({organisation.id}))
    return listed(db.session(), person_ids=ids, scope=scope, on=local_day(utc_now())), is_cut
