"""Exempting many people at once, and ending it at once: set-based. Who may be exempted was looked at before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from assignments.exemptions.record import Exemption, ExemptionEnd
from kernel.clock import local_day
from kernel.insert_once import insert_once


def exempt_on_any(
    session: Session, *, organisation_id: int, course_id: int, person_ids: Collection[int], days: tuple[date, date]
) -> set[int]:
    """Who of these is exempt from the course on one of the days from the first to the last."""
    first, last = days
    held = (
        select(Exemption.person_id)
        .outerjoin(ExemptionEnd, ExemptionEnd.exemption_id == Exemption.id)
        .where(
            Exemption.person_id.in_(person_ids),
            Exemption.organisation_id == organisation_id,
            Exemption.course_id == course_id,
            Exemption.starts_on <= last,
            Exemption.ends_on >= first,
            or_(ExemptionEnd.from_on.is_(None), ExemptionEnd.from_on > first),
        )
    )
    return set(session.scalars(held))


def exempt_each(session: Session, person_ids: Sequence[int], values: Mapping[str, object]) -> dict[int, int]:
    """Store an exemption with these values for each of them; returns its id by person."""
    if not person_ids:
        return {}
    rows = [{**values, "person_id": one} for one in person_ids]
    made = session.execute(insert(Exemption).returning(Exemption.person_id, Exemption.id), rows)
    return dict(made.all())


def end_each(session: Session, exemption_ids: Sequence[int], *, reason: str, by: int | None, now: datetime) -> set[int]:
    """Ask again from today on whoever is exempt by one of these; returns those that this ended. Others had ended."""
    on = local_day(now)
    rows = [
        {"exemption_id": key, "from_on": on, "reason": reason, "ended_at": now, "ended_by_account_id": by}
        for key in session.scalars(
            select(Exemption.id).where(Exemption.id.in_(exemption_ids), Exemption.ends_on >= on).order_by(Exemption.id)
        )
    ]
    ended = insert_once(session, ExemptionEnd, rows, unique=("exemption_id",))
    return set(session.scalars(select(ExemptionEnd.exemption_id).where(ExemptionEnd.id.in_(ended))))
