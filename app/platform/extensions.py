"""The Flask extensions, made once and tied to an application by the factory."""

from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Engine, Executable, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DataError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry

from kernel.database import Base

WRITES = "writes"  # in session.info: a unit of work is open
SQLITE_BEGIN = "sqlite_begin"  # an execution option: which BEGIN opens the transaction, ``None`` for no transaction


class WriteOutsideWork(RuntimeError):
    """Something would be changed outside ``app.platform.work.unit_of_work``: nobody would commit it or ring for it."""


class WebSession(Session):
    """The web's session: it reads as it likes, and writes only inside a unit of work.

    Outside a unit of work each statement runs by itself: at PostgreSQL's READ COMMITTED every statement sees its own
    snapshot anyway, and a page saves the BEGIN and the ROLLBACK. ``is_bound``: somebody else's connection was given to
    it, such as a test's, and it stays on that.
    """

    def __init__(self, db: SQLAlchemy, bind: Connection | None = None, **options: Any) -> None:
        # Not Flask-SQLAlchemy's session: that looks for an engine again with every statement.
        super().__init__(bind=bind or reading(db.engine), **options)
        self.is_bound = bind is not None
        if self.is_bound:
            event.listen(self, "do_orm_execute", _refuse_stray_statement)


@cache
def reading(engine: Engine) -> Engine:
    """The engine for pages that read: it begins no transaction, and refuses to change anything."""
    is_sqlite = engine.dialect.name == "sqlite"
    found = engine.execution_options(**({SQLITE_BEGIN: None} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}))
    event.listen(found, "before_execute", _refuse_change)
    return found


@cache
def writing(engine: Engine) -> Engine:
    """The engine for units of work. On SQLite each waits from its beginning until nobody else writes."""
    return engine.execution_options(**{SQLITE_BEGIN: "IMMEDIATE"})


@cache
def streaming(engine: Engine) -> Engine:
    """The engine for long readings: one transaction for all of their portions, which changes nothing either."""
    found = engine.execution_options()
    event.listen(found, "before_execute", _refuse_change)
    return found


def _refuse_change(_connection: Connection, statement: Executable, *_: object) -> None:
    if statement.is_dml:
        raise WriteOutsideWork("Change rows inside app.platform.work.unit_of_work")


def _refuse_stray_statement(state: ORMExecuteState) -> None:
    if not state.session.info.get(WRITES):
        _refuse_change(state.session.connection(), state.statement)


@event.listens_for(WebSession, "before_flush")
def _refuse_stray_flush(session: Session, *_: object) -> None:
    if not session.info.get(WRITES):
        raise WriteOutsideWork("Change rows inside app.platform.work.unit_of_work")


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": WebSession})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()


def visitor_address() -> str:
    """Who tries, as far as a limit can tell: an IPv4 address, or the /64 of an IPv6 one, which one person has whole."""
    try:
        found = ip_address(get_remote_address())
    except ValueError:
        return get_remote_address()
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


limiter = Limiter(key_func=visitor_address, default_limits=[])


@event.listens_for(Engine, "connect")
def _prepare_sqlite(dbapi_connection: Any, _entry: ConnectionPoolEntry) -> None:
    if not type(dbapi_connection).__module__.startswith("sqlite3"):
        return
    # The driver opens no transaction before a savepoint, so rolling back leaks: we send BEGIN ourselves.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for setting in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-32768",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


@event.listens_for(Engine, "connect")
def _prepare_postgresql(dbapi_connection: Any, _entry: ConnectionPoolEntry) -> None:
    """No statement is compiled to machine code first: that took ten seconds for figures that take a tenth of one."""
    if not type(dbapi_connection).__module__.startswith("psycopg"):
        return
    # By a statement and not at the start of the line, where a pool in between may refuse it; outside a transaction,
    # because the first ROLLBACK would take it back.
    before, dbapi_connection.autocommit = dbapi_connection.autocommit, True
    dbapi_connection.execute("SET jit = off")
    dbapi_connection.autocommit = before


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        kind = connection.get_execution_options().get(SQLITE_BEGIN, "DEFERRED")
        if kind is not None:
            connection.exec_driver_sql(f"BEGIN {kind}")


@event.listens_for(Engine, "handle_error")
def _name_data_error(problem: ExceptionContext) -> DataError | None:
    """A value that the driver cannot even send, such as a number too large for SQLite, is a data error too."""
    cause = problem.original_exception
    if not isinstance(cause, OverflowError | UnicodeEncodeError):
        return None
    return DataError(problem.statement, None, cause, hide_parameters=True)
