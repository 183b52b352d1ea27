"""A site of code that may be older than this: real web processes, and people who answer on it without a pause."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from shlex import quote
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from sqlalchemy import Engine, create_engine
from werkzeug.wrappers import Response

from config import Settings
from tests.builders.region import bundle_files
from tests.reading import Browser, Page
from tests.services.conftest import wait_until
from tests.services.processes import Process, environment_of
from tools.paths import HERE
from tools.supervising import readiness
from tools.supervising.commands import web_command
from tools.test_servers import free_port

PASSWORD = "heron-lantern-otter-41"
NAMES = {"siân": "Siân Nguyễn", "mohamed": "محمد", "fang": "王芳"}
PATIENCE = 60  # seconds that a person waits for a page
COURSE = "/courses/test-course"
QUESTION = f"{COURSE}/first-steps/2"
# One process does what somebody types one after the other.
TYPE = """
import json, sys
from wsgi import app
for words in json.loads(sys.argv[1]):
    done = app.test_cli_runner().invoke(args=words)
    if done.exit_code:
        sys.exit(f"{words}: {done.output} {done.exception!r}")
"""


class DistantBrowser(Browser):
    """A person with a browser, somewhere else: every page comes over the network."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def open(self, url: str, *, follow: bool = True) -> Page:  # noqa: ARG002 - the opener always follows
        return self._page(url, None)

    def post(self, url: str, values: dict[str, Any], *, follow: bool = True) -> Page:  # noqa: ARG002
        return self._page(url, urlencode(values, doseq=True).encode())

    def _page(self, url: str, body: bytes | None) -> Page:
        request = Request(self.address + url, body)  # noqa: S310 - the address is one of ours
        with self.opener.open(request, timeout=PATIENCE) as answer:
            content = Response(answer.read(), answer.status, answer.headers.items())
            return Page(content, urlsplit(answer.url).path)


@dataclass
class Learner(Thread):
    """Somebody who answers the same question again and again, and looks at other pages in between."""

    address: str
    username: str
    stop: Event
    given: int = 0
    problem: str | None = None

    def __post_init__(self) -> None:
        super().__init__(name=self.username)

    __hash__ = Thread.__hash__

    def reach_the_question(self) -> None:
        """Sign in and start the course."""
        self.browser = DistantBrowser(self.address)
        self.browser.submit("/sign-in", "Sign in", username=self.username, password=PASSWORD)
        self.browser.submit(COURSE, "Start this course")
        self.browser.submit(f"{COURSE}/first-steps/1", "Continue")

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self._answer()
                self.browser.open("/learning")
        except Exception as problem:
            self.problem = f"{self.username}: {problem!r}"

    def _answer(self) -> None:
        button = "Try another answer" if self.given else "Check my answer"
        page = self.browser.submit(QUESTION, button, answer="ab"[self.given % 2])
        assert "Saved at" in page.text, page.text
        self.given += 1


@dataclass
class People:
    """Everybody who answers."""

    learners: Sequence[Learner]

    @property
    def problems(self) -> list[str]:
        return [learner.problem for learner in self.learners if learner.problem]

    @property
    def given(self) -> int:
        return sum(learner.given for learner in self.learners)

    def go_on(self, answers: int = 5) -> None:
        """Wait until each has given that many more answers, or one has met a problem."""
        goals = {learner.username: learner.given + answers for learner in self.learners}
        wait_until(
            lambda: bool(self.problems) or all(one.given >= goals[one.username] for one in self.learners),
            f"{answers} more answers of each",
        )


@dataclass
class Served:
    """Web processes of the code in ``code``, on tables as that code made them."""

    settings: Settings
    folder: Path
    code: Path
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {**environment_of(self.settings), "COMMON_GROUND_PUBLIC_URL": self.address}

    def prepare(self) -> None:
        """Tables, a course and people, by that code’s own commands. Raises ``RuntimeError``."""
        course = self.folder / "course"
        for name, content in bundle_files().items():
            (course / name).parent.mkdir(parents=True, exist_ok=True)
            (course / name).write_bytes(content)
        words = [["db", "upgrade"], ["course", "publish", str(course)], ["people", "add-authority", "sefton", "Sefton"]]
        for number, (username, name) in enumerate(NAMES.items()):
            words.append(
                [
                    *("people", "add-account", username, "--name", name, "--authority", "sefton", "--unit", "Parks"),
                    *("--payroll", str(number), "--password", PASSWORD),
                ]
            )
        done = subprocess.run(
            [sys.executable, "-c", TYPE, json.dumps(words)],
            cwd=self.code,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """A web process, as ``make run`` starts it."""
        command = web_command(HERE, host="127.0.0.1", port=self.port, workers=1)
        with (self.folder / "web.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=self.code, env=self.environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: readiness.missing("127.0.0.1", self.port) is not None, "an answer from the web server")
            yield
        finally:
            process.terminate()
            process.wait(20)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The database, for a test that looks into it."""
        engine = create_engine(self.settings.database_url)
        try:
            yield engine
        finally:
            engine.dispose()

    @contextmanager
    def people_answering(self) -> Iterator[People]:
        """Three people who answer until the end of the block."""
        stop = Event()
        people = People([Learner(self.address, username, stop) for username in NAMES])
        for learner in people.learners:
            # One by one: Flask-Limiter answers 500 where two requests find out at once that there is no Redis.
            learner.reach_the_question()
        for learner in people.learners:
            learner.start()
        try:
            people.go_on()
            yield people
        finally:
            stop.set()
            for learner in people.learners:
                learner.join(PATIENCE)

    def migrate(self, migrations: Path) -> tuple[int | None, str]:
        """``flask db upgrade`` of this version of the code: its exit code, and the last line of what it said."""
        log = self.folder / "migrate.log"
        command = f"db upgrade --directory {quote(str(migrations))}"
        process = Process(command, self.environment, log, is_fresh=False)
        return process.running.wait(120), log.read_text(encoding="utf-8").strip().rpartition("\n")[2]

    def migrate_in_the_end(self, migrations: Path, *, tries: int = 10) -> None:
        """``migrate``, again when people keep the tables busy, as docs/running.md says."""
        for _ in range(tries):
            code, said = self.migrate(migrations)
            if code == 0:
                return
            assert "Run the command again" in said, said
        raise AssertionError(f"Not in {tries} tries: {said}")
