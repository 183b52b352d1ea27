"""Telling people that their certificate is ready: owed when it is issued, due when its file is stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session, undefer

from certificates.record.issuing import Certificate
from certificates.record.validity_status import EditionHistory, edition_histories
from kernel.clock import local_day
from kernel.tasks.kinds import TaskState
from messages.choices import Frequency, choices_of, next_morning
from messages.ledger import (
    ComposedMessage,
    DropReason,
    Message,
    MessageContent,
    messages_about,
    note_messages,
)
from messages.ways import Ways, is_reachable
from people.persons import Person

CERTIFICATE_READY = "certificate-ready"
_AT_ONCE = 500


def announce_when_ready(
    session: Session, *, certificate_ids: Sequence[int], now: datetime, is_for_morning: bool = False
) -> int:
    """Owe the holders of these certificates the news, once each; returns how many are owed it anew.

    ``is_for_morning``: it goes with the rest of their news on the morning after the file is ready, also to those who
    did not choose a daily message. Whoever issues a certificate decides whether to call this: a run may tell nobody.
    """
    if not certificate_ids:
        return 0
    rows = session.execute(
        select(Certificate.id, Certificate.person_id)
        .where(Certificate.id.in_(certificate_ids))
        .order_by(Certificate.id)
    ).all()
    people: dict[int, int] = dict(rows)
    return note_messages(session, kind=CERTIFICATE_READY, people=people, now=now, is_in_digest=is_for_morning)


def release_announcements(
    session: Session, *, ways: Ways, now: datetime, certificate_ids: Sequence[int] | None = None
) -> int:
    """Make the news due whose certificates are ready: at once, or next morning.

    Next morning is for those who chose a daily message, and for what a run keeps until then. What would be due at once
    and reaches nobody is dropped here: thousands without an address must not hold up the others' mails. With
    ``certificate_ids`` only theirs: a worker that looked through all that wait after each batch would read 22,000 rows
    a thousand times. Returns how many.
    """
    waiting = session.scalars(
        select(Message)
        .join(Certificate, Certificate.id == Message.subject_id)
        .where(
            Message.kind == CERTIFICATE_READY,
            Message.state == TaskState.PENDING,
            Message.due_at.is_(None),
            Certificate.state == TaskState.DONE,
            true() if certificate_ids is None else Message.subject_id.in_(certificate_ids),
        )
        .order_by(Message.id)
        .limit(_AT_ONCE)
    ).all()
    if not waiting:
        return 0
    person_ids = [message.person_id for message in waiting]
    choices = choices_of(session, person_ids=person_ids)
    reachable = set(session.scalars(select(Person.id).where(Person.id.in_(person_ids), is_reachable(ways))))
    for message in waiting:
        message.is_in_digest = message.is_in_digest or choices[message.person_id].certificates is Frequency.DAILY
        message.due_at = next_morning(now) if message.is_in_digest else now
        if not message.is_in_digest and message.person_id not in reachable:
            message.state, message.failure_reason = TaskState.CANCELLED, DropReason.NO_ADDRESS.value
    session.flush()
    return len(waiting)


def compose_announcement(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """One message about every certificate of these messages that still counts."""
    wanted = [message.subject_id for message in messages]
    rows = session.scalars(
        select(Certificate)
        .where(Certificate.id.in_(wanted))
        .order_by(Certificate.id)
        .options(undefer(Certificate.is_revoked))
    ).all()
    histories = edition_histories(session, rows, today=local_day(now))
    holding = {row.id: row for row in rows if row.state is TaskState.DONE and histories[row.id].this.is_valid}
    dropped = {message.id: DropReason.NOT_TRUE_ANY_MORE for message in messages if message.subject_id not in holding}
    if not holding:
        return ComposedMessage(None, dropped)
    pace = choices_of(session, person_ids=[messages[0].person_id])[messages[0].person_id].certificates
    when = "You asked for these messages once a day." if pace is Frequency.DAILY else ""
    return ComposedMessage(_content([(row, histories[row.id]) for row in holding.values()], when), dropped)


def _content(news: Sequence[tuple[Certificate, EditionHistory]], when: str) -> MessageContent:
    certificates = [certificate for certificate, _ in news]
    titles = tuple(certificate.course_title for certificate in certificates)
    if len(news) == 1:
        if certificates[0].supersedes_number:
            return _content_about_new(*news[0], when)
        return MessageContent(
            subject=f"Your certificate is ready: {titles[0]}",
            paragraphs=(f"Your certificate for {titles[0]} is ready. You can download it or read it as a page.",),
            link_words="Open your certificate",
            link_path=f"/certificates/{certificates[0].number}",
            why=f"You get this message because you completed {titles[0]}. {when}".strip(),
        )
    return MessageContent(
        subject=f"{len(certificates)} certificates are ready",
        paragraphs=("These certificates are ready. You can download them or read them as pages.",),
        items=tuple(_line(certificate) for certificate in certificates),
        link_words="Open your certificates",
        link_path="/certificates",
        why=f"You get this message because you completed these courses. {when}".strip(),
    )


def _line(certificate: Certificate) -> str:
    old = certificate.supersedes_number
    return f"{certificate.course_title}, in place of {old}" if old else certificate.course_title


def _content_about_new(certificate: Certificate, history: EditionHistory, when: str) -> MessageContent:
    title, ending = certificate.course_title, history.older[-1].ending
    why = f"{ending.reason_words}. {ending.words}".strip() if ending else ""
    return MessageContent(
        subject=f"Your new certificate is ready: {title}",
        paragraphs=(
            f"A new certificate for {title} takes the place of {certificate.supersedes_number}, which does not count"
            " any more. Whoever checks the old number is told so.",
            *((f"Why there is a new one: {why}",) if why else ()),
        ),
        link_words="Open your new certificate",
        link_path=f"/certificates/{certificate.number}",
        why=f"You get this message because you completed {title}. {when}".strip(),
    )


def announcements_of(session: Session, *, certificate_ids: Sequence[int]) -> Mapping[int, Message]:
    """The message about each certificate, by the certificate's id; none for those whose holder is not told."""
    found = messages_about(session, kind=CERTIFICATE_READY, subject_ids=certificate_ids)
    return {message.subject_id: message for message in found}


def mailed_times(session: Session, *, certificate_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When the holder of each certificate was told, for those who were."""
    found = announcements_of(session, certificate_ids=certificate_ids)
    return {number: message.sent_at for number, message in found.items() if message.sent_at is not None}
