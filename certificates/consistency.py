"""Whether completions, certificates, promises and files fit together. It looks and never repairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from certificates.issuing import Certificate, CertificateState
from certificates.owing import owed_completions
from certificates.rendering import RENDER_CERTIFICATES
from courses.catalogue import CourseVersion
from courses.completion import Completion, CompletionSource
from kernel.files import FileStore
from kernel.outbox import Promise


@dataclass(frozen=True)
class Consistency:
    """How many things lack what belongs to them; all nought when everything fits."""

    completions_without_certificate: int
    certificates_without_completion: int
    certificates_not_earned: int
    unmade_without_promise: int
    promises_without_certificate: int

    @property
    def is_whole(self) -> bool:
        """Whether everything fits together."""
        return not any(vars(self).values())


def consistency(session: Session) -> Consistency:
    """Count everything that does not fit together."""
    subject = cast(Certificate.id, String)
    is_open = (Promise.job == RENDER_CERTIFICATES) & Promise.kept_at.is_(None)
    without_completion = (
        select(func.count())
        .select_from(Certificate)
        .outerjoin(Completion, Completion.id == Certificate.completion_id)
        .where(Completion.id.is_(None))
    )
    # Imported history gets a certificate only from a run that somebody started for it.
    is_by_mistake = (
        (Completion.source != CompletionSource.PLATFORM) & Certificate.run_id.is_(None) & (Certificate.edition == 1)
    )
    not_earned = (
        select(func.count())
        .select_from(Certificate)
        .join(Completion, Completion.id == Certificate.completion_id)
        .join(CourseVersion, CourseVersion.id == Completion.course_version_id)
        .where(~CourseVersion.gives_certificate | is_by_mistake)
    )
    without_promise = (
        select(func.count())
        .select_from(Certificate)
        .outerjoin(Promise, (Promise.subject == subject) & is_open)
        .where(Certificate.state != CertificateState.READY, Promise.id.is_(None))
    )
    without_certificate = (
        select(func.count())
        .select_from(Promise)
        .outerjoin(Certificate, subject == Promise.subject)
        .where(is_open, Certificate.id.is_(None))
    )
    return Consistency(
        completions_without_certificate=session.scalar(select(func.count()).select_from(owed_completions().subquery()))
        or 0,
        certificates_without_completion=session.scalar(without_completion) or 0,
        certificates_not_earned=session.scalar(not_earned) or 0,
        unmade_without_promise=session.scalar(without_promise) or 0,
        promises_without_certificate=session.scalar(without_certificate) or 0,
    )


@dataclass(frozen=True)
class FileSample:
    """So many ready certificates were looked for in the store, and these had no file."""

    looked_for: int
    missing: Sequence[str]


def sample_files(session: Session, store: FileStore, *, size: int) -> FileSample:
    """Look for the files of some ready certificates, picked by chance. Raises ``StorageError``."""
    rows = session.execute(
        select(Certificate.number, Certificate.storage_key)
        .where(Certificate.state == CertificateState.READY)
        .order_by(func.random())
        .limit(size)
    ).all()
    return FileSample(len(rows), [number for number, key in rows if key is None or not store.exists(key)])
