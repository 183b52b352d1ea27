"""Of which day figures are: today, or the last day of a month that is over, as the address says."""

from dataclasses import dataclass
from datetime import date

from flask import request
from sqlalchemy.orm import Session

from people.organisations import Organisation
from people.reorganisation.sentences import day_in_words
from reports.earlier_days import first_day_of_record, published_days

SHOWN_LENGTH = 20
WHY = "Figures of earlier days are of the last days of months, so that nobody can be picked out by comparing two days."


@dataclass(frozen=True)
class DayChoice:
    """The day that is chosen, and the earlier ones that can be, the newest first.

    ``refusal`` says in words why there are no figures of the day that the address asks for.
    """

    on: date
    today: date
    days: tuple[date, ...]
    refusal: str = ""

    @property
    def is_earlier(self) -> bool:
        """Whether figures of a day that is over are asked for."""
        return self.on < self.today


def day_choice(session: Session, organisation: Organisation, *, today: date) -> DayChoice:
    """What the address asks for in ``on``, or else today."""
    first = first_day_of_record(session, organisation_id=organisation.id)
    days = published_days(first=first, today=today) if first else ()
    wanted = request.args.get("on", "").strip()
    if not wanted:
        return DayChoice(today, today, days)
    try:
        on = date.fromisoformat(wanted)
    except ValueError:
        return DayChoice(today, today, days, f"“{wanted[:SHOWN_LENGTH]}” is not a day. Choose one from the list.")
    if on == today or on in days:
        return DayChoice(on, today, days)
    return DayChoice(today, today, days, _why_not(on, today, first, days, organisation.name))


def _why_not(on: date, today: date, first: date | None, days: tuple[date, ...], name: str) -> str:
    said = day_in_words(on)
    if on > today:
        return f"{said} has not come yet. Figures are of today, or of the last day of a month that is over."
    if first is None:
        return f"There is nobody in the record of {name} yet, so there are no figures of {said}."
    if on < first:
        return f"The record of {name} begins on {day_in_words(first)}. There are no figures of days before it."
    near = [day_in_words(day) for day in (max((d for d in days if d < on), default=None), _next(on, days)) if day]
    return f"{said} is not the last day of a month. {WHY}{_nearest(near)}"


def _next(on: date, days: tuple[date, ...]) -> date | None:
    return min((day for day in days if day > on), default=None)


def _nearest(near: list[str]) -> str:
    if not near:
        return ""
    return f" The nearest {'is' if len(near) == 1 else 'are'} {' and '.join(near)}."
