"""A published version once more under another id, as an upload that waits: to be changed, and published on its own."""

import re
from io import BytesIO

from flask import flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Length, NoneOf, Regexp

from app.manage.bundles.uploading import report_of
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.forms import FlaskForm
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from courses.catalogue.bundles import files_of_source, keep_bundle, source_of_version
from courses.catalogue.uploads import store_upload
from courses.catalogue.versions import CourseVersion, courses_using, get_course, get_version
from courses.content.bundle.copying import NewIdentity, copied
from courses.content.bundle.packing import packed
from courses.content.bundle.reading import BundleOutcome, read_bundle
from courses.content.format.authoring import COURSE_ID, LONGEST_SLUG, RESERVED_SLUGS, SLUG
from kernel.audit import record
from kernel.clock import local_day, utc_now
from kernel.columns import length_of
from kernel.typed import composed
from people.roles import Role


def _capitals(typed: str | None) -> str:
    return composed(typed or "").upper()


def _small(typed: str | None) -> str:
    return composed(typed or "").lower()


class CopyForm(FlaskForm):
    """What makes the copy another course."""

    title = StringField(
        "Title",
        widget=GovTextInput(),
        filters=[lambda typed: composed(typed or "")],
        validators=[DataRequired("Enter a title"), Length(max=length_of(CourseVersion.title))],
    )
    course_id = StringField(
        "Id",
        description="One to eight capital letters and digits, a letter first. Every id in the course begins with it, "
        "and it never changes.",
        widget=GovTextInput(),
        filters=[_capitals],
        validators=[
            DataRequired("Enter an id"),
            Regexp(COURSE_ID, message="The id must be one to eight capital letters and digits, a letter first"),
        ],
    )
    slug = StringField(
        "Part of the web address",
        description="Small letters, digits and single hyphens. For example, fair-service-at-the-docks",
        widget=GovTextInput(),
        filters=[_small],
        validators=[
            DataRequired("Enter a part of the web address"),
            Length(max=LONGEST_SLUG),
            Regexp(SLUG, message="The part of the web address must be small letters, digits and single hyphens"),
            NoneOf(RESERVED_SLUGS, message="A page for authors has this address. Choose another"),
        ],
    )

    @property
    def identity(self) -> NewIdentity:
        """What was typed, once it is valid."""
        return NewIdentity(self.course_id.data or "", self.slug.data or "", self.title.data or "")


@allow(Role.AUTHOR, Role.ADMIN)
def copy_version(slug: str, version_number: int) -> str | tuple[str, int] | Response:
    """Ask for the new id, make the copy, and lead to it."""
    session = db.session()
    course = get_course(session, slug=slug)
    version = get_version(session, course_id=course.id, version_number=version_number)
    form, report = CopyForm(), None
    if form.validate_on_submit() and not _taken(session, form):
        files, bundle = _copy_of(session, version, form.identity)
        if bundle.is_publishable:
            upload_id = _keep(version, files, bundle)
            flash("This is your copy. Nobody else sees it until you publish it")
            return redirect(url_for("manage.upload", upload_id=upload_id))
        report = report_of(bundle.findings)
    page = render_template(
        "manage/copy_version.html", course=course, version=version, form=form, report=report, longest=LONGEST_SLUG
    )
    return page, 422 if form.errors or report else 200


def _taken(session: Session, form: CopyForm) -> bool:
    """Whether another course has the id or the address; the fields then say so."""
    identity = form.identity
    for other in courses_using(session, code=identity.course_id, slug=identity.slug):
        if other.code == identity.course_id:
            form.course_id.errors = [f"The course at /courses/{other.slug} has the id {other.code}. Choose another"]
        if other.slug == identity.slug:
            form.slug.errors = [f"The course {other.code} has this address. Choose another"]
    return bool(form.errors)


def _copy_of(session: Session, version: CourseVersion, identity: NewIdentity) -> tuple[dict[str, bytes], BundleOutcome]:
    source = source_of_version(session, version, store=file_store())
    files = copied(files_of_source(source, store=file_store()), source.document, identity)
    return files, read_bundle(files, today=local_day(utc_now()))


def _keep(version: CourseVersion, files: dict[str, bytes], bundle: BundleOutcome) -> int:
    """Store the copy as an upload; gives back its id."""
    now, account_id, store = utc_now(), who().account_id, file_store()
    name = f"copy-of-{re.sub('[^a-z0-9]+', '-', version.title.lower()).strip('-') or 'course'}.zip"
    with unit_of_work() as work:
        outcome = store_upload(work.session, bundle=bundle, file_name=name, store=store, account_id=account_id, now=now)
        keep_bundle(work.session, upload_id=outcome.upload_id, archive=BytesIO(packed(files)), store=store)
        record(
            work.session,
            action="course-copied",
            subject_type="course",
            subject_id=version.course_id,
            actor_account_id=account_id,
            now=now,
            detail={"version": version.number, "upload": outcome.upload_id},
        )
    return outcome.upload_id
