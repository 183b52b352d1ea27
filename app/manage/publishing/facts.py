"""The register of facts: what is due for another look, where each fact is used, and its note in previews."""

from collections.abc import Sequence

from flask import abort, render_template, request

from app.platform.access import allow
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.templating import day
from courses.catalogue.fact_register import FactEntry, Review, fact_register
from courses.content.model.facts import Fact
from kernel.clock import local_day, utc_now
from people.roles import Role

PAGE_SIZE = 25
MOST_SHOWN = 160
SHOWN = {"": "All facts", "soon": "Due in the next 90 days", "to-check": "Still to be checked"}
STATE_WORDS = {Review.DUE: "Due", Review.SOON: "Within 90 days", Review.LATER: "Later"}
STATE_TONES = {Review.DUE: "due", Review.SOON: "", Review.LATER: "quiet"}


def fact_note(fact_id: str, fact: Fact) -> str:
    """What stands behind a fact in a preview: "fact RE-F-PORT, review by 31 January 2027"."""
    return f"fact {fact_id}, review by {day(fact.review_by)}"


def excerpt(text: str) -> str:
    """The beginning of what a fact says, in one line. A table or list is only counted."""
    lines = text.split("\n")
    if len(lines) > 1:
        return f"A table, a list or paragraphs: {len(lines)} lines"
    words = text.replace("**", "")
    return words if len(words) <= MOST_SHOWN else words[:MOST_SHOWN].rsplit(" ", 1)[0] + " …"


@allow(Role.AUTHOR, Role.ADMIN)
def facts() -> str:
    """Every fact of every current version, or of one course: overdue first, then by the day of its review."""
    everything = fact_register(db.session(), today=local_day(utc_now()))
    courses = _courses(everything)
    chosen = request.args.get("course") or None
    show = request.args.get("show", "")
    if show not in SHOWN or (chosen is not None and chosen not in courses):
        abort(404)
    of_course = [entry for entry in everything if chosen is None or chosen in {course.slug for course in entry.courses}]
    entries = [entry for entry in of_course if _is_shown(entry, show)]
    pages = max(1, -(-len(entries) // PAGE_SIZE))
    page = number_in(request.args, "page")
    if not 1 <= page <= pages:
        abort(404)
    return render_template(
        "manage/facts.html",
        counts=_counts(of_course),
        to_check=sum(not entry.fact.is_checked for entry in of_course),
        entries=entries[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        courses=courses,
        chosen=chosen,
        shown=SHOWN,
        show=show,
        count=len(entries),
        excerpt=excerpt,
        state_words=STATE_WORDS,
        state_tones=STATE_TONES,
        page=page,
        pages=pages,
    )


def _courses(entries: Sequence[FactEntry]) -> dict[str, str]:
    """The titles of all courses that have facts, by their address, in the order of their titles."""
    titles = {course.slug: course.title for entry in entries for course in entry.courses}
    return dict(sorted(titles.items(), key=lambda course: course[1]))


def _is_shown(entry: FactEntry, show: str) -> bool:
    if show == "to-check":
        return not entry.fact.is_checked
    return not show or entry.review is not Review.LATER


def _counts(entries: list[FactEntry]) -> dict[str, int]:
    """How many facts are due, due soon, and due later."""
    return {review.value: sum(entry.review is review for entry in entries) for review in Review}
