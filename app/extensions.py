"""The Flask extensions, made once and tied to an application by the factory."""

from functools import cache
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry

from kernel.database import Base

WRITES = "writes"  # in session.info: a unit of work is open
STREAMS = "streams"  # in session.info: rows are fetched in portions
SQLITE_BEGIN = "sqlite_begin"  # an execution option: which BEGIN opens the transaction


class WriteOutsideWork(RuntimeError):
    """Something would be changed outside ``app.work.unit_of_work``, where nobody commits it or rings for it."""


class BoundSession(FlaskSession):
    """The web's session: it reads as it likes, and writes only inside a unit of work.

    It honours a ``bind`` of its own, which Flask-SQLAlchemy's ignores: tests would commit for real. Outside a unit of
    work PostgreSQL runs each statement by itself: at READ COMMITTED every statement sees its own snapshot anyway, and
    a page saves the BEGIN and the ROLLBACK.
    """

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any) -> Any:
        if self.bind:
            return self.bind
        engine = super().get_bind(mapper=mapper, clause=clause, bind=bind, **kwargs)
        has_transaction = self.info.get(WRITES) or self.info.get(STREAMS) or engine.dialect.name != "postgresql"
        return engine if has_transaction else _for_reading(engine)


@cache
def _for_reading(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@event.listens_for(BoundSession, "before_flush")
def _refuse_stray_flush(session: Session, *_: object) -> None:
    if not session.info.get(WRITES):
        raise WriteOutsideWork("Change rows inside app.work.unit_of_work")


@event.listens_for(BoundSession, "do_orm_execute")
def _refuse_stray_statement(state: ORMExecuteState) -> None:
    if (
        not state.is_select
        and (state.is_insert or state.is_update or state.is_delete)
        and not state.session.info.get(WRITES)
    ):
        raise WriteOutsideWork("Change rows inside app.work.unit_of_work")


db = SQLAlchemy(metadata=Base.metadata, session_options={"class_": BoundSession})
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, default_limits=[])


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


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        kind = connection.get_execution_options().get(SQLITE_BEGIN, "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")
