"""Lines that say nothing more: the server of the real site answers them, and ends nobody else's."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.platform.input.silent_lines import _is_silent
from bench.pages.slow_clients import KINDS, slow_clients
from tests.services.slow_lines.test_slow_clients import asked, serving

pytestmark = pytest.mark.slow
WITH_A_BODY = [kind for kind in KINDS if kind != "slow headers"]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("SILENCE", "1")
    with serving(tmp_path) as found:
        yield found


@pytest.mark.parametrize("kind", WITH_A_BODY)
def test_a_silent_line_is_told_that_it_took_too_long(url: str, tmp_path: Path, kind: str) -> None:
    with slow_clients(url, kind, 3) as silent:
        for line in silent:
            assert line.recv(65_536).startswith(b"HTTP/1.1 408")
    assert asked(url, b"x" * 200_000) == (200, "200000 bytes came")
    assert "3 since this process started" in (tmp_path / "web.log").read_text()


def test_a_line_is_silent_when_nothing_came_and_nothing_went() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as one:
        other, _ = server.accept()
        with other:
            one.sendall(b"words")
            assert other.recv(100) == b"words"
            assert _is_silent(other, 0)
            assert not _is_silent(other, 3600)
