"""Where mail that comes back is found: a folder (Maildir) on this machine, or a mailbox by IMAP."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from urllib.parse import unquote, urlsplit

from app.platform.current_settings import current_settings
from config import Settings

PATIENCE = 20
# A report with the whole mail in it may be large; what matters stands in front.
MOST_BYTES = 200_000
_PORTS = {"imaps": 993, "imap": 143}


class BoxUnavailable(Exception):
    """The folder or mailbox cannot be read now; the text says why, for an operator."""


class MailFolderBox:
    """A Maildir: new mail in ``new``, seen mail in ``cur``."""

    def __init__(self, root: Path) -> None:
        self.place = str(root)
        self._root = root

    @contextmanager
    def open(self) -> Iterator["MailFolderBox"]:
        """The folder itself."""
        if not all((self._root / part).is_dir() for part in ("new", "cur", "tmp")):
            raise BoxUnavailable(f"{self._root} is no Maildir: it needs the folders new, cur and tmp")
        try:
            yield self
        except OSError as problem:
            raise BoxUnavailable(f"{self._root} cannot be read: {problem.strerror or problem}") from problem

    def unread(self) -> Iterator[tuple[str, bytes | None]]:
        """What stands in ``new``, in the order of names; ``None`` for a file that cannot be read."""
        for name in sorted(path.name for path in (self._root / "new").iterdir()):
            with suppress(FileNotFoundError):  # somebody else has taken it meanwhile
                yield name, self._content(self._root / "new" / name)

    def _content(self, path: Path) -> bytes | None:
        try:
            # A pipe would let its reader wait for ever.
            if not S_ISREG(path.stat().st_mode):
                return None
            with path.open("rb") as file:
                return file.read(MOST_BYTES) or None
        except FileNotFoundError:
            raise
        except OSError:
            return None

    def mark(self, key: str) -> None:
        """Move a mail to ``cur``."""
        with suppress(FileNotFoundError):
            (self._root / "new" / key).rename(self._root / "cur" / f"{key.partition(':')[0]}:2,S")


class ImapBox:
    """A folder of a mailbox by IMAP: ``imaps`` speaks TLS from the start, ``imap`` insists on STARTTLS."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.bounces_url or "")
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._password = settings.bounces_password.get_secret_value() if settings.bounces_password else ""
        self._ca_file = settings.mail_ca_file
        self.place = f"{self._host}:{self._port}/{self._folder}"

    @contextmanager
    def open(self) -> Iterator["OpenImapBox"]:
        """A connection that is signed in and stands in the folder."""
        context = ssl.create_default_context(cafile=self._ca_file)
        try:
            with closing_line(self._connect(context)) as server:
                if self._scheme == "imap":
                    server.starttls(context)
                server.login(self._user, self._password)
                answer, said = server.select(f'"{self._folder}"')
                if answer != "OK":
                    raise BoxUnavailable(f"{self.place}: {said!r}")
                yield OpenImapBox(server)
        except (OSError, imaplib.IMAP4.error) as problem:
            raise BoxUnavailable(f"{self.place}: {problem}") from problem

    def _connect(self, context: ssl.SSLContext) -> imaplib.IMAP4:
        if self._scheme == "imaps":
            return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=context, timeout=PATIENCE)
        return imaplib.IMAP4(self._host, self._port, timeout=PATIENCE)


@contextmanager
def closing_line(server: imaplib.IMAP4) -> Iterator[imaplib.IMAP4]:
    """The server, and a line that is closed afterwards: the library leaves one open that broke in the middle."""
    try:
        with server:
            yield server
    finally:
        with suppress(OSError):
            server.shutdown()


class OpenImapBox:
    """The unseen mails of a folder. What is read is marked as seen, and nothing is removed."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def unread(self) -> Iterator[tuple[str, bytes | None]]:
        """The oldest first; ``None`` for a mail that the server does not hand out."""
        _, found = self._server.uid("SEARCH", "UNSEEN")
        for key in (found[0] or b"").decode().split():
            yield key, self._content(key)

    def _content(self, key: str) -> bytes | None:
        try:
            _, parts = self._server.uid("FETCH", key, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
        except imaplib.IMAP4.abort:  # the line is gone, for the others too
            raise
        except imaplib.IMAP4.error:
            return None
        data = next((part[1] for part in parts if isinstance(part, tuple)), None)
        # A server says so too that it cannot read the file of a mail.
        return data if isinstance(data, bytes) and data else None

    def mark(self, key: str) -> None:
        """Set the flag that a mail was seen."""
        self._server.uid("STORE", key, "+FLAGS", "(\\Seen)")


def find_bounce_box() -> MailFolderBox | ImapBox | None:
    """Where mail that came back is found; ``None`` where nobody said."""
    return make_bounce_box(current_settings())


def make_bounce_box(settings: Settings) -> MailFolderBox | ImapBox | None:
    """The box that ``COMMON_GROUND_BOUNCES_URL`` names."""
    if not settings.bounces_url:
        return None
    if urlsplit(settings.bounces_url).scheme in _PORTS:
        return ImapBox(settings)
    return MailFolderBox(Path(settings.bounces_url.removeprefix("maildir://")))
