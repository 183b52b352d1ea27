"""An upload that has no errors: what it is, what publishing it would do, and publishing or discarding it."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import AnyOf, ValidationError

from app.manage.publishing.outline import Outline, outline_of
from app.platform.access import allow, who
from app.platform.day_field import DayField, not_past
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.input.requests import number_in
from app.platform.work import unit_of_work
from assignments.requirements import require_course
from courses.catalogue.publication import PublicationPlan, plan_publication
from courses.catalogue.uploads import CourseUpload, document_of_upload, get_upload, publish_upload, warnings_of
from courses.catalogue.uploads import discard_upload as put_aside
from courses.catalogue.versions import Course, CourseVersion, PublishOutcome
from courses.content.model.course import CourseDocument
from courses.content.source.findings import FileFindings, by_file
from courses.corrections.declaring import MOVE_ATTEMPTS, CorrectionPreview, declare_corrections, preview_corrections
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.unit_of_work import UnitOfWork
from people.actors import names_of_accounts
from people.organisations import organisations
from people.roles import Role

MOST_WARNINGS = 200
EVERYONE, NOBODY = "everyone", "nobody"
YES, NO = "yes", "no"
AT_ONCE = (
    "Somebody else published a version of this course at the same moment. Nothing of yours was published. "
    "Look at what is different now, then publish again"
)


def version_number_in(text: object) -> int:
    """The number of a version that a form names; -1, which no version has, for what is no number."""
    return int(str(text)) if str(text).isdecimal() and len(str(text)) < 9 else -1


class PublishForm(FlaskForm):
    """Which version the person expects to make and, the first time, who is asked to take the course."""

    offered: tuple[int, ...] = ()  # the versions that it could put right
    number = HiddenField()
    puts_right = RadioField(
        "Does it put an earlier version right?",
        description="Say yes when a question was marked wrongly, or a fact has become wrong. People midway are then "
        "moved to this version with their place and their answers. Answers are marked anew, and nobody loses a mark. "
        "It cannot be undone",
        widget=GovRadioInput(),
        choices=[SelectChoice(YES, "Yes"), SelectChoice(NO, "No, people midway stay on the version they began")],
        validators=[AnyOf((YES, NO), message="Select yes if it puts an earlier version right")],
        validate_choice=False,
    )
    corrects = SelectMultipleField(
        "If it does, which version does it put right?",
        widget=GovCheckboxesInput(),
        coerce=version_number_in,
        validate_choice=False,
    )
    asked = RadioField(
        "Who is asked to take it?",
        widget=GovRadioInput(),
        choices=[SelectChoice(EVERYONE, "People at every authority"), SelectChoice(NOBODY, "Nobody yet")],
        validators=[AnyOf((EVERYONE, NOBODY), message="Select who is asked to take it")],
        validate_choice=False,
    )
    due_on = DayField(
        "By when should they finish?",
        name_in_errors="Due date",
        description="Leave this empty if there is no date, or if nobody is asked. For example, 31 3 2027",
    )

    def validate_due_on(self, field: DayField) -> None:
        """Only a date that will be used is checked."""
        if self.asked.data == EVERYONE:
            not_past(self, field)
        else:
            field.errors = []
            field.data = None

    def validate_corrects(self, field: SelectMultipleField) -> None:
        """Whoever says yes says which, and what was ticked before a no does not count."""
        if "puts_right" not in self:
            return
        if self.puts_right.data != YES:
            field.data = []
        elif not field.data and len(self.offered) == 1:
            field.data = [*self.offered]
        elif not field.data:
            raise ValidationError("Select which version it puts right")

    def fit(self, page: "UploadPage") -> None:
        """Ask only what this upload leaves open."""
        if not page.plan.is_first and "asked" in self:
            del self.asked, self.due_on
        if not page.correctable and "puts_right" in self:
            del self.puts_right
        self.offered = tuple(one.version_number for one in page.correctable)
        self.corrects.choices = [(number, f"Version {number}") for number in self.offered]
        self.number.data = str(page.plan.number)


@dataclass(frozen=True)
class UploadPage:
    """Everything that the page of an upload shows."""

    upload: CourseUpload
    document: CourseDocument
    outline: Outline
    warnings: tuple[FileFindings, ...]
    plan: PublicationPlan
    corrections: tuple[CorrectionPreview, ...]
    published: tuple[Course, CourseVersion] | None
    uploaded_by: str | None

    @property
    def correctable(self) -> tuple[CorrectionPreview, ...]:
        """The versions that it could put right."""
        return tuple(one for one in self.corrections if not one.obstacles)


def _page_of(session: Session, upload_id: int) -> UploadPage:
    upload = get_upload(session, upload_id=upload_id)
    document = document_of_upload(upload)
    published = None
    if upload.published_version_id is not None:
        version = session.get_one(CourseVersion, upload.published_version_id)
        published = (session.get_one(Course, version.course_id), version)
    names = names_of_accounts(session, account_ids=[upload.uploaded_by_account_id])
    plan = plan_publication(session, document=document)
    corrections: tuple[CorrectionPreview, ...] = ()
    if plan.course is not None and plan.is_new and published is None:
        corrections = preview_corrections(session, course_id=plan.course.id, document=document)
    return UploadPage(
        upload=upload,
        document=document,
        outline=outline_of(document),
        warnings=by_file(warnings_of(upload), most=MOST_WARNINGS),
        plan=plan,
        corrections=corrections,
        published=published,
        uploaded_by=names.get(upload.uploaded_by_account_id or 0),
    )


@allow(Role.AUTHOR, Role.ADMIN)
def upload(upload_id: int) -> str | tuple[str, int] | Response:
    """Show an upload; publish it when that is what the person decided."""
    page = _page_of(db.session(), upload_id)
    form, problem = PublishForm(), None
    form.fit(page)
    if form.validate_on_submit():
        outcome = _publish(upload_id, form)
        if isinstance(outcome, PublishOutcome):
            flash(_done_words(page.document.title, outcome))
            return redirect(url_for("manage.course", slug=page.document.slug))
        problem, page = outcome, _page_of(db.session(), upload_id)
        form.fit(page)
    status = 422 if form.errors or problem else 200
    return render_template("manage/upload.html", page=page, form=form, problem=problem), status


def _publish(upload_id: int, form: PublishForm) -> PublishOutcome | str:
    """Publish and, the first time, ask; all of it or nothing. A text says why it was nothing."""
    account_id, now = who().account_id, utc_now()
    try:
        with unit_of_work() as work:
            outcome = publish_upload(
                work.session,
                upload_id=upload_id,
                account_id=account_id,
                now=now,
                expected_number=number_in(request.form, "number", 0) or None,
            )
            if outcome.is_new and form.corrects.data:
                _correct(work, outcome.version_id, form.corrects.data, now)
            if outcome.is_new and "asked" in form and form.asked.data == EVERYONE:
                require_course(
                    work.session,
                    course_id=outcome.course_id,
                    organisation_ids=[organisation.id for organisation in organisations(work.session)],
                    due_on=form.due_on.data,
                    account_id=account_id,
                    now=now,
                )
    except RuleBroken as refusal:
        return refusal.message
    except IntegrityError:  # the unique (course, number) decided for somebody else
        return AT_ONCE
    return outcome


def _correct(work: UnitOfWork, version_id: int, numbers: list[int], now: datetime) -> None:
    declare_corrections(work.session, version_id=version_id, corrects=numbers, account_id=who().account_id, now=now)
    work.ring_after_commit(MOVE_ATTEMPTS)


def _done_words(title: str, outcome: PublishOutcome) -> str:
    if outcome.is_new:
        return f"{title}: version {outcome.number} is published"
    return f"{title}: this is version {outcome.number}, which was published already. Nothing changed"


@allow(Role.AUTHOR, Role.ADMIN)
def discard_upload(upload_id: int) -> Response:
    """Put an upload aside without publishing it."""
    try:
        with unit_of_work() as work:
            put_aside(work.session, upload_id=upload_id, account_id=who().account_id, now=utc_now())
    except RuleBroken as refusal:
        flash(refusal.message, "important")
        return redirect(url_for("manage.upload", upload_id=upload_id))
    flash("The upload is discarded. Nothing was published")
    return redirect(url_for("manage.courses"))
