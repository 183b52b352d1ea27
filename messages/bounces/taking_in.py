"""Taking a report in: only of a message that was sent from here, to that address, lately. Each report counts once."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kernel.insert_once import insert_once
from kernel.tasks.kinds import TaskState
from kernel.typed import folded
from messages.bounces.record import Bounce
from messages.bounces.reports import Report, Weight
from messages.ledger import Message
from people.persons import Person

# Servers give up after four or five days; a report that comes later than this is about nothing that we still know.
NEWS_FOR = timedelta(days=30)
AGAIN_AFTER, MOST_TRIES = timedelta(days=1), 3


class Taken(StrEnum):
    """What became of a report."""

    NOT_OURS = "not-ours"
    KNOWN = "known"
    IGNORED = "ignored"
    TRIED_AGAIN = "tried-again"
    MARKED = "marked"


def _as_servers_write(address: str) -> str:
    """An address in one writing: a report names a domain beyond ASCII as it is called in the network."""
    name, at, domain = folded(address).rpartition("@")
    try:
        return f"{name}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{name}{at}{domain}"


def take_in(session: Session, report: Report, *, message_id: int | None, sha256: str, now: datetime) -> Taken:
    """Mark the address of a message that came back for good, or have the message sent again tomorrow.

    ``message_id`` is the message that the report is about, by an id that only we can have made; ``None`` changes
    nothing. After three reports about one message the address counts as not working, whatever the reason.
    """
    if report.weight is Weight.DELAYED:
        return Taken.IGNORED
    message = session.get(Message, message_id) if message_id is not None else None
    person = session.get(Person, message.person_id) if message else None
    if message is None or person is None or message.sent_at is None or message.sent_at < now - NEWS_FOR:
        return Taken.NOT_OURS
    if _as_servers_write(report.address) != _as_servers_write(
        person.email or ""
    ):  # put right meanwhile, or about somebody else
        return Taken.NOT_OURS
    before = session.scalar(select(func.count()).where(Bounce.message_id == message.id)) or 0
    is_final = report.weight is Weight.HARD or before + 1 >= MOST_TRIES
    row = {
        "person_id": person.id,
        "message_id": message.id,
        "address": person.email,
        "is_final": is_final,
        "status": report.status,
        "words": report.words if report.weight is Weight.HARD else f"{report.words}, several times",
        "came_at": now,
        "report_sha256": sha256,
    }
    if not insert_once(session, Bounce, [row], unique=("report_sha256", "message_id")):
        return Taken.KNOWN
    if is_final:
        return Taken.MARKED
    session.execute(
        update(Message)
        .where(Message.id == message.id, Message.state == TaskState.DONE)
        .values(state=TaskState.PENDING, due_at=now + AGAIN_AFTER, retry_at=None, claims=0)
        .execution_options(synchronize_session=False)
    )
    return Taken.TRIED_AGAIN
