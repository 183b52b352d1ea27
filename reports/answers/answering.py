"""From a definition to its answer, with small groups hidden: the one way in for pages, files and commands."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from courses.catalogue.versions import get_course
from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.organisations import Organisation, get_organisation
from reports.completion import CompletionFigures, completion_figures, figures_with_late
from reports.earlier_days import begins_by, earlier_figures, first_day_of_record, month_end_before, why_not
from reports.figures.definition import FigureDefinition, Measure
from reports.freshness.figures import FreshnessFigures, freshness_of
from reports.suppression import SMALLEST_SHOWN


def answer(
    session: Session, definition: FigureDefinition, *, now: datetime, smallest_shown: int = SMALLEST_SHOWN
) -> CompletionFigures:
    """The figures that a definition asks for: of today exactly, of a day that is over rounded.

    Raises ``NotFound`` for an authority, a course or a unit that does not exist; ``RuleBroken``, in words for whoever
    asks, for a day of which there are no figures, and for a part that is not among them; and ``ValueError`` for
    another measure than completion.
    """
    if definition.measure is Measure.FRESHNESS:
        raise ValueError(f"{definition.measure} is answered by a function of its own")
    organisation = get_organisation(session, slug=definition.authority)
    course = get_course(session, slug=definition.course)
    today = local_day(now)
    if definition.on != today:
        _check_day(session, organisation, definition.on, today)
        if definition.measure is Measure.PAST_DATE:
            raise RuleBroken(_LATE_TODAY, field="on")
    # Who is past their date is counted of today alone: of a day that is over there is only how far people were.
    of_today = figures_with_late if definition.measure is Measure.PAST_DATE else completion_figures
    count = of_today if definition.on == today else earlier_figures
    return count(
        session,
        organisation=organisation,
        course=course,
        on=definition.on,
        now=now,
        cut=definition.cut,
        smallest_shown=smallest_shown,
    )


def _check_day(session: Session, organisation: Organisation, on: date, today: date) -> None:
    of = {"organisation_id": organisation.id}
    if on < today and on.year > 1 and begins_by(session, day=month_end_before(on), **of):
        return
    first = first_day_of_record(session, **of)
    if refusal := why_not(on, first=first, today=today, name=organisation.name):
        raise RuleBroken(refusal, field="on")


def freshness_answer(
    session: Session, definition: FigureDefinition, *, now: datetime, smallest_shown: int = SMALLEST_SHOWN
) -> FreshnessFigures:
    """How long ago the people whom a definition asks about last finished, and which version: of the same people as
    ``answer``, and hidden and rounded alike. Raises as it does, and ``RuleBroken`` where it is by route."""
    completion = replace(definition, measure=Measure.COMPLETION)
    return freshness_of(session, answer(session, completion, now=now, smallest_shown=smallest_shown))


def publishable(
    session: Session, definition: FigureDefinition, *, now: datetime, smallest_shown: int = SMALLEST_SHOWN
) -> CompletionFigures:
    """The figures of a day that is over: what stays for ever is rounded, as whatever can be asked for again is.

    Raises as ``answer`` does, and ``RuleBroken`` for today, which is not over.
    """
    if definition.on == local_day(now):
        raise RuleBroken(_NOT_OVER, field="on")
    return answer(session, definition, now=now, smallest_shown=smallest_shown)


_LATE_TODAY = "Who is past their date is counted of today alone. Leave out the day, or the measure."
_NOT_OVER = (
    "Today is not over, so its figures still change. Publish those of yesterday, or of another day that is over."
)
