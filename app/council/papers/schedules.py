"""Reports that are made again and again: listed, set up, stopped; and the file that somebody was told of."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from app.council.certificates.progress import carry_out
from app.council.figures.figures_page import FiguresPage, figures_page
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.pages.downloads import stored_download
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from courses.catalogue.versions import titles_of
from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from kernel.spreadsheets import WORKBOOK_TYPE
from people.actors import names_of_accounts
from people.roles import Role
from people.visibility import hr_scope, who_may_see
from reports.paper.record import PaperKind
from reports.paper.sentences import whose_what_when
from reports.schedules.periods import LAST_DAYS, Rhythm, next_due, rhythm_in_words
from reports.schedules.record import (
    ENDINGS,
    MOST,
    NewSchedule,
    ReportSchedule,
    StopReason,
    add_schedule,
    recipients_of,
    schedules_of,
    stop_schedule,
)
from reports.schedules.telling import CALLED, get_report

MOST_LISTED = 2 * MOST
_TYPES = {PaperKind.BOARD_REPORT: "application/pdf", PaperKind.FIGURES: WORKBOOK_TYPE}
_MOST_DIGITS = 2


class ScheduleForm(FlaskForm):
    """Which file, how often, on which day, and who is told."""

    file = RadioField(
        "Which file?",
        choices=[
            SelectChoice(PaperKind.BOARD_REPORT, "Report for a board (PDF)"),
            SelectChoice(PaperKind.FIGURES, "The figures (Excel)"),
        ],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    rhythm = RadioField(
        "How often?",
        choices=[
            SelectChoice(Rhythm.WEEKLY, "Every week"),
            SelectChoice(Rhythm.MONTHLY, "Every month"),
            SelectChoice(Rhythm.QUARTERLY, "Every quarter: January, April, July and October"),
        ],
        widget=GovRadioInput(),
        validate_choice=False,
    )
    day = StringField(
        "On which day?",
        description="For every week from 1 for Monday to 7 for Sunday; for a month or a quarter from 1 to 28",
        widget=GovTextInput(),
    )
    listed: frozenset[str] = frozenset()
    recipients = SelectMultipleField("Who is told by email?", widget=GovCheckboxesInput(), validate_choice=False)

    @property
    def day_number(self) -> int | None:
        """The day, if a whole number was typed."""
        typed = (self.day.data or "").strip()
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= _MOST_DIGITS else None

    def validate_file(self, field: RadioField) -> None:
        """One of the two."""
        if field.data not in list(ENDINGS):
            raise ValidationError("Select which file")

    def validate_rhythm(self, field: RadioField) -> None:
        """One of the three."""
        if field.data not in list(Rhythm):
            raise ValidationError("Select how often")

    def validate_day(self, _field: StringField) -> None:
        """A day that every week, or every month, has."""
        most = LAST_DAYS[Rhythm(self.rhythm.data)] if self.rhythm.data in list(Rhythm) else max(LAST_DAYS.values())
        if self.day_number is None or not 1 <= self.day_number <= most:
            raise ValidationError(f"Enter a whole number from 1 to {most}")

    def validate_recipients(self, field: SelectMultipleField) -> None:
        """At least one of those who are listed."""
        if not field.data or not set(field.data) <= self.listed:
            raise ValidationError("Select who is told")


@allow(Role.HR_LEAD, Role.ADMIN)
def reports(slug: str) -> tuple[str, int] | Response:
    """The schedules, and one more, of the figures that the address asks for."""
    hr_scope(db.session(), who(), slug=slug)
    page = figures_page(slug)
    form = _form(page)
    if page.figures is not None and form.validate_on_submit():
        try:
            _add(page, form)
        except RuleBroken as refusal:
            form.recipients.errors = [refusal.message]
        else:
            flash("The report is scheduled")
            return redirect(url_for("council.reports", slug=slug))
    shown = render_template(
        "council/reports.html",
        organisation=page.organisation,
        form=form,
        whose=whose_what_when(page.figures)[0] if page.figures else "",
        page=page,
        schedules=_listed(page),
    )
    return shown, 422 if form.errors else 200


def _form(page: FiguresPage) -> ScheduleForm:
    session = db.session()
    may_see = who_may_see(session, organisation_id=page.organisation.id, on=local_day(utc_now()))
    names = names_of_accounts(session, account_ids=may_see)
    form = ScheduleForm(data={"recipients": [str(who().account_id)], "day": "1"})
    named = sorted((name, account_id) for account_id, name in names.items())
    form.listed = frozenset(map(str, names))
    form.recipients.choices = [SelectChoice(str(account_id), name) for name, account_id in named]
    return form


def _add(page: FiguresPage, form: ScheduleForm) -> None:
    new = NewSchedule(
        organisation_id=page.organisation.id,
        course_id=page.courses.get_course().id,
        cut=page.get_figures().cut,
        kind=PaperKind(form.file.data),
        rhythm=Rhythm(form.rhythm.data),
        day=form.day_number or 1,
    )
    told = [int(one) for one in form.recipients.data or ()]
    with unit_of_work() as work:
        add_schedule(work.session, new, recipients=told, account_id=who().account_id, now=utc_now())


def _listed(page: FiguresPage) -> list[dict[str, Any]]:
    session = db.session()
    every = schedules_of(session, organisation_id=page.organisation.id, limit=MOST_LISTED)
    told = recipients_of(session, schedule_ids=[one.id for one in every])
    accounts = {account for some in told.values() for account in some}
    names = names_of_accounts(session, account_ids=accounts)
    titles = titles_of(session, course_ids={one.course_id for one in every})
    return [
        {
            "id": one.id,
            "file": CALLED[one.kind],
            "title": titles.get(one.course_id, ""),
            "when": rhythm_in_words(one.rhythm, one.day),
            "next_on": next_due(one.rhythm, one.day, local_day(utc_now())),
            "told": ", ".join(names.get(account, "somebody who left") for account in told[one.id]),
            "stopped": _stopped(one),
        }
        for one in every
    ]


def _stopped(one: ReportSchedule) -> str:
    if one.stopped_at is None:
        return ""
    if one.stop_reason is StopReason.RIGHT_LOST:
        return "Stopped by itself: whoever made it may not see these figures any more"
    return "Stopped"


@allow(Role.HR_LEAD, Role.ADMIN)
def report_stopped(slug: str, schedule_id: int) -> Response:
    """No more reports of it."""
    organisation = hr_scope(db.session(), who(), slug=slug)
    carry_out(stop_schedule, "Stopped", schedule_id=schedule_id, organisation_id=organisation.id)
    return redirect(url_for("council.reports", slug=slug))


@allow(Role.HR_LEAD, Role.ADMIN)
def report_file(slug: str, paper_id: int) -> Response:
    """The file of a report, for those who were told of it and still may see its figures."""
    session, now = db.session(), utc_now()
    organisation = hr_scope(session, who(), slug=slug)
    paper = get_report(
        session, paper_id=paper_id, organisation_id=organisation.id, account_id=who().account_id, now=now
    )
    stream = file_store().open(paper.storage_key)
    name = f"{slug}-{paper.kind.value}-{local_day(paper.ready_at or now).isoformat()}.{ENDINGS[paper.kind]}"
    return stored_download(stream, mimetype=_TYPES[paper.kind], name=name)
