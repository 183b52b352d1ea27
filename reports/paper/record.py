"""Documents of figures that are made by a worker and kept: a row first, with what is to stand in it; then the file."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime, enum_by_value
from kernel.errors import NotFound
from kernel.files import FileStore, StoredFile
from kernel.insert_once import insert_once
from kernel.tasks.claims import Claim, extend, finish
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state

MAKE_PAPERS = "make-papers"
# So long a report stays that anybody can have made again by asking for it.
ON_DEMAND = timedelta(days=7)
COMING = (TaskState.PENDING, TaskState.WORKING, TaskState.FAILED)
_WITHOUT_FILE = (TaskState.CANCELLED, TaskState.PARKED)


class PaperKind(StrEnum):
    """What sort of document it is."""

    BOARD_REPORT = "board-report"
    FIGURES = "figures"
    EVIDENCE_PACK = "evidence-pack"


class Paper(Task, Base):
    """One document. ``once`` tells it apart: what was asked for already is not asked for again.

    ``asked`` is what it is of, ``facts`` is what stands in it, both canonical JSON; a worker may have to find the facts
    first. ``number`` is that of a pack, which stays for good; from ``ends_at`` on any other file is deleted.
    ``subject_id`` is the id of the schedule by which it is made, where there is one.
    """

    __tablename__ = "paper"

    id: Mapped[int] = mapped_column(primary_key=True)
    once: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[PaperKind] = mapped_column(enum_by_value(PaperKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    subject_id: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(String(30), unique=True)
    on: Mapped[date] = mapped_column("of_day")
    asked: Mapped[str] = mapped_column(Text)
    facts: Mapped[str | None] = mapped_column(Text)
    asked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)

    state: Mapped[TaskState] = task_state()
    done: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[int] = mapped_column(default=1)
    cancelled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    storage_key: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size_bytes: Mapped[int | None] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("state <> 'done' OR sha256 IS NOT NULL", name="ready_has_file"),
        Index(None, "organisation_id", "kind"),
        Index(None, "state"),
        Index(None, "subject_id"),
        Index(None, "sha256"),
    )

    @property
    def is_ready(self) -> bool:
        """Whether its file can be handed out."""
        return self.state is TaskState.DONE

    @property
    def is_coming(self) -> bool:
        """Whether it is to be made, also after a try that failed."""
        return self.state in COMING


PAPERS = TaskKind(MAKE_PAPERS, Paper, since=Paper.asked_at, lease=timedelta(minutes=5))


def canonical(facts: Mapping[str, Any]) -> str:
    """The one text that equal facts share."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def once_for(kind: PaperKind, facts: str) -> str:
    """What tells a document apart of which only the facts matter."""
    return f"{kind.value}/{sha256(facts.encode()).hexdigest()}"


def new_key(ending: str) -> str:
    """Where a file is stored that is made now: the same for every try, so that none leaves a file behind."""
    return f"papers/{secrets.token_hex(16)}.{ending}"


def find_paper(session: Session, *, once: str) -> Paper | None:
    """The document that was asked for in this way."""
    return session.scalar(select(Paper).where(Paper.once == once))


def get_paper(session: Session, *, paper_id: int, organisation_id: int) -> Paper:
    """A document of an authority. Raises ``NotFound``."""
    found = session.get(Paper, paper_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(f"paper {paper_id}")
    return found


def ask_for_report(
    session: Session, *, facts: str, organisation_id: int, on: date, account_id: int, now: datetime
) -> None:
    """Have a report for a board made of these facts; also when it was made before and its time is over."""
    once = once_for(PaperKind.BOARD_REPORT, facts)
    row = {
        "once": once,
        "kind": PaperKind.BOARD_REPORT,
        "organisation_id": organisation_id,
        "of_day": on,
        "asked": "{}",
        "facts": facts,
        "asked_by_account_id": account_id,
        "asked_at": now,
        "storage_key": new_key("pdf"),
    }
    if insert_once(session, Paper, [row], unique=("once",)):
        return
    paper = session.scalars(
        select(Paper).where(Paper.once == once).with_for_update(), execution_options={"populate_existing": True}
    ).one()
    if paper.state in (TaskState.EXPIRED, *_WITHOUT_FILE):
        paper.state, paper.claims, paper.failures, paper.claimed_by = TaskState.PENDING, 0, 0, None
        paper.asked_at, paper.retry_at, paper.failure_reason = now, None, None
        session.flush()


def note_facts(session: Session, claimed: Claim[Paper], facts: str, *, now: datetime) -> None:
    """Write down what stands in a document, before its file is made of it. Raises ``ClaimLost``."""
    extend(session, claimed, now=now, facts=facts)


def mark_ready(
    session: Session, claimed: Claim[Paper], file: StoredFile, *, now: datetime, ends_at: datetime | None
) -> None:
    """Write down the stored file. Raises ``ClaimLost``: then nothing of it may be kept."""
    finish(session, claimed, sha256=file.sha256, size_bytes=file.size_bytes, ready_at=now, ends_at=ends_at)


def is_unwanted(session: Session, *, paper_id: int) -> bool:
    """Whether this document was cancelled or given up, so that a file of it must not stay."""
    return session.scalar(select(Paper.state).where(Paper.id == paper_id)) in _WITHOUT_FILE


def papers_to_delete(session: Session, *, now: datetime) -> Sequence[int]:
    """Documents whose time is over."""
    return session.scalars(
        select(Paper.id).where(Paper.state == TaskState.DONE, Paper.ends_at <= now).order_by(Paper.id)
    ).all()


def delete_paper(session: Session, store: FileStore, *, paper_id: int, now: datetime) -> None:
    """Delete the file of a document whose time is over, and write that down. Raises ``StorageError``."""
    paper = session.get_one(Paper, paper_id, populate_existing=True, with_for_update=True)
    if paper.state is TaskState.DONE and paper.ends_at is not None and paper.ends_at <= now:
        store.delete(paper.storage_key)
        paper.state, paper.ends_at = TaskState.EXPIRED, None
        session.flush()
