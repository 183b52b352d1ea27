"""An SFTP server, spoken to by fsspec over paramiko: its key is compared before anything is told to it.

Left to themselves, they accept whatever key a server shows, offer it the keys and agents of whoever runs this process,
keep the connection for whoever asks for the same server next, and wait for ever once the server has let them in.
"""

import io
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Timer
from typing import Any, BinaryIO, cast

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem
from paramiko.ssh_exception import NoValidConnectionsError

from app.platform.hr_sources.folders import showable
from app.platform.hr_sources.reading import Patience
from people.feed.sources.choosing import SourceFile
from people.feed.sources.problems import HostKeyChanged, HostKeyUnconfirmed, NeedsSomebody, SourceProblem
from people.feed.sources.record import SFTP_PORT, SecretKind

KEY_TYPES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
# Sockets, SSH and SFTP each raise their own, the line may end anywhere, and what comes over it may be nonsense.
FAILURES = (OSError, EOFError, ValueError, AssertionError, struct.error, paramiko.SSHException, paramiko.SFTPError)
_KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


@dataclass(frozen=True)
class Server:
    """Where a server is, who signs in there with what, and the key that it has to show."""

    host: str
    port: int
    username: str
    secret_kind: SecretKind
    secret: str = field(repr=False)
    host_key: str | None
    folder: str


class _ConfirmedKey(paramiko.MissingHostKeyPolicy):
    """Takes the key that somebody confirmed and no other. Nobody has signed in yet when it is asked."""

    def __init__(self, confirmed: str | None) -> None:
        self.confirmed = confirmed

    def missing_host_key(self, client: object, hostname: str, key: paramiko.PKey) -> None:  # noqa: ARG002 - paramiko's
        shown = f"{key.get_name()} {key.get_base64()}"
        if self.confirmed is None:
            raise HostKeyUnconfirmed(
                shown, "This server has answered for the first time. Compare its fingerprint, and confirm it."
            )
        if shown != self.confirmed:
            raise HostKeyChanged(
                shown,
                "The server shows another key than the one that was confirmed. It was set up anew, or somebody stands "
                "between. Nothing was told to it. Ask those who run it for its fingerprint before you confirm.",
            )


class SftpReader:
    """The files of one folder of a server."""

    def __init__(self, files: SFTPFileSystem, folder: str) -> None:
        self._files, self._folder = files, folder

    def files(self) -> list[SourceFile]:
        """Every file; links, folders and whatever else is there are none."""
        found = self._files.ls(self._folder, detail=True)
        return [_listed(one) for one in found if one["type"] == "file"]

    def stand_of(self, file: SourceFile) -> tuple[int, str]:
        """How a file stands now."""
        return _listed(self._files.info(file.path)).stand

    @contextmanager
    def open(self, file: SourceFile) -> Iterator[BinaryIO]:
        """The bytes of a file."""
        with self._files.open(file.path, "rb") as source:
            yield cast(BinaryIO, source)


@contextmanager
def opened_server(server: Server, patience: Patience) -> Iterator[SftpReader]:
    """A folder of a server, ready to be read. Raises ``SourceProblem`` with what happened and what to do."""
    line = _Line()
    alarm = Timer(patience.connect, line.give_up)
    alarm.daemon = True
    alarm.start()
    try:
        files = _connect(server, patience, line)
        alarm.cancel()
        line.is_open = True
        files.ftp.get_channel().settimeout(patience.answer)
        yield SftpReader(files, server.folder)
    except SourceProblem:
        raise
    except FAILURES as problem:
        raise _in_words(problem, server, line) from problem
    finally:
        alarm.cancel()
        line.close()


@dataclass
class _Line:
    """How far a connection is, and what has to be closed to end it."""

    transports: list[paramiko.Transport] = field(default_factory=list)
    is_open: bool = False
    is_given_up: bool = False

    def give_up(self) -> None:
        self.is_given_up = True
        self.close()

    def close(self) -> None:
        for one in self.transports:
            with suppress(Exception):  # whatever state it is in
                one.close()


