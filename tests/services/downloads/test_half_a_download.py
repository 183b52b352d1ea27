"""Half a download is known to be half: the server of the real site breaks the transfer off."""

import http.client
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.services.conftest import PATIENCE
from tests.services.downloads.half_files import WHOLE
from tools.paths import HERE
from tools.supervising.commands import web_command

pytestmark = pytest.mark.slow
SITE = "tests.services.downloads.half_files:app"


def test_a_browser_learns_that_a_file_broke_off(tmp_path: Path) -> None:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = web_command(
        HERE, host="127.0.0.1", port=port, workers=1, application="tests.services.downloads.half_files:app"
    )
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(command, cwd=HERE.root, stdout=log, stderr=log)
    try:
        answers = [asked(port) for _ in range(6)]
    finally:
        web.terminate()
        web.wait(PATIENCE)
    assert [came for _, came in answers] == ["incomplete"] * 6
    # Where the connection ended before the head of the answer was out, nothing looks like a file at all.
    assert {length for length, _ in answers} - {None} == {str(len(WHOLE))}


def asked(port: int) -> tuple[str | None, int | str]:
    """The length that was promised, and how much came; "incomplete" when the transfer broke."""
    for _ in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/file")
            answer = connection.getresponse()
            try:
                return answer.getheader("Content-Length"), len(answer.read())
            except http.client.IncompleteRead:
                return answer.getheader("Content-Length"), "incomplete"
        except ConnectionRefusedError:  # it has not started yet
            time.sleep(0.1)
        except (http.client.RemoteDisconnected, ConnectionResetError):
            return None, "incomplete"
        finally:
            connection.close()
    raise AssertionError("the server did not start")
