"""The form in which a learner writes their plan."""

from datetime import date

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextArea
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, TextAreaField
from wtforms.validators import AnyOf, ValidationError

from app.platform.day_field import DayField
from app.platform.field_states import MustBeGiven
from app.platform.forms import FlaskForm, SelectChoice
from courses.content.model.plans import PlanIdea
from courses.reflection.plans import TELL_WORDS, ByOrFrom, Plan, PlanWords, Tell, problems_in
from kernel.clock import local_day, utc_now

MOST_YEARS_AWAY = 2


class PlanFields(FlaskForm):
    """If, then, a day, and whom they mean to tell."""

    situation = TextAreaField("If", description="Name a moment.", widget=GovTextArea(), validators=[MustBeGiven()])
    action = TextAreaField(
        "then I will",
        description="Name something that you will say or do.",
        widget=GovTextArea(),
        validators=[MustBeGiven()],
    )
    by_or_from = RadioField(
        "By or from a day",
        widget=GovRadioInput(),
        choices=[SelectChoice(ByOrFrom.FROM.value, "From"), SelectChoice(ByOrFrom.BY.value, "By")],
        default=ByOrFrom.FROM.value,
        validators=[AnyOf(list(ByOrFrom), message="Select from or by")],
        validate_choice=False,
    )
    acts_on = DayField("Which day?", name_in_errors="The day", description="You can leave it empty.")
    tell = RadioField(
        "I will tell",
        description="A note to yourself. We send it to nobody.",
        widget=GovRadioInput(),
        choices=[SelectChoice(tell.value, words) for tell, words in TELL_WORDS.items()],
        default=Tell.NOBODY.value,
        validators=[AnyOf(list(Tell), message="Select whom you will tell")],
        validate_choice=False,
    )

    def validate_situation(self, field: TextAreaField) -> None:
        """It is there, and not too long."""
        self._check(field)

    def validate_action(self, field: TextAreaField) -> None:
        """It is there, and not too long."""
        self._check(field)

    def validate_acts_on(self, field: DayField) -> None:
        """A day that somebody can plan for: a slip in the year would put it out of sight."""
        today = local_day(utc_now())
        if field.data is not None and abs(field.data.year - today.year) > MOST_YEARS_AWAY:
            raise ValidationError("The day must be in the next two years")

    def _check(self, field: TextAreaField) -> None:
        problem = problems_in(PlanWords(self.situation.data or "", self.action.data or "")).get(field.name)
        if problem:
            raise ValidationError(problem)

    def words(self) -> PlanWords:
        """What was written. Only after ``validate()``."""
        return PlanWords(
            situation=_clean(self.situation.data),
            action=_clean(self.action.data),
            acts_on=self.acts_on.data,
            by_or_from=ByOrFrom(self.by_or_from.data),
            tell=Tell(self.tell.data),
        )


def _clean(written: str | None) -> str:
    return (written or "").replace("\r\n", "\n")


def fields_posted(posted: MultiDict[str, str]) -> PlanFields:
    """The form with what somebody sent."""
    return PlanFields(formdata=posted)


def fields_for(plan: Plan | None, idea: PlanIdea | None) -> PlanFields:
    """The form with the plan that there is; a chosen idea takes the place of its words."""
    values: dict[str, str | date | None] = {}
    if plan is not None:
        values = {
            "situation": plan.situation,
            "action": plan.action,
            "by_or_from": plan.by_or_from.value,
            "acts_on": plan.acts_on,
            "tell": plan.tell.value,
        }
    if idea is not None:
        values |= {"situation": idea.situation, "action": idea.action}
    return PlanFields(formdata=None, data=values)
