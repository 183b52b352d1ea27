"""How far the trail may be sealed: up to an entry below which no transaction can add another one any more.

PostgreSQL gives out an id when a row is inserted and shows the row when its transaction is committed, so entry 7 can
appear after entry 8. Whoever inserts holds a lock on the table (``RowExclusiveLock``, which hinders no other writer)
from before the id is drawn until the transaction ends. So: note the newest id, then who holds that lock. Once each of
these has ended, everything up to that id is there, or never comes. Those who begin later draw higher ids.

SQLite lets one transaction write at a time, and its ids go up: inside a unit of work nobody else has a lower one.
"""

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry

# Also somebody who has drawn an id and not committed is counted in: the sequence knows it, the table does not show it.
_NEWEST = text("SELECT last_value FROM audit_entry_id_seq")
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks"
    " WHERE relation = 'audit_entry'::regclass AND locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND pid IS DISTINCT FROM pg_backend_pid()"
)


@dataclass(frozen=True)
class Horizon:
    """The newest entry at one moment, and the transactions that were writing then and may have drawn a lower id."""

    entry_id: int
    writers: frozenset[str] = frozenset()


def look_ahead(session: Session) -> Horizon:
    """How far the trail could be sealed, and who has to end first. The order of the two looks matters."""
    if session.get_bind().dialect.name != "postgresql":
        return Horizon(session.scalar(select(func.max(AuditEntry.id))) or 0)
    newest: int = session.execute(_NEWEST).scalar_one()
    return Horizon(newest, frozenset(session.scalars(_WRITERS)))


def who_still_writes(session: Session, horizon: Horizon) -> frozenset[str]:
    """Those of the transactions of a horizon that have not ended."""
    if not horizon.writers:
        return frozenset()
    return horizon.writers & frozenset(session.scalars(_WRITERS))
