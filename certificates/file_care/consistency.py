"""Whether completions, certificates and files fit together. It looks and never repairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.record.issuing import Certificate
from certificates.record.missing_certificates import owed_completions
from courses.catalogue.versions import CourseVersion
from courses.records.completion import Completion, CompletionSource
from kernel.files import FileStore
from kernel.tasks.kinds import TaskState


@dataclass(frozen=True)
class Consistency:
    """How many things lack what belongs to them; all nought when everything fits."""

    completions_without_certificate: int
    certificates_without_completion: int
    certificates_not_earned: int

    @property
    def is_whole(self) -> bool:
        """Whether everything fits together."""
        return not any(vars(self).values())


def consistency(session: Session) -> Consistency:
    """Count everything that does not fit together."""
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
    return Consistency(
        completions_without_certificate=session.scalar(select(func.count()).select_from(owed_completions().subquery()))
        or 0,
        certificates_without_completion=session.scalar(without_completion) or 0,
        certificates_not_earned=session.scalar(not_earned) or 0,
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
        .where(Certificate.state == TaskState.DONE)
        .order_by(func.random())
        .limit(size)
    ).all()
    return FileSample(len(rows), [number for number, key in rows if key is None or not store.exists(key)])
