"""The links at the top of every page: what this person may open, and where they are."""

from typing import Any

from flask import Flask, request, url_for

from app.platform.access import find_signed_in_person
from people.roles import Role, SignedInPerson
from people.visibility import WHO_SEES_WHAT, first_authority

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

# What admins reach from the administration, though it stands among the pages of an authority.
OF_ADMINISTRATION = (
    "manage.",
    "people.",
    "requirements.",
    "council.ratings",
    "council.certificate",
    "council.feed",
    "council.history",
    "council.way",
    "council.structure",
    "council.reorganisation",
)

# Pages of figures that can be of an earlier day.
OF_A_DAY = ("council.overview", "council.units", "council.unit")


def home_of(person: SignedInPerson) -> str:
    """The page that a person lands on: content for those who publish it, figures for those who answer for them."""
    if person.has(Role.ADMIN) or person.has(Role.AUTHOR):
        return url_for("manage.courses")
    slug = first_authority(person)
    return url_for("council.overview", slug=slug) if slug else url_for("learn.home")


def _links(person: SignedInPerson) -> list[tuple[str, str, tuple[str, ...]]]:
    links: list[tuple[str, str, tuple[str, ...]]] = [("My learning", url_for("learn.home"), ("learn.",))]
    links.append(("My certificates", url_for("learn.certificates"), ("learn.certificate",)))
    if person.manages_people:
        links.append(("My team", url_for("managing.team"), ("managing.",)))
    if slug := first_authority(person):
        links.append(("Figures", url_for("council.overview", slug=slug), ("council.",)))
    if any(person.has(role) for role in FACILITATORS):
        links.append(("Live sessions", url_for("teams.live_session"), ("teams.",)))
    if person.has(Role.MANAGER):
        links.append(("Team talks", url_for("teams.talks"), ("teams.talks",)))
    if person.has(Role.ADMIN) or person.has(Role.AUTHOR):
        links.append(
            (
                "Courses",
                url_for("manage.courses"),
                OF_COURSES,
            )
        )
    if person.has(Role.ADMIN):
        links.append(("Administration", url_for("manage.administration"), OF_ADMINISTRATION))
    elif person.has(Role.HR_LEAD):
        links.append(("People", url_for("people.people"), ("people.", "manage.audit")))
        links.append(("What is asked", url_for("requirements.requirements"), ("requirements.",)))
    if person.has(Role.AUTHOR) and not person.has(Role.ADMIN):
        links.append(("Facts", url_for("manage.facts"), ("manage.facts",)))
    links.append(("Account", url_for("auth.account"), ("auth.", "learn.messages")))
    return links


def _is_manager_in(person: SignedInPerson, slug: str) -> bool:
    scope = person.scope_in(slug)
    return scope is not None and scope.role is Role.MANAGER


def _figures_bar(person: SignedInPerson, endpoint: str) -> list[Link]:
    """The second row, on pages of an authority whose figures this person may see. What was chosen stays chosen."""
    slug = (request.view_args or {}).get("slug", "")
    if not endpoint.startswith("council.") or person.scope_in(slug) is None:
        return []
    is_manager = _is_manager_in(person, slug)
    units = {str(unit) for unit in person.units_in(slug)} if is_manager else set()
    asked = {"course": request.args.get("course", ""), "unit": request.args.get("unit", "")}
    kept: dict[str, Any] = {key: value for key, value in asked.items() if value and (key == "course" or value in units)}
    # Lists of names and all that people may do are of today, so a day that is over goes no further than figures.
    on: dict[str, Any] = {"on": request.args["on"]} if request.args.get("on") and endpoint in OF_A_DAY else {}
    pages = [
        ("Overview", "council.overview", ("council.overview", "council.who_counts")),
        ("Units", "council.units", ("council.unit",)),
        ("People", "council.people", ("council.people",)),
    ]
    links = [
        (label, url_for(to, slug=slug, **kept, **(on if to in OF_A_DAY else {})), endpoint.startswith(of))
        for label, to, of in pages
    ]
    if not is_manager:
        more = [("What people say", "council.ratings"), ("Certificates", "council.certificates")]
        more += [("HR files", "council.feed"), ("Past learning", "council.history")]
        links += [(label, url_for(to, slug=slug, **kept), endpoint.startswith(to.rstrip("s"))) for label, to in more]
    if not is_manager:
        is_here = endpoint.startswith(("council.structure", "council.reorganisation"))
        links.append(("Structure", url_for("council.structure", slug=slug), is_here))
    links.append(("Downloads", url_for("council.overview", slug=slug, _anchor="downloads", **kept, **on), False))
    is_first = endpoint.startswith(("council.ways_in", "council.way_in"))
    links.append(("First sign-in", url_for("council.ways_in", slug=slug), is_first))
    return links


def _navigation() -> dict[str, object]:
    person = find_signed_in_person()
    if person is None:
        return {
            "navigation": [],
            "figures_bar": [],
            "sign_out_url": None,
            "home_url": url_for("auth.sign_in"),
            "signed_in_as": None,
        }
    endpoint = request.endpoint or ""
    possible = _links(person)
    # The longest match wins: "Certificates" before "My learning", which is in the same room.
    matches = [(label, prefix) for label, _, prefixes in possible for prefix in prefixes if endpoint.startswith(prefix)]
    current = max(matches, key=lambda match: len(match[1]), default=("", ""))[0]
    links: list[Link] = [(label, url, label == current) for label, url, _ in possible]
    return {
        "navigation": links,
        "figures_bar": _figures_bar(person, endpoint),
        "sign_out_url": url_for("auth.sign_out"),
        "home_url": url_for("learn.start"),
        "signed_in_as": person.name,
    }


def init_app(app: Flask) -> None:
    """Give every template its navigation."""
    app.context_processor(_navigation)
    app.jinja_env.globals["who_sees_what"] = WHO_SEES_WHAT
    app.jinja_env.globals["source_url"] = app.config["SETTINGS"].source_url
