"""The block that a person reads when Common Ground is up."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tools.supervising.readiness import Account, announcement, in_words, is_serving, missing, read_accounts


def test_one_sign_in_of_each_role_is_shown_and_the_rest_are_counted() -> None:
    text = announcement(
        "http://127.0.0.1:8000",
        [
            Account("hr-lead", "hr.halton", "four-words"),
            Account("hr-lead", "hr.wirral", "other-words"),
            Account("staff", "staff.sefton", "more-words"),
        ],
    )
    assert "http://127.0.0.1:8000" in text
    assert text.index("staff.sefton") < text.index("hr.halton")
    assert "hr.wirral" not in text
    assert "and 1 more in var/demo-accounts.json" in text
    assert "Ctrl-C" in text


def test_accounts_are_read_as_the_demo_writes_them(tmp_path: Path) -> None:
    path = tmp_path / "demo-accounts.json"
    assert read_accounts(path) == []
    listed = [{"role": "staff", "organisation": "sefton", "username": "staff.sefton", "password": "words"}]
    path.write_text(json.dumps(listed))
    assert read_accounts(path) == [Account("staff", "staff.sefton", "words")]


def test_a_server_that_is_not_there_is_what_a_start_waits_for() -> None:
    assert missing("127.0.0.1", 1) is None
    assert not is_serving("127.0.0.1", 1)
    assert in_words(None) == "the web server"


@contextmanager
def answering(parts: dict[str, str]) -> Iterator[int]:
    """A server that answers /readyz with these parts; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"status": "some words", **parts}).encode()
            self.send_response(503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(
    ("down", "words", "serves"),
    [
        ((), "nothing", True),
        (("worker",), "the worker", True),
        (("worker", "scheduler"), "the worker and the scheduler", True),
        (("database", "worker"), "the database and the worker", False),
    ],
)
def test_what_is_missing_is_said_in_words(down: tuple[str, ...], words: str, serves: bool) -> None:
    parts = dict.fromkeys(("database", "queue", "storage", "worker", "scheduler"), "ready")
    with answering({**parts, **dict.fromkeys(down, "down")}) as port:
        found = missing("127.0.0.1", port)
        assert (found, is_serving("127.0.0.1", port)) == (down, serves)
        assert in_words(found) == words
