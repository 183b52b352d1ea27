"""What holders hear of the certificates of a run, and how many of them have heard it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from certificates.making.announcing import CERTIFICATE_READY, announce_when_ready
from certificates.record.issuing import Certificate
from certificates.record.runs import CertificateRun, RunMail
from kernel.tasks.kinds import TaskState
from messages.ledger import Message

_ON_THE_WAY = (TaskState.PENDING, TaskState.WORKING)
_NOT_SENT_YET = (*_ON_THE_WAY, TaskState.FAILED)


@dataclass(frozen=True)
class RunMessages:
    """Mails about the certificates of a run; ``waiting`` includes those that wait for the file or for the morning.

    ``left`` were not sent after all: no address in the record, or revoked or replaced by then. ``parked`` ones failed.
    ``is_news_near``: some of those that wait are to leave as soon as they can.
    """

    sent: int
    waiting: int
    left: int
    parked: int
    is_news_near: bool


def tell_holders(session: Session, run: CertificateRun, *, certificate_ids: Sequence[int], now: datetime) -> None:
    """Owe the news of what a run has just issued, if it tells holders at all."""
    if run.mail is not RunMail.NONE:
        is_for_morning = run.mail is RunMail.MORNING
        announce_when_ready(session, certificate_ids=certificate_ids, now=now, is_for_morning=is_for_morning)


def pass_news_on(session: Session, *, old_ids: Sequence[int], new_ids: Sequence[int], now: datetime) -> None:
    """Owe the news of each new certificate whose predecessor's holder was owed it and has not been told yet.

    The mail about the old one is not sent any more, as it does not count any more.
    """
    old, new = Certificate, aliased(Certificate)
    rows = session.execute(
        select(new.id, Message.is_in_digest)
        .join(old, old.number == new.supersedes_number)
        .join(Message, (Message.subject_id == old.id) & (Message.kind == CERTIFICATE_READY))
        .where(new.id.in_(new_ids), old.id.in_(old_ids), Message.state.in_(_NOT_SENT_YET))
        .order_by(new.id)
    ).all()
    for is_for_morning in (False, True):
        ids = [certificate_id for certificate_id, is_in_digest in rows if is_in_digest is is_for_morning]
        announce_when_ready(session, certificate_ids=ids, now=now, is_for_morning=is_for_morning)


def messages_of(session: Session, *, run_id: int) -> RunMessages:
    """The mails about the certificates of one run, counted now."""
    rows = session.execute(
        select(Message.state, Message.is_in_digest, func.count())
        .join(Certificate, Certificate.id == Message.subject_id)
        .where(Message.kind == CERTIFICATE_READY, Certificate.run_id == run_id)
        .group_by(Message.state, Message.is_in_digest)
    ).all()
    found = {state: sum(count for of, _, count in rows if of is state) for state in TaskState}
    return RunMessages(
        sent=found[TaskState.DONE],
        waiting=found[TaskState.PENDING] + found[TaskState.WORKING] + found[TaskState.FAILED],
        left=found[TaskState.CANCELLED],
        parked=found[TaskState.PARKED],
        is_news_near=any(of in _ON_THE_WAY and not is_in_digest for of, is_in_digest, _ in rows),
    )
