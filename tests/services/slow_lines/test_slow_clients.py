"""Many people on very slow lines, with the server of the real site: pages go on."""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.pages.slow_clients import KINDS, slow_clients
from tests.services.conftest import PATIENCE, wait_until
from tools.paths import HERE
from tools.supervising.commands import web_command

pytestmark = pytest.mark.slow

OF_EACH = 60  # three of the four kinds hold a thread: more of them than the server once had


@contextmanager
def serving(tmp_path: Path) -> Iterator[str]:
    """The address of a server of our own."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = web_command(
        HERE, host="127.0.0.1", port=port, workers=1, application="tests.services.slow_lines.slow_bodies:app"
    )
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(command, cwd=HERE.root, stdout=log, stderr=log)
    try:
        wait_until(lambda: can_connect(port), "a start of the server")
        yield f"http://127.0.0.1:{port}"
    finally:
        web.terminate()
        web.wait(PATIENCE)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path) as found:
        yield found


def can_connect(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def asked(url: str, body: bytes | None = None, *, in_chunks: bool = False) -> tuple[int, str]:
    """Status and words of a page, asked for as anybody would."""
    page = http.client.HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=PATIENCE)
    try:
        sent = iter([body]) if body and in_chunks else body
        page.request("POST" if body else "GET", "/", sent, encode_chunked=in_chunks)
        answer = page.getresponse()
        return answer.status, answer.read().decode()
    finally:
        page.close()


def test_pages_answer_while_many_send_slowly(url: str) -> None:
    with ExitStack() as lines:
        for kind in KINDS:
            lines.enter_context(slow_clients(url, kind, OF_EACH))
        for _ in range(20):
            assert asked(url) == (200, "0 bytes came")
        assert asked(url, b"x" * 200_000) == (200, "200000 bytes came")
        assert asked(url, b"x" * 200_000, in_chunks=True) == (200, "200000 bytes came")


def test_a_body_goes_on_where_it_stopped(url: str) -> None:
    with slow_clients(url, "a small body", 3) as held:
        assert asked(url) == (200, "0 bytes came")
        for one in held:
            one.sendall(b"x" * 18)
            assert b"20 bytes came" in whole(one)


def test_what_is_too_large_is_refused_before_it_has_come(url: str) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=PATIENCE) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2000000\r\n\r\nab")
        assert line.recv(65_536).startswith(b"HTTP/1.1 413")


def whole(line: socket.socket) -> bytes:
    """An answer of a few words, which may come in two pieces."""
    found = b""
    while b" came" not in found and (piece := line.recv(65_536)):
        found += piece
    return found
