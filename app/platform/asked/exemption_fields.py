"""The fields of an exemption, of one person or of many: why, on which evidence, from when to when.

They are made anew for each form, so that errors stand in the order of its fields.
"""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField, StringField
from wtforms.validators import AnyOf, InputRequired

from app.platform.day_field import DayField
from app.platform.forms import SelectChoice
from app.platform.input.text_line import line
from assignments.exemptions.record import REASON_WORDS, Exemption, ExemptionReason

NO_HEALTH = "Do not write anything about health."


def reason_choice() -> RadioField:
    """One of the reasons."""
    return RadioField(
        "Why are they exempt?",
        widget=GovRadioInput(),
        choices=[SelectChoice(one.value, words) for one, words in REASON_WORDS.items()],
        validate_choice=False,
        validators=[AnyOf([one.value for one in ExemptionReason], "Select why they are exempt")],
    )


def evidence_line(example: str, who_reads: str) -> StringField:
    """A short note of what it rests on, with an example, and who can read it."""
    hint = f"A short note, such as “{example}”. {NO_HEALTH} {who_reads}"
    return line("What does it rest on?", "Enter what it rests on", Exemption.evidence, hint)


def first_day() -> DayField:
    """From when."""
    return DayField("First day", name_in_errors="First day", validators=[InputRequired("Enter the first day")])


def last_day() -> DayField:
    """Until when."""
    return DayField(
        "Last day",
        name_in_errors="Last day",
        description="At most 12 months after the first day. It can be renewed",
        validators=[InputRequired("Enter the last day")],
    )
