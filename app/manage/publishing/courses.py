"""What is published, who is asked to take it, and what waits for a look."""

from flask import redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput

from app.manage.publishing.comments import comment_places
from app.manage.publishing.outline import outline_of
from app.platform.access import allow, who
from app.platform.day_field import DayField, not_past
from app.platform.extensions import db
from app.platform.forms import FlaskForm, SelectChoice
from assignments.requirement_changes import past_requirements
from assignments.requirements import RequiringOrganisation, requiring_organisations
from courses.catalogue.bundles import bundle_of_upload, find_upload_of_version
from courses.catalogue.uploads import waiting_uploads
from courses.catalogue.versions import current_versions, document_of, get_course, get_version, versions_of
from courses.corrections.declaring import corrections_of
from courses.quizzes.retry_review import count_open_retry_requests
from people.actors import names_of_accounts
from people.organisations import organisations
from people.roles import Role


class AskForm(FlaskForm):
    """More authorities that are to ask their people to take a course."""

    organisations = SelectMultipleField(
        "Which authorities should ask their people to take it?",
        description="Everybody who counts there sees it under “Asked of you”. The next page says how many they are.",
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


def _ask_form(session: Session, required_by: tuple[RequiringOrganisation, ...]) -> AskForm:
    form = AskForm()
    already = {item.organisation_id for item in required_by}
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
        tries_asked_for=count_open_retry_requests(session) if who().has(Role.ADMIN) else 0,
        asked_by=requiring_organisations(session, course_ids=[course.id for course, _ in current]),
        organisation_count=len(organisations(session)),
        names=names_of_accounts(session, account_ids=[upload.uploaded_by_account_id for upload in waiting]),
    )


@allow(Role.AUTHOR, Role.ADMIN)
def course(slug: str) -> str | tuple[str, int] | Response:
    """All versions of a course, who asks for it, and a form to ask more authorities."""
    session = db.session()
    found = get_course(session, slug=slug)
    required_by = requiring_organisations(session, course_ids=[found.id])[found.id]
    form = _ask_form(session, required_by)
    if form.validate_on_submit():
        chosen = set(form.organisations.data or ())
        slugs = [one.slug for one in organisations(session) if one.id in chosen]
        due_on = form.due_on.data.isoformat() if form.due_on.data else None
        return redirect(url_for("manage.requirement_asked", slug=slug, authority=slugs, due=due_on))
    versions = versions_of(session, course_id=found.id)
    names = names_of_accounts(session, account_ids=[version.published_by_account_id for version in versions])
    page = render_template(
        "manage/course.html",
        course=found,
        versions=versions,
        corrections=corrections_of(session, course_id=found.id),
        names=names,
        required_by=required_by,
        past=past_requirements(session, course_id=found.id),
        form=form,
    )
    return page, 422 if form.errors else 200


@allow(Role.AUTHOR, Role.ADMIN)
def course_version(slug: str, version_number: int) -> str:
    """One version as it was published, whether or not it is the newest."""
    session = db.session()
    found = get_course(session, slug=slug)
    version = get_version(session, course_id=found.id, version_number=version_number)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    upload = find_upload_of_version(session, version_id=version.id)
    numbers = [one.number for one in versions_of(session, course_id=found.id)]
    return render_template(
        "manage/course_version.html",
        course=found,
        version=version,
        newest_number=numbers[0],
        earlier_number=next((number for number in numbers if number < version_number), None),
        names=names_of_accounts(session, account_ids=[version.published_by_account_id]),
        corrections=corrections_of(session, course_id=found.id),
        document=document,
        outline=outline_of(document),
        has_comments=who().has(Role.AUTHOR) and bool(comment_places(document)),
        kept=bundle_of_upload(upload) if upload else None,
    )
