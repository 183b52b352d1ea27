"""What the person at the keyboard reads: a line for each step, a sentence when something is missing."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn


class Stop(Exception):
    """Ends the command with exit status 1; the message is one sentence that says what to do."""


def say(text: str = "") -> None:
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show that something slow is under way, and how long it took."""
    print(f"{title} … ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say()
        raise
    say(f"{time.monotonic() - began:.0f} s")


def run_quietly(
    command: Sequence[str | Path],
    *,
    log: Path,
    otherwise: str,
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    attempts: int = 1,
    cause: Callable[[bytes], str] | None = None,
) -> None:
    """Run a command with its output in a log file; `attempts` is for what may fail once on a poor network.

    Raises `Stop` with the sentence `otherwise`, and where the log is, when the command fails. `cause` reads the log and
    ends the sentence.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        for _ in range(attempts):
            if _succeeds([str(part) for part in command], output, cwd, environ):
                return
    why = f", {cause(log.read_bytes())}" if cause else ""
    raise Stop(f"{otherwise}{why} (what happened is in {log.relative_to(cwd)}).")


def _succeeds(command: list[str], output: BinaryIO, cwd: Path, environ: Mapping[str, str] | None) -> bool:
    try:
        finished = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(os.environ if environ is None else environ),
            check=False,
        )
    except FileNotFoundError as error:
        output.write(f"{error}\n".encode())
        return False
    return finished.returncode == 0


def finish(main: Callable[[], int]) -> NoReturn:
    """Run a command to its end: a sentence and exit status 1 in place of a traceback."""
    try:
        sys.exit(main())
    except Stop as reason:
        print(reason, file=sys.stderr)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sentence = _about_the_disk(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
    sys.exit(1)


def _about_the_disk(error: OSError) -> str | None:
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return (
            f"Common Ground cannot write to {error.filename}: put it in a folder that belongs to you, "
            "on a disk that can be written to, and run the same command there."
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: free about 1 GB and run the same command again."
    return None
