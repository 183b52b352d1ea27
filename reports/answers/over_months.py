"""How the share grew: the answers of the last days of months, as anybody may have each of them anyway."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from courses.catalogue.versions import get_course
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from people.organisations import Organisation, get_organisation
from reports.answers.answering import answer
from reports.earlier_days import first_day_of_record, published_days, rounded_counts, shown_at_month_end
from reports.figures.definition import FigureDefinition
from reports.groups import Counts
from reports.kept.keeping import as_exact, kept_on
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
    another part that is not shown, has no figures. Raises ``NotFound`` for an authority or a course that does not
    exist.
    """
    organisation = get_organisation(session, slug=definition.authority)
    first = first_day_of_record(session, organisation_id=organisation.id)
    days = published_days(first=first, today=local_day(now))[:MONTHS] if first else ()
    kept = _kept(session, organisation, definition, days, smallest_shown)
    return tuple(
        kept[on] if on in kept else MonthEnd(on, _counts(session, replace(definition, on=on), now, smallest_shown))
        for on in reversed(days)
    )


def kept_months(
    session: Session, definition: FigureDefinition, *, now: datetime, smallest_shown: int = SMALLEST_SHOWN
) -> tuple[MonthEnd, ...]:
    """The same months where each of them is kept, so that none has to be counted; none otherwise. Raises the same."""
    organisation = get_organisation(session, slug=definition.authority)
    today = local_day(now)
    days = published_days(first=today - timedelta(days=31 * (MONTHS + 1)), today=today)[:MONTHS]
    kept = _kept(session, organisation, definition, days, smallest_shown)
    # What is kept begins with the record, and has no gap unless something is to be counted anew.
    following = [kept[on] for on in days[: len(kept)] if on in kept]
    return tuple(reversed(following)) if len(following) == len(kept) else ()


def _kept(
    session: Session, organisation: Organisation, definition: FigureDefinition, days: Sequence[date], step: int
) -> dict[date, MonthEnd]:
    """What needs no counting: of everybody two numbers of each day, and of a part its lines."""
    course, cut = get_course(session, slug=definition.course), definition.cut
    rows = kept_on(
        session,
        days,
        organisation_id=organisation.id,
        course_id=course.id,
        by=cut.by,
        totals_alone=not cut.part,
    )
    found = {}
    for on, row in rows.items():
        if not cut.part:
            found[on] = MonthEnd(on, rounded_counts(Counts(row.people, row.complete), on, step))
            continue
        try:
            exact = as_exact(row).counts
            group = shown_at_month_end(session, exact, cut, organisation=organisation, on=on, step=step)
        except (NotFound, RuleBroken):
            found[on] = MonthEnd(on, None)
        else:
            found[on] = MonthEnd(on, group.counts)
    return found


def _counts(session: Session, definition: FigureDefinition, now: datetime, smallest_shown: int) -> Counts | None:
    try:
        return answer(session, definition, now=now, smallest_shown=smallest_shown).total.counts
    except (NotFound, RuleBroken):
        return None
