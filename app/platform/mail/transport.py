"""How mail leaves: through a mail server, or into a folder where the demo's mail can be read. Or not at all."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from flask import Flask, current_app

from config import PLAIN_SMTP, Settings

# Seconds for each answer of the server.
PATIENCE = 20
_PORTS = {"smtps": 465, "smtp": 587, PLAIN_SMTP: 25}
_LONGEST_REASON = 200


class MailUnavailable(Exception):
    """No mail can leave at the moment, whoever it is for; the text says why, for an operator."""


class MailRefused(Exception):
    """One mail was not taken. ``is_permanent``: it will not be taken later either. The text holds no address."""

    def __init__(self, reason: str, *, is_permanent: bool) -> None:
        super().__init__(reason)
        self.is_permanent = is_permanent


class MailConnection(Protocol):
    """An open connection, over which mail leaves."""

    def send(self, mail: EmailMessage) -> None:
        """Hand over one mail. Raises ``MailRefused`` or ``MailUnavailable``."""
        ...


class MailTransport(Protocol):
    """The way by which mail leaves: a server, or a folder."""

    place: str

    def connection(self) -> AbstractContextManager[MailConnection]:
        """A connection for several mails in a row; nothing is asked of a server before the first."""
        ...

    def check(self) -> None:
        """See whether mail could leave now. Raises ``MailUnavailable``."""
        ...


class MailFolder:
    """Mails as files, one each under the name of its Message-ID; sent twice, it is still one file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = str(root)

    @contextmanager
    def connection(self) -> Iterator["MailFolder"]:
        """The folder itself."""
        yield self

    def send(self, mail: EmailMessage) -> None:
        """Write one mail beside its place, then rename it."""
        name = re.sub(r"[^\w.-]", "", str(mail["Message-ID"]).partition("@")[0])
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            part = self.root / f".{name}.part"
            part.write_bytes(mail.as_bytes())
            part.replace(self.root / f"{name}.eml")
        except OSError as problem:
            raise MailUnavailable(f"{self.root} cannot be written: {problem.strerror or problem}") from problem

    def check(self) -> None:
        """See whether the folder can be made."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise MailUnavailable(f"{self.root} cannot be made: {problem.strerror or problem}") from problem


class MailServer:
    """An SMTP server. ``smtps`` speaks TLS from the start, ``smtp`` insists on STARTTLS."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.mail_url or "")
        self.scheme, self.host = parts.scheme, parts.hostname or ""
        self.port = parts.port or _PORTS[parts.scheme]
        self.place = f"{self.host}:{self.port}"
        self.return_address = settings.bounces_address
        self._user, self._ca_file = settings.mail_user, settings.mail_ca_file
        self._password = settings.mail_password.get_secret_value() if settings.mail_password else ""
        # Left alone, smtplib asks the name server who we are, which can take many seconds.
        self._own_name = urlsplit(settings.public_url).hostname or "localhost"

    @contextmanager
    def connection(self) -> Iterator["ServerConnection"]:
        """One connection at a time, made when it is needed."""
        connection = ServerConnection(self)
        try:
            yield connection
        finally:
            connection.close()

    def check(self) -> None:
        """Connect, sign in where there is a user name, and leave."""
        with self.connection() as connection:
            connection.connect()

    def connect(self) -> smtplib.SMTP:
        """A connection that may be used. Raises ``MailUnavailable``."""
        server: smtplib.SMTP | None = None
        try:
            server = self._open()
            if self.scheme == "smtp":
                server.starttls(context=self._context())
                server.ehlo()
            if self._user:
                server.login(self._user, self._password)
        except (OSError, smtplib.SMTPException) as problem:
            if server is not None:
                server.close()
            raise MailUnavailable(f"{self.place}: {_in_words(problem)}") from problem
        return server

    def _open(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(
                self.host, self.port, local_hostname=self._own_name, timeout=PATIENCE, context=self._context()
            )
        return smtplib.SMTP(self.host, self.port, local_hostname=self._own_name, timeout=PATIENCE)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._ca_file)


class ServerConnection:
    """A connection to the server for several mails. It is opened again if the server closed it in the meantime."""

    def __init__(self, transport: MailServer) -> None:
        self._transport = transport
        self._server: smtplib.SMTP | None = None

    def connect(self) -> smtplib.SMTP:
        """The connection, made anew when there is none that answers."""
        if self._server is not None and not _answers(self._server):
            self.close()
        if self._server is None:
            self._server = self._transport.connect()
        return self._server

    def send(self, mail: EmailMessage) -> None:
        """Hand one mail to the server. Nobody knows of a mail whose answer never came: it counts as not taken."""
        server = self.connect()
        try:
            server.send_message(mail, from_addr=self._transport.return_address)
        except smtplib.SMTPRecipientsRefused as problem:
            code, answer = next(iter(problem.recipients.values()))
            raise _refusal(code, answer, mail) from problem
        except smtplib.SMTPDataError as problem:
            raise _refusal(problem.smtp_code, problem.smtp_error, mail) from problem
        except smtplib.SMTPNotSupportedError as problem:
            raise MailRefused("The mail server takes plain letters in addresses only", is_permanent=True) from problem
        except (OSError, smtplib.SMTPException) as problem:
            self.close()
            raise MailUnavailable(f"{self._transport.place}: {_without_address(_in_words(problem), mail)}") from problem

    def close(self) -> None:
        """Close the connection."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._server.close()
            self._server = None


def _answers(server: smtplib.SMTP) -> bool:
    try:
        return int(server.noop()[0]) == 250
    except (OSError, smtplib.SMTPException):
        return False


def _refusal(code: int, answer: bytes | str, mail: EmailMessage) -> Exception:
    words = _without_address(f"The mail server said: {code} {_plain(answer)}", mail)
    return MailUnavailable(words) if code == 421 else MailRefused(words, is_permanent=code >= 500)


def _without_address(words: str, mail: EmailMessage) -> str:
    """Reasons are read by people who need not know whom a mail is for."""
    for address in mail["To"].addresses:
        words = re.sub(re.escape(address.addr_spec), "the address", words, flags=re.IGNORECASE)
    return words[:_LONGEST_REASON]


def _in_words(problem: Exception) -> str:
    if isinstance(problem, smtplib.SMTPResponseException):
        return f"{problem.smtp_code} {_plain(problem.smtp_error)}"
    # smtplib says that a server which does not answer has hung up.
    if isinstance(problem, TimeoutError) or "timed out" in str(problem):
        return f"no answer within {PATIENCE} seconds"
    return _plain(str(problem) or repr(problem))


def _plain(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def make_mail_transport(settings: Settings) -> MailTransport | None:
    """Where ``COMMON_GROUND_MAIL_URL`` says that mail leaves; ``None`` when it says nothing."""
    if not settings.mail_url:
        return None
    if urlsplit(settings.mail_url).scheme in _PORTS:
        return MailServer(settings)
    return MailFolder(Path(settings.mail_url.removeprefix("file://")))


def find_mail_transport() -> MailTransport | None:
    """The application's mail transport, or ``None`` where no mail is sent."""
    found: MailTransport | None = current_app.extensions["common-ground-mail"]
    return found


def init_mail(app: Flask, settings: Settings) -> None:
    """Give the application its mail transport."""
    app.extensions["common-ground-mail"] = make_mail_transport(settings)
