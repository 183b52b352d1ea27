"""The form in which a requirement is filled in, and the address that says the same."""

from typing import Any

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextInput
from sqlalchemy.orm import Session
from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional

from app.platform.day_field import DayField, not_past
from app.platform.forms import FlaskForm, SelectChoice
from app.requirements.programmes.choices import is_programme_slug, programme_choices
from assignments.audiences.saved import audiences_of
from assignments.due.rules import DueRule, Measure, Since, checked_due
from assignments.periods.rules import (
    MOST_DAYS_OPEN,
    MOST_MONTHS,
    Lasts,
    PeriodRule,
    RunsFrom,
    checked_period,
)
from assignments.plans import Plan, find_plan
from assignments.programmes.refreshers import MOST_MONTHS as MOST_REFRESHER_MONTHS
from assignments.programmes.refreshers import Refresher, checked_refresher
from assignments.requirements import Asking
from courses.catalogue.versions import current_versions, get_course
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.organisations import Organisation

SINCE_WORDS = {
    "none": "There is no date",
    Since.DAY.value: "By a day, the same for everybody",
    Since.EMPLOYMENT.value: "After the start of their job",
    Since.ROLE.value: "After the start of their role: the day on which they got their job title",
    Since.ASKED.value: "After they are first asked",
    Since.COMPLETED.value: "After they complete another course",
}
LASTS_WORDS = {
    "ever": "For ever: nobody takes it again",
    Lasts.MONTHS.value: "For so many months",
    Lasts.YEARLY.value: "Until a day of the year, the same for everybody",
    Lasts.DAY.value: "Until one day, the same for everybody",
}
RUNS_WORDS = {
    RunsFrom.COMPLETION.value: "From the day on which they complete it again",
    RunsFrom.OLD_END.value: "From the end of the time before, if they complete it again in time",
}
MEASURE_WORDS = {Measure.DAYS: "days", Measure.WORKING_DAYS: "working days", Measure.MONTHS: "months"}


def _number(label: str, description: str, most: int) -> IntegerField:
    said = f"{label.rstrip('?')} must be a number from 0 to {most:,}"
    return IntegerField(
        label, description=description, widget=GovTextInput(), validators=[Optional(), NumberRange(0, most, said)]
    )


class RequirementForm(FlaskForm):
    """Which course, of whom, by when, and for how long a completion is valid."""

    course = SelectField(
        "Course or programme", widget=GovSelect(), choices=[], validators=[InputRequired("Select a course")]
    )
    audience = SelectField("Who is asked?", widget=GovSelect(), choices=[])
    since = RadioField(
        "By when should they finish?",
        choices=[SelectChoice(value, words) for value, words in SINCE_WORDS.items()],
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf(list(SINCE_WORDS), "Select by when they should finish")],
    )
    day = DayField("The day", name_in_errors="The day", description="For example, 31 3 2027", validators=[not_past])
    count = _number("How long after?", "For “after …” only: a number, such as 90", 1500)
    measure = SelectField(
        "Counted in",
        widget=GovSelect(),
        choices=[SelectChoice(one.value, words) for one, words in MEASURE_WORDS.items()],
    )
    after_course = SelectField("Which other course?", widget=GovSelect(), choices=[])
    at_least_days = _number("At least how many days from being asked?", "For whoever starts or moves late", 365)
    grace_days = _number("Days of grace", "So many days after the date nobody is called late", 90)
    lasts = RadioField(
        "For how long is a completion valid?",
        choices=[SelectChoice(value, words) for value, words in LASTS_WORDS.items()],
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf(list(LASTS_WORDS), "Select for how long a completion is valid")],
    )
    valid_months = _number("How many months?", "For “so many months” only: a number, such as 24", MOST_MONTHS)
    valid_until = DayField(
        "Until which day?",
        name_in_errors="The day until which it is valid",
        description="For “until …” only. For example, 31 3 2027",
    )
    opens_days = _number("How many days before the end can they take it again?", "For example, 60", MOST_DAYS_OPEN)
    runs_from = RadioField(
        "What do the months of the next time count from?",
        choices=[SelectChoice(value, words) for value, words in RUNS_WORDS.items()],
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf(list(RUNS_WORDS), "Select what the next time counts from")],
    )

    again = RadioField(
        "The next time, what is asked for?",
        choices=[
            SelectChoice("whole", "The whole course"),
            SelectChoice("refresher", "A shorter course, where little has changed"),
        ],
        widget=GovRadioInput(),
        validate_choice=False,
        validators=[AnyOf(["whole", "refresher"], "Select what is asked for the next time")],
    )
    refresher = SelectField(
        "Which shorter course?", description="The first time is always the whole course", widget=GovSelect(), choices=[]
    )
    refresher_months = _number(
        "How many months old may the last completion be for it?",
        "For example, 36. Whoever completed anything longer ago takes the whole course",
        MOST_REFRESHER_MONTHS,
    )

    def due(self, course_ids: dict[str, int]) -> DueRule:
        """The rule that was filled in. Raises ``RuleBroken`` naming the field."""
        extra: dict[str, Any] = {"at_least_days": self.at_least_days.data or 0, "grace_days": self.grace_days.data or 0}
        if self.since.data == "none":
            return DueRule()
        since = Since(self.since.data)
        if since is Since.DAY:
            if self.day.data is None:
                raise RuleBroken("Enter the day", field="day")
            return checked_due(DueRule(since, self.day.data, **extra))
        if self.count.data is None:
            raise RuleBroken("Enter how long after, as a number", field="count")
        other = course_ids.get(self.after_course.data or "") if since is Since.COMPLETED else None
        measure = Measure(self.measure.data)
        return checked_due(DueRule(since, None, self.count.data, measure, other, **extra))

    def period(self) -> PeriodRule | None:
        """For how long a completion is valid, as it was filled in. Raises ``RuleBroken`` naming the field."""
        if self.lasts.data == "ever":
            return None
        lasts = Lasts(self.lasts.data)
        if self.opens_days.data is None:
            raise RuleBroken("Enter how many days before the end they can take it again", field="opens_days")
        if lasts is Lasts.MONTHS:
            runs_from = RunsFrom(self.runs_from.data)
            return checked_period(PeriodRule(lasts, self.valid_months.data or 0, None, self.opens_days.data, runs_from))
        if lasts is Lasts.DAY and self.valid_until.data and self.valid_until.data < local_day(utc_now()):
            raise RuleBroken("The day until which it is valid must be today or later", field="valid_until")
        return checked_period(PeriodRule(lasts, 0, self.valid_until.data, self.opens_days.data))

    def renewed_by(self, course_ids: dict[str, int]) -> Refresher | None:
        """The shorter course that was filled in; ``None`` for the whole one. Raises ``RuleBroken`` naming the field."""
        if self.again.data == "whole":
            return None
        if self.lasts.data == "ever":
            raise RuleBroken("What is valid for ever is never renewed. Say for how long it is valid", field="lasts")
        if is_programme_slug(self.course.data or ""):
            raise RuleBroken("A programme has no shorter course: all its steps are done again", field="again")
        if not self.refresher.data:
            raise RuleBroken("Select the shorter course", field="refresher")
        if self.refresher_months.data is None:
            raise RuleBroken("Enter how many months old the last completion may be", field="refresher_months")
        months = (self.valid_months.data or 0) if self.lasts.data == Lasts.MONTHS else 0
        rule = Refresher(course_ids[self.refresher.data], self.refresher_months.data)
        return checked_refresher(rule, course_id=course_ids.get(self.course.data or "", 0), valid_months=months)


