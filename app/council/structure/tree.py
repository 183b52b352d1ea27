"""The units that an authority has on a day: as a tree to unfold, or those that somebody looks for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request

from app.platform.access import allow, who
from app.platform.day_field import why_far
from app.platform.extensions import db
from app.platform.input.requests import number_in
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from kernel.typed import search_words, searchable
from people.organisations import UnitKind, organisations
from people.reorganisation.periods import UnitOnDay, units_on
from people.reorganisation.record import ReorganisationState, reorganisations_of
from people.roles import Role
from people.visibility import structure_scope

LONGEST, PAGE_SIZE, LISTED = 100, 50, 20
STATES: Mapping[ReorganisationState, tuple[str, str]] = {
    ReorganisationState.PLANNED: ("Planned", ""),
    ReorganisationState.IN_FORCE: ("In force", "done"),
    ReorganisationState.UNDONE: ("Undone", "quiet"),
}
PLURALS = {UnitKind.DIRECTORATE: "directorates", UnitKind.SERVICE: "services", UnitKind.TEAM: "teams"}


@dataclass(frozen=True)
class Branch:
    """A unit with everything in it."""

    unit: UnitOnDay
    parts: tuple["Branch", ...]


@allow(Role.HR_LEAD, Role.ADMIN)
def structure(slug: str) -> str | tuple[str, int]:
    """The tree on a day, the search, and the reorganisations."""
    session, today = db.session(), local_day(utc_now())
    organisation = structure_scope(session, who(), slug=slug)
    on, refusal = _day(today)
    units = units_on(session, organisation_id=organisation.id, on=on)
    name = " ".join(request.args.get("name", "").split())[:LONGEST]
    found = [one for one in units if _is_found(one.path, name)] if name else []
    page, pages = number_in(request.args, "page"), max(1, -(-len(found) // PAGE_SIZE))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    shown = render_template(
        "council/structure.html",
        slug=slug,
        organisation=organisation,
        authorities=organisations(session) if who().has(Role.ADMIN) else [],
        day={"on": on, "today": today, "refusal": refusal, "typed": request.args.get("on", "")[:20]},
        counts=[(sum(one.kind is kind for one in units), kind.value, PLURALS[kind]) for kind in UnitKind],
        branches=branches(units),
        name=name,
        found=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        how_many=len(found),
        page=page,
        pages=pages,
        reorganisations=reorganisations_of(session, organisation_id=organisation.id)[:LISTED],
        states=STATES,
    )
    return (shown, 422) if refusal else shown


def _day(today: date) -> tuple[date, str]:
    """What the address asks for, or today and why it is not that."""
    wanted = request.args.get("on", "").strip()
    if not wanted:
        return today, ""
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        return today, f"Enter a day in figures, such as {today.isoformat()}"
    problem = why_far(day, today)
    return (today, f"The day {problem}") if problem else (day, "")


def _is_found(path: str, name: str) -> bool:
    words = searchable(path)
    return all(word in words for word in search_words(name))


def branches(units: Sequence[UnitOnDay]) -> tuple[Branch, ...]:
    """Units as a tree, by their names on each level."""
    inside: defaultdict[int | None, list[UnitOnDay]] = defaultdict(list)
    for one in units:
        inside[one.parent_id].append(one)

    def below(unit_id: int | None) -> tuple[Branch, ...]:
        return tuple(Branch(one, below(one.id)) for one in inside.get(unit_id, ()))

    return below(None)
