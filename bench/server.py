"""The real server under load: granian with two workers, and wrk in front of it."""

import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench.environment import ROOT, free_port
from tools.installing import debian
from tools.paths import Paths
from tools.supervising.commands import web_command

WORKERS = 2
CONNECTIONS = 16


@dataclass(frozen=True)
class Server:
    """A server that answers at ``url``."""

    url: str
    process: subprocess.Popen[bytes]

    def memory_of_largest_worker(self) -> int:
        """Resident memory of the largest web worker, in bytes."""
        return max(_resident(child) for child in _children(self.process.pid))


@contextmanager
def serving(target: str, environment: Mapping[str, str], log: Path) -> Iterator[Server]:
    """granian as ``make run`` starts it, ready to answer."""
    port = free_port()
    command = web_command(Paths(ROOT), host="127.0.0.1", port=port, workers=WORKERS, application=target)
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=dict(environment), cwd=ROOT, stdout=output, stderr=output)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield Server(url, process)
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str) -> None:
    """Until the server at ``url`` answers. Exits when it does not within a minute."""
    for _ in range(600):  # a minute: on a machine that others use, starting takes a quarter of that
        try:
            urllib.request.urlopen(url + "/healthz")
        except urllib.error.HTTPError:
            return  # it answers, if only with a 404
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"No answer from {url}")


class Load(NamedTuple):
    """How many requests were answered, and how many that was in a second of the time that it really took."""

    answered: int
    a_second: float


def load(
    url: str,
    *,
    seconds: int,
    headers: Mapping[str, str] | None = None,
    script: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Load:
    """What ``url`` answers in so many seconds; exits when any answer is not what it should be.

    ``environment`` is what ``script`` reads beside this process's own.
    """
    if shutil.which("wrk") is None:
        debian.install(Paths(ROOT), {"wrk": "to measure with"})
    # SQLite lets one writer in at a time and is not fair about whose turn it is: wrk's two seconds are too few.
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    surroundings = {**os.environ, **(environment or {})}
    report = subprocess.run([*command, url], capture_output=True, text=True, check=True, env=surroundings).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        raise SystemExit(f"{url} gave errors under load:\n{report}")
    found = re.search(r"(\d+) requests in .*Requests/sec:\s+([\d.]+)", report, re.DOTALL)
    if found is None:
        raise SystemExit(f"wrk said nothing about {url}:\n{report}")
    return Load(int(found[1]), float(found[2]))


def milliseconds(url: str, cookie: str, *, times: int = 15) -> float:
    """The median time of one request at a time, in milliseconds, after a first one that is not counted."""
    return sorted([once(url, cookie)[0] for _ in range(times + 1)][1:])[times // 2]


def once(url: str, cookie: str) -> tuple[float, bytes]:
    """How many milliseconds one answer took, from the request to its last byte, and the answer."""
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Cookie": cookie})) as answer:
        body = answer.read()
    return (time.perf_counter() - started) * 1000, body


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed if "resource_tracker" not in _command(int(child))]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
