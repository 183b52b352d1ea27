"""How far one answer travels: calls, changes of file and statements. ``python -m bench.walk`` prints a table.

A learner answers, gives the last answer of a course, has a certificate made and downloads it, on SQLite, after another
learner has done the same: what is read once for each process is not counted. ``--in FOLDER`` walks through another
build in that folder, with this file and that build's own packages. So this file leans on little: the factory, the
commands, the addresses, the job, and ``bench.environment`` and ``bench.sessions`` of the build that it walks through.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, text

HERE = Path(__file__).resolve()
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
COURSE = "/courses/a-walk"


@dataclass
class Trace:
    """What happened while one thing was done: calls of the product's own functions, in order, and statements."""

    root: str
    calls: list[tuple[str, str]] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    def note_call(self, frame: FrameType, kind: str, _argument: object) -> None:
        """What ``sys.setprofile`` calls. Comprehensions and lambdas count as part of the function around them."""
        name = frame.f_code.co_filename
        if kind != "call" or frame.f_code.co_name.startswith("<") or not name.startswith(self.root):
            return
        if "site-packages" in name or "/bench/" in name:
            return
        self.calls.append((name.removeprefix(self.root), frame.f_code.co_name))

    def note_statement(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        """What SQLAlchemy calls before each statement."""
        self.statements.append(statement)

    @property
    def stretches(self) -> list[str]:
        """The calls, with those that follow one another in one file on one line."""
        return [
            f"{file}: {', '.join(function for _, function in calls)}"
            for file, calls in groupby(self.calls, key=lambda call: call[0])
        ]

    @property
    def figures(self) -> dict[str, int]:
        """What is printed: statements without those that only begin, mark or end a transaction, and these."""
        bookkeeping = sum(statement.startswith(BOOKKEEPING) for statement in self.statements)
        return {
            "calls": len(self.calls),
            "changes of file": len(self.stretches),
            "files": len({file for file, _ in self.calls}),
            "statements": len(self.statements) - bookkeeping,
            "bookkeeping": bookkeeping,
        }


@contextmanager
def traced(root: Path) -> Iterator[Trace]:
    """Note every call and statement of the block."""
    trace = Trace(f"{root}/")
    event.listen(Engine, "before_cursor_execute", trace.note_statement)
    sys.setprofile(trace.note_call)
    try:
        yield trace
    finally:
        sys.setprofile(None)
        event.remove(Engine, "before_cursor_execute", trace.note_statement)


class Learner:
    """Somebody with a browser, and what each thing that they did has cost."""

    def __init__(self, app: Flask, root: Path, username: str) -> None:
        sessions = import_module("bench.sessions")
        with app.app_context(), app.extensions["sqlalchemy"].engine.connect() as connection:
            found = connection.execute(text("SELECT id FROM account WHERE username = :name"), {"name": username})
            signed_in = sessions.sign_in(app, found.scalar_one())
        self.app, self.root, self.token = app, root, signed_in.csrf_token
        self.browser = app.test_client(use_cookies=False)
        self.headers = {"Cookie": signed_in.cookie}
        self.traces: dict[str, Trace] = {}

    def send(self, address: str, **values: str | list[str]) -> str:
        """Post a form, and say where the answer leads."""
        answer = self.browser.post(address, data={"csrf_token": self.token, **values}, headers=self.headers)
        if answer.status_code != 302:
            raise SystemExit(f"{address} answered {answer.status}")
        return str(answer.location)

    def trace(self, what: str, act: Callable[[], object]) -> None:
        """Do something and keep what it cost."""
        with traced(self.root) as trace:
            act()
        self.traces[what] = trace

    def walk(self) -> None:
        """From the first screen to the certificate in the hand."""
        first, second = f"{COURSE}/first-steps/2/answers/WK-M1-Q1", f"{COURSE}/second-steps/1/answers/WK-M2-Q1"
        self.send(f"{COURSE}/begin")
        self.send(f"{COURSE}/first-steps/1")
        self.trace("an answer", lambda: self.send(first, try_number="1", answer="a"))
        self.send(f"{COURSE}/first-steps/2")
        self.trace("the last answer", lambda: self.send(second, try_number="1", answer=["a", "b"]))
        with self.app.app_context():
            self.trace("making a certificate", import_module("app.jobs.certificates").render_waiting)
        page = self.browser.get("/certificates", headers=self.headers).text
        found = re.search(r'href="(/certificates/[^"/]+/file)"', page)
        if found is None:
            raise SystemExit("The certificate was not made")
        self.trace("a download", lambda: self._download(found[1]))

    def _download(self, address: str) -> None:
        answer = self.browser.get(address, headers=self.headers)
        if not answer.data.startswith(b"%PDF"):
            raise SystemExit(f"{address} answered {answer.status}")


def _environment() -> Any:
    """What ``bench.environment`` is to this build; builds before it say ``bench.places``."""
    return import_module("bench.environment" if find_spec("bench.environment") else "bench.places")


def application(folder: Path, redis_url: str) -> Flask:
    """An application with one authority, two learners and the course, in a folder of its own."""
    environment = _environment().settings(folder, f"sqlite:///{folder / 'walk.db'}", redis_url)
    app: Flask = import_module("bench.__main__").application(environment)
    run = app.test_cli_runner()
    job = ["--authority", "halton", "--unit", "Adult Social Care", "--password", "a long enough password 7"]
    for command in (
        ["db", "upgrade"],
        ["people", "add-authority", "halton", "Halton Borough Council"],
        *(["people", "add-account", who, "--name", who.title(), "--payroll", who, *job] for who in ("amina", "sian")),
        ["course", "publish", str(HERE.parent / "walk_course")],
    ):
        done = run.invoke(args=command)
        if done.exit_code:
            raise SystemExit(f"{' '.join(command)}: {done.output}")
    return app


def walk() -> dict[str, Trace]:
    """What each part of the walk costs, once everything is warm."""
    root = Path.cwd()
    with (
        tempfile.TemporaryDirectory(prefix="cg-walk-") as name,
        _environment().redis(Path(name)) as url,
    ):
        app = application(Path(name), url)
        Learner(app, root, "amina").walk()
        measured = Learner(app, root, "sian")
        measured.walk()
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()
    return measured.traces


def table(rows: dict[str, dict[str, int]]) -> str:
    """The figures in columns."""
    heads = list(next(iter(rows.values())))
    lines = [f"{'':22}" + "".join(f"{head:>17}" for head in heads)]
    lines += [f"{what:22}" + "".join(f"{row[head]:>17,}" for head in heads) for what, row in rows.items()]
    return "\n".join(lines)


def main() -> None:
    """Walk, here or in another build, and print what it cost."""
    wants = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wants.add_argument("--in", dest="folder", type=Path, help="Another build, with a .venv of its own")
    wants.add_argument("--json", action="store_true", help="Figures for a program to read")
    wants.add_argument("--steps", action="store_true", help="Print every call and every statement, too")
    wanted = wants.parse_args()
    if wanted.folder is not None:
        folder = wanted.folder.resolve()
        again = f"import runpy; runpy.run_path({str(HERE)!r}, run_name='__main__')"
        asked = [name for name in ("--json", "--steps") if getattr(wanted, name[2:])]
        command = [folder / ".venv" / "bin" / "python", "-c", again, *asked]
        sys.exit(subprocess.run(command, cwd=folder, check=False).returncode)
    traces = walk()
    rows = {what: trace.figures for what, trace in traces.items()}
    print(json.dumps(rows) if wanted.json else table(rows))
    if wanted.steps:
        for what, trace in traces.items():
            statements = (" ".join(statement.split())[:150] for statement in trace.statements)
            print(f"\n{what}", *trace.stretches, *statements, sep="\n  ")


if __name__ == "__main__":
    main()
