"""A change of the steps of a programme that waits: written down, looked at, and approved or dropped.

It stands in a table of its own. What has not been approved is no version, so nothing that reads versions can meet it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from assignments.programmes.making import CHANGED_MEANWHILE, Draft, as_kept, change_programme, refuse_faults
from courses.catalogue.programmes import LONGEST_NAME, Programme, Step, get_programme
from kernel.audit import record
from kernel.database import Base, UTCDateTime
from kernel.errors import RuleBroken

DECIDED_MEANWHILE = "Somebody has approved or dropped this change since you opened the page"


class ProgrammeProposal(Base):
    """A programme as it is wanted, instead of the version ``follows``. It holds for nobody until it is approved."""

    __tablename__ = "programme_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    follows: Mapped[int]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    steps: Mapped[list[list[int]]] = mapped_column(JSON)
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (
        Index(
            "uq_programme_proposal_waiting",
            "programme_id",
            unique=True,
            postgresql_where=approved_at.is_(None) & dropped_at.is_(None),
            sqlite_where=approved_at.is_(None) & dropped_at.is_(None),
        ),
    )

    def as_steps(self) -> tuple[Step, ...]:
        """The steps that it wants."""
        return tuple(tuple(step) for step in self.steps)


@dataclass(frozen=True)
class Seen:
    """What somebody saw before they changed it: the number of the version, and the change that waited, if one did."""

    number: int
    proposal_id: int | None = None


def find_waiting(session: Session, *, programme_id: int) -> ProgrammeProposal | None:
    """The change that waits to be approved or dropped."""
    return session.scalar(
        select(ProgrammeProposal).where(
            ProgrammeProposal.programme_id == programme_id,
            ProgrammeProposal.approved_at.is_(None),
            ProgrammeProposal.dropped_at.is_(None),
        )
    )


def propose_change(
    session: Session,
    draft: Draft,
    *,
    programme_id: int,
    seen: Seen,
    organisation_id: int,
    by: int | None,
    now: datetime,
) -> None:
    """Let it wait; the change that was seen waiting is dropped.

    Raises ``RuleBroken`` with the first thing that is wrong, also where somebody else has changed it, or has let
    another change wait.
    """
    refuse_faults(session, draft, organisation_id=organisation_id, programme_id=programme_id)
    _drop_seen(session, programme_id, seen, organisation_id, by, now)
    name, steps = as_kept(draft)
    proposal = ProgrammeProposal(
        programme_id=programme_id,
        follows=seen.number,
        name=name,
        steps=[list(step) for step in steps],
        proposed_at=now,
        proposed_by_account_id=by,
    )
    try:
        with session.begin_nested():
            session.add(proposal)
    except IntegrityError:  # somebody proposes one at this very moment; the index decides
        raise RuleBroken(CHANGED_MEANWHILE) from None
    _record(session, "programme-change-proposed", programme_id, organisation_id, by, now)


def change_at_once(
    session: Session,
    draft: Draft,
    *,
    programme_id: int,
    seen: Seen,
    organisation_id: int,
    by: int | None,
    now: datetime,
) -> None:
    """Let it hold from now on, with nothing that waits: for what concerns nobody. Raises ``RuleBroken`` likewise."""
    refuse_faults(session, draft, organisation_id=organisation_id, programme_id=programme_id)
    _drop_seen(session, programme_id, seen, organisation_id, by, now)
    change_programme(
        session,
        draft,
        programme_id=programme_id,
        seen=seen.number,
        organisation_id=organisation_id,
        by=by,
        now=now,
    )


def _drop_seen(
    session: Session, programme_id: int, seen: Seen, organisation_id: int, by: int | None, now: datetime
) -> None:
    held = get_programme(session, programme_id=programme_id, organisation_id=organisation_id)
    waiting = find_waiting(session, programme_id=programme_id)
    if Seen(held.number, waiting.id if waiting else None) != seen:
        raise RuleBroken(CHANGED_MEANWHILE)
    if waiting is not None:
        drop_change(session, proposal_id=waiting.id, by=by, now=now)


def approve_change(session: Session, *, proposal_id: int, organisation_id: int, by: int | None, now: datetime) -> None:
    """Let it hold from now on. Raises ``RuleBroken`` when it no longer waits, or cannot hold any more."""
    proposal = _decided(session, proposal_id, by, approved_at=now)
    change_programme(
        session,
        Draft(proposal.name, proposal.as_steps()),
        programme_id=proposal.programme_id,
        seen=proposal.follows,
        organisation_id=organisation_id,
        by=by,
        now=now,
    )


def drop_change(session: Session, *, proposal_id: int, by: int | None, now: datetime) -> None:
    """Let it never hold. Raises ``RuleBroken`` when it no longer waits."""
    proposal = _decided(session, proposal_id, by, dropped_at=now)
    owner = session.get_one(Programme, proposal.programme_id).organisation_id
    _record(session, "programme-change-dropped", proposal.programme_id, owner, by, now)


def _decided(session: Session, proposal_id: int, by: int | None, **moment: datetime) -> ProgrammeProposal:
    # The row itself decides when two people decide at once: the second finds it decided.
    decided = session.scalar(
        update(ProgrammeProposal)
        .where(
            ProgrammeProposal.id == proposal_id,
            ProgrammeProposal.approved_at.is_(None),
            ProgrammeProposal.dropped_at.is_(None),
        )
        .values(decided_by_account_id=by, **moment)
        .returning(ProgrammeProposal.id)
    )
    if decided is None:
        raise RuleBroken(DECIDED_MEANWHILE)
    return session.get_one(ProgrammeProposal, decided, populate_existing=True)


def _record(
    session: Session, action: str, programme_id: int, organisation_id: int, by: int | None, now: datetime
) -> None:
    course_id = session.get_one(Programme, programme_id).course_id
    record(
        session,
        action=action,
        subject_type="course",
        subject_id=course_id,
        actor_account_id=by,
        now=now,
        detail={"organisation_id": organisation_id},
    )
