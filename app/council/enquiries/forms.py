"""The forms of the answer desk."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from app.platform.day_field import DayField
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.text_line import line
from kernel.clock import local_day, utc_now
from kernel.typed import composed
from reports.enquiries.record import ASKERS, LONGEST_ANSWER, LONGEST_QUESTION, Enquiry
from reports.figures.definition import By

BY_WORDS = {By.UNIT: "Unit", By.GRADE: "Grade", By.CONTRACT: "Contract", By.ROUTE: "Way of finishing"}
LONGEST_NUMBER = 40


def _kept(typed: str | None) -> str:
    return composed((typed or "").replace("\r\n", "\n")).strip()


def _not_ahead(_form: FlaskForm, field: DayField) -> None:
    if field.data is not None and field.data > local_day(utc_now()):
        raise ValidationError(f"{field.name_in_errors} must be today or earlier")


class EnquiryForm(FlaskForm):
    """A question that came."""

    kind = RadioField(
        "Who asks?",
        choices=[SelectChoice(one.value, words) for one, words in ASKERS.items()],
        widget=GovRadioInput(),
        validators=[InputRequired("Select who asks")],
    )
    reference = line("Reference", "Enter a reference", Enquiry.reference, "Yours, such as FOI 2027/113. No names")
    question = TextAreaField(
        "The question, as it was asked",
        widget=GovTextArea(),
        filters=[_kept],
        validators=[
            DataRequired("Enter the question"),
            Length(max=LONGEST_QUESTION, message=f"The question must have {LONGEST_QUESTION:,} characters or fewer"),
        ],
    )
    received_on = DayField(
        "When did it come?",
        name_in_errors="The day on which it came",
        validators=[InputRequired("Enter the day on which it came"), _not_ahead],
    )
    due_on = DayField(
        "By when is it to be answered?",
        name_in_errors="The day by which to answer",
        description="May be left empty. Under the Freedom of Information Act it is worked out: 20 working days",
    )


class FigureForm(FlaskForm):
    """A figure that answers it: made now of a day that is over, or one that was published before."""

    course = SelectField("Course", widget=GovSelect(), choices=[])
    on = DayField("Day", name_in_errors="Day", description="A day that is over")
    by = SelectField(
        "Broken down by",
        widget=GovSelect(),
        choices=[SelectChoice(one.value, words) for one, words in BY_WORDS.items()],
    )
    is_public = BooleanField("Anybody may open this figure under its number", widget=GovCheckboxInput())
    number = StringField(
        "Or the number of a published figure",
        description="Such as FIG-7K4M-29QX-C. Then nothing above is needed",
        widget=GovTextInput(),
        filters=[_kept],
        validators=[Length(max=LONGEST_NUMBER, message="This is too long for the number of a figure")],
    )

    def validate_on(self, field: DayField) -> None:
        """A day is needed where no number is given."""
        if not self.number.data and field.data is None and not field.errors:
            raise ValidationError("Enter a day that is over, or the number of a published figure")


class AnswerForm(FlaskForm):
    """The answer as it is to be sent. ``version`` is which text it began from."""

    words = TextAreaField(
        "The answer",
        widget=GovTextArea(),
        filters=[_kept],
        validators=[
            DataRequired("Enter the answer"),
            Length(max=LONGEST_ANSWER, message=f"The answer must have {LONGEST_ANSWER:,} characters or fewer"),
        ],
    )
    version = HiddenField()


class SentForm(FlaskForm):
    """On which day it was sent."""

    sent_on = DayField(
        "When was it sent?",
        name_in_errors="The day on which it was sent",
        validators=[InputRequired("Enter the day on which it was sent"), _not_ahead],
    )
