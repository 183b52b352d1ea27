"""Ten-minute team talks: a card for each month, and a manager's own tick that it is done."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.course_pages.paper_questions import letter
from app.course_pages.rendering import ready_course
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.navigation import FACILITATORS
from app.platform.work import unit_of_work
from courses.catalogue.local_wording import LocalWordingSource, local_wording_source_of
from courses.teams.team_talks import TeamCard, is_done, month_of, team_cards, tick, untick
from kernel.clock import local_day, utc_now
from people.roles import Role


@dataclass(frozen=True)
class CardView:
    """A card in the reader's local words. Each choice has its letter, its words and what may follow from it."""

    id: str
    title: str
    story: Markup
    question: Markup
    choices: tuple[tuple[str, Markup, Markup], ...]


@allow(Role.MANAGER, *FACILITATORS)
def talks() -> str:
    """All cards, this month's first."""
    session, today = db.session(), local_day(utc_now())
    month = month_of(today)
    local_wording = local_wording_source_of(session, person_id=who().person_id, on=today)
    is_manager = who().has(Role.MANAGER)
    return render_template(
        "teams/talks.html",
        month=month,
        cards=[_view(session, card, local_wording) for card in team_cards(session, month=month)],
        is_manager=is_manager,
        is_facilitator=any(who().has(role) for role in FACILITATORS),
        is_done=is_manager and is_done(session, person_id=who().person_id, month=month),
    )


def _view(session: Session, card: TeamCard, local_wording: LocalWordingSource) -> CardView:
    course = ready_course(session, card.document, card.version.fingerprint, local_wording)
    return CardView(
        card.question.id,
        course.words(card.title),
        course.story(card.question) or Markup(),
        course.inline(card.question.stem),
        tuple(
            (letter(place), course.inline(option.text), course.inline(option.feedback))
            for place, option in enumerate(card.choices)
        ),
    )


@allow(Role.MANAGER)
def mark_done() -> Response:
    """Keep this month's tick, or take it back."""
    wanted = request.form.get("done", "")
    if wanted not in ("yes", "no"):
        abort(400)
    month = month_of(local_day(utc_now()))
    with unit_of_work() as work:
        change = tick if wanted == "yes" else untick
        change(work.session, person_id=who().person_id, month=month)
    flash("Ticked for this month." if wanted == "yes" else "The tick is taken back.")
    return redirect(url_for("teams.talks"))
