"""Run every measurement, on PostgreSQL and on SQLite, and print each figure as soon as it is known."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

from flask import Flask

from app import create_app
from app.platform.extensions import db
from app.platform.schema import bring_up_to_date
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from bench import certificate_cpu, certificates, downloads, server, sessions
from bench.environment import ROOT, postgresql, redis, settings, settle
from bench.server import Server, load, milliseconds, serving
from config import Settings
from courses.catalogue.shipped import publish_library
from kernel.clock import utc_now

SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))
BASELINE_SECONDS = max(1, SECONDS // 4)
LEARNERS = 300
LARGEST = "liverpool"


def say(name: str, value: float, unit: str, **context: object) -> None:
    """Print one figure."""
    context = {"cores": os.cpu_count(), "server": f"granian, {server.WORKERS} workers", **context}
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "context": context}), flush=True)


def publish_from_cold(app: Flask) -> tuple[float, int]:
    """Seconds to read, check and publish the whole library into new, empty tables; and how many courses that are.

    So long a new installation waits until every shipped course can be taken.
    """
    with app.app_context():
        bring_up_to_date(db.engine)
        before = perf_counter()
        with unit_of_work() as work:
            shipped = publish_library(work.session, store=file_store(), now=utc_now())
        return perf_counter() - before, sum(course.is_new for course in shipped)


def measure_pages(web: Server, bare: Server, app: Flask, folder: Path, database: str) -> None:
    """The pages that people wait for, and what the workers weigh afterwards."""
    path = folder / f"sessions-{database}.txt"
    sessions.write_for_load(sessions.learners_midway(app, LEARNERS), path)
    settle(app.config["SQLALCHEMY_DATABASE_URI"])
    os.environ["BENCH_SESSIONS"] = str(path)
    script = ROOT / "bench" / "people.lua"
    for name, url, is_post in (("module-page", sessions.PAGE, "no"), ("quiz-post", sessions.QUESTION, "yes")):
        os.environ["BENCH_POST"] = is_post
        load(web.url + url, seconds=1, script=script)
        # The baseline just before and just after: how much of the processors a shared machine gives, changes.
        before = load(bare.url + "/", seconds=BASELINE_SECONDS).a_second
        speed = load(web.url + url, seconds=SECONDS, script=script).a_second
        baseline = (before + load(bare.url + "/", seconds=BASELINE_SECONDS).a_second) / 2
        say(
            name,
            speed,
            "requests/s",
            database=database,
            learners=LEARNERS,
            bare_flask=round(baseline),
            share_of_bare=round(speed / baseline, 3),
        )
    cookie = sessions.sign_in_as(app, f"hr.{LARGEST}").cookie
    for name, address in (("dashboard", ""), ("completion-csv", "/completion.csv")):
        say(
            name,
            milliseconds(f"{web.url}/council/{LARGEST}{address}", cookie),
            "ms",
            database=database,
            authority=LARGEST,
        )
    say(
        "web-memory",
        web.memory_of_largest_worker() / 2**20,
        "MiB",
        database=database,
        when="largest worker, after the load",
    )


def measure_on(name: str, database_url: str, redis_url: str, folder: Path) -> None:
    """Everything, on one kind of database."""
    environment = settings(folder / name, database_url, redis_url)
    app = application(environment)
    seconds, courses = publish_from_cold(app)
    say("publish-library", seconds, "s", database=name, courses=courses)
    prepare(environment, folder)
    with (
        serving("wsgi:app", environment, folder / f"{name}.log") as web,
        serving("bench.bare:app", os.environ, folder / "bare.log") as bare,
    ):
        measure_pages(web, bare, app, folder, name)
    made = certificates.make(app, environment, folder / f"{name}-workers.log")
    say("certificates", made.per_second, "certificates/s", database=name, **made.context)
    with serving("wsgi:app", environment, folder / f"{name}.log") as web:
        for way, value in downloads.measure(app, web.url).items():
            say("certificate-download", value, "ms", database=name, which=way, files=downloads.HOW_MANY)


def prepare(environment: Mapping[str, str], folder: Path) -> None:
    """Tables, courses and the demo region."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "prepare"]
    command += ["--accounts-file", str(folder / "accounts.json")]
    subprocess.run(command, env=dict(environment), cwd=ROOT, check=True, stdout=sys.stderr)


def application(environment: Mapping[str, str]) -> Flask:
    """The application on these settings."""
    prefix = "COMMON_GROUND_"
    values = {
        name.removeprefix(prefix).lower(): value for name, value in environment.items() if name.startswith(prefix)
    }
    return create_app(Settings(**values))  # type: ignore[arg-type]


def main() -> None:
    """Measure, and clean up."""
    with tempfile.TemporaryDirectory(prefix="cg-bench-") as name:
        folder = Path(name)
        with redis(folder) as redis_url, postgresql() as postgresql_url:
            for design, look, way, spent in certificate_cpu.per_certificate():
                say("certificate-cpu", spent, "ms", design=design, look=look, way=way)
            if postgresql_url:
                measure_on("postgresql", postgresql_url, redis_url, folder)
            measure_on("sqlite", f"sqlite:///{folder / 'bench.db'}", redis_url, folder)


if __name__ == "__main__":
    main()
