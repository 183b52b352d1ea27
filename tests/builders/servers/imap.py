"""A real IMAP server for tests, which keeps its mailbox in a folder; and a line to it that breaks."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pysasl.hashing import BuiltinHash

USER, PASSWORD = "bounces", "a password of the mailbox"
_PATIENCE = 20


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself, and its key."""
    cert, key = folder / "imap.crt", folder / "imap.private"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


class MailboxOnDisk:
    """The mailbox of the server: a Maildir beside the files that say who may come in."""

    def __init__(self, root: Path) -> None:
        self.root, self.box = root, root / "box"
        for part in ("new", "cur", "tmp"):
            (self.box / part).mkdir(parents=True)
        (root / "pymap-etc-passwd").write_text(f"{USER}:x::::box:\n")
        (root / "pymap-etc-shadow").write_text(f"{USER}:{BuiltinHash().hash(PASSWORD)}:::::::\n")
        (root / "pymap-etc-group").touch()

    def deliver(self, name: str, mail: bytes) -> None:
        """Put a mail into it, as a mail server does."""
        (self.box / "new" / f"{name}.1.host").write_bytes(mail)

    def files(self, name: str) -> list[Path]:
        """Where a mail lies by now."""
        return list(self.box.rglob(f"{name}.1.host*"))

    def seen(self) -> list[str]:
        """The names of the mails that are marked as seen."""
        return sorted(path.name.partition(".")[0] for path in (self.box / "cur").iterdir() if ":2,S" in path.name)


@contextmanager
def running_imap(mailbox: MailboxOnDisk, certificate: tuple[Path, Path]) -> Iterator[int]:
    """The server on a free port, which insists on STARTTLS."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable, "-c", "from pymap.main import main; main()", "--host", "127.0.0.1", "--port", str(port),
        "--cert", str(certificate[0]), "--key", str(certificate[1]), "maildir", "--colon", ":", str(mailbox.root),
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(_PATIENCE)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the IMAP server ended"
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        time.sleep(0.05)
    raise TimeoutError("the IMAP server does not answer")


@contextmanager
def a_line_that_breaks(port: int, *, after_bytes: int) -> Iterator[int]:
    """A port in front of another one. The line breaks once so many bytes have come from there."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=_pass_on, args=(near, far, None), daemon=True).start()
            _pass_on(far, near, after_bytes)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join(_PATIENCE)


def _pass_on(source: socket.socket, target: socket.socket, most: int | None) -> None:
    passed = 0
    with suppress(OSError):
        while (most is None or passed < most) and (data := source.recv(4_096)):
            target.sendall(data)
            passed += len(data)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
