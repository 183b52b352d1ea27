"""Uploaded bundles that wait for somebody to look and publish. A bundle with errors is never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.catalogue.versions import Course, CourseVersion, PublishOutcome, publish
from courses.content.bundle.reading import COURSE_FILE, BundleOutcome
from courses.content.files.role_questions import courses_named
from courses.content.model.course import CourseDocument
from courses.content.source.findings import Finding
from kernel.audit import record
from kernel.database import Base, JsonObject, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from kernel.files import FileStore


class CourseUpload(Base):
    """A checked bundle: its document and its warnings. Its media are stored by the hash of their bytes.

    The zip file is stored by its hash as well; uploads from before that have none. ``has_made_version``: publishing it
    made ``published_version_id``, and did not find that version there already.
    """

    __tablename__ = "course_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(200))
    document: Mapped[JsonObject] = mapped_column(JSON, deferred=True)
    warnings: Mapped[list[JsonObject]] = mapped_column(JSON)
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    uploaded_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    published_version_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))
    discarded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    bundle_sha256: Mapped[str | None] = mapped_column(String(64))
    bundle_bytes: Mapped[int | None]
    has_made_version: Mapped[bool | None]


@dataclass(frozen=True)
class UploadOutcome:
    """The stored upload."""

    upload_id: int


def media_key(sha256: str) -> str:
    """Where a media file is stored: by its bytes, so versions share what they have in common."""
    return f"media/{sha256[:2]}/{sha256}"


def look_up_other_courses(session: Session, *, bundle: BundleOutcome) -> tuple[Finding, ...]:
    """A warning for each course that this one follows, or has questions for, and that is not published; the files
    alone cannot tell."""
    if bundle.document is None:
        return ()
    named = courses_named(bundle.document)
    known = set(session.scalars(select(Course.slug).where(Course.slug.in_(named)))) if named else set()
    unknown = tuple(
        Finding(
            "warning",
            COURSE_FILE,
            None,
            f"A question is for people who completed {slug}, and no course with that slug is published. "
            "Correct the slug after for=, or publish that course too.",
        )
        for slug in named
        if slug not in known
    )
    return (*_look_up_what_it_follows(session, bundle, bundle.document), *unknown)


def _look_up_what_it_follows(session: Session, bundle: BundleOutcome, document: CourseDocument) -> tuple[Finding, ...]:
    follows = document.follows
    if follows is None or session.scalar(select(Course.id).where(Course.slug == follows.course)) is not None:
        return ()
    message = (
        f"No course with the slug {follows.course} is published, and until then this one opens to nobody. "
        "Correct the slug, or publish that course too."
    )
    return (Finding("warning", bundle.follows_place.file, bundle.follows_place.line, message),)


def store_upload(
    session: Session,
    *,
    bundle: BundleOutcome,
    file_name: str,
    store: FileStore,
    account_id: int | None,
    now: datetime,
) -> UploadOutcome:
    """Keep a bundle that has no errors for preview. Raises ``RuleBroken`` for one that has."""
    if bundle.document is None or not bundle.is_publishable:
        raise RuleBroken("This bundle has errors. Put them right and upload it again")
    for name, media in bundle.document.media.items():
        if not store.exists(media_key(media.sha256)):
            store.put(media_key(media.sha256), bundle.media[name])
    upload = CourseUpload(
        file_name=file_name[-255:],
        title=bundle.document.title,
        document=bundle.document.model_dump(mode="json"),
        warnings=[
            {"severity": f.severity, "file": f.file, "line": f.line, "message": f.message}
            for f in (*bundle.findings, *look_up_other_courses(session, bundle=bundle))
        ],
        uploaded_at=now,
        uploaded_by_account_id=account_id,
    )
    session.add(upload)
    session.flush()
    record(
        session,
        action="course-uploaded",
        subject_type="course-upload",
        subject_id=upload.id,
        actor_account_id=account_id,
        now=now,
    )
    return UploadOutcome(upload.id)


def get_upload(session: Session, *, upload_id: int) -> CourseUpload:
    """An upload that has not been discarded. Raises ``NotFound``."""
    upload = session.get(CourseUpload, upload_id)
    if upload is None or upload.discarded_at is not None:
        raise NotFound(f"upload {upload_id}")
    return upload


def _claim(session: Session, upload_id: int) -> CourseUpload:
    # The row is locked, so that publishing and discarding the same upload at once cannot both succeed.
    upload = session.get(CourseUpload, upload_id, with_for_update=True, populate_existing=True)
    if upload is None or upload.discarded_at is not None:
        raise NotFound(f"upload {upload_id}")
    return upload


def waiting_uploads(session: Session) -> Sequence[CourseUpload]:
    """Uploads that are neither published nor discarded, newest first."""
    return session.scalars(
        select(CourseUpload)
        .where(CourseUpload.published_version_id.is_(None), CourseUpload.discarded_at.is_(None))
        .order_by(CourseUpload.uploaded_at.desc(), CourseUpload.id.desc())
    ).all()


def warnings_of(upload: CourseUpload) -> tuple[Finding, ...]:
    """What the checks would like the author to look at again."""
    return tuple(Finding(**warning) for warning in upload.warnings)


def document_of_upload(upload: CourseUpload) -> CourseDocument:
    """The course as it would be published."""
    return CourseDocument.model_validate(upload.document)


def publish_upload(
    session: Session,
    *,
    upload_id: int,
    account_id: int | None,
    now: datetime,
    expected_number: int | None = None,
) -> PublishOutcome:
    """Publish an upload as the next version; publishing it again returns the version it made.

    ``expected_number`` is the version that the person was told it would become. Raises ``NotFound``;
    ``RuleBroken`` when somebody else took that number, or when the course's id and address belong to
    different courses; and ``IntegrityError`` when somebody publishes at the same moment.
    """
    upload = _claim(session, upload_id)
    if upload.published_version_id is not None:
        version = session.get_one(CourseVersion, upload.published_version_id)
        return PublishOutcome(version.course_id, version.id, version.number, is_new=False)
    outcome = publish(session, document=document_of_upload(upload), account_id=account_id, now=now)
    if outcome.is_new and expected_number not in (None, outcome.number):
        raise RuleBroken(
            f"Somebody else has published version {outcome.number - 1} since you opened this page. "
            "Nothing was published. Look at what is different now, "
            f"then publish this as version {outcome.number}"
        )
    upload.published_version_id, upload.has_made_version = outcome.version_id, outcome.is_new
    record(
        session,
        action="course-published" if outcome.is_new else "course-published-already",
        subject_type="course",
        subject_id=outcome.course_id,
        actor_account_id=account_id,
        now=now,
        detail={"version": outcome.number, "upload": upload_id},
    )
    return outcome


def discard_upload(session: Session, *, upload_id: int, account_id: int, now: datetime) -> None:
    """Put an upload aside; it stays on record. Raises ``NotFound``; ``RuleBroken`` when it is published."""
    upload = _claim(session, upload_id)
    if upload.published_version_id is not None:
        raise RuleBroken("This upload has been published, so it cannot be discarded")
    upload.discarded_at = now
    record(
        session,
        action="course-upload-discarded",
        subject_type="course-upload",
        subject_id=upload_id,
        actor_account_id=account_id,
        now=now,
    )
