"""Mail goes through a real SMTP server: with TLS, with a password, refused, cut off and slow."""

import ssl
import subprocess
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from app.platform.mail import transport as mail_module
from app.platform.mail.transport import MailFolder, MailRefused, MailServer, MailUnavailable, make_mail_transport
from tests.builders.mail_server import Inbox, running_server
from tests.conftest import settings_for


def a_mail_server(port: int, scheme: str = "smtp-plain", **changes: object) -> MailServer:
    settings = settings_for(
        "sqlite:///none",
        Path("files"),
        mail_url=f"{scheme}://127.0.0.1:{port}",
        mail_from="Common Ground <learning@example.org>",
        **changes,
    )
    transport = make_mail_transport(settings)
    assert isinstance(transport, MailServer)
    return transport


def a_mail(to: str = "sian@halton.example", number: int = 1) -> EmailMessage:
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"], mail["To"], mail["Subject"] = "learning@example.org", to, "Words"
    mail["Message-ID"] = f"<certificate-ready-{number}-1@learn.example.org>"
    mail.set_content("Hello")
    return mail


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.crt", folder / "cert.private"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def test_several_mails_leave_over_one_connection() -> None:
    inbox = Inbox()
    with running_server(inbox) as port, a_mail_server(port).connection() as connection:
        connection.send(a_mail(number=1))
        connection.send(a_mail("other@halton.example", number=2))
    assert inbox.recipients == ["sian@halton.example", "other@halton.example"]
    assert inbox.mails[0]["Subject"] == "Words"


def test_a_server_that_offers_no_encryption_gets_no_mail() -> None:
    inbox = Inbox()
    with running_server(inbox) as port, pytest.raises(MailUnavailable, match="STARTTLS"):
        a_mail_server(port, "smtp").check()
    assert inbox.mails == []


def test_mail_and_password_travel_encrypted(certificate: tuple[Path, Path]) -> None:
    inbox = Inbox()
    given: list[bytes] = []

    def look(server, session, envelope, mechanism, data) -> AuthResult:  # type: ignore[no-untyped-def]
        given.append(data.password)
        return AuthResult(success=data.password == b"right", handled=False)

    options = {"tls_context": tls(certificate), "require_starttls": True, "authenticator": look}
    user = {"mail_user": "common-ground", "mail_ca_file": str(certificate[0])}
    with running_server(inbox, **options) as port:
        with a_mail_server(port, "smtp", mail_password="right", **user).connection() as connection:
            connection.send(a_mail())
        with pytest.raises(MailUnavailable, match="535"):
            a_mail_server(port, "smtp", mail_password="wrong", **user).check()
    assert (len(inbox.mails), given[0], set(given[1:])) == (1, b"right", {b"wrong"})


def test_a_server_whose_certificate_nobody_vouches_for_is_not_trusted(certificate: tuple[Path, Path]) -> None:
    with (
        running_server(Inbox(), tls_context=tls(certificate)) as port,
        pytest.raises(MailUnavailable, match="certificate"),
    ):
        a_mail_server(port, "smtp").check()


@pytest.mark.parametrize(
    ("answer", "is_permanent"),
    [("550 5.1.1 <SIAN@halton.example>: no such user", True), ("451 4.7.1 try later", False)],
)
def test_a_refused_address_is_named_in_no_reason(answer: str, is_permanent: bool) -> None:
    inbox = Inbox()
    inbox.answer = lambda _: answer
    with running_server(inbox) as port, a_mail_server(port).connection() as connection:
        with pytest.raises(MailRefused) as refusal:
            connection.send(a_mail())
        inbox.answer = lambda _: None
        connection.send(a_mail(number=2))  # the line is still good for others
    assert refusal.value.is_permanent is is_permanent
    assert "sian@halton" not in str(refusal.value).lower()
    assert answer[:9] in str(refusal.value)
    assert len(inbox.mails) == 1


def test_a_server_that_is_closing_is_away_for_everybody() -> None:
    inbox = Inbox()
    inbox.answer = lambda _: "421 closing down"
    with (
        running_server(inbox) as port,
        a_mail_server(port).connection() as connection,
        pytest.raises(MailUnavailable, match="421"),
    ):
        connection.send(a_mail())


def test_nobody_listens_there() -> None:
    with running_server(Inbox()) as port:
        pass
    with pytest.raises(MailUnavailable, match="refused"):
        a_mail_server(port).check()


def test_a_server_that_dawdles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = Inbox()
    inbox.pause = 0.6
    monkeypatch.setattr(mail_module, "PATIENCE", 0.2)
    with (
        running_server(inbox) as port,
        a_mail_server(port).connection() as connection,
        pytest.raises(MailUnavailable, match="no answer"),
    ):
        connection.send(a_mail())


def test_a_server_that_hung_up_between_two_mails_is_called_again() -> None:
    inbox = Inbox()
    with running_server(inbox) as port, a_mail_server(port).connection() as connection:
        connection.send(a_mail(number=1))
        connection.connect().close()
        connection.send(a_mail(number=2))
    assert len(inbox.mails) == 2


def test_letters_that_the_server_does_not_know_are_refused_in_words() -> None:
    inbox = Inbox()
    address = "siân@halton.example"
    with (
        running_server(inbox, enable_SMTPUTF8=False) as port,
        a_mail_server(port).connection() as connection,
        pytest.raises(MailRefused, match="plain letters") as refusal,
    ):
        connection.send(a_mail(address))
    assert refusal.value.is_permanent
    with running_server(inbox, enable_SMTPUTF8=True) as port, a_mail_server(port).connection() as connection:
        connection.send(a_mail(address))
    assert inbox.recipients == [address]


def test_a_folder_keeps_one_file_for_each_mail_however_often_it_is_sent(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail")
    folder.check()
    with folder.connection() as connection:
        for number in (1, 2, 2):
            connection.send(a_mail(number=number))
    assert sorted(path.name for path in folder.root.iterdir()) == [
        "certificate-ready-1-1.eml",
        "certificate-ready-2-1.eml",
    ]


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MailUnavailable, match="cannot be"):
        MailFolder(tmp_path / "file" / "mail").check()
    with pytest.raises(MailUnavailable, match="cannot be"):
        MailFolder(tmp_path / "file" / "mail").send(a_mail())
