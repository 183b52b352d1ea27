"""Two builds of the product against each other: answers saved in a second, old and new taking turns in one run.

``python -m bench.versus --old FOLDER`` (a build with a .venv of its own). Each build has a server and a database of its
own, made by its own commands and its own ``bench.sessions``. They take turns of a few seconds, and the order changes
with each round, so that a machine that others use is as fast for one as for the other. Every turn begins with the same
people, who stand before their first try at a question. What counts is the rows that are in the database afterwards.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from bench import cpu, sessions
from bench.environment import ROOT, postgresql, redis, settings, settle
from bench.server import CONNECTIONS, WORKERS, load

# What runs in the folder of a build, with that build's packages: prepare, serve, and stop when nobody listens any more.
SERVE = """
import os, sys
from pathlib import Path
from bench import sessions
from bench.__main__ import application, prepare
from bench.server import serving
folder, people = Path(sys.argv[1]), int(sys.argv[2])
prepare(os.environ, folder)
sessions.write_for_load(sessions.learners_midway(application(dict(os.environ)), people), folder / "sessions.txt")
with serving("wsgi:app", os.environ, folder / "web.log") as web:
    print(web.url, flush=True)
    sys.stdin.read()
"""
_OF_THE_LOAD = """attempt_id IN (SELECT attempt.id FROM attempt JOIN account ON account.person_id = attempt.person_id
    WHERE account.username LIKE 'bench-%')"""
COUNT = text(f"SELECT count(*) FROM answer WHERE question_id = :question AND {_OF_THE_LOAD}")  # noqa: S608
BACK_TO_THE_FIRST_TRY = (
    text(f"DELETE FROM answer WHERE question_id = :question AND {_OF_THE_LOAD}"),  # noqa: S608
    text(
        "UPDATE module_progress SET screens_done = 1, completed_at = NULL "  # noqa: S608
        f"WHERE module_id = :module AND {_OF_THE_LOAD}"
    ),
)


@dataclass
class Turns:
    """One build while it is measured: answers a second, and milliseconds of processor time for each answer."""

    url: str
    leader: int
    engine: Engine
    folder: Path
    answers_a_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def take(self, seconds: int) -> None:
        """One turn. Exits when an answer that was acknowledged is not in the database."""
        names = {"question": sessions.QUESTION.rpartition("/")[2], "module": sessions.QUESTION_MODULE}
        with self.engine.begin() as connection:
            for statement in BACK_TO_THE_FIRST_TRY:
                connection.execute(statement, names)
        settle(self.engine.url.render_as_string(hide_password=False))
        backends = self._backends()
        before = cpu.of_sessions([self.leader]) + cpu.of_processes(backends)
        acknowledged = load(
            self.url + sessions.QUESTION,
            seconds=seconds,
            script=ROOT / "bench" / "people.lua",
            environment={"BENCH_SESSIONS": str(self.folder / "sessions.txt"), "BENCH_POST": "yes"},
        ).answered
        spent = cpu.of_sessions([self.leader]) + cpu.of_processes(backends) - before
        with self.engine.connect() as connection:
            saved = connection.execute(COUNT, names).scalar_one()
        if not 0 <= saved - acknowledged <= acknowledged * 0.02 + 2 * CONNECTIONS:
            raise SystemExit(f"{saved} answers are stored of {acknowledged} that were acknowledged")
        self.answers_a_second.append(saved / seconds)
        self.cpu_ms.append(spent / saved * 1000)

    def _backends(self) -> Sequence[int]:
        """The processes of a PostgreSQL server on this machine that work for this build's server."""
        if self.engine.dialect.name != "postgresql":
            return ()
        with self.engine.connect() as connection:
            found = connection.scalars(
                text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            )
            return found.all()


@contextmanager
def build(source: Path, folder: Path, environment: Mapping[str, str], people: int) -> Iterator[Turns]:
    """A build's server on a database that it made itself."""
    folder.mkdir()
    command = [str(source / ".venv" / "bin" / "python"), "-c", SERVE, str(folder), str(people)]
    process = subprocess.Popen(
        command,
        cwd=source,
        env=dict(environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # so that its processor time can be told from everybody else's
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    engine = create_engine(environment["COMMON_GROUND_DATABASE_URL"])
    try:
        if not url:
            raise SystemExit(f"{source} does not start")
        yield Turns(url, process.pid, engine, folder)
    finally:
        engine.dispose()
        process.stdin.close()
        process.wait()


def compare(database: str, old: Path, *, rounds: int, seconds: int, people: int) -> None:
    """Both builds on one kind of database, and what came of it, as JSON."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cg-versus-")))
        redis_url = stack.enter_context(redis(folder))
        both = []
        for name, source in (("old", old), ("new", ROOT)):
            url = f"sqlite:///{folder / name / 'bench.db'}"
            if database == "postgresql":
                url = stack.enter_context(postgresql(name)) or sys.exit("This measurement needs PostgreSQL")
            environment = settings(folder / name, url, redis_url)
            both.append(stack.enter_context(build(source, folder / name, environment, people)))
        for one in both:
            one.take(seconds)  # the first turn warms up the server
            one.answers_a_second.clear()
            one.cpu_ms.clear()
        for round_number in range(rounds):
            for one in both if round_number % 2 else reversed(both):
                one.take(seconds)
            print(*(f"{one.answers_a_second[-1]:.0f}" for one in both), file=sys.stderr)
        print(json.dumps(_figures(database, *both, people=people, seconds=seconds)), flush=True)


def _figures(database: str, old: Turns, new: Turns, **context: int) -> dict[str, object]:
    ratios = [after / before for before, after in zip(old.answers_a_second, new.answers_a_second, strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4)
    median = statistics.median
    return {
        "name": "answers-saved",
        "database": database,
        "new_over_old": round(median(ratios), 2),
        "half_of_the_rounds_between": [round(low, 2), round(high, 2)],
        "all_between": [round(min(ratios), 2), round(max(ratios), 2)],
        "answers_a_second": {"old": round(median(old.answers_a_second)), "new": round(median(new.answers_a_second))},
        "cpu_ms_per_answer": {"old": round(median(old.cpu_ms), 2), "new": round(median(new.cpu_ms), 2)},
        "rounds": len(ratios),
        "server": f"granian, {WORKERS} workers",
        **context,
    }


def main() -> None:
    """Compare on PostgreSQL and on SQLite."""
    wants = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wants.add_argument("--old", type=Path, required=True, help="The folder of the other build")
    wants.add_argument("--rounds", type=int, default=15, help="Each build has one turn in each")
    wants.add_argument("--seconds", type=int, default=4, help="How long one turn lasts")
    # More than are answered in a turn: where one waits for long, their next try overtakes it and it counts as older.
    wants.add_argument("--people", type=int, default=3000, help="How many learners answer, each at most once a turn")
    wants.add_argument("--database", choices=("postgresql", "sqlite"), help="Only this one")
    wanted = wants.parse_args()
    for database in (wanted.database,) if wanted.database else ("postgresql", "sqlite"):
        compare(database, wanted.old.resolve(), rounds=wanted.rounds, seconds=wanted.seconds, people=wanted.people)


if __name__ == "__main__":
    main()
