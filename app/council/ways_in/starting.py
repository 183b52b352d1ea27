"""Asking for ways in: for whom, how many that are, and the start."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.council.ways_in.overview import ROLES, Here, here_of
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.mail.transport import find_mail_transport
from app.platform.pages.templating import plural
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import NotFound, RuleBroken
from people.organisations import Unit, units_of
from people.ways_in.choices import FirstWay
from people.ways_in.members import units_in_reach
from people.ways_in.needs import Reach, WayInState, counts_of
from people.ways_in.rounds import BEGIN_ROUNDS, stop_batches
from people.ways_in.starting import ask_for_round

# More at once are asked about on a page of their own.
MOST_UNASKED = 50


@dataclass(frozen=True)
class Asked:
    """For whom ways in are asked, and how many would get a card or an invitation."""

    unit: Unit | None
    reach: Reach
    cards: int
    invitations: int


@allow(*ROLES)
def ways_in_start(slug: str) -> str | Response:
    """Say who would get what; then have it made."""
    session, here = db.session(), here_of(db.session(), slug)
    if here.choice is None:
        return redirect(url_for("council.ways_in", slug=slug))
    units = _units(session, here)
    asked = _asked(session, here, units)
    if request.method == "POST":
        way = next((one for one in FirstWay if one.value == request.form.get("way")), FirstWay.CARD)
        count = asked.cards if way is FirstWay.CARD else asked.invitations
        if count > MOST_UNASKED and request.form.get("is_sure") != "yes":
            return _ask_first(here, asked, way, count)
        if _start(asked.reach, way):
            return redirect(url_for("council.ways_in", slug=slug))
        asked = _asked(session, here, units)
    return render_template(
        "council/ways_in_start.html",
        slug=slug,
        here=here,
        units=units,
        asked=asked,
        has_mail=find_mail_transport() is not None,
    )


def _ask_first(here: Here, asked: Asked, way: FirstWay, count: int) -> str:
    """The page that asks whether so many are really to be made."""
    slug = here.scope.organisation.slug
    return render_template("council/ways_in_sure.html", slug=slug, here=here, asked=asked, way=way.value, count=count)


def _units(session: Session, here: Here) -> list[Unit]:
    within = units_in_reach(session, here.reach)
    every = units_of(session, organisation_id=here.reach.organisation_id)
    return [one for one in every if within is None or one.id in within]


def _asked(session: Session, here: Here, units: list[Unit]) -> Asked:
    sent = request.form if request.method == "POST" else request.args
    chosen = sent.get("unit") or None
    unit = next((one for one in units if str(one.id) == chosen), None)
    if chosen is not None and unit is None:
        raise NotFound(f"unit {chosen}")
    reach = Reach(here.reach.organisation_id, (unit.id,)) if unit else here.reach
    counts = counts_of(session, reach, now=utc_now())
    without = counts.by_state[WayInState.NOTHING]
    by_mail = without - counts.nothing_without_email if here.sends_mail else 0
    return Asked(unit, reach, without - by_mail if here.sends_mail else without, by_mail)


def _start(reach: Reach, way: FirstWay) -> bool:
    try:
        with unit_of_work() as work:
            begun = ask_for_round(work.session, reach, way=way, by=who().account_id, now=utc_now())
            work.ring_after_commit(BEGIN_ROUNDS)
            wanted = begun.wanted
    except RuleBroken as refusal:
        flash(refusal.message, "important")
        return False
    what = "sign-in card" if way is FirstWay.CARD else "invitation"
    flash(f"{wanted:,} {what}{'s' if wanted != 1 else ''} will be made. You can leave this page meanwhile.")
    return True


@allow(*ROLES)
def ways_in_stopped(slug: str) -> Response:
    """Stop what is not made yet; what is made stays."""
    here = here_of(db.session(), slug)
    within = units_in_reach(db.session(), here.reach)
    with unit_of_work() as work:
        stopped = stop_batches(work.session, organisation_id=here.reach.organisation_id, unit_ids=within)
    flash(
        f"{plural(stopped, 'batch is', 'batches are')} not made. What was made before stays." if stopped else "Stopped."
    )
    return redirect(url_for("council.ways_in", slug=slug))
