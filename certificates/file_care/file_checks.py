"""Every file against every row, in small steps: each step is stored, so that a killed worker costs one step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, time, timedelta
from itertools import islice

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from certificates.file_care.consistency import Consistency, consistency
from certificates.file_care.lost_files import (
    Loss,
    NamedFile,
    certificate_files,
    find_loss,
    large_print_files,
    note_losses,
)
from certificates.file_care.orphans import is_left_behind, orphans_among
from kernel.clock import LOCAL
from kernel.database import Base, JsonObject, UTCDateTime
from kernel.errors import StorageError
from kernel.files import FileStore, ListedFile
from kernel.tasks.background import background_kind, open_subjects, want

CHECK_FILES = "check-certificate-files"
FILE_CHECKS = background_kind(CHECK_FILES, lease=timedelta(minutes=5))
NIGHT = time(2)
BATCH = 100
LISTED_AT_ONCE = 500
MOST_SHOWN = 25
# What a check walks through, one after the other.
CERTIFICATES, LARGE_PRINTS, STORE = "certificates", "large-prints", "store"
_NEXT = {CERTIFICATES: LARGE_PRINTS, LARGE_PRINTS: STORE}


class CertificateFileCheck(Base):
    """One walk through all files. ``records`` holds the counts of ``consistency`` at its end; ``step`` counts steps.

    ``problem`` says why the last try of a step came to nothing; the walk goes on where it stopped.
    """

    __tablename__ = "certificate_file_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    step: Mapped[int] = mapped_column(default=0)
    stage: Mapped[str] = mapped_column(String(40), default=CERTIFICATES)
    position: Mapped[str] = mapped_column(String(250), default="")
    files: Mapped[int] = mapped_column(default=0)
    missing: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unreadable: Mapped[int] = mapped_column(default=0)
    orphans: Mapped[int] = mapped_column(default=0)
    orphan_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    first_orphans: Mapped[list[str]] = mapped_column(JSON, default=list)
    parts_removed: Mapped[int] = mapped_column(default=0)
    records: Mapped[JsonObject | None] = mapped_column(JSON(none_as_null=True))
    problem: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (Index(None, "asked_at"),)

    @property
    def consistency(self) -> Consistency | None:
        """What did not fit together among the rows when the walk ended."""
        if self.records is None:
            return None
        # An earlier release counted more.
        return Consistency(**{part.name: self.records[part.name] for part in fields(Consistency)})

    @property
    def is_whole(self) -> bool:
        """Whether every file was there and unchanged, and none was left over. The rows are another matter."""
        return not (self.missing or self.changed or self.unreadable or self.orphans)


@dataclass(frozen=True)
class Step:
    """What to look at next, read from the database, so that looking needs none."""

    check_id: int
    number: int
    stage: str
    position: str
    files: Sequence[NamedFile] = ()


@dataclass(frozen=True)
class Seen:
    """What a step saw in the store: how each named file is, or the next files of the listing."""

    losses: Mapping[NamedFile, Loss | None] = field(default_factory=dict)
    listed: Sequence[ListedFile] = ()
    parts_removed: int = 0


def ask_for_check(session: Session, *, account_id: int | None, now: datetime) -> CertificateFileCheck:
    """Owe a walk through all files; one that goes on already is not begun again, but gone on with at once."""
    present = find_open_check(session)
    if present is None:
        present = CertificateFileCheck(asked_at=now, asked_by_account_id=account_id)
        session.add(present)
        session.flush()
    want(session, FILE_CHECKS, subject=str(present.id), now=now)
    return present


def ask_nightly(session: Session, *, now: datetime) -> None:
    """Owe tonight's walk, once it is two o'clock in the city region, if nobody has asked for one since."""
    local = now.astimezone(LOCAL)
    night = datetime.combine(local.date(), NIGHT, LOCAL)
    if night > local:
        night = datetime.combine(local.date() - timedelta(days=1), NIGHT, LOCAL)
    newest = session.scalar(select(CertificateFileCheck).order_by(CertificateFileCheck.id.desc()).limit(1))
    if newest is None or not night <= newest.asked_at <= now + timedelta(days=1):
        ask_for_check(session, account_id=None, now=now)


def want_open_check(session: Session, *, now: datetime) -> None:
    """Have a walk gone on with that the release before began: it had no task."""
    present = find_open_check(session)
    if present is not None and str(present.id) not in open_subjects(session, FILE_CHECKS):
        want(session, FILE_CHECKS, subject=str(present.id), now=now)


def find_open_check(session: Session) -> CertificateFileCheck | None:
    """The walk that goes on, if one does."""
    return session.scalar(
        select(CertificateFileCheck)
        .where(CertificateFileCheck.finished_at.is_(None))
        .order_by(CertificateFileCheck.id)
        .limit(1)
    )


def find_last_check(session: Session) -> CertificateFileCheck | None:
    """The newest walk that came to its end."""
    return session.scalar(
        select(CertificateFileCheck)
        .where(CertificateFileCheck.finished_at.is_not(None))
        .order_by(CertificateFileCheck.id.desc())
        .limit(1)
    )


def next_step(session: Session) -> Step | None:
    """What the open walk looks at next; ``None`` when none is open."""
    check = find_open_check(session)
    if check is None:
        return None
    files: Sequence[NamedFile] = ()
    if check.stage != STORE:
        read = certificate_files if check.stage == CERTIFICATES else large_print_files
        files = read(session, after_id=int(check.position or 0), limit=BATCH)
    return Step(check.id, check.step, check.stage, check.position, files)


def look(store: FileStore, step: Step, *, now: datetime) -> Seen:
    """Look at the files of a step. Part files that nobody has written to for a day are removed.

    Raises ``StorageError`` when the store answers for none of them: it is away, and nothing is lost.
    """
    if step.stage != STORE:
        losses = {file: find_loss(store, file) for file in step.files}
        if losses and set(losses.values()) == {Loss.UNREADABLE}:
            raise StorageError(f"The file store could not read any of {len(losses)} files")
        return Seen(losses)
    listed = list(islice(store.listing(step.position), LISTED_AT_ONCE))
    parts = [file for file in listed if file.is_part and is_left_behind(file, now)]
    for part in parts:
        store.delete(part.key)
    return Seen(listed=listed, parts_removed=len(parts))


def write_down(session: Session, step: Step, seen: Seen, *, now: datetime) -> bool:
    """Store what a step saw. ``False`` when another worker took the same step: its findings count, not these."""
    check = _taken(session, step)
    if check is None:
        return False
    check.problem = None
    if step.stage == STORE:
        _add_listed(session, check, seen, now)
    else:
        note_losses(session, found=seen.losses, now=now)
        _add_losses(check, seen.losses.values())
        if seen.losses:
            check.position = str(step.files[-1].row_id)
        else:
            check.stage, check.position = _NEXT[step.stage], ""
    session.flush()
    return True


def note_problem(session: Session, step: Step, *, reason: str) -> None:
    """Write down why a step came to nothing; it is taken again later."""
    session.execute(
        update(CertificateFileCheck).where(CertificateFileCheck.id == step.check_id).values(problem=reason[:500])
    )


def _taken(session: Session, step: Step) -> CertificateFileCheck | None:
    mine = (CertificateFileCheck.id == step.check_id) & (CertificateFileCheck.step == step.number)
    taken = session.scalars(
        update(CertificateFileCheck).where(mine).values(step=step.number + 1).returning(CertificateFileCheck.id)
    ).all()
    return session.get_one(CertificateFileCheck, step.check_id, populate_existing=True) if taken else None


def _add_losses(check: CertificateFileCheck, losses: Iterable[Loss | None]) -> None:
    found = list(losses)
    check.files += len(found)
    check.missing += found.count(Loss.MISSING)
    check.changed += found.count(Loss.CHANGED)
    check.unreadable += found.count(Loss.UNREADABLE)


def _add_listed(session: Session, check: CertificateFileCheck, seen: Seen, now: datetime) -> None:
    check.parts_removed += seen.parts_removed
    orphans = orphans_among(session, seen.listed, now=now)
    check.orphans += len(orphans)
    check.orphan_bytes += sum(file.size_bytes for file in orphans)
    check.first_orphans = [*check.first_orphans, *(file.key for file in orphans)][:MOST_SHOWN]
    if len(seen.listed) == LISTED_AT_ONCE:
        check.position = seen.listed[-1].key
    else:
        check.finished_at, check.records = now, asdict(consistency(session))
