"""The files of somebody who was erased: named by rows until a worker has deleted them."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.making.derived_files import DerivedFile
from certificates.record.issuing import Certificate
from kernel.tasks.background import background_kind
from kernel.tasks.kinds import TaskState

DELETE_ERASED_FILES = "delete-erased-files"
# In the place of a person: the HR files that are to go.
HR_FILES = "hr-files"
# A store takes seconds for a file at the most.
ERASED_FILES = background_kind(DELETE_ERASED_FILES, lease=timedelta(minutes=2))


def erased_file_keys(session: Session, *, person_id: int) -> Sequence[str]:
    """Where the files of an erased person's certificates stand, their large prints too."""
    theirs = select(Certificate.id).where(Certificate.person_id == person_id)
    own = select(Certificate.storage_key).where(
        Certificate.person_id == person_id,
        Certificate.state == TaskState.EXPIRED,
        Certificate.storage_key.is_not(None),
    )
    large = select(DerivedFile.storage_key).where(
        DerivedFile.certificate_id.in_(theirs),
        DerivedFile.state == TaskState.EXPIRED,
        DerivedFile.storage_key.is_not(None),
    )
    return [key for key in session.scalars(own.union_all(large)) if key]


def forget_keys(session: Session, *, keys: Sequence[str]) -> None:
    """Write down that these files are gone."""
    for kind in (Certificate, DerivedFile):
        session.execute(update(kind).where(kind.storage_key.in_(keys)).values(storage_key=None))
