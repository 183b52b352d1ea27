"""Zips of many certificates: asked for, cancelled, there for a day, then deleted; a row says how far one is."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.record.audiences import Audience, unit_of
from kernel.audit import record
from kernel.clock import local_day
from kernel.database import Base, UTCDateTime
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.control import cancel
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state

MAKE_ARCHIVES = "make-certificate-archives"
LIFETIME = timedelta(hours=24)
# So long after a worker last said how far it was, nothing comes of it any more.
LONGEST_SILENCE = timedelta(minutes=15)
COMING = (TaskState.PENDING, TaskState.WORKING, TaskState.FAILED)


class CertificateArchive(Task, Base):
    """One zip. ``done`` and ``wanted`` count certificates. An expired one was deleted after its day.

    ``storage_key`` is the same for every try, so that none leaves a file behind that nobody deletes. From ``ends_at``
    on the file, or what a worker may have left of one, is deleted; empty when there is nothing to delete.
    """

    __tablename__ = "certificate_archive"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    unit_path: Mapped[str | None] = mapped_column(String(620))
    asked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    wanted: Mapped[int]

    state: Mapped[TaskState] = task_state(
        working="making", failed="tried-again", parked="failed", done="ready", expired="gone"
    )
    claims: Mapped[int] = mapped_column("tries", default=0)
    done: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    storage_key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("unit_path IS NULL OR organisation_id IS NOT NULL", name="unit_has_authority"),
        CheckConstraint("state <> 'ready' OR (sha256 IS NOT NULL AND ends_at IS NOT NULL)", name="ready_has_file"),
        Index(None, "organisation_id"),
        Index(None, "state"),
    )

    @property
    def audience(self) -> Audience:
        """Whose certificates are in it: of the people who counted on the day on which it was asked for."""
        unit_id = unit_of(self.unit_id, self.unit_path)
        return Audience(self.course_id, self.organisation_id, unit_id, on=local_day(self.asked_at))

    @property
    def is_coming(self) -> bool:
        """Whether it is to be made, also after a try that failed."""
        return self.state in COMING


ZIPS = TaskKind(
    MAKE_ARCHIVES,
    CertificateArchive,
    since=CertificateArchive.asked_at,
    # A worker says that it lives every few seconds, also while it uploads: somebody waits for the zip.
    lease=timedelta(minutes=1),
    most_claims=3,
)


def ask_for_archive(
    session: Session, audience: Audience, *, wanted: int, account_id: int, now: datetime
) -> CertificateArchive:
    """Have a zip made; one that this account asked for and that is not ready yet is not asked for again."""
    archive = session.scalar(
        select(CertificateArchive).where(
            CertificateArchive.asked_by_account_id == account_id,
            CertificateArchive.state.in_(COMING),
            CertificateArchive.course_id == audience.course_id,
            CertificateArchive.organisation_id == audience.organisation_id,
            CertificateArchive.unit_id == audience.unit_id,
        )
    )
    if archive is not None:
        return archive
    archive = CertificateArchive(
        course_id=audience.course_id,
        organisation_id=audience.organisation_id,
        unit_id=audience.unit_id,
        unit_path=audience.unit_path(session),
        asked_by_account_id=account_id,
        asked_at=now,
        wanted=wanted,
        storage_key=f"certificate-archives/{secrets.token_hex(16)}.zip",
    )
    session.add(archive)
    session.flush()
    _note(session, archive, "asked-for", account_id, now)
    return archive


def cancel_archive(session: Session, *, archive_id: int, account_id: int, now: datetime) -> None:
    """End a zip that is not ready yet: no worker takes it up, and the one that has it in hand throws it away.

    Raises ``NotFound``, and ``RuleBroken`` when it is ready or has ended.
    """
    archive = session.get(CertificateArchive, archive_id, populate_existing=True, with_for_update=True)
    if archive is None:
        raise NotFound(f"certificate archive {archive_id}")
    if archive.state is TaskState.DONE:
        raise RuleBroken("This zip is ready already. It is deleted by itself after its 24 hours")
    if not cancel(session, ZIPS, archive_id, cancelled_at=now):
        raise RuleBroken("This zip has ended already")
    _note(session, archive, "cancelled", account_id, now)


def get_archive(session: Session, *, archive_id: int, organisation_id: int | None) -> CertificateArchive:
    """A zip of this authority's, or any with ``None``. Raises ``NotFound``."""
    found = session.get(CertificateArchive, archive_id)
    if found is None or organisation_id not in (None, found.organisation_id):
        raise NotFound(f"certificate archive {archive_id}")
    return found


def archives_of(session: Session, *, organisation_id: int | None, limit: int) -> Sequence[CertificateArchive]:
    """The newest zips of one authority; of every authority together with ``None``."""
    query = select(CertificateArchive).order_by(CertificateArchive.id.desc()).limit(limit)
    if organisation_id is not None:
        query = query.where(CertificateArchive.organisation_id == organisation_id)
    return session.scalars(query).all()


def note_download(session: Session, archive: CertificateArchive, *, account_id: int, now: datetime) -> None:
    """Put on record who takes personal data out. Raises ``NotFound`` unless the zip is there."""
    if archive.state is not TaskState.DONE or archive.ends_at is None or archive.ends_at <= now:
        raise NotFound(f"the file of certificate archive {archive.id}")
    _note(session, archive, "downloaded", account_id, now)


def _note(session: Session, archive: CertificateArchive, verb: str, account_id: int, now: datetime) -> None:
    record(
        session,
        action=f"certificate-archive-{verb}",
        subject_type="certificate-archive",
        subject_id=archive.id,
        actor_account_id=account_id,
        now=now,
        detail={
            "course": archive.course_id,
            "organisation": archive.organisation_id,
            "unit": archive.unit_path,
            "certificates": archive.done if archive.ready_at else archive.wanted,
        },
    )
