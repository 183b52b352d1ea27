"""A day in three boxes, with errors that name the box."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from app.platform.field_states import DayInput
from kernel.clock import local_day, utc_now
from kernel.typed import folded

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = ("day", "month", "year")
FARTHEST_BACK, FARTHEST_AHEAD = timedelta(days=36_525), timedelta(days=731)


class DayField(Field):
    """A day that may be left empty. ``name`` opens each message: "Due date must include a year"."""

    widget = DayInput()

    def __init__(self, label: str, *, name_in_errors: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.name_in_errors = name_in_errors
        self._wrong_parts: tuple[str, ...] = PARTS

    def parts_in_error(self) -> tuple[str, ...]:
        """The boxes that the message is about, in their order; none without a message."""
        return self._wrong_parts if self.errors else ()

    @property
    def first_in_error(self) -> str:
        """The id of the box that the summary of errors leads to."""
        return f"{self.id}-{next(iter(self.parts_in_error()), PARTS[0])}"

    def _value(self) -> str:
        return ""

    def process_formdata(self, valuelist: list[str]) -> None:
        # The widget shows again what was typed and expects three texts, whatever was sent.
        self.raw_data = [text.strip()[:20] for text in (*valuelist, "", "", "")[:3]] if valuelist else None
        self.data: date | None = None  # not the day that the form began with, also where what was typed is none
        if self.raw_data and any(self.raw_data):
            self.data = self._day(*map(folded, self.raw_data))

    def _day(self, day: str, month: str, year: str) -> date:
        typed = dict(zip(PARTS, (day, month, year), strict=True))
        missing = [part for part, text in typed.items() if not text]
        wrong = [part for part, text in typed.items() if text and not _IS_RIGHT[part](text)]
        if wrong and len(missing) + len(wrong) > 1:
            self._wrong_parts = tuple(part for part in PARTS if part in (*missing, *wrong))
            wanted = [_WANTED[part] if part in wrong else f"a {part}" for part in self._wrong_parts]
            raise ValidationError(f"{self.name_in_errors} must include {', '.join(wanted[:-1])} and {wanted[-1]}")
        if missing:
            self._wrong_parts = tuple(missing)
            raise ValidationError(f"{self.name_in_errors} must include a {' and a '.join(missing)}")
        if len(year) != 4:
            self._wrong_parts = ("year",)
            raise ValidationError("Year must include 4 numbers")
        try:
            return date(int(year), _month_number(month), int(day))
        except (ValueError, OverflowError):  # date itself overflows on a number of twenty digits
            raise ValidationError(f"{self.name_in_errors} must be a real date") from None


def _month_number(typed: str) -> int:
    word = typed[:3]
    return MONTHS.index(word) + 1 if word in MONTHS else int(typed)


def _is_from_1_to(most: int, typed: str) -> bool:
    return typed.isdecimal() and 1 <= int(typed) <= most


_IS_RIGHT: Mapping[str, Callable[[str], bool]] = {
    "day": lambda typed: _is_from_1_to(31, typed),
    "month": lambda typed: typed[:3] in MONTHS or _is_from_1_to(12, typed),
    "year": lambda typed: len(typed) == 4 and typed.isdecimal(),
}
_WANTED = {"day": "a day from 1 to 31", "month": "a month from 1 to 12", "year": "a year of 4 numbers"}


def not_past(_form: Form, field: DayField) -> None:
    """A validator: a day to finish by is today or later."""
    if field.data is not None and field.data < local_day(utc_now()):
        raise ValidationError(f"{field.name_in_errors} must be today or in the future")


def not_far(_form: Form, field: DayField) -> None:
    """A validator: a slip in the year is no day of the record."""
    problem = why_far(field.data, local_day(utc_now())) if field.data is not None else None
    if problem is not None:
        raise ValidationError(f"{field.name_in_errors} {problem}")


def why_far(day: date, today: date) -> str | None:
    """What a day of the record must not be, without what it is called; ``None`` for one that is near enough."""
    if today - FARTHEST_BACK <= day <= today + FARTHEST_AHEAD:
        return None
    return "must not be more than two years ahead" if day > today else "must not be more than a hundred years ago"
