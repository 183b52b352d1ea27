"""The second row of links, inside Figures and inside People: the authority, then its pages. What was chosen stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.platform.extensions import db
from people.organisations import organisation_names
from people.roles import Role, SignedInPerson
from people.visibility import EVERY_AUTHORITY, first_authority

Link = tuple[str, str, bool]

# Pages of figures that can be of an earlier day.
OF_A_DAY = ("council.overview", "council.units", "council.unit", "council.downloads", "council.freshness")
# What the address of a page of figures says of its choice, and each page of the row keeps.
KEPT = ("course", "unit", "by", "grade", "contract", "route", "manager", "email")
OF_OVERVIEW = ("council.overview", "council.who_counts", "council.freshness", "council.trend")
OF_DOWNLOADS = (
    "council.downloads", "council.completion", "council.evidence", "council.report", "council.export", "council.api",
    "council.question",
)  # fmt: skip
OF_LEARNING = ("council.learning", "council.ratings", "council.history", "council.target", "requirements.")


@dataclass(frozen=True)
class SecondRow:
    """Whose pages these are, what the row is called to somebody who cannot see it, and its links."""

    whose: str
    label: str
    links: tuple[Link, ...]


NO_ROW = SecondRow("", "", ())


@dataclass(frozen=True)
class Item:
    """A link of the row. ``pages`` say by how they begin which endpoints belong to it; ``keeps`` whether it takes the
    choice with it."""

    label: str
    to: str
    pages: tuple[str, ...]
    keeps: bool = True


FIGURES = (
    Item("Overview", "council.overview", OF_OVERVIEW),
    Item("Units", "council.units", ("council.unit",)),
    Item("People", "council.people", ("council.people", "council.person")),
    Item("Learning", "council.learning", OF_LEARNING),
    Item("Certificates", "council.certificates", ("council.certificate",)),
    Item("Downloads", "council.downloads", OF_DOWNLOADS),
)
FIRST_SIGN_IN = Item("First sign-in", "council.ways_in", ("council.way",), keeps=False)
# Managers have no pages of learning and of certificates.
OF_MANAGERS = (*FIGURES[:3], FIGURES[-1], FIRST_SIGN_IN)
PEOPLE = (
    Item("Find a person", "people.people", ("people.",), keeps=False),
    Item("HR files", "council.feed", ("council.feed",), keeps=False),
    Item("Structure", "council.structure", ("council.structure", "council.reorganisation"), keeps=False),
    FIRST_SIGN_IN,
)
AUDIT = Item("Audit trail", "manage.audit", ("manage.audit",), keeps=False)
# Where an admin goes who has chosen no authority yet.
WITHOUT_AUTHORITY = {
    "council.feed": "manage.hr_files",
    "council.structure": "manage.structure",
    "council.ways_in": "manage.first_sign_in",
}


def second_row(person: SignedInPerson, endpoint: str, first_level: str) -> SecondRow:
    """The row of a page, by the link of the first row to which it belongs; none elsewhere."""
    slug = _authority(person)
    if first_level == "People":
        more = () if person.has(Role.ADMIN) else (AUDIT,)
        return SecondRow(_name(person, slug), "People", _links((*PEOPLE, *more), endpoint, slug, {}))
    if first_level != "Figures" or not slug or endpoint.startswith("region."):
        return NO_ROW
    items = OF_MANAGERS if _is_manager_in(person, slug) else FIGURES
    return SecondRow(_name(person, slug), "Figures", _links(items, endpoint, slug, _kept(person, slug)))


def _links(items: Sequence[Item], endpoint: str, slug: str, kept: Mapping[str, Any]) -> tuple[Link, ...]:
    # Lists of names and all that people may do are of today, so a day that is over goes no further than figures.
    on: dict[str, Any] = {"on": request.args["on"]} if request.args.get("on") and endpoint in OF_A_DAY else {}
    return tuple(
        (item.label, _url(item, slug, {**(kept if item.keeps else {}), **(on if item.to in OF_A_DAY else {})}), is_here)
        for item in items
        for is_here in (endpoint.startswith(item.pages),)
    )


def _url(item: Item, slug: str, kept: Mapping[str, Any]) -> str:
    if not item.to.startswith("council."):
        return url_for(item.to)
    if not slug:
        return url_for(WITHOUT_AUTHORITY[item.to])
    return url_for(item.to, slug=slug, **kept)


def _authority(person: SignedInPerson) -> str:
    """The part of the address of the authority that a page is about, or else of this person's first one."""
    named = (request.view_args or {}).get("slug") or request.args.get("authority", "")
    is_of_council = request.blueprint in ("council", "requirements")
    if is_of_council and named and named != EVERY_AUTHORITY:
        return str(named) if person.has(Role.ADMIN) or person.scope_in(str(named)) else ""
    return "" if person.has(Role.ADMIN) else first_authority(person) or ""


def _name(person: SignedInPerson, slug: str) -> str:
    if not slug:
        return "Every authority"
    scope = person.scope_in(slug)
    if scope is not None and scope.organisation_name:
        return scope.organisation_name
    return organisation_names(db.session(), slugs=[slug]).get(slug, "")


def _is_manager_in(person: SignedInPerson, slug: str) -> bool:
    scope = person.scope_in(slug)
    return scope is not None and scope.role is Role.MANAGER and not person.has(Role.ADMIN)


def _kept(person: SignedInPerson, slug: str) -> dict[str, Any]:
    found: dict[str, Any] = {name: request.args[name] for name in KEPT if request.args.get(name)}
    if _is_manager_in(person, slug) and found.get("unit") not in {str(unit) for unit in person.units_in(slug)}:
        found.pop("unit", None)
    return found
