"""Alembic's environment: runs the migrations on the application's own engine."""

import logging

from alembic import context
from flask import current_app

from app.extensions import db
from kernel.database import UTCDateTime

# Every stored class must be imported for --autogenerate to see it: the application imports them all.
log = logging.getLogger("alembic.env")


def _only_changes(_context: object, _revision: object, directives: list) -> None:
    """Write no empty migration."""
    options = context.config.cmd_opts
    if options is not None and getattr(options, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        log.info("The models have not changed")


def _render(kind: str, thing: object, _context: object) -> str | bool:
    """Migrations must not depend on our own types, which may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


def run() -> None:
    """Run each migration in a transaction of its own."""
    arguments = current_app.extensions["migrate"].configure_args
    arguments.setdefault("process_revision_directives", _only_changes)
    arguments.setdefault("render_item", _render)
    with db.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=db.metadata, transaction_per_migration=True, **arguments
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run on a database, not to a file: leave out --sql")
run()
