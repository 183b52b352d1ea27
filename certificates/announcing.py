"""Telling people that their certificate is ready: owed when it is issued, due when its file is stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from certificates.issuing import Certificate, CertificateState
from certificates.standing import chains_of
from kernel.clock import local_day
from people.message_choices import Pace, choices_of, next_morning
from people.messages import (
    Composed,
    DropReason,
    Letter,
    Message,
    MessageState,
    messages_about,
    note_message,
)

CERTIFICATE_READY = "certificate-ready"
_AT_ONCE = 500


def announce_when_ready(session: Session, *, certificate_ids: Sequence[int], now: datetime) -> int:
    """Owe the holders of these certificates the news, once each; returns how many are owed it anew.

    Whoever issues a certificate decides whether to call this: a run that issues history need not.
    """
    rows = session.execute(
        select(Certificate.id, Certificate.person_id)
        .where(Certificate.id.in_(certificate_ids))
        .order_by(Certificate.id)
    ).all()
    noted = [
        note_message(
            session, person_id=person_id, kind=CERTIFICATE_READY, subject_id=certificate_id, now=now, due_at=None
        )
        for certificate_id, person_id in rows
    ]
    return sum(noted)


def release_announcements(session: Session, *, now: datetime) -> int:
    """Make the news due whose certificates are ready: at once, or next morning for those who chose a daily message."""
    waiting = session.scalars(
        select(Message)
        .join(Certificate, Certificate.id == Message.subject_id)
        .where(
            Message.kind == CERTIFICATE_READY,
            Message.state == MessageState.WAITING,
            Message.due_at.is_(None),
            Certificate.state == CertificateState.READY,
        )
        .order_by(Message.id)
        .limit(_AT_ONCE)
    ).all()
    choices = choices_of(session, person_ids=[message.person_id for message in waiting])
    for message in waiting:
        message.is_in_digest = choices[message.person_id].certificates is Pace.DAILY
        message.due_at = next_morning(now) if message.is_in_digest else now
    session.flush()
    return len(waiting)


def compose_announcement(session: Session, messages: Sequence[Message], *, now: datetime) -> Composed:
    """One letter about every certificate of these messages that still counts."""
    wanted = [message.subject_id for message in messages]
    rows = session.scalars(
        select(Certificate).where(Certificate.id.in_(wanted)).options(undefer(Certificate.is_revoked))
    ).all()
    chains = chains_of(session, rows, today=local_day(now))
    holding = {row.id: row for row in rows if row.state is CertificateState.READY and chains[row.id].this.is_valid}
    dropped = {message.id: DropReason.NOT_TRUE_ANY_MORE for message in messages if message.subject_id not in holding}
    if not holding:
        return Composed(None, dropped)
    return Composed(_letter([holding[number] for number in wanted if number in holding], messages[0]), dropped)


def _letter(certificates: Sequence[Certificate], message: Message) -> Letter:
    titles = tuple(certificate.course_title for certificate in certificates)
    when = "You asked for these messages once a day." if message.is_in_digest else ""
    if len(certificates) == 1:
        return Letter(
            subject=f"Your certificate is ready: {titles[0]}",
            paragraphs=(f"Your certificate for {titles[0]} is ready. You can download it or read it as a page.",),
            link_words="Open your certificate",
            link_path=f"/certificates/{certificates[0].number}",
            why=f"You get this message because you completed {titles[0]}. {when}".strip(),
        )
    return Letter(
        subject=f"{len(certificates)} certificates are ready",
        paragraphs=("These certificates are ready. You can download them or read them as pages.",),
        items=titles,
        link_words="Open your certificates",
        link_path="/certificates",
        why=f"You get this message because you completed these courses. {when}".strip(),
    )


def announcements_of(session: Session, *, certificate_ids: Sequence[int]) -> Mapping[int, Message]:
    """The message about each certificate, by the certificate's id; none for those whose holder is not told."""
    found = messages_about(session, kind=CERTIFICATE_READY, subject_ids=certificate_ids)
    return {message.subject_id: message for message in found}


def mailed_times(session: Session, *, certificate_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When the holder of each certificate was told, for those who were."""
    found = announcements_of(session, certificate_ids=certificate_ids)
    return {number: message.sent_at for number, message in found.items() if message.sent_at is not None}
