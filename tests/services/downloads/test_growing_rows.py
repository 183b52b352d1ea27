"""A download that grows, with the server of the real site: whole, or never said to be whole."""

import http.client
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.conftest import PATIENCE, wait_until
from tests.services.downloads.growing_rows import FIRST, ROWS
from tests.services.slow_lines.test_slow_clients import can_connect
from tools.paths import HERE
from tools.supervising.commands import web_command

pytestmark = pytest.mark.slow
SITE = "tests.services.downloads.growing_rows:app"


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        found: int = trial.getsockname()[1]
    command = web_command(
        HERE, host="127.0.0.1", port=found, workers=1, application="tests.services.downloads.growing_rows:app"
    )
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(command, cwd=HERE.root, stdout=log, stderr=log)
    try:
        wait_until(lambda: can_connect(found), "a start of the server")
        yield found
    finally:
        web.kill()
        web.wait(PATIENCE)


@contextmanager
def asked(port: int, path: str, *, patience: float) -> Iterator[http.client.HTTPResponse]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    line.request("GET", path)
    with line.getresponse() as answer:
        yield answer
    line.close()


def test_what_was_made_comes_whole(port: int) -> None:
    with asked(port, "/rows", patience=PATIENCE) as answer:
        assert answer.read() == FIRST.encode() + ROWS


def test_what_could_not_be_made_never_ends_and_nothing_of_it_comes(port: int) -> None:
    with asked(port, "/half", patience=4) as answer:
        assert answer.read(len(FIRST)) == FIRST.encode()
        with pytest.raises(TimeoutError):
            answer.read(1)
    with asked(port, "/rows", patience=PATIENCE) as answer:
        assert answer.read() == FIRST.encode() + ROWS
