"""Many clients on very slow lines, of four kinds, while pages are asked for: ``python -m bench.pages.slow_clients``."""

import json
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bench.environment import redis, settings
from bench.server import Server, serving

OF_EACH = 200
PAGES = 40
_POST = "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
KINDS = {
    "slow headers": "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "a small body": f"{_POST}Content-Length: 20\r\n\r\nab",
    "a large body": f"{_POST}Content-Length: 70000\r\n\r\nab",
    "in chunks": f"{_POST}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
}


@contextmanager
def slow_clients(url: str, kind: str, number: int) -> Iterator[list[socket.socket]]:
    """So many connections that have begun to send, and do not go on."""
    parts = urlsplit(url)
    held = [socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) for _ in range(number)]
    try:
        for one in held:
            one.sendall(KINDS[kind].encode())
        yield held
    finally:
        for one in held:
            one.close()


def slowest_page(url: str) -> float:
    """Milliseconds of the slowest of some pages, asked for one after the other."""
    taken = []
    for _ in range(PAGES):
        before = time.perf_counter()
        with urllib.request.urlopen(url, timeout=30) as answer:
            answer.read()
        taken.append((time.perf_counter() - before) * 1000)
    return max(taken)


def measure(web: Server) -> Iterator[tuple[str, float]]:
    """The slowest page without slow clients, with each kind of them, and with all kinds at once."""
    page = f"{web.url}/privacy"
    slowest_page(page)
    yield "nobody", slowest_page(page)
    for kind in KINDS:
        with slow_clients(web.url, kind, OF_EACH):
            time.sleep(1)
            yield kind, slowest_page(page)
    with ExitStack() as lines:
        for kind in KINDS:
            lines.enter_context(slow_clients(web.url, kind, OF_EACH))
        time.sleep(1)
        yield "all of them", slowest_page(page)


def main() -> None:
    """Print how long the slowest page took beside each kind of slow client, and what the largest process weighs."""
    with tempfile.TemporaryDirectory() as name, redis(Path(name)) as redis_url:
        folder = Path(name)
        environment = settings(folder, f"sqlite:///{folder}/empty.sqlite3", redis_url)
        with serving("wsgi:app", environment, folder / "web.log") as web:
            for kind, milliseconds in measure(web):
                print(json.dumps({"slow clients": kind, "slowest page": round(milliseconds, 1), "unit": "ms"}))
                sys.stdout.flush()
            print(json.dumps({"largest process": web.memory_of_largest_worker() // 2**20, "unit": "MiB"}))


if __name__ == "__main__":
    main()
