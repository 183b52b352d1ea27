"""Our commands as processes of their own: typed afresh, or forked from a process that has imported everything."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from flask.cli import main

from config import Settings

ROOT = Path(__file__).resolve().parents[2]
STOP_WITHIN = 60.0  # seconds; a very busy machine takes its time to end a process too
# Importing takes longer than everything else that a command does before it works, and is the same for each of them.
NURSERY = get_context("forkserver")
NURSERY.set_forkserver_preload(["tests.services.preloaded"])


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment of a process with these settings."""
    values = {**dict(settings), "secret_key": settings.secret_key.get_secret_value()}
    own = {f"COMMON_GROUND_{name.upper()}": str(value) for name, value in values.items() if value is not None}
    return {**os.environ, **own}


class Running(Protocol):
    """A process that has been started."""

    pid: int

    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int | None: ...
    def terminate(self) -> None: ...


class Forked:
    """A command that runs in a fork; it differs from a fresh one in that its modules are there already."""

    def __init__(self, command: str, environment: Mapping[str, str], log: Path) -> None:
        log.touch()
        self._process = NURSERY.Process(target=run, args=(command, dict(environment), str(log)))
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Its exit code. Raises ``TimeoutExpired``, as a process of ``subprocess`` does."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()


def run(command: str, environment: dict[str, str], log: str) -> None:
    """What a fork does: become a session of its own, and then what ``flask --app wsgi COMMAND`` is."""
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    sys.argv = ["flask", "--app", "wsgi", *shlex.split(command)]
    main()


def fresh(command: str, environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """The command as somebody types it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *shlex.split(command)],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


class Process:
    """One of our commands, in a session of its own, so that it can be killed with all that it forked."""

    def __init__(self, command: str, environment: Mapping[str, str], log: Path, *, is_fresh: bool) -> None:
        self.log = log
        self.running: Running = (fresh if is_fresh else Forked)(command, environment, log)

    @property
    def is_alive(self) -> bool:
        return self.running.poll() is None

    def kill(self) -> None:
        """As the kernel does when memory runs out: nobody is asked, nothing is tidied up."""
        for process in _session_members(self.running.pid):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.running.wait()

    def stop(self) -> None:
        """Ask it to stop, as a supervisor does; whoever stays is killed."""
        self.running.terminate()
        try:
            self.running.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()


def _session_members(leader: int) -> list[int]:
    """A work horse leaves its parent's process group but not its session."""
    found = [leader]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            found.append(int(entry.parent.name))
    return found
