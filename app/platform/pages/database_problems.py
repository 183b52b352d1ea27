"""Which faults of the database pass by themselves: it restarts, is too busy, or somebody else was first."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

# Of SQLite's operational errors, this one is a mistake in a statement; the others are a busy, full or unreadable file.
_SQLITE_MISTAKE = "SQLITE_ERROR"


def is_passing(problem: DBAPIError | NoFreeConnection) -> bool:
    """Whether the same request may well succeed in a minute."""
    if isinstance(problem, NoFreeConnection):
        return True
    if problem.connection_invalidated:
        return True
    is_about_running = isinstance(problem, OperationalError | InterfaceError)
    return is_about_running and getattr(problem.orig, "sqlite_errorname", "") != _SQLITE_MISTAKE