_FOR_EVER = {"lasts": "ever", "runs_from": RunsFrom.COMPLETION.value, "again": "whole"}


def form_for(session: Session, organisation: Organisation, asking: Asking | None = None) -> RequirementForm:
    """The form, filled in as the address says that holds ``asking``, or else as what is asked already."""
    courses = [SelectChoice(course.slug, version.title) for course, version in current_versions(session)]
    programmes = programme_choices(session, organisation.id)
    known = audiences_of(session, organisation_id=organisation.id)
    asked = request.args.get("course")
    chosen = next((one for one in (*courses, *programmes) if one.value == asked), None)
    values: dict[str, Any] = {"since": "none", **_FOR_EVER}
    if chosen:
        held = asking or _held(session, organisation, str(chosen.value))
        values = {"course": chosen.value} | (_values_of(session, held) if held else values)
    form = RequirementForm(data=values)
    form.course.choices = [SelectChoice("", "Select a course"), *programmes, *courses]
    form.refresher.choices = [SelectChoice("", "Select a course"), *courses]
    form.audience.choices = [SelectChoice("", "Everybody"), *(SelectChoice(str(one.id), one.name) for one in known)]
    form.after_course.choices = [SelectChoice("", "None"), *courses]
    return form


def _held(session: Session, organisation: Organisation, course_slug: str) -> Plan | None:
    course, today = get_course(session, slug=course_slug), local_day(utc_now())
    return find_plan(session, organisation_id=organisation.id, course_id=course.id, on=today)


def _values_of(session: Session, held: Plan | Asking) -> dict[str, Any]:
    """The form as a requirement fills it in."""
    due = held.due
    slugs = {one.id: one.slug for one, _ in current_versions(session)}
    since = "none" if due.since is Since.DAY and due.day is None else due.since.value
    return {
        "audience": str(held.audience_id or ""),
        "since": since,
        "day": due.day,
        "count": due.count or None,
        "measure": due.measure.value,
        "after_course": slugs.get(due.course_id or 0, ""),
        "at_least_days": due.at_least_days or None,
        "grace_days": due.grace_days or None,
        **_period_values(held.period),
        "again": "refresher" if held.refresher else "whole",
        "refresher": slugs.get(held.refresher.course_id, "") if held.refresher else "",
        "refresher_months": held.refresher.months if held.refresher else None,
    }


def _period_values(rule: PeriodRule | None) -> dict[str, Any]:
    if rule is None:
        return _FOR_EVER
    return {
        "lasts": rule.lasts.value,
        "valid_months": rule.months or None,
        "valid_until": rule.until,
        "opens_days": rule.opens_days,
        "runs_from": rule.runs_from.value,
    }


def address_of(session: Session, form: RequirementForm) -> dict[str, Any]:
    """What was filled in, as the arguments of an address. Raises ``RuleBroken`` naming the field."""
    due = form.due({course.slug: course.id for course, _ in current_versions(session)})
    asked: dict[str, Any] = {"course": form.course.data, "audience": form.audience.data or None, "since": due.since}
    asked |= {"day": due.day.isoformat()} if due.day else {}
    asked |= {"count": due.count, "measure": due.measure} if due.since is not Since.DAY else {}
    asked |= {"after": form.after_course.data} if due.course_id is not None else {}
    asked |= {"least": due.at_least_days or None, "grace": due.grace_days or None}
    period = form.period()
    refresher = form.renewed_by({course.slug: course.id for course, _ in current_versions(session)})
    if period is None:
        return asked
    asked |= {"refresher": form.refresher.data, "within": refresher.months} if refresher else {}
    asked |= {"lasts": period.lasts, "opens": period.opens_days}
    if period.lasts is Lasts.MONTHS:
        return asked | {"months": period.months, "runs": period.runs_from}
    return asked | {"until": period.until.isoformat() if period.until else None}
