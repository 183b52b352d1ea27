"""Keeps demo data out of production: made-up people must never stand among real ones."""

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.platform.extensions import db
from config import Environment, Settings
from demo.flag import has_demo

REFUSAL = (
    "This database holds the demo's made-up people, so Common Ground does not start in production with it. "
    "Set COMMON_GROUND_DATABASE_URL to a database of its own."
)


class DemoInProduction(Exception):
    """The production environment points at a database with demo data; the text says what to do."""


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
