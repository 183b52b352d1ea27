"""Earlier training: by which rule an authority accepts what people completed elsewhere before they joined it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.day_field import DayField
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from courses.acceptance.preview import RulePreview, preview_rule, rule_for
from courses.acceptance.rules import LONGEST_MONTHS, Accepts, NewRule, check_rule, rules_of, set_rule
from courses.acceptance.words import accepts_words, people_words, preview_words
from courses.catalogue.versions import current_versions
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound, RuleBroken
from people.actors import names_of_accounts
from people.organisations import Organisation, organisations
from people.roles import Role
from people.visibility import past_learning_scope

# In the place of a course’s address: the rule for every course that has none of its own.
EVERY_COURSE = "every-course"
CHOICES = (
    SelectChoice(Accepts.ALL.value, "All of it counts, however old it is"),
    SelectChoice(Accepts.NO_OLDER.value, "It counts if it was not too old on somebody’s first day"),
    SelectChoice(Accepts.NONE.value, "None of it counts: everybody who joins takes the course here"),
)
AS_FOR_ALL = SelectChoice(Accepts.AS_FOR_ALL.value, "As for every course")


class EarlierForm(FlaskForm):
    """What counts, and from which day on. ``previewed`` is the choice whose preview somebody has seen."""

    accepts = RadioField(
        "What of earlier training counts?",
        widget=GovRadioInput(),
        validators=[InputRequired("Select what counts of earlier training")],
    )
    months = StringField(
        "How many months old may it be?",
        widget=GovTextInput(),
        description="Only for training that must not be too old. Counted back from the first day of the job",
    )
    since = DayField(
        "From which day on?",
        name_in_errors="The first day",
        description="Today or later. Figures of days before it stay as they are",
        validators=[InputRequired("Enter the day from which the rule holds")],
    )
    previewed = HiddenField()


@dataclass(frozen=True)
class RuleLine:
    """The rule of a course today, in words; ``slug`` is where it is changed."""

    title: str
    slug: str
    words: str
    is_own: bool


@dataclass(frozen=True)
class PastLine:
    """One rule as it was set."""

    title: str
    words: str
    holds_from: date
    set_at: datetime
    by: str


@allow(Role.HR_LEAD, Role.ADMIN)
def history_earlier(slug: str) -> str:
    """The rules that hold, each with a link to change it, and every rule that was ever set."""
    session = db.session()
    organisation = past_learning_scope(session, who(), slug=slug)
    lines, past = _lines(session, organisation)
    return render_template(
        "council/history_earlier.html",
        organisation=organisation,
        first=lines[0],
        lines=lines[1:],
        past=past,
        authorities=organisations(session) if who().has(Role.ADMIN) else (),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def history_earlier_rule(slug: str, course_slug: str) -> str | tuple[str, int] | Response:
    """Choose, see what that would do, and only then set it."""
    session = db.session()
    organisation = past_learning_scope(session, who(), slug=slug)
    course_id, title = _course(session, course_slug)
    today = local_day(utc_now())
    accepts, months = rule_for(rules_of(session, organisation_id=organisation.id), course_id=course_id, on=today)
    form = EarlierForm(data={"accepts": accepts.value, "months": str(months or ""), "since": today})
    form.accepts.choices = [*([] if course_id is None else [AS_FOR_ALL]), *CHOICES]
    preview: RulePreview | None = None
    if form.validate_on_submit():
        rule = _wanted(form, organisation, course_id)
        done, preview = _done_or_preview(form, rule, slug)
        if done is not None:
            return done
    smallest = current_settings().smallest_group
    page = render_template(
        "council/history_earlier_rule.html",
        organisation=organisation,
        title=title,
        form=form,
        today=today,
        now=accepts_words(accepts, months),
        preview=preview,
        answer=preview_words(preview, smallest_shown=smallest) if preview else "",
        rows=[_numbers(one, smallest) for one in preview.courses] if preview and course_id is None else [],
    )
    return page, 422 if form.errors else 200


def _done_or_preview(form: EarlierForm, rule: NewRule, slug: str) -> tuple[Response | None, RulePreview | None]:
    """Set the rule that was previewed; or read what it would do. What is wrong stands beside its field."""
    key = f"{rule.accepts.value}/{rule.months or ''}/{rule.holds_from.isoformat()}"
    now = utc_now()
    try:
        check_rule(rule, on=local_day(now))
        if form.previewed.data == key:
            with unit_of_work() as work:
                set_rule(work.session, rule, by=who().account_id, now=now)
            flash("The rule is set")
            return redirect(url_for("council.history_earlier", slug=slug)), None
    except RuleBroken as refusal:
        form[refusal.field or "accepts"].errors = [refusal.message]
        return None, None
    form.previewed.data = key
    return None, preview_rule(db.session(), rule)


def _wanted(form: EarlierForm, organisation: Organisation, course_id: int | None) -> NewRule:
    accepts = Accepts(form.accepts.data)
    typed = (form.months.data or "").strip()
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(LONGEST_MONTHS))
    months = (int(typed) if is_number else 0) if accepts is Accepts.NO_OLDER else None
    return NewRule(organisation.id, course_id, accepts, months, form.since.data or date.min)


def _course(session: Session, slug: str) -> tuple[int | None, str]:
    if slug == EVERY_COURSE:
        return None, "Every course"
    found = next(
        ((course.id, version.title) for course, version in current_versions(session) if course.slug == slug), None
    )
    if found is None:
        raise NotFound(f"course {slug}")
    return found


def _lines(session: Session, organisation: Organisation) -> tuple[list[RuleLine], list[PastLine]]:
    held, today = rules_of(session, organisation_id=organisation.id), local_day(utc_now())
    current = current_versions(session)
    titles: dict[int | None, str] = {course.id: version.title for course, version in current}
    names = names_of_accounts(session, account_ids=[one.set_by_account_id for one in held])
    general = rule_for(held, course_id=None, on=today)
    lines = [RuleLine("Every course", EVERY_COURSE, accepts_words(*general), True)]
    for course, version in current:
        own = next((one for one in held if one.course_id == course.id and one.holds_from <= today), None)
        is_own = own is not None and own.accepts is not Accepts.AS_FOR_ALL
        words = accepts_words(own.accepts, own.months) if own and is_own else "as for every course"
        lines.append(RuleLine(version.title, course.slug, words, is_own))
    past = [
        PastLine(
            "Every course" if one.course_id is None else titles.get(one.course_id, "A course"),
            accepts_words(one.accepts, one.months),
            one.holds_from,
            one.set_at,
            names.get(one.set_by_account_id or 0, "At the command line"),
        )
        for one in held
    ]
    return lines, past


def _numbers(one: Any, smallest: int) -> tuple[str, ...]:
    return (one.title, *(people_words(count, smallest) for count in (one.people, one.again_now, one.again_then)))
