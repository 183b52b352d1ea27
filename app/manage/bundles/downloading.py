"""The files of a course as a zip: as somebody uploaded it or, from before those were kept, written again."""

from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import stored_download
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from courses.catalogue.bundles import BundleSource, open_bundle, source_of_upload, source_of_version
from courses.catalogue.uploads import get_upload
from courses.catalogue.versions import get_course, get_version
from kernel.audit import record
from kernel.clock import utc_now
from people.roles import Role


@allow(Role.AUTHOR, Role.ADMIN)
def version_bundle(slug: str, version_number: int) -> Response:
    """The zip file of a published version."""
    session, store = db.session(), file_store()
    course = get_course(session, slug=slug)
    version = get_version(session, course_id=course.id, version_number=version_number)
    source = source_of_version(session, version, store=store)
    response = _as_download(source, f"{slug}-version-{version_number}.zip")
    with unit_of_work() as work:
        _note(work.session, "course-downloaded", "course", course.id, {"version": version_number})
    return response


@allow(Role.AUTHOR, Role.ADMIN)
def upload_bundle(upload_id: int) -> Response:
    """The zip file of an upload, also of one that waits."""
    upload = get_upload(db.session(), upload_id=upload_id)
    source = source_of_upload(upload, store=file_store())
    response = _as_download(source, f"{source.document.slug}-upload-{upload_id}.zip")
    with unit_of_work() as work:
        _note(work.session, "course-upload-downloaded", "course-upload", upload_id, {})
    return response


def _as_download(source: BundleSource, name: str) -> Response:
    return stored_download(open_bundle(source, store=file_store()), mimetype="application/zip", name=name)


def _note(session: Session, action: str, subject_type: str, subject_id: int, detail: dict[str, object]) -> None:
    record(
        session,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        actor_account_id=who().account_id,
        now=utc_now(),
        detail=detail,
    )
