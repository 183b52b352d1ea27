"""A server that speaks as GOV.UK Notify does (https://docs.notifications.service.gov.uk/rest-api.html), for tests."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt

SERVICE = "11111111-2222-4333-8444-555555555555"
SECRET = "66666666-7777-4888-9999-aaaaaaaaaaaa"
KEY = f"common-ground-{SERVICE}-{SECRET}"
TEMPLATE = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff"
Answer = tuple[int, object]


@dataclass
class Notify:
    """What the service took, by its references, and what it answers when it takes nothing."""

    texts: list[dict[str, str]] = field(default_factory=list)
    status: str = "delivered"
    trouble: Callable[[str], Answer | None] = lambda _: None
    # Takes the text, and hangs up before it says so.
    hangs_up: bool = False
    body: str = "((message))"

    def numbers(self) -> list[str]:
        """To whom texts went, in their order."""
        return [one["phone_number"] for one in self.texts]

    def words(self) -> list[str]:
        """What they said."""
        return [one["words"] for one in self.texts]


class _Handler(BaseHTTPRequestHandler):
    notify: Notify

    def log_message(self, *_: object) -> None:
        return None

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._is_allowed():
            return
        trouble = self.notify.trouble(sent["phone_number"])
        if trouble is not None:
            self._answer(*trouble)
            return
        if sent["template_id"] != TEMPLATE:
            self._answer(400, _error("BadRequestError", "Template not found"))
            return
        words = sent["personalisation"]["message"]
        key = str(uuid4())
        self.notify.texts.append({**sent, "id": key, "words": words})
        if self.notify.hangs_up:
            self.connection.close()
            return
        self._answer(201, {"id": key, "reference": sent["reference"], "content": {"body": words}})

    def do_GET(self) -> None:
        if not self._is_allowed():
            return
        parts = urlsplit(self.path)
        if parts.path == f"/v2/template/{TEMPLATE}":
            self._answer(200, {"id": TEMPLATE, "type": "sms", "body": self.notify.body, "version": 1})
            return
        (reference,) = parse_qs(parts.query)["reference"]
        found = [
            {"id": one["id"], "reference": reference, "status": self.notify.status}
            for one in self.notify.texts
            if one["reference"] == reference
        ]
        self._answer(200, {"notifications": found, "links": {"current": self.path}})

    def _is_allowed(self) -> bool:
        """A token of the service, signed with its secret."""
        token = self.headers["Authorization"].removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_aud": False})
        except jwt.InvalidTokenError:
            self._answer(403, _error("AuthError", "Invalid token: API key not found"))
            return False
        assert claims["iss"] == SERVICE
        return True

    def _answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _error(kind: str, words: str, status: int = 400) -> dict[str, object]:
    return {"status_code": status, "errors": [{"error": kind, "message": words}]}


NO_NUMBER: Answer = (400, _error("ValidationError", "phone_number Not enough digits"))
TEAM_ONLY: Answer = (400, _error("BadRequestError", "Can’t send to this recipient using a team-only API key"))
TOO_MANY: Answer = (429, _error("TooManyRequestsError", "Exceeded send limits (250000) for today", 429))
AWAY: Answer = (500, _error("Exception", "Internal server error", 500))


@contextmanager
def running_notify(notify: Notify) -> Iterator[int]:
    """The server on a free port of this machine, which comes back."""
    handler = type("Handler", (_Handler,), {"notify": notify})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
