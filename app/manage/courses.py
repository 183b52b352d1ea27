"""What is published, who is asked to take it, and what waits for a look."""

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput

from app.access import allow, who
from app.day_field import DayField, not_past
from app.extensions import db
from app.manage.comments import comment_places
from app.manage.outline import outline_of
from app.work import unit_of_work
from assignments.requirements import Asking, ask, askings
from courses.catalogue import current_versions, document_of, get_course, get_version, versions_of
from courses.quizzes.casework import count_open_requests
from courses.uploads import waiting_uploads
from kernel.clock import utc_now
from people.actors import names_of_accounts
from people.organisations import organisations
from people.roles import Role


class AskForm(FlaskForm):  # type: ignore[misc]
    """More authorities that are to ask their people to take a course."""

    organisations = SelectMultipleField(
        "Which authorities should ask their people to take it?",
        description="Everybody who counts there sees it under “Asked of you”. It cannot be undone here.",
        widget=GovCheckboxesInput(),
        option_widget=CheckboxInput(),
        coerce=int,
        validators=[InputRequired("Select at least one authority")],
        validate_choice=False,
    )
    due_on = DayField(
        "Is there a date by which they should finish?",
        name_in_errors="Due date",
        description="You can leave this empty. For example, 31 3 2027",
        validators=[not_past],
    )


def _ask_form(session: Session, asking: tuple[Asking, ...]) -> AskForm:
    form = AskForm()
    already = {item.organisation_id for item in asking}
    form.organisations.choices = [SelectChoice(o.id, o.name) for o in organisations(session) if o.id not in already]
    return form


@allow(Role.AUTHOR, Role.ADMIN)
def courses() -> str:
    """Every course with its newest version, and the uploads that wait."""
    session = db.session()
    current, waiting = current_versions(session), waiting_uploads(session)
    return render_template(
        "manage/courses.html",
        current=current,
        waiting=waiting,
        tries_asked_for=count_open_requests(session) if who().has(Role.ADMIN) else 0,
        asked_by=askings(session, course_ids=[course.id for course, _ in current]),
        organisation_count=len(organisations(session)),
        names=names_of_accounts(session, account_ids=[upload.uploaded_by_account_id for upload in waiting]),
    )


@allow(Role.AUTHOR, Role.ADMIN)
def course(slug: str) -> str | tuple[str, int] | Response:
    """All versions of a course, who asks for it, and a form to ask more authorities."""
    session = db.session()
    found = get_course(session, slug=slug)
    asking = askings(session, course_ids=[found.id])[found.id]
    form = _ask_form(session, asking)
    if form.validate_on_submit():
        # Somebody else may have asked meanwhile; those that ask already are left as they are.
        chosen = set(form.organisations.data).intersection(o.id for o in organisations(session))
        with unit_of_work() as work:
            count = ask(
                work.session,
                course_id=found.id,
                organisation_ids=sorted(chosen),
                due_on=form.due_on.data,
                account_id=who().account_id,
                now=utc_now(),
            )
        flash(f"{count} more {'authority asks' if count == 1 else 'authorities ask'} for this course now")
        return redirect(url_for("manage.course", slug=slug))
    versions = versions_of(session, course_id=found.id)
    names = names_of_accounts(session, account_ids=[version.published_by_account_id for version in versions])
    page = render_template("manage/course.html", course=found, versions=versions, names=names, asking=asking, form=form)
    return page, 422 if form.errors else 200


@allow(Role.AUTHOR, Role.ADMIN)
def course_version(slug: str, number: int) -> str:
    """One version as it was published, whether or not it is the newest."""
    session = db.session()
    found = get_course(session, slug=slug)
    version = get_version(session, course_id=found.id, number=number)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    return render_template(
        "manage/course_version.html",
        course=found,
        version=version,
        newest_number=versions_of(session, course_id=found.id)[0].number,
        names=names_of_accounts(session, account_ids=[version.published_by_account_id]),
        document=document,
        outline=outline_of(document),
        has_comments=who().has(Role.AUTHOR) and bool(comment_places(document)),
    )
