"""The links at the top of every page: what this person may open, and where they are."""

from flask import Flask, request, url_for

from app.access import find_visitor
from people.roles import Role, SignedInPerson

Link = tuple[str, str, bool]

# Who prepares a live session; managers talk with their own team.
FACILITATORS = (Role.HR_LEAD, Role.AUTHOR, Role.ADMIN)


def home_of(person: SignedInPerson) -> str:
    """The page that a person lands on: content for those who publish it, figures for those who answer for them."""
    if person.has(Role.ADMIN) or person.has(Role.AUTHOR):
        return url_for("manage.courses")
    slug = council_slug_of(person)
    return url_for("council.overview", slug=slug) if slug else url_for("learn.home")


def council_slug_of(person: SignedInPerson) -> str | None:
    """The first authority whose figures a person may see."""
    return next(iter(person.organisation_slugs), None)


def _links(person: SignedInPerson) -> list[tuple[str, str, tuple[str, ...]]]:
    links = [("My learning", url_for("learn.home"), ("learn.",))]
    links.append(("Certificates", url_for("learn.certificates"), ("learn.certificate",)))
    if slug := council_slug_of(person):
        links.append(("Figures", url_for("council.overview", slug=slug), ("council.",)))
    if any(person.has(role) for role in FACILITATORS):
        links.append(("Teams", url_for("teams.live_session"), ("teams.",)))
    elif person.has(Role.MANAGER):
        links.append(("Teams", url_for("teams.talks"), ("teams.",)))
    if person.has(Role.ADMIN) or person.has(Role.AUTHOR):
        links.append(
            (
                "Courses",
                url_for("manage.courses"),
                ("manage.course", "manage.upload", "manage.preview", "manage.glossary", "manage.item"),
            )
        )
    if person.has(Role.ADMIN):
        links.append(
            ("Administration", url_for("manage.administration"), ("manage.", "council.ratings", "council.certificate"))
        )
    elif person.has(Role.AUTHOR):
        links.append(("Facts", url_for("manage.facts"), ("manage.facts",)))
    return links


def _navigation() -> dict[str, object]:
    person = find_visitor()
    if person is None:
        return {
            "navigation": [],
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
        "sign_out_url": url_for("auth.sign_out"),
        "home_url": url_for("learn.start"),
        "signed_in_as": person.name,
    }


def init_app(app: Flask) -> None:
    """Give every template its navigation."""
    app.context_processor(_navigation)
    app.jinja_env.globals["source_url"] = app.config["SETTINGS"].source_url
