"""Whether the web server answers yet, and what a person is told when it does."""

import http.client
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROLES = {
    "staff": "Learner",
    "manager": "Manager",
    "hr-lead": "HR lead",
    "author": "Author",
    "admin": "Administrator",
}


@dataclass(frozen=True)
class Account:
    """Somebody to sign in to the demo as; `role` is one of `ROLES`."""

    role: str
    username: str
    password: str


# Parts of /readyz that are started when the pages are there.
STARTED_LAST = frozenset({"worker", "scheduler"})
_WORDS = {"database": "the database", "queue": "Redis", "storage": "the files"}


def missing(host: str, port: int) -> tuple[str, ...] | None:
    """What /readyz says is not there yet: nothing when all is; None when no page answers."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        parts = json.load(connection.getresponse())
        return tuple(part for part, state in parts.items() if part != "status" and state != "ready")
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def is_serving(host: str, port: int) -> bool:
    """Whether pages can be had, with or without a worker."""
    return are_pages_there(missing(host, port))


def are_pages_there(missing: Sequence[str] | None) -> bool:
    """Whether all that pages need is there; the worker and the scheduler may be missing."""
    return missing is not None and not set(missing) - STARTED_LAST


def in_words(missing: Sequence[str] | None) -> str:
    """What a start waits for, to stand after "waiting for"."""
    if missing is None:
        return "the web server"
    return " and ".join(_WORDS.get(part, f"the {part}") for part in missing) or "nothing"


def read_accounts(path: Path) -> list[Account]:
    """The demo's accounts as `flask prepare` wrote them; none when there is no such file."""
    if not path.is_file():
        return []
    listed = json.loads(path.read_text(encoding="utf-8"))
    return [Account(one["role"], one["username"], one["password"]) for one in listed]


def announcement(address: str, accounts: Sequence[Account]) -> str:
    """The one block that a person reads when Common Ground is up: where, as whom, and how to stop."""
    shown = [account for role in ROLES if (account := _first(role, accounts))]
    rows = [(ROLES[account.role], account.username, account.password) for account in shown]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    lines = ["", "Common Ground is ready", "", f"  Open      {address}"]
    for number, (role, username, password) in enumerate(rows):
        label = "" if number else "Sign in"
        lines.append(f"  {label:<8}  {role:<{widths[0]}}  {username:<{widths[1]}}  {password}")
    if len(accounts) > len(shown):
        lines.append(f"  {'':<8}  and {len(accounts) - len(shown)} more in var/demo-accounts.json")
    lines += ["  Stop      Ctrl-C", "  Logs      var/log/", "  Mail      var/mail/", ""]
    return "\n".join(lines)


def _first(role: str, accounts: Sequence[Account]) -> Account | None:
    return next((account for account in accounts if account.role == role), None)
