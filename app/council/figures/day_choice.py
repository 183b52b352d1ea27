"""Of which day figures are: today, or a day that is over, as the address says."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, request, url_for
from sqlalchemy.orm import Session
from wtforms import Form

from app.platform.day_field import DayField
from people.organisations import Organisation
from reports.earlier_days import first_day_of_record, published_days, why_not

SHOWN_LENGTH = 20


class AnotherDay(Form):
    """Any day that is over, in three boxes. What is typed here goes before the list."""

    another = DayField(
        "Or another day that is over",
        name_in_errors="The day",
        description="For example, 12 3 2026. Leave it empty to go by the list.",
    )


@dataclass(frozen=True)
class DayChoice:
    """The day that is chosen, and the last days of months before, the newest first.

    ``refusal`` says in words why there are no figures of the day that the address asks for. ``boxes`` are where
    another day is typed.
    """

    on: date
    today: date
    days: tuple[date, ...]
    boxes: AnotherDay
    refusal: str = ""

    @property
    def is_earlier(self) -> bool:
        """Whether figures of a day that is over are asked for."""
        return self.on < self.today

    @property
    def listed(self) -> tuple[date, ...]:
        """The days of the list, with the one that is chosen."""
        chosen = {self.on} if self.is_earlier else set()
        return tuple(sorted({*self.days, *chosen}, reverse=True))


def day_choice(session: Session, organisation: Organisation, *, today: date) -> DayChoice:
    """What the address asks for, or else today. A day that was typed goes into the address as ``on`` first."""
    first = first_day_of_record(session, organisation_id=organisation.id)
    days = published_days(first=first, today=today) if first else ()
    boxes = AnotherDay(request.args)
    found = DayChoice(today, today, days, boxes)
    wanted = request.args.get("on", "").strip()
    if any(boxes.another.raw_data or ()):
        return _typed(found, first, organisation.name)
    if not wanted:
        return found
    try:
        on = date.fromisoformat(wanted)
    except ValueError:
        refusal = f"“{wanted[:SHOWN_LENGTH]}” is not a day. Choose one from the list."
        return DayChoice(today, today, days, boxes, refusal)
    refusal = why_not(on, first=first, today=today, name=organisation.name)
    return DayChoice(today if refusal else on, today, days, boxes, refusal)


def _typed(found: DayChoice, first: date | None, name: str) -> DayChoice:
    """What is wrong with a day that was typed; else the browser is sent to the address that says it in one word."""
    field, today = found.boxes.another, found.today
    on = field.data if found.boxes.validate() else None
    if on is not None and (refusal := why_not(on, first=first, today=today, name=name)):
        field.errors = [refusal]
    if field.errors or on is None:
        return DayChoice(today, today, found.days, found.boxes, f"{field.errors[0]}".removesuffix(".") + ".")
    kept: dict[str, Any] = {key: request.args.getlist(key) for key in request.args if key not in ("on", "another")}
    here: dict[str, Any] = {**kept, **(request.view_args or {}), "on": on.isoformat()}
    abort(redirect(url_for(request.endpoint or "", **here)))
