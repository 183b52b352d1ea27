"""What the audit trail says about a person: who opened their record, and what was done with what is theirs."""

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import Session

from kernel.audit import AuditEntry
from people.accounts import Account
from privacy.held.rows import is_of, table_named
from privacy.register.whole import REGISTER

# Things of a person, by the name under which the trail knows them, and by which of their columns.
_THEIRS = {"certificate": ("number", "id"), "attempt": ("id",), "message": ("id",)}


def about_person(session: Session, *, person_id: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions for entries about a person, their account, and what is theirs, by whomever."""
    kind, subject = AuditEntry.subject_type, AuditEntry.subject_id
    accounts = [str(one) for one in account_ids_of(session, person_id=person_id)]
    about = [and_(kind == "person", subject == str(person_id)), and_(kind == "account", subject.in_(accounts))]
    for name, columns in _THEIRS.items():
        table = table_named(name)
        for column in columns:
            theirs = select(cast(table.c[column], String)).where(is_of(REGISTER[name], person_id))
            about.append(and_(kind == name, subject.in_(theirs)))
    return (or_(*about),)


def account_ids_of(session: Session, *, person_id: int) -> tuple[int, ...]:
    """The accounts of a person, of which there is one at the most today."""
    found = session.scalars(select(Account.id).where(Account.person_id == person_id).order_by(Account.id))
    return tuple(found)
