"""One whole export: every table, the courses, the certificates and what explains them, in one archive."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from pyrage import encrypt_io, x25519
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from certificates.record.issuing import Certificate
from courses.catalogue.versions import Course, CourseVersion
from courses.records.attempts import Attempt
from courses.records.completion import Completion
from kernel.clock import LOCAL, local_day
from kernel.database import table_of
from kernel.files import FileStore
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation
from privacy.leaving.standing import DUE, STANDING, courses_concerned, due_rows, standing_rows
from privacy.leaving.tables import ExportedTable, exported_tables
from privacy.leaving.words import README, DescribedTable, described, described_made, readme
from privacy.leaving.writing import ArchiveWriter, open_archive

SHIPPED = Path(__file__).parent
FORMAT, PORTION = 1, 500


@dataclass(frozen=True)
class ExportCounts:
    """How many rows and files are in an archive, and of how many certificates the file is missing."""

    rows: int
    files: int
    missing: int


def write_export(
    session: Session,
    target: IO[bytes],
    *,
    organisation: Organisation,
    store: FileStore,
    now: datetime,
    note_alive: Callable[[], None] = lambda: None,
) -> ExportCounts:
    """Write everything of an authority as it is now. Memory stays flat: rows come in portions, files one by one.

    ``note_alive`` is called whenever it has got on. Raises ``StorageError`` when the store does not answer.
    """
    on, authority, slug = local_day(now), organisation.name, organisation.slug
    tables = {one.name: one for one in exported_tables(organisation_id=organisation.id, on=on)}
    courses = courses_concerned(session, organisation_id=organisation.id, on=on)
    first = session.get(Course, courses[0][0]) if courses else None
    with open_archive(target, at=now, note_alive=note_alive) as archive:
        written = [_stored(session, archive, one) for one in tables.values()]
        standing = standing_rows(session, courses, organisation_id=organisation.id, on=on)
        written.append(_made(archive, described_made(STANDING), standing))
        written.append(_made(archive, described_made(DUE), due_rows(session, courses, on=on)))
        _write_courses(session, archive, tables, [course_id for course_id, _ in courses])
        before = len(archive.files)
        missing = archive.certificates(_pdfs(session, tables["certificate"]), store)
        made_at = now.astimezone(LOCAL).strftime("%d %B %Y at %H:%M")
        words = readme(authority, made_at, written, certificates=len(archive.files) - before, missing=missing)
        archive.text(README, words)
        archive.json("tables.json", [_for_programs(one) for one in written])
        for name in ("restore.py", "questions.sql"):
            archive.text(name, (SHIPPED / name).read_text(encoding="utf-8"))
        facts: dict[str, Any] = {"format": FORMAT, "authority": authority, "slug": slug, "made_at": now.isoformat()}
        archive.manifest({**facts, "day": on.isoformat(), "course": first.slug if first else ""})
    return ExportCounts(archive.rows, len(archive.files), missing)


def encrypt_for(source: IO[bytes], target: IO[bytes], keys: Sequence[str]) -> None:
    """Encrypt with age, for whoever has the other half of one of these keys: piece by piece, of any size."""
    encrypt_io(source, target, [x25519.Recipient.from_str(key) for key in keys])


def _stored(session: Session, archive: ArchiveWriter, table: ExportedTable) -> DescribedTable:
    rows = session.execute(table.query(), execution_options={"yield_per": PORTION})
    return _made(archive, described(table), rows)


def _made(archive: ArchiveWriter, table: DescribedTable, rows: Any) -> DescribedTable:
    names, kinds = [name for name, _, _ in table.columns], [kind for _, kind, _ in table.columns]
    return replace(table, rows=archive.table(table.name, names, kinds, rows))


def _for_programs(table: DescribedTable) -> dict[str, Any]:
    columns = [{"name": name, "kind": kind, "words": words} for name, kind, words in table.columns]
    return {"name": table.name, "title": table.title, "columns": columns}


def _write_courses(
    session: Session, archive: ArchiveWriter, tables: dict[str, ExportedTable], asked: Sequence[int]
) -> None:
    """Each version that somebody began or completed, and all versions of what is asked for."""
    used: list[Select[Any]] = [
        select(Attempt.course_version_id).where(tables["attempt"].rows),
        select(Completion.course_version_id).where(tables["completion"].rows),
    ]
    is_used = or_(*(CourseVersion.id.in_(one) for one in used), CourseVersion.course_id.in_(asked))
    query = (
        select(Course.slug, CourseVersion.number, table_of(CourseVersion).c.document)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(is_used)
        .order_by(Course.slug, CourseVersion.number)
    )
    for slug, number, document in session.execute(query, execution_options={"yield_per": 1}):
        archive.json(f"courses/{slug}/version-{number}.json", document)
        archive.note_alive()


def _pdfs(session: Session, certificates: ExportedTable) -> Iterator[tuple[str, str, str]]:
    query = (
        select(Certificate.number, Certificate.storage_key, Certificate.sha256)
        .where(certificates.rows, Certificate.state == TaskState.DONE, Certificate.storage_key.is_not(None))
        .order_by(Certificate.id)
    )
    for number, key, sha256 in session.execute(query, execution_options={"yield_per": PORTION}):
        yield number, key or "", sha256 or ""