def _connect(server: Server, patience: Patience, line: _Line) -> SFTPFileSystem:
    def transport(sock: socket.socket, **options: Any) -> paramiko.Transport:
        # The one that is closed when time is up: once a server has let us in, opening SFTP there has no deadline.
        line.transports.append(paramiko.Transport(sock, **options))
        return line.transports[-1]

    # Of a server's several keys, the one of the kind that was confirmed.
    kind = server.host_key.partition(" ")[0] if server.host_key else None
    kinds = [one for one in KEY_TYPES if kind not in (None, one) and not (kind == "ssh-rsa" and "rsa-" in one)]
    secret: dict[str, Any] = (
        {"password": server.secret} if server.secret_kind is SecretKind.PASSWORD else {"pkey": _key(server.secret)}
    )
    return SFTPFileSystem(
        server.host,
        port=server.port,
        username=server.username,
        host_key_policy=_ConfirmedKey(server.host_key),
        timeout=patience.connect,
        banner_timeout=patience.connect,
        auth_timeout=patience.connect,
        channel_timeout=patience.connect,
        allow_agent=False,
        look_for_keys=False,
        transport_factory=transport,
        disabled_algorithms={"keys": kinds},
        # Otherwise whoever asks for the same server next gets this connection, closed or not.
        skip_instance_cache=True,
        **secret,
    )


def _key(text: str) -> paramiko.PKey:
    for kind in _KEYS:
        with suppress(paramiko.SSHException, ValueError):
            return cast(paramiko.PKey, kind.from_private_key(io.StringIO(text)))
    raise NeedsSomebody("The stored key cannot be used. Enter it again on the page of this source.")


def _listed(info: dict[str, Any]) -> SourceFile:
    path = info["name"]
    modified = info["mtime"].astimezone(UTC) if info["mtime"] else datetime.fromtimestamp(0, UTC)
    return SourceFile(showable(path.rpartition("/")[2]), path, info["size"], modified)


def _in_words(problem: Exception, server: Server, line: _Line) -> SourceProblem:
    where = server.host if server.port == SFTP_PORT else f"{server.host}, port {server.port},"
    # paramiko says of a server that hangs, or hangs up, that it has refused us. It has not: passwords are still right.
    has_refused = isinstance(problem, paramiko.AuthenticationException) and not _is_cut(problem)
    if has_refused and not line.is_given_up:
        what = "password" if server.secret_kind is SecretKind.PASSWORD else "key"
        return NeedsSomebody(
            f"{where} does not let “{server.username}” in with this {what}. Put it right on the page of this source. "
            "It is not tried again by itself, because servers lock accounts after a few tries."
        )
    if line.is_given_up or isinstance(problem, TimeoutError | paramiko.AuthenticationException):
        return SourceProblem(f"{where} has stopped answering. If it goes on like that, ask those who run it.")
    for kinds, words in _WORDS:
        if isinstance(problem, kinds):
            return SourceProblem(words.format(where=where, server=server))
    if line.is_open:
        return SourceProblem(f"The line to {where} broke off in the middle. Nothing of the file was used.")
    return SourceProblem(
        f"{where} answers, but not as an SFTP server that this installation can speak with. Check address and port."
    )


def _is_cut(problem: Exception) -> bool:
    return "timeout" in str(problem) or "EOF" in str(problem)


_WORDS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (socket.gaierror, "The address “{server.host}” leads nowhere. Check how it is written."),
    (
        (NoValidConnectionsError, ConnectionRefusedError),
        "{where} does not answer. Check address and port, and whether its firewall lets this installation in.",
    ),
    (FileNotFoundError, "There is no folder “{server.folder}” on {where} that “{server.username}” can see."),
    (PermissionError, "“{server.username}” may not read the folder “{server.folder}” or the file on {where}."),
    (
        UnicodeDecodeError,
        "A file in the folder “{server.folder}” has a name that is not UTF-8. Have it renamed: no other can be listed.",
    ),
)
