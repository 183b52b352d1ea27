"""What a correction of a completion would change in the figures, before it is made."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.organisations import Organisation
from reports.completion import counted_groups
from reports.suppression import SMALLEST_SHOWN, hide_small_groups


@dataclass(frozen=True)
class Effect:
    """How many of an authority’s people are complete, before and after; ``None`` where so few are not shown."""

    organisation_name: str
    people: int | None
    before: int | None
    after: int | None


def effect_on_figures(
    session: Session,
    change: Callable[[], object],
    *,
    organisation_ids: Collection[int],
    course_id: int,
    on: date,
    smallest_shown: int = SMALLEST_SHOWN,
) -> tuple[Effect, ...]:
    """The figures of today as they are and as they would be: the change is made in truth, counted and taken back.

    Whatever the change raises comes through, and nothing of it is kept.
    """
    found = session.scalars(
        select(Organisation).where(Organisation.id.in_(organisation_ids)).order_by(Organisation.name, Organisation.id)
    ).all()

    def counted() -> list[tuple[int, int] | None]:
        groups = [counted_groups(session, organisation=one, course_id=course_id, on=on)[0] for one in found]
        shown = [hide_small_groups(one, smallest_shown=smallest_shown).counts for one in groups]
        return [(one.people, one.complete) if one else None for one in shown]

    before = counted()
    trial = session.begin_nested()
    try:
        change()
        session.flush()
        after = counted()
    finally:
        trial.rollback()
        session.expire_all()
    return tuple(
        Effect(one.name, was[0], was[1], becomes[1]) if was and becomes else Effect(one.name, None, None, None)
        for one, was, becomes in zip(found, before, after, strict=True)
    )
