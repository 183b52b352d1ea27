"""Keeps demo data out of production: made-up people must never stand among real ones."""

from datetime import datetime

from flask import Flask
from sqlalchemy import exists, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.extensions import db
from config import Environment, Settings
from kernel.audit import AuditEntry, record

DEMO_BUILT = "demo-built"
_SUBJECT = "demo"

REFUSAL = (
    "This database holds the demo's made-up people, so Common Ground does not start in production with it. "
    "Set COMMON_GROUND_DATABASE_URL to a database of its own."
)


class DemoInProduction(Exception):
    """The production environment points at a database with demo data; the text says what to do."""


def mark_as_demo(session: Session, *, seed: int, people: int, now: datetime) -> None:
    """Write down, for good, that this database holds a demo region."""
    record(
        session,
        action=DEMO_BUILT,
        subject_type=_SUBJECT,
        subject_id=seed,
        actor_account_id=None,
        now=now,
        detail={"seed": seed, "people": people},
    )


def has_demo(session: Session) -> bool:
    """Whether a demo region was ever built in this database, which may still be without tables."""
    if not inspect(session.connection()).has_table(AuditEntry.__tablename__):
        return False
    # The subject is in the query because the index begins with it.
    found = select(AuditEntry.id).where(AuditEntry.subject_type == _SUBJECT, AuditEntry.action == DEMO_BUILT)
    return bool(session.scalar(select(exists(found))))


def refuse_in_production(session: Session, *, env: Environment) -> None:
    """Raise ``DemoInProduction`` when the environment is production and the database holds demo data."""
    if env is Environment.PRODUCTION and has_demo(session):
        raise DemoInProduction(REFUSAL)


def refuse_demo_in_production(app: Flask, settings: Settings) -> None:
    """Raise ``DemoInProduction`` when a production process starts on the demo's database.

    A database that does not answer yet is no reason not to start: ``/readyz`` says so, and it may come back.
    """
    if settings.env is not Environment.PRODUCTION:
        return
    with app.app_context():
        try:
            refuse_in_production(db.session(), env=settings.env)
        except OperationalError as problem:
            app.logger.warning("The database does not answer yet: %s", problem.orig)
