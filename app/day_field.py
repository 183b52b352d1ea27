"""A day in three boxes, with errors that name the box."""

from datetime import date

from govuk_frontend_wtf.wtforms_widgets import GovDateInput
from wtforms import Field, Form
from wtforms.validators import ValidationError

from kernel.clock import local_day, utc_now

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = ("day", "month", "year")


class DayField(Field):  # type: ignore[misc]
    """A day that may be left empty. ``name`` opens each message: "Due date must include a year"."""

    widget = GovDateInput()

    def __init__(self, label: str, *, name_in_errors: str, **kwargs: object) -> None:
        super().__init__(label, **kwargs)
        self.name_in_errors = name_in_errors

    def _value(self) -> str:
        return ""

    def process_formdata(self, valuelist: list[str]) -> None:
        # The widget shows again what was typed and expects three texts, whatever was sent.
        self.raw_data = [text.strip()[:20] for text in (*valuelist, "", "", "")[:3]] if valuelist else None
        if not self.raw_data or not any(self.raw_data):
            self.data: date | None = None
            return
        self.data = self._day(*self.raw_data)

    def _day(self, day: str, month: str, year: str) -> date:
        missing = [part for part, text in zip(PARTS, (day, month, year), strict=True) if not text]
        if missing:
            raise ValidationError(f"{self.name_in_errors} must include a {' and a '.join(missing)}")
        if len(year) != 4:
            raise ValidationError("Year must include 4 numbers")
        try:
            return date(int(year), _month_number(month), int(day))
        except ValueError:
            raise ValidationError(f"{self.name_in_errors} must be a real date") from None


def _month_number(typed: str) -> int:
    word = typed[:3].lower()
    return MONTHS.index(word) + 1 if word in MONTHS else int(typed)


def not_past(_form: Form, field: DayField) -> None:
    """A validator: a day to finish by is today or later."""
    if field.data is not None and field.data < local_day(utc_now()):
        raise ValidationError(f"{field.name_in_errors} must be today or in the future")
