"""How far the files of a run are."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.issuing import Certificate, CertificateState


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
    counts: dict[CertificateState, int] = dict(rows.all())
    return RunFiles(
        ready=counts.get(CertificateState.READY, 0),
        waiting=counts.get(CertificateState.PENDING, 0) + counts.get(CertificateState.RENDERING, 0),
        failed=counts.get(CertificateState.FAILED, 0) + counts.get(CertificateState.PARKED, 0),
    )
