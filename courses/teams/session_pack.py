"""The pack for facilitators of a live session, from ``courses/library/live-session``: parts, cards and sheets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy.orm import Session

from courses.catalogue.local_wording import local_wording_of
from courses.catalogue.versions import current_versions, document_of
from courses.content.html.markup import render_markdown
from courses.content.model.facts import Fact, fact_ids, fill_facts
from courses.content.model.local_wording import STANDARD, token_values
from people.organisations import Organisation

TITLE = "From knowing to doing"
SUBTITLE = "A half-day session after Race equality essentials: everything that facilitators need"
COURSE = "race-equality-essentials"
FOLDER = Path(__file__).resolve().parents[1] / "library" / "live-session"

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_TO_WRITE_ON = re.compile(r"_{6,}")


@dataclass(frozen=True)
class Piece:
    """A section, a card or a sheet of a part. ``html`` is safe, with headings from the fourth level on."""

    title: str
    html: str


@dataclass(frozen=True)
class Part:
    """A part of the pack. ``kind`` is "text", "cards" (to cut out) or "sheets" (each on a page of its own)."""

    id: str
    title: str
    kind: str
    intro: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class SessionPack:
    """The pack in the words of one authority, or in the general words when ``organisation_slug`` is ``None``."""

    organisation_slug: str | None
    organisation_name: str | None
    parts: tuple[Part, ...]


def session_pack_for(session: Session, *, organisation: Organisation | None) -> SessionPack:
    """The pack with local words filled in, and with the facts of the course as it is published now."""
    local_wording = local_wording_of(session, organisation_id=organisation.id) if organisation else {}
    slug = organisation.slug if organisation else None
    values = token_values(STANDARD, organisation_slug=slug, local_wording=local_wording)
    return session_pack(
        values,
        facts=_facts_of_the_course(session),
        organisation_slug=slug,
        organisation_name=organisation.name if organisation else None,
    )


def _facts_of_the_course(session: Session) -> Mapping[str, Fact]:
    for course, version in current_versions(session):
        if course.slug == COURSE:
            return document_of(session, version_id=version.id, fingerprint=version.fingerprint).facts
    return {}


def session_pack(
    values: Mapping[str, str],
    *,
    facts: Mapping[str, Fact],
    organisation_slug: str | None = None,
    organisation_name: str | None = None,
) -> SessionPack:
    """The pack with these values of the standard tokens. A part that prints a fact which is not there is left out."""
    filled = [(name, fill_facts(text, facts)) for name, text in _files()]
    parts = tuple(_part(name, text, values) for name, text in filled if not fact_ids(text))
    return SessionPack(organisation_slug, organisation_name, parts)


@cache
def _files() -> tuple[tuple[str, str], ...]:
    return tuple((path.stem, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.md")))


def _part(name: str, text: str, values: Mapping[str, str]) -> Part:
    _, front, body = text.split("---\n", 2)
    head = yaml.safe_load(front)
    intro, *rest = _HEADING.split(body)
    pieces = tuple(Piece(title, _html(words, values)) for title, words in zip(rest[::2], rest[1::2], strict=True))
    return Part(re.sub(r"^\d+-", "", name), head["title"], head["kind"], _html(intro, values), pieces)


def _html(text: str, values: Mapping[str, str]) -> str:
    html = render_markdown(text, tokens=values, media_url=lambda name: name)
    return _TO_WRITE_ON.sub('<span class="cg-write"></span>', html)
