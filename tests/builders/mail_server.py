"""A real SMTP server for tests, which can refuse, hang up and dawdle; and people who are owed messages."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = str | None


class Inbox:
    """What the server took. ``answer`` says what it answers to a mail; ``None`` takes it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer: Callable[[str], Answer] = lambda _: None
        self.pause = 0.0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = self.answer(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        time.sleep(self.pause)
        self.recipients += envelope.rcpt_tos
        found = message_from_bytes(envelope.content or b"", policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        return "250 Taken"


class OnAnyPort(Controller):
    """Lets the system choose a port; aiosmtpd would then look for itself on port 0."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running_server(inbox: Inbox, **options: object) -> Iterator[int]:
    """The server on a free port of this machine, which comes back."""
    controller = OnAnyPort(inbox, hostname="127.0.0.1", port=0, **options)  # type: ignore[arg-type]
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    """The page that a mail holds."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())
