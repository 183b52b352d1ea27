"""The host and port that `make run` was asked for, checked before anything slow begins."""

import errno
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from tools.console import Stop


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def reachable_host(self) -> str:
        """A name under which this machine reaches it, for a server that listens on every address."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - read, not bound

    @property
    def url(self) -> str:
        host = self.reachable_host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def wanted(environ: Mapping[str, str]) -> Address:
    """The address from PORT and HOST; raises `Stop` for a port that is no port."""
    text = environ.get("PORT", "8000")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Stop(f"PORT is {text!r} and must be a number from 1 to 65535: run, for instance, make run PORT=8001.")
    return Address(environ.get("HOST", "127.0.0.1"), int(text))


def check_is_free(address: Address) -> None:
    """Raises `Stop` when nothing can listen at the address, saying what to change."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
    except socket.gaierror:
        raise Stop(f"HOST is {address.host!r}, which is no address: leave it out to use 127.0.0.1.") from None
    except OSError as error:
        raise Stop(_explain(address, error)) from None


def _explain(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = address.port + 1 if address.port < 65535 else 8000
        return f"Port {address.port} is in use by another program: stop that, or run make run PORT={other}."
    if error.errno == errno.EACCES:
        return f"Only root may use port {address.port}: run make run PORT=8000, or another above 1023."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST is {address.host!r}, which is no address of this machine: leave it out to use 127.0.0.1."
    return f"Nothing can listen at {address.host} port {address.port}: {os.strerror(error.errno or 0)}."
