"""Files of certificates that no row names, left behind by a crash or by a database that was put back to yesterday."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import PurePosixPath

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from certificates.making.derived_files import DerivedFile
from certificates.record.issuing import Certificate
from kernel.database import Base
from kernel.files import FileStore, ListedFile
from kernel.tasks.kinds import TaskState

FOLDERS = ("certificates/", "certificate-previews/")
_YOUNGEST = timedelta(days=1)
# It repeats keys that other tables name.
_LOST = "certificate_lost_file"


def is_left_behind(file: ListedFile, now: datetime) -> bool:
    """Whether a file is older than a day: whoever wrote it is not about to say so in a row."""
    return file.changed_at < now - _YOUNGEST


def orphans_among(session: Session, files: Iterable[ListedFile], *, now: datetime) -> Sequence[ListedFile]:
    """Those of ``files`` that are certificates', are left behind, and that no row names or is about to name."""
    old = {
        file.key: file
        for file in files
        if file.key.startswith(FOLDERS) and not file.is_part and is_left_behind(file, now)
    }
    for named in (_named(session, list(old)), _about_to_be_named(session, list(old))):
        for key in named:
            old.pop(key, None)
    return list(old.values())


def _named(session: Session, keys: Sequence[str]) -> set[str]:
    """Keys that a row of any table names: each table that stores files has a column ``storage_key``."""
    tables = [table for table in Base.metadata.sorted_tables if "storage_key" in table.c and table.name != _LOST]
    return {
        key
        for table in tables
        for key in session.scalars(select(table.c.storage_key).where(table.c.storage_key.in_(keys)))
    }


def _about_to_be_named(session: Session, keys: Sequence[str]) -> set[str]:
    """Keys of certificates and large prints that are still to be made: they will be stored in that very place."""
    numbers = {key: PurePosixPath(key).stem.removesuffix("-large-print") for key in keys}
    is_unmade = or_(
        Certificate.state != TaskState.DONE,
        Certificate.id.in_(
            select(DerivedFile.certificate_id).where(
                DerivedFile.certificate_id.is_not(None), DerivedFile.state != TaskState.DONE
            )
        ),
    )
    unmade = set(
        session.scalars(select(Certificate.number).where(Certificate.number.in_(set(numbers.values())), is_unmade))
    )
    return {key for key, number in numbers.items() if number in unmade}


def orphans_in(session: Session, store: FileStore, *, now: datetime, at_once: int) -> Iterator[ListedFile]:
    """Every orphan and every part file of a writer that died, from a listing compared ``at_once`` files at a time."""
    listing = store.listing()
    while files := list(islice(listing, at_once)):
        yield from (file for file in files if file.is_part and is_left_behind(file, now))
        yield from orphans_among(session, files, now=now)
