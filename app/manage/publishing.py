"""An upload that has no errors: what it is, what publishing it would do, and publishing or discarding it."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf

from app.access import allow, who
from app.day_field import DayField, not_past
from app.extensions import db
from app.manage.outline import Outline, outline_of
from app.work import unit_of_work
from assignments.requirements import ask
from courses.catalogue import Course, CourseVersion, PublishOutcome
from courses.content.findings import Finding
from courses.content.model import CourseDocument
from courses.publication import PublicationPlan, plan_publication
from courses.uploads import (
    CourseUpload,
    document_of_upload,
    get_upload,
    publish_upload,
    warnings_of,
)
from courses.uploads import discard_upload as put_aside
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from people.actors import names_of_accounts
from people.organisations import organisations
from people.roles import Role

EVERYONE, NOBODY = "everyone", "nobody"
AT_ONCE = (
    "Somebody else published a version of this course at the same moment. Nothing of yours was published. "
    "Look at what is different now, then publish again"
)


class PublishForm(FlaskForm):  # type: ignore[misc]
    """Which version the person expects to make and, the first time, who is asked to take the course."""

    number = HiddenField()
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
            field.errors[:] = []
            field.data = None


@dataclass(frozen=True)
class UploadPage:
    """Everything that the page of an upload shows."""

    upload: CourseUpload
    document: CourseDocument
    outline: Outline
    warnings: tuple[Finding, ...]
    plan: PublicationPlan
    published: tuple[Course, CourseVersion] | None
    uploaded_by: str | None


def _page_of(session: Session, upload_id: int) -> UploadPage:
    upload = get_upload(session, upload_id=upload_id)
    document = document_of_upload(upload)
    published = None
    if upload.published_version_id is not None:
        version = session.get_one(CourseVersion, upload.published_version_id)
        published = (session.get_one(Course, version.course_id), version)
    names = names_of_accounts(session, account_ids=[upload.uploaded_by_account_id])
    return UploadPage(
        upload=upload,
        document=document,
        outline=outline_of(document),
        warnings=warnings_of(upload),
        plan=plan_publication(session, document=document),
        published=published,
        uploaded_by=names.get(upload.uploaded_by_account_id or 0),
    )


@allow(Role.AUTHOR, Role.ADMIN)
def upload(upload_id: int) -> str | tuple[str, int] | Response:
    """Show an upload; publish it when that is what the person decided."""
    page = _page_of(db.session(), upload_id)
    form = PublishForm()
    if not page.plan.is_first:
        del form.asked, form.due_on
    problem = None
    if form.validate_on_submit():
        outcome = _publish(upload_id, form)
        if isinstance(outcome, PublishOutcome):
            flash(_done_words(page.document.title, outcome))
            return redirect(url_for("manage.course", slug=page.document.slug))
        problem, page = outcome, _page_of(db.session(), upload_id)
        if not page.plan.is_first and "asked" in form:
            del form.asked, form.due_on
    form.number.data = str(page.plan.number)
    status = 422 if form.errors or problem else 200
    return render_template("manage/upload.html", page=page, form=form, problem=problem), status


def _publish(upload_id: int, form: PublishForm) -> PublishOutcome | str:
    """Publish and, the first time, ask; all of it or nothing. A text says why it was nothing."""
    account_id, now = who().account_id, utc_now()
    expected = request.form.get("number", "")
    try:
        with unit_of_work() as work:
            outcome = publish_upload(
                work.session,
                upload_id=upload_id,
                account_id=account_id,
                now=now,
                expected_number=int(expected) if expected.isdecimal() else None,
            )
            if outcome.is_new and "asked" in form and form.asked.data == EVERYONE:
                ask(
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
