"""Of which day figures are: today, or a day that is over, as the address says."""

from dataclasses import dataclass
from datetime import date

from flask import request
from sqlalchemy.orm import Session

from people.organisations import Organisation
from reports.earlier_days import first_day_of_record, published_days, why_not

SHOWN_LENGTH = 20


@dataclass(frozen=True)
class DayChoice:
    """The day that is chosen, and the last days of months before, the newest first.

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
    refusal = why_not(on, first=first, today=today, name=organisation.name)
    return DayChoice(today if refusal else on, today, days, refusal)
