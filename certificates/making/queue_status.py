"""What an operator asks about the making of certificates: how many wait, since when, how fast it goes, what failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import Session, undefer

from certificates.making.rendering import CERTIFICATE_FILES
from certificates.record.issuing import Certificate
from courses.records.completion import Completion
from kernel.errors import NotFound
from kernel.tasks.control import counts_by_state
from kernel.tasks.kinds import TaskState

PACE_WINDOW = timedelta(minutes=5)
# A first certificate that was made this second says nothing about a minute yet.
_SHORTEST = timedelta(seconds=10)


@dataclass(frozen=True)
class QueueStatus:
    """Certificates by the state of their file; ``oldest_issued_at`` belongs to the first that has none."""

    pending: int
    working: int
    failed: int
    parked: int
    ready: int
    oldest_issued_at: datetime | None

    @property
    def unmade(self) -> int:
        """How many certificates have no file yet."""
        return self.waiting + self.failed + self.parked

    @property
    def waiting(self) -> int:
        """How many are made next, without anybody doing anything."""
        return self.pending + self.working


def queue_status(session: Session) -> QueueStatus:
    """How the making of certificates stands."""
    counts = counts_by_state(session, CERTIFICATE_FILES)
    return QueueStatus(
        pending=counts[TaskState.PENDING],
        working=counts[TaskState.WORKING],
        failed=counts[TaskState.FAILED],
        parked=counts[TaskState.PARKED],
        ready=counts[TaskState.DONE],
        oldest_issued_at=session.scalar(select(func.min(Certificate.issued_at)).where(CERTIFICATE_FILES.is_open)),
    )


def pace(session: Session, *, now: datetime) -> float:
    """How many certificates are made a minute, over the last five minutes or since the first one in them."""
    made, first = session.execute(
        select(func.count(), func.min(Certificate.ready_at)).where(Certificate.ready_at > now - PACE_WINDOW)
    ).one()
    return made / (max(now - first, _SHORTEST) / timedelta(minutes=1)) if first else 0.0


def minutes_left(waiting: int, per_minute: float) -> int | None:
    """Whole minutes until ``waiting`` certificates are made, rounded up; ``None`` while none is being made."""
    return ceil(waiting / per_minute) if per_minute else None


@dataclass(frozen=True)
class Wanted:
    """Which certificates to list. ``state`` ``None`` with ``is_unmade`` means every one without a file."""

    state: TaskState | None = None
    is_unmade: bool = False
    course_id: int | None = None
    organisation_id: int | None = None


def count_wanted(session: Session, wanted: Wanted) -> int:
    """How many certificates there are of this kind."""
    return session.scalar(_where(select(func.count()).select_from(Certificate), wanted)) or 0


def wanted_page(session: Session, wanted: Wanted, *, page: int, size: int) -> Sequence[Certificate]:
    """One page, counted from 1. Without a file: parked and failed ones first, then oldest first; else newest first."""
    trouble: Mapping[TaskState, int] = {TaskState.PARKED: 0, TaskState.FAILED: 1}
    order: tuple[ColumnElement[int], ...] = (Certificate.id.desc(),)
    if wanted.is_unmade:
        order = (case(trouble, value=Certificate.state, else_=2), Certificate.id.asc())
    query = _where(select(Certificate), wanted).order_by(*order).limit(size).offset((page - 1) * size)
    return session.scalars(query.options(undefer(Certificate.is_revoked))).all()


def _where(query: Select, wanted: Wanted) -> Select:  # type: ignore[type-arg]
    if wanted.course_id is not None or wanted.organisation_id is not None:
        query = query.join(Completion, Completion.id == Certificate.completion_id)
    return query.where(
        CERTIFICATE_FILES.is_open if wanted.is_unmade else true(),
        Certificate.state == wanted.state if wanted.state is not None else true(),
        Completion.course_id == wanted.course_id if wanted.course_id is not None else true(),
        Completion.organisation_id == wanted.organisation_id if wanted.organisation_id is not None else true(),
    )


def get_any_certificate(session: Session, *, certificate_number: str) -> Certificate:
    """Anybody's certificate, for those who look after all of them. Raises ``NotFound``."""
    certificate = session.scalar(
        select(Certificate).where(Certificate.number == certificate_number).options(undefer(Certificate.is_revoked))
    )
    if certificate is None:
        raise NotFound(f"certificate {certificate_number}")
    return certificate
