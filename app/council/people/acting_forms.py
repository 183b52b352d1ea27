"""What is filled in before something is done for many people: nothing for a nudge, a day for more time, and why for an
exemption."""

from datetime import date
from typing import Any

from wtforms.validators import InputRequired

from app.platform.asked.exemption_fields import evidence_line, first_day, last_day, reason_choice
from app.platform.day_field import DayField
from app.platform.forms import FlaskForm
from assignments.exemptions.record import ExemptionReason
from assignments.for_many.previewing import Terms, faults_in_terms
from assignments.for_many.record import ActKind


class NudgeForm(FlaskForm):
    """Nothing is to be filled in."""


class MoreTimeForm(FlaskForm):
    """Until when."""

    ends_on = DayField(
        "Until when do they have time?",
        name_in_errors="The day",
        description="One day for all of them. Whoever has until then or longer keeps what they have",
        validators=[InputRequired("Enter the day until which they have time")],
    )


class ExemptForm(FlaskForm):
    """Why, on which evidence, from when to when."""

    reason = reason_choice()
    evidence = evidence_line("List of agency staff of March 2027", "Each of them can read it")
    starts_on = first_day()
    ends_on = last_day()


def form_for(kind: ActKind, *, today: date) -> FlaskForm:
    """The form of a kind of act."""
    match kind:
        case ActKind.NUDGE:
            return NudgeForm()
        case ActKind.MORE_TIME:
            return MoreTimeForm()
        case ActKind.EXEMPT:
            return ExemptForm(data={"starts_on": today})


def terms_from(form: FlaskForm, kind: ActKind, *, organisation_id: int, course_id: int, today: date) -> Terms:
    """What was filled in, so far; what is wrong with it is said beside its field, all of it at once."""
    typed: dict[str, Any] = form.data if form.is_submitted() else {}
    reason = next((one for one in ExemptionReason if one.value == typed.get("reason")), None)
    days = {name: typed.get(name) for name in ("starts_on", "ends_on")}
    terms = Terms(kind, organisation_id, course_id, **days, reason=reason, evidence=typed.get("evidence") or "")
    if form.is_submitted():
        form.validate()
        for field, message in faults_in_terms(terms, on=today).items():
            if not form[field].errors:
                form[field].errors = [message]
    return terms
