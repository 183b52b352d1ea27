"""Figures that were published: what was asked and what was answered, for ever, under a number that can be read out.

Rows are only ever added. They hold what was shown and nothing that was hidden.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.record.numbers import new_number, normalise
from courses.catalogue.versions import get_course
from kernel.append_only import keep_append_only
from kernel.database import Base, UTCDateTime, table_of
from kernel.errors import NotFound
from people.organisations import Organisation, get_organisation
from reports.answers.answering import publishable
from reports.answers.plain import PlainFigures, plain
from reports.figures.definition import FigureDefinition, definition_from_json
from reports.suppression import SMALLEST_SHOWN

# What its numbers begin with, where those of certificates have the id of a course.
PREFIX = "FIG"


class PublishedFigure(Base):
    """An answer that stays. ``definition`` and ``result`` are canonical JSON.

    ``is_public`` is whether anybody may open it; without it, those who see the figures of the authority.
    """

    __tablename__ = "published_figure"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(30), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    definition: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    is_public: Mapped[bool]
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (Index(None, "organisation_id", "published_at"),)


keep_append_only(table_of(PublishedFigure))


@dataclass(frozen=True)
class Published:
    """A published figure as it is shown. ``authority`` is the slug that its authority has today."""

    number: str
    authority: str
    definition: FigureDefinition
    result: PlainFigures
    is_public: bool
    published_at: datetime


def publish(
    session: Session,
    definition: FigureDefinition,
    *,
    is_public: bool,
    account_id: int | None,
    now: datetime,
    smallest_shown: int = SMALLEST_SHOWN,
) -> Published:
    """Keep the answer for ever. Raises as ``publishable`` does."""
    figures = publishable(session, definition, now=now, smallest_shown=smallest_shown)
    row = PublishedFigure(
        number=new_number(PREFIX),
        organisation_id=get_organisation(session, slug=definition.authority).id,
        course_id=get_course(session, slug=definition.course).id,
        definition=definition.canonical,
        result=json.dumps(plain(figures), sort_keys=True, ensure_ascii=False),
        is_public=is_public,
        published_at=now,
        published_by_account_id=account_id,
    )
    session.add(row)
    session.flush()
    return _as_shown(row, definition.authority)


def find_published(session: Session, typed: str) -> Published | None:
    """The published figure with this number, however it was typed; ``None`` for none."""
    found = session.execute(
        select(PublishedFigure, Organisation.slug)
        .join(Organisation, Organisation.id == PublishedFigure.organisation_id)
        .where(PublishedFigure.number == normalise(typed))
    ).one_or_none()
    return _as_shown(found[0], found[1]) if found else None


def get_published(session: Session, typed: str) -> Published:
    """The same. Raises ``NotFound``."""
    found = find_published(session, typed)
    if found is None:
        raise NotFound(f"published figure {typed[:40]}")
    return found


def numbers_of(session: Session, definition: FigureDefinition) -> Sequence[str]:
    """Under which numbers the answer to a definition was published, the oldest first."""
    return session.scalars(
        select(PublishedFigure.number)
        .where(PublishedFigure.definition == definition.canonical)
        .order_by(PublishedFigure.id)
    ).all()


def published_by(session: Session, *, organisation_id: int) -> Sequence[Published]:
    """What was published of an authority, the newest first."""
    rows = session.execute(
        select(PublishedFigure, Organisation.slug)
        .join(Organisation, Organisation.id == PublishedFigure.organisation_id)
        .where(PublishedFigure.organisation_id == organisation_id)
        .order_by(PublishedFigure.published_at.desc(), PublishedFigure.id.desc())
    )
    return [_as_shown(*row) for row in rows]


def _as_shown(row: PublishedFigure, authority: str) -> Published:
    return Published(
        number=row.number,
        authority=authority,
        definition=definition_from_json(json.loads(row.definition)),
        result=cast(PlainFigures, json.loads(row.result)),
        is_public=row.is_public,
        published_at=row.published_at,
    )
