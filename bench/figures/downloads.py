"""How long the rows of a list take to download, over HTTP: ``python -m bench.figures.downloads``.

One authority with 22,000 people (``BENCH_PEOPLE`` changes that) who are asked for a course by a day, on PostgreSQL, or
on SQLite with ``BENCH_DATABASE=sqlite``, and the server of the real site with one worker. For each file: how soon its
first byte came, how long the whole took, for how long of it the web process was at work, and by how much the most that
it ever held in memory grew. Beside
them, in a process of its own and without the server, the way of before: all rows in memory, as a list, then as a text.
"""

import json
import multiprocessing
import os
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from flask import Flask

from app import create_app
from app.platform.extensions import db
from app.platform.schema import bring_up_to_date
from app.platform.work import long_reading, unit_of_work
from assignments.plans import find_plan
from bench.asked.region import employ, lay_out
from bench.environment import postgresql, redis, settings, settle
from bench.server import serving
from bench.sessions import SignedIn, sign_in
from config import Settings
from courses.catalogue.versions import get_course
from kernel.clock import local_day, utc_now
from kernel.spreadsheets import csv_lines
from people.accounts import create_account
from people.persons import Person
from people.roles import Role, grant
from people.row_downloads.right import RowDownloadRight
from reports.listing.people_rows import HEADER, payroll_numbers
from reports.listing.people_states import ids_of_people, people_with_states
from reports.listing.wanted import ListOfPeople, Wanted

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "22000"))
ROUNDS, PORTION = 3, 2000
COURSE = "bench-0"
ADDRESS = f"/council/a0/people/rows?course={COURSE}"


def main() -> None:
    """Fill a database once, and print each figure as soon as it is known."""
    with tempfile.TemporaryDirectory() as name, redis(Path(name)) as redis_url, _database(Path(name)) as url:
        environment = settings(Path(name), url, redis_url)
        os.environ.update(environment)
        app = create_app(Settings())
        with app.app_context():
            organisation_id, lead = _fill(app)
            settle(url)
            db.engine.dispose()
        _say_before(organisation_id)
        with serving("wsgi:app", environment, Path(name) / "web.log") as server:
            for kind in ("csv", "xlsx"):
                _say_after(server.url, lead, kind, server.process.pid)


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    if os.environ.get("BENCH_DATABASE") != "sqlite":
        with postgresql("downloads") as url:
            if url is not None:
                yield url
                return
    yield f"sqlite:///{folder / 'downloads.db'}"


def _fill(app: Flask) -> tuple[int, SignedIn]:
    """The authority, and somebody who leads HR there and may download rows."""
    bring_up_to_date(db.engine)
    now = utc_now()
    with unit_of_work() as work:
        organisation_id = lay_out(work.session)[0]
        for _ in employ(work.session, organisation_id, PEOPLE):
            pass
        person = Person(chosen_name="Siân Lead", created_at=now)
        work.session.add(person)
        work.session.flush()
        account = create_account(work.session, person_id=person.id, username="lead", password_hash="none")  # noqa: S106
        grant(work.session, account_id=account.id, role=Role.HR_LEAD, organisation_id=organisation_id, now=now)
        right = RowDownloadRight(account_id=account.id, organisation_id=organisation_id, reason="Bench", given_at=now)
        right.ends_on = local_day(now) + timedelta(days=30)
        work.session.add(right)
        account_id = account.id
    return organisation_id, sign_in(app, account_id)


def _say_after(url: str, lead: SignedIn, kind: str, server_pid: int) -> None:
    sent = {"csrf_token": lead.csrf_token, "reason": "For the bench", "file": kind}
    asked = urllib.request.Request(url + ADDRESS, urllib.parse.urlencode(sent).encode(), {"Cookie": lead.cookie})
    worker = max(_children(server_pid), key=_peak_kib)
    urllib.request.urlopen(f"{url}/sign-in").read()
    before, busy = _peak_kib(worker), _busy_ms(worker)
    firsts, wholes, size = [], [], 0
    for _ in range(ROUNDS):
        began = perf_counter()
        with urllib.request.urlopen(asked) as answer:
            size = len(answer.read(1))
            firsts.append(1000 * (perf_counter() - began))
            while piece := answer.read(1 << 16):
                size += len(piece)
        wholes.append(1000 * (perf_counter() - began))
    busy = (_busy_ms(worker) - busy) / ROUNDS
    more = {"own_processor": round(busy), "people": PEOPLE, "least": round(min(wholes), 1), "bytes": size}
    _say(f"{kind}-first-byte", median(firsts), "ms", least=round(min(firsts), 1))
    _say(f"{kind}-whole", median(wholes), "ms", **more)
    _say(f"{kind}-memory-grown", (_peak_kib(worker) - before) / 1024, "MiB", peak=round(_peak_kib(worker) / 1024))


def _say_before(organisation_id: int) -> None:
    """The way of before, in a process of its own, so that its memory is told apart."""
    spawned = multiprocessing.get_context("spawn")
    found = spawned.Queue()
    process = spawned.Process(target=_made_whole, args=(organisation_id, found))
    process.start()
    whole, busy, grown = found.get()
    process.join()
    _say("csv-made-whole", whole, "ms", own_processor=round(busy), people=PEOPLE)
    _say("csv-made-whole-memory-grown", grown, "MiB")


def _made_whole(organisation_id: int, told: Any) -> None:
    with create_app(Settings()).app_context(), long_reading() as session:
        on = local_day(utc_now())
        course_id = get_course(session, slug=COURSE).id
        plan = find_plan(session, organisation_id=organisation_id, course_id=course_id, on=on)
        of = ListOfPeople(organisation_id, (), course_id, plan, on)
        people_with_states(session, of, ids_of_people(session, of, Wanted())[:50])
        before, busy, times = _peak_kib(os.getpid()), process_time(), []
        for _ in range(ROUNDS):
            began = perf_counter()
            rows: list[Any] = [HEADER]
            ids = ids_of_people(session, of, Wanted())
            for start in range(0, len(ids), PORTION):
                some = ids[start : start + PORTION]
                numbers = payroll_numbers(session, of, some)
                for one in people_with_states(session, of, some):
                    row = (one.name, numbers.get(one.person_id, ""), one.unit_path, one.state.value, one.due_on)
                    rows.append((*row, "yes" if one.is_late else "", one.finished_on, "Siân Lead", "2026-11-30 12:00"))
            "".join(csv_lines(rows)).encode()
            times.append(1000 * (perf_counter() - began))
        busy = 1000 * (process_time() - busy) / ROUNDS
    told.put((median(times), busy, (_peak_kib(os.getpid()) - before) / 1024))


def _children(pid: int) -> Iterator[int]:
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        yield int(child)


def _peak_kib(pid: int) -> int:
    """The most memory that a process ever had in hand, as the kernel counts it."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _busy_ms(pid: int) -> float:
    """For how long a process was at work so far, in milliseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _say(name: str, value: float, unit: str, **context: float) -> None:
    print(json.dumps({"name": f"rows-{name}", "value": round(value, 1), "unit": unit, **context}), flush=True)


if __name__ == "__main__":
    main()
