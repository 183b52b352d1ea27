"""Evidence packs: asked for with a number, made once, kept for good, and checked by anybody."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from certificates.record.numbers import new_number, numbers_in
from kernel.audit import record
from kernel.errors import NotFound, RuleBroken
from kernel.tasks.control import cancel
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation
from people.reorganisation.sentences import day_in_words
from reports.earlier_days import first_day_of_record, why_not
from reports.evidence.collecting import asked_plans
from reports.paper.record import COMING, PAPERS, Paper, PaperKind, canonical, get_paper, new_key

PREFIX = "EVID"
NOT_OVER = "Choose a day that is over: what stands in a pack stays for ever"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class SealedPack:
    """A pack as anybody may know it."""

    number: str
    authority: str
    on: date
    made_at: datetime
    sha256: str


def why_no_pack(session: Session, organisation: Organisation, *, on: date, today: date) -> str:
    """Why there is no pack for a day, in words; empty where there is."""
    if on >= today:
        return NOT_OVER
    first = first_day_of_record(session, organisation_id=organisation.id)
    return why_not(on, first=first, today=today, name=organisation.name).rstrip(".")


def ask_for_pack(session: Session, organisation: Organisation, *, on: date, account_id: int, now: datetime) -> Paper:
    """Have a pack made for a day that is over; one for the same day that is on its way is not asked for again."""
    coming = session.scalar(
        select(Paper).where(
            Paper.kind == PaperKind.EVIDENCE_PACK,
            Paper.organisation_id == organisation.id,
            Paper.on == on,
            Paper.state.in_(COMING),
        )
    )
    if coming is not None:
        return coming
    number = new_number(PREFIX)
    paper = Paper(
        once=f"{PaperKind.EVIDENCE_PACK.value}/{number}",
        kind=PaperKind.EVIDENCE_PACK,
        organisation_id=organisation.id,
        number=number,
        on=on,
        asked=canonical({"authority": organisation.slug, "on": on.isoformat()}),
        asked_by_account_id=account_id,
        asked_at=now,
        wanted=len(asked_plans(session, organisation_id=organisation.id, on=on)) + 1,
        storage_key=new_key("pdf"),
    )
    session.add(paper)
    session.flush()
    _note(session, paper, "evidence-asked-for", account_id, now)
    return paper


def cancel_pack(session: Session, *, paper_id: int, organisation_id: int, account_id: int, now: datetime) -> None:
    """End a pack that is not ready yet: nothing of it is kept. Raises ``NotFound`` and ``RuleBroken``."""
    paper = get_pack(session, paper_id=paper_id, organisation_id=organisation_id)
    if paper.state is TaskState.DONE or not cancel(session, PAPERS, paper.id, cancelled_at=now):
        raise RuleBroken("This pack is ready or has ended already. A pack that is sealed stays")
    _note(session, paper, "evidence-cancelled", account_id, now)


def get_pack(session: Session, *, paper_id: int, organisation_id: int) -> Paper:
    """A pack of an authority. Raises ``NotFound``."""
    paper = get_paper(session, paper_id=paper_id, organisation_id=organisation_id)
    if paper.kind is not PaperKind.EVIDENCE_PACK:
        raise NotFound(f"evidence pack {paper_id}")
    return paper


def packs_of(session: Session, *, organisation_id: int, limit: int) -> Sequence[Paper]:
    """The newest packs of an authority."""
    return session.scalars(
        select(Paper)
        .where(Paper.kind == PaperKind.EVIDENCE_PACK, Paper.organisation_id == organisation_id)
        .order_by(Paper.id.desc())
        .limit(limit)
    ).all()


def find_sealed(session: Session, typed: str) -> SealedPack | None:
    """The pack with this number or this hash, however it was typed; ``None`` for none, and for one that is not made."""
    squeezed = "".join(typed.split()).lower()
    if _SHA256.fullmatch(squeezed):
        return _sealed(session, Paper.sha256 == squeezed)
    numbers = numbers_in(typed)
    return _sealed(session, Paper.number.in_(numbers)) if numbers else None


def _sealed(session: Session, which: ColumnElement[bool]) -> SealedPack | None:
    found = session.execute(
        select(Paper, Organisation.name)
        .join(Organisation, Organisation.id == Paper.organisation_id)
        .where(which, Paper.kind == PaperKind.EVIDENCE_PACK, Paper.state == TaskState.DONE)
        .order_by(Paper.id)
    ).first()
    if found is None:
        return None
    paper, authority = found
    return SealedPack(paper.number or "", authority, paper.on, paper.ready_at or paper.asked_at, paper.sha256 or "")


def _note(session: Session, paper: Paper, action: str, account_id: int, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="organisation",
        subject_id=paper.organisation_id,
        actor_account_id=account_id,
        now=now,
        detail={"number": paper.number, "day": day_in_words(paper.on)},
    )
