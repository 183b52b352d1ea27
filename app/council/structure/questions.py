"""What is asked about a reorganisation as a whole."""

from wtforms.validators import ValidationError

from app.platform.day_field import DayField, not_far
from app.platform.forms import FlaskForm
from app.platform.input.text_line import line
from kernel.clock import local_day, utc_now
from people.reorganisation.record import Reorganisation


class ReorganisationForm(FlaskForm):
    """What people call it, and the first day on which it holds."""

    title = line("What do people call it?", "Enter what people call it, such as One team", Reorganisation.title)
    day = DayField("From which day does it hold?", name_in_errors="The day")

    def validate_day(self, field: DayField) -> None:
        """Days that are over are corrected at the command line: their figures would change."""
        if field.errors:
            return
        if field.data is None:
            raise ValidationError("Enter the day from which it holds")
        if field.data < local_day(utc_now()):
            raise ValidationError("The day must be today or in the future: figures of days that are over stay")
        not_far(self, field)
