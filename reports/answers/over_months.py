"""How the share grew: the answers of the last days of months, as anybody may have each of them anyway."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from people.organisations import get_organisation
from reports.answers.answering import answer
from reports.earlier_days import first_day_of_record, published_days
from reports.figures.definition import FigureDefinition
from reports.groups import Counts
from reports.suppression import SMALLEST_SHOWN

MONTHS = 12


@dataclass(frozen=True)
class MonthEnd:
    """The rounded figures of the last day of a month; ``counts`` is ``None`` where they are not shown."""

    on: date
    counts: Counts | None

    @property
    def percent(self) -> int | None:
        """The share of a group that is large enough to have one."""
        return self.counts.complete_percent if self.counts else None


def over_months(
    session: Session, definition: FigureDefinition, *, now: datetime, smallest_shown: int = SMALLEST_SHOWN
) -> tuple[MonthEnd, ...]:
    """The last ``MONTHS`` month’s ends of the record, the oldest first, each rounded as every day that is over is.

    Nothing is asked that the page of that day does not answer, so nothing more is told. A unit that was not there, or
    another part that is not shown, has no figures. Raises ``NotFound`` for an authority that does not exist.
    """
    organisation = get_organisation(session, slug=definition.authority)
    first = first_day_of_record(session, organisation_id=organisation.id)
    days = published_days(first=first, today=local_day(now))[:MONTHS] if first else ()
    return tuple(
        MonthEnd(on, _counts(session, replace(definition, on=on), now, smallest_shown)) for on in reversed(days)
    )


def _counts(session: Session, definition: FigureDefinition, now: datetime, smallest_shown: int) -> Counts | None:
    try:
        return answer(session, definition, now=now, smallest_shown=smallest_shown).total.counts
    except (NotFound, RuleBroken):
        return None
