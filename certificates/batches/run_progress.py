"""How far the files of a run are."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.record.issuing import Certificate
from kernel.tasks.kinds import TaskState


@dataclass(frozen=True)
class RunFiles:
    """Certificates that a run issued, by the state of their file; ``failed`` includes the parked ones."""

    ready: int
    waiting: int
    failed: int


def files_of(session: Session, *, run_id: int) -> RunFiles:
    """The files of one run, counted now."""
    rows = session.execute(
        select(Certificate.state, func.count()).where(Certificate.run_id == run_id).group_by(Certificate.state)
    )
    counts: dict[TaskState, int] = dict(rows.all())
    return RunFiles(
        ready=counts.get(TaskState.DONE, 0),
        waiting=counts.get(TaskState.PENDING, 0) + counts.get(TaskState.WORKING, 0),
        failed=counts.get(TaskState.FAILED, 0) + counts.get(TaskState.PARKED, 0),
    )
