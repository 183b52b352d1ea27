"""What monitors ask: is the process alive, and can it serve?"""

from flask import jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.platform.access import public
from app.platform.extensions import db
from app.platform.queue import bell
from app.platform.storage import is_storage_writable
from kernel.clock import utc_now


@public
def healthz() -> Response:
    """The process is alive; nothing else is asked."""
    return jsonify(status="alive")


@public
def readyz() -> tuple[Response, int]:
    """Database, queue and storage answer: 200, or 503 with the ones that do not.

    A missing worker or scheduler is named, but is no reason for a 503: pages are served without them, and there would
    be no other server to send visitors to.
    """
    serving = {"database": _is_database_ready(), "queue": bell().is_reachable(), "storage": is_storage_writable()}
    is_ready = all(serving.values())
    parts = {**serving, **bell().living_processes(utc_now())}
    words = {part: "ready" if is_up else "down" for part, is_up in parts.items()}
    return jsonify(status="ready" if is_ready else "not ready", **words), 200 if is_ready else 503


def _is_database_ready() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
