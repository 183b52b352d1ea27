"""A rule filled in as a form: each field narrows it down, and what a form cannot say is written as JSON."""

import json
from collections.abc import Callable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, DecimalField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from app.platform.day_field import DayField
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.unit_field import UnitField
from assignments.audiences.findings import fault_of
from assignments.audiences.rules import (
    AllOf,
    HasCompleted,
    InUnit,
    IsNamed,
    Manages,
    Not,
    OnContract,
    OnGrade,
    Rule,
    Started,
    TitleHas,
    WithHours,
)
from assignments.audiences.written import read_rule, written
from courses.catalogue.versions import current_versions
from kernel.errors import RuleBroken
from people.jobs.employment import Employment
from people.organisations import Organisation, units_of

_LISTS: dict[str, Callable[[tuple[str, ...]], Rule]] = {
    "titles": TitleHas,
    "grades": OnGrade,
    "contracts": OnContract,
    "named": IsNamed,
}

LONGEST_WORDS, LONGEST_RULE = 2_000, 100_000


def _words(label: str, description: str) -> StringField:
    return StringField(
        label,
        description=description,
        widget=GovTextInput(),
        validators=[Length(max=LONGEST_WORDS, message=f"{label} must have {LONGEST_WORDS:,} characters or fewer")],
    )


def _hours(label: str) -> DecimalField:
    said = f"{label} must be a number from 0 to 168"
    return DecimalField(label, widget=GovTextInput(), validators=[Optional(), NumberRange(0, 168, said)])


class AudienceForm(FlaskForm):
    """Everything that is filled in has to hold; of several values in one field, one is enough."""

    name = _words("Name", "What these people have in common, for instance “Care managers”. Those who are asked see it")
    unit = UnitField("Unit", choices=[])
    below = BooleanField("With everything below it", widget=GovCheckboxInput(), default=True)
    titles = _words("Words in the job title", "Separate several with commas. Capitals and accents do not matter")
    grades = _words("Grades", "As your HR system writes them: G7, G8")
    contracts = _words("Contracts", "As your HR system writes them: Permanent, Fixed term")
    hours_from = _hours("Hours a week, at least")
    hours_below = _hours("Hours a week, fewer than")
    manages = RadioField(
        "Managers",
        choices=[
            SelectChoice("", "Whether they manage somebody does not matter"),
            SelectChoice("yes", "Only those whom somebody reports to"),
            SelectChoice("no", "Only those whom nobody reports to"),
        ],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    since = DayField("Began their job on or after", name_in_errors="The first day")
    before = DayField("Began their job before", name_in_errors="The last day")
    completed = SelectField("Has completed", widget=GovSelect(), choices=[])
    named = TextAreaField(
        "Only these payroll numbers", description="One a line, or with commas", widget=GovTextArea(), default=""
    )
    left_out = TextAreaField("But not these payroll numbers", widget=GovTextArea(), default="")
    as_json = TextAreaField(
        "The rule as JSON",
        description="For what the fields above cannot say: {“any”: […]} and {“not”: …} inside each other."
        " If this is filled in, it is the whole rule",
        widget=GovTextArea(),
        default="",
        validators=[Length(max=LONGEST_RULE, message=f"The rule must have {LONGEST_RULE:,} characters or fewer")],
    )

    def rule(self) -> Rule:
        """The rule that was filled in. Raises ``RuleBroken`` naming the field."""
        found = self._from_json() if (self.as_json.data or "").strip() else self._from_fields()
        fault = fault_of(found)
        if fault or found == AllOf():
            raise RuleBroken(fault or "Fill in at least one thing that these people have in common", field="unit")
        return found

    def _from_json(self) -> Rule:
        try:
            return read_rule(json.loads(self.as_json.data or ""))
        except (ValueError, RecursionError):
            raise RuleBroken("The rule is not JSON", field="as_json") from None
        except RuleBroken as refusal:
            raise RuleBroken(refusal.message, field="as_json") from None

    def _from_fields(self) -> Rule:
        parts: list[Rule] = []
        if self.unit.data:
            parts.append(InUnit(int(self.unit.data), bool(self.below.data)))
        parts += [kind(values) for name, kind in _LISTS.items() if (values := _split(self[name].data))]
        if self.hours_from.data is not None or self.hours_below.data is not None:
            parts.append(_ordered(WithHours(self.hours_from.data, self.hours_below.data), "hours_below"))
        if self.manages.data:
            parts.append(Manages() if self.manages.data == "yes" else Not(Manages()))
        if self.since.data or self.before.data:
            parts.append(_ordered(Started(self.since.data, self.before.data), "before"))
        if self.completed.data:
            parts.append(HasCompleted(int(self.completed.data)))
        if out := _split(self.left_out.data):
            parts.append(Not(IsNamed(out)))
        return AllOf(tuple(parts))


def _ordered(leaf: WithHours | Started, field: str) -> Rule:
    try:
        return read_rule(written(leaf))
    except RuleBroken as refusal:
        raise RuleBroken(refusal.message, field=field) from None


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(one.strip() for line in (text or "").splitlines() for one in line.split(",") if one.strip())
    )


def filled_in_by(rule: Rule, name: str) -> dict[str, Any]:
    """The form as a rule fills it in; as JSON where the fields cannot say it."""
    values: dict[str, Any] = {"name": name, "manages": ""}
    for part in rule.parts if isinstance(rule, AllOf) else (rule,):
        said = _said_by(part)
        if said is None or said.keys() & values.keys() - {"manages"}:
            return {"name": name, "manages": "", "as_json": json.dumps(written(rule), ensure_ascii=False, indent=1)}
        values |= said
    return values


def _said_by(part: Rule) -> dict[str, Any] | None:
    match part:
        case InUnit(unit_id, is_with_below):
            return {"unit": str(unit_id), "below": is_with_below}
        case TitleHas(values):
            return {"titles": ", ".join(values)}
        case OnGrade(values):
            return {"grades": ", ".join(values)}
        case OnContract(values):
            return {"contracts": ", ".join(values)}
        case IsNamed(values):
            return {"named": "\n".join(values)}
        case Not(IsNamed(values)):
            return {"left_out": "\n".join(values)}
        case WithHours(low, high):
            return {"hours_from": low, "hours_below": high}
        case Started(since, before):
            return {"since": since, "before": before}
        case Manages():
            return {"manages": "yes"}
        case Not(Manages()):
            return {"manages": "no"}
        case HasCompleted(course_id):
            return {"completed": str(course_id)}
    return None


def audience_form(session: Session, organisation: Organisation, data: dict[str, Any]) -> AudienceForm:
    """The form with the units and courses that there are."""
    form = AudienceForm(data=data)
    units = units_of(session, organisation_id=organisation.id)
    form.unit.choices = [SelectChoice("", "Any unit"), *(SelectChoice(str(one.id), one.path) for one in units)]
    courses = [SelectChoice(str(course.id), version.title) for course, version in current_versions(session)]
    form.completed.choices = [SelectChoice("", "Does not matter"), *courses]
    return form


def unknown_numbers(session: Session, organisation: Organisation, numbers: tuple[str, ...]) -> list[str]:
    """Those payroll numbers that nobody at the authority has or had."""
    known = session.scalars(
        select(Employment.payroll_number).where(
            Employment.organisation_id == organisation.id, Employment.payroll_number.in_(numbers)
        )
    )
    return sorted(set(numbers) - set(known))
