"""How many people are exempt from a course, by reason: to the nearest ten, and nothing of few."""

from datetime import date
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assignments.exemptions.record import REASON_WORDS, Exemption, ExemptionReason, holds_on
from people.counting import people_of, who_count
from reports.earlier_days import rounded_counts
from reports.groups import Counts
from reports.suppression import SMALLEST_SHOWN


class ExemptCount(TypedDict):
    """A reason, and how many people it is given for; ``None`` for few, and for nobody."""

    reason: str
    people: int | None


def exempt_by_reason(
    session: Session, *, organisation_id: int, course_id: int, on: date, step: int = SMALLEST_SHOWN
) -> list[ExemptCount]:
    """Every reason with its number on a day that is over, of people who would count there. Who is exempt for two
    reasons is in both."""
    people = people_of(organisation_id=organisation_id, on=on)
    here = select(people.c.person_id).where(who_count(people))
    rows = session.execute(
        select(Exemption.reason, func.count(Exemption.person_id.distinct()))
        .where(
            Exemption.organisation_id == organisation_id,
            Exemption.course_id == course_id,
            holds_on(on),
            Exemption.person_id.in_(here),
        )
        .group_by(Exemption.reason)
    )
    counted: dict[ExemptionReason, int] = dict(rows.all())
    found: list[ExemptCount] = []
    for reason, words in REASON_WORDS.items():
        shown = rounded_counts(Counts(counted.get(reason, 0)), on, step)
        found.append({"reason": words, "people": shown.people if shown else None})
    return found
