"""The form with which a manager plans time: who, for which course, when, for how long, where."""

import re
from datetime import time

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovSelect, GovTextInput
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from app.platform.day_field import DayField
from app.platform.forms import FlaskForm, SelectChoice
from assignments.rota.planning import Slot
from assignments.rota.record import PlannedHour
from kernel.clock import LOCAL

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_MINUTES = re.compile(r"[0-9]{1,3}")
MINUTES = (30, 45, 60, 90, 120)


class SlotForm(FlaskForm):
    """When, for how long and where."""

    starts_on = DayField("Day", name_in_errors="The day")
    starts = StringField("From", description="By the 24-hour clock, such as 14:30", widget=GovTextInput())
    minutes = SelectField(
        "For how long",
        choices=[SelectChoice(str(one), f"{one} minutes") for one in MINUTES],
        default="60",
        widget=GovSelect(),
        validate_choice=False,
    )
    place = StringField(
        "Where (optional)", description="Such as: training room, or at the tablet", widget=GovTextInput()
    )
    is_worked = BooleanField("They work then, although it is a weekend or a bank holiday", widget=GovCheckboxInput())

    def validate_starts_on(self, field: DayField) -> None:
        """Only a day can be planned."""
        if field.data is None:
            raise ValidationError("Enter the day")

    def validate_starts(self, field: StringField) -> None:
        """Only a time of the clock can be planned."""
        if not _CLOCK.fullmatch((field.data or "").strip()):
            raise ValidationError("Enter when it begins, such as 14:30")

    def validate_minutes(self, field: SelectField) -> None:
        """A moved hour may keep a length that is not offered."""
        if not _MINUTES.fullmatch(field.data or ""):
            raise ValidationError("Select for how long")

    def slot(self) -> Slot:
        """What was typed, once it is valid. Raises ``ValueError`` before."""
        found, day = _CLOCK.fullmatch((self.starts.data or "").strip()), self.starts_on.data
        if found is None or day is None:
            raise ValueError("a form that was not validated")
        return Slot(
            day,
            time(int(found[1]), int(found[2])),
            int(self.minutes.data),
            " ".join((self.place.data or "").split()),
            is_worked=bool(self.is_worked.data),
        )

    def fill_from(self, hour: PlannedHour) -> None:
        """Show what is planned now."""
        begins = hour.starts_at.astimezone(LOCAL)
        self.starts_on.data, self.starts.data = begins.date(), f"{begins:%H:%M}"
        self.minutes.data, self.place.data = str(hour.minutes), hour.place


class PlanForm(SlotForm):
    """The same for several people, and a course."""

    course = SelectField("Course", choices=[], widget=GovSelect(), validate_choice=False)
    people = SelectMultipleField("Who", choices=[], widget=GovCheckboxesInput(), validate_choice=False)

    def validate_people(self, field: SelectMultipleField) -> None:
        """Said beside the other findings; who may be picked, the view knows."""
        if not field.data:
            raise ValidationError("Select at least one person")
