"""What monitors ask: is the process alive, and can it serve?"""

from flask import jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.access import public
from app.extensions import db
from app.queue import bell
from app.storage import is_storage_writable


@public
def healthz() -> Response:
    """The process is alive; nothing else is asked."""
    return jsonify(status="alive")


@public
def readyz() -> tuple[Response, int]:
    """Database, queue and storage answer: 200, or 503 with the ones that do not."""
    parts = {"database": _is_database_ready(), "queue": bell().is_reachable(), "storage": is_storage_writable()}
    is_ready = all(parts.values())
    words = {part: "ready" if is_up else "down" for part, is_up in parts.items()}
    return jsonify(status="ready" if is_ready else "not ready", **words), 200 if is_ready else 503


def _is_database_ready() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
