"""Lines that announce a body and then say nothing: their reading is ended, they get an answer, and no thread waits.

granian 2.8.7 waits in the middle of a reading for as long as nothing comes, without a time limit (it has one for the
head of a request: after 30 seconds it hangs up). No other thread can answer meanwhile. What ends the wait is the end of
the line: so the system is asked which of the server's connections have been silent in both directions, and their
reading half is shut. The reading then returns, and the page that answers 408 still goes out by the other half.

Linux alone can be asked; on others, and where the server listens on a Unix socket, the proxy in front has to give up.
"""

import logging
import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Condition, Thread
from time import monotonic

_TCP = (socket.AF_INET, socket.AF_INET6)
# Places in tcp_info (linux/tcp.h): what is not confirmed yet, when something was sent and received, milliseconds ago.
_UNACKED, _LAST_SENT, _LAST_RECEIVED = 24, 44, 52
_TCP_INFO_BYTES = 56
_LOG = logging.getLogger(__name__)


class SilentLines:
    """Watches while somebody reads a body, and ends what has been silent for ``seconds``. Counts what it has ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.ended = 0
        self._begun: dict[int, float] = {}
        self._changed = Condition()
        self._is_watching = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While a body is read."""
        key = object()
        with self._changed:
            self._begun[id(key)] = monotonic()
            if not self._is_watching and sys.platform == "linux":
                self._is_watching = True
                Thread(target=self._watch, name="silent lines", daemon=True).start()
        try:
            yield
        finally:
            with self._changed:
                del self._begun[id(key)]

    def note(self) -> None:
        """One more line was ended."""
        with self._changed:
            self.ended += 1
            _LOG.warning(
                "A line was silent for %d seconds while it sent a form, and was ended: %d since this process started",
                self.seconds,
                self.ended,
            )

    def _watch(self) -> None:
        while True:
            with self._changed:
                if not self._begun:
                    self._is_watching = False
                    return
                left = min(self._begun.values()) + self.seconds - monotonic()
                # One that has been read for longer may have had a word since: look again soon.
                self._changed.wait(max(left, self.seconds / 10))
            if left <= 0:
                end_silent_lines(self.seconds)


def end_silent_lines(seconds: float) -> None:
    """Shut the reading half of each connection to a port of this process that was silent for so long, both ways."""
    with ExitStack() as opened:
        found = [opened.enter_context(one) for one in _own_sockets()]
        ports = {one.getsockname()[1] for one in found if _listens(one)}
        for line in found:
            with suppress(OSError):  # one that has ended meanwhile
                if not _listens(line) and line.getsockname()[1] in ports and _is_silent(line, seconds):
                    line.shutdown(socket.SHUT_RD)


def _own_sockets() -> Iterator[socket.socket]:
    """Every TCP socket of this process, under a number of its own: closing it leaves the server's one open."""
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                one = socket.socket(fileno=os.dup(int(name)))
                if one.family in _TCP and one.type == socket.SOCK_STREAM:
                    yield one
                else:
                    one.close()


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _is_silent(line: socket.socket, seconds: float) -> bool:
    info = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    unacked, sent, received = (
        struct.unpack_from("I", info, place)[0] for place in (_UNACKED, _LAST_SENT, _LAST_RECEIVED)
    )
    # A download on its way is silent in one direction only.
    return not unacked and min(sent, received) >= seconds * 1000
