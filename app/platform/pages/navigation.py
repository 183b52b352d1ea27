"""The links at the top of every page: what this person may open, and where they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for

from app.platform.access import find_signed_in_person
from app.platform.pages.second_row import NO_ROW, second_row
from people.roles import Role, SignedInPerson
from people.visibility import EVERY_AUTHORITY, WHO_SEES_WHAT, first_authority

Link = tuple[str, str, bool]

# Who prepares a live session; managers talk with their own team.
FACILITATORS = (Role.HR_LEAD, Role.AUTHOR, Role.ADMIN)
# Pages about a course and its versions, of the room in which the other pages belong to the administration.
OF_COURSES = (
    "manage.copy",
    "manage.course",
    "manage.glossary",
    "manage.item",
    "manage.preview",
    "manage.requirement",
    "manage.upload",
    "manage.version",
)
OF_FIGURES = ("council.", "region.", "requirements.")
# The record of people and what goes into it; some of it stands among the pages of an authority.
OF_PEOPLE = (
    "people.",
    "council.feed",
    "council.way",
    "council.structure",
    "council.reorganisation",
    "manage.hr_files",
    "manage.structure",
    "manage.first_sign_in",
)


@dataclass(frozen=True)
class FirstLevel:
    """A link of the first row, and the endpoints, by how they begin, of the pages that belong to it."""

    label: str
    url: str
    prefixes: tuple[str, ...]


def home_of(person: SignedInPerson) -> str:
    """The page that a person lands on: what needs them for admins, content for those who write it, figures for
    those who answer for them."""
    if person.has(Role.ADMIN):
        return url_for("manage.administration")
    if person.has(Role.AUTHOR):
        return url_for("manage.courses")
    slug = first_authority(person)
    return url_for("council.overview", slug=slug) if slug else url_for("learn.home")


def _links(person: SignedInPerson) -> Sequence[FirstLevel]:
    is_admin, is_author = person.has(Role.ADMIN), person.has(Role.AUTHOR)
    is_lead, slug = person.has(Role.HR_LEAD), first_authority(person)
    # What people ask about courses is of their authority for HR leads, and of their team for managers.
    of_team = ("managing.",) if is_admin or is_lead else ("managing.", "requirements.")
    is_of_all = is_admin or slug is None
    figures = "region.authorities" if is_of_all else "council.overview"
    of_one: dict[str, Any] = {} if is_of_all else {"slug": slug}
    audit = () if is_admin else ("manage.audit",)
    possible = (
        (True, "My learning", "learn.home", ("learn.",)),
        (True, "My certificates", "learn.certificates", ("learn.certificate",)),
        (person.manages_people, "My team", "managing.team", of_team),
        (is_admin or slug, "Figures", figures, OF_FIGURES),
        (is_admin or is_lead, "People", "people.people", (*OF_PEOPLE, *audit)),
        (any(person.has(role) for role in FACILITATORS), "Live sessions", "teams.live_session", ("teams.",)),
        (person.has(Role.MANAGER), "Team talks", "teams.talks", ("teams.talks",)),
        (is_admin or is_author, "Courses", "manage.courses", OF_COURSES),
        (is_author and not is_admin, "Facts", "manage.facts", ("manage.facts",)),
        (is_admin, "Administration", "manage.administration", ("manage.",)),
        (True, "Account", "auth.account", ("auth.", "learn.messages", "learn.mobile")),
    )
    return [
        FirstLevel(label, url_for(endpoint, **(of_one if endpoint == figures else {})), prefixes)
        for is_there, label, endpoint, prefixes in possible
        if is_there
    ]


def _is_of_every_authority(person: SignedInPerson) -> bool:
    return person.has(Role.ADMIN) and (request.view_args or {}).get("slug") == EVERY_AUTHORITY


def _current(person: SignedInPerson, links: Sequence[FirstLevel], endpoint: str) -> FirstLevel | None:
    if _is_of_every_authority(person):
        return next((link for link in links if link.label == "Administration"), None)
    # The longest match wins: "Certificates" before "My learning", which is in the same room.
    matches = [(link, prefix) for link in links for prefix in link.prefixes if endpoint.startswith(prefix)]
    return max(matches, key=lambda match: len(match[1]), default=(None, ""))[0]


def first_level() -> tuple[str, str] | None:
    """The name and the address of the link above a page, where its breadcrumbs begin; ``None`` where there is none."""
    found: tuple[str, str] | None = g.get("first_level")
    return found


def _navigation() -> dict[str, object]:
    person = find_signed_in_person()
    if person is None:
        return {
            "navigation": [],
            "second_row": NO_ROW,
            "sign_out_url": None,
            "home_url": url_for("auth.sign_in"),
            "signed_in_as": None,
        }
    endpoint = request.endpoint or ""
    links = _links(person)
    current = _current(person, links, endpoint)
    if current is not None:
        # Figures begin with the authorities, also for whoever has one of them and is led on to it.
        g.first_level = (current.label, url_for("region.authorities") if current.label == "Figures" else current.url)
    shown: list[Link] = [(link.label, link.url, link is current) for link in links]
    return {
        "navigation": shown,
        "second_row": second_row(person, endpoint, current.label if current else ""),
        "sign_out_url": url_for("auth.sign_out"),
        "home_url": url_for("learn.start"),
        "signed_in_as": person.name,
    }


def init_app(app: Flask) -> None:
    """Give every template its navigation."""
    app.context_processor(_navigation)
    app.jinja_env.globals["first_level"] = first_level
    app.jinja_env.globals["who_sees_what"] = WHO_SEES_WHAT
    app.jinja_env.globals["source_url"] = app.config["SETTINGS"].source_url
