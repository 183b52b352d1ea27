"""How long it takes to let in 22,000 people with sign-in cards, on both databases: ``python -m bench.people.cards``.

Asking for all of them is one request. Of the sheets, ``BENCH_SHEETS`` are made, by one worker without a queue.
"""

import json
import os
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import create_app
from app.jobs.ways_in.making import make_batch
from app.platform.extensions import db
from app.platform.schema import bring_up_to_date
from app.platform.work import unit_of_work
from bench.environment import postgresql, settings, settle
from config import Settings
from kernel.clock import utc_now
from kernel.database import table_of
from kernel.tasks.claims import claim
from people.accounts import create_account
from people.jobs.changes import ChangeOrigin
from people.jobs.terms import EmploymentKind
from people.jobs.values import Terms
from people.jobs.writing import NewJob, Source, add_jobs
from people.organisations import Organisation, Unit, UnitKind
from people.persons import Person
from people.roles import Role, grant
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, choose_way
from people.ways_in.needs import Reach, counts_of
from people.ways_in.rounds import WAYS_IN
from people.ways_in.starting import start_round

PEOPLE, TEAMS = int(os.environ.get("BENCH_PEOPLE", "22000")), 400
SHEETS = int(os.environ.get("BENCH_SHEETS", "10"))


def main() -> None:
    """Fill each database once, and print each figure."""
    with tempfile.TemporaryDirectory() as folder:
        measure("sqlite", Path(folder), f"sqlite:///{Path(folder) / 'cards.db'}")
        with postgresql("cards") as url:
            if url is not None:
                measure("postgresql", Path(folder), url)


def measure(database: str, folder: Path, url: str) -> None:
    """One database: counting who needs a way in, asking for all, and drawing some of the sheets."""
    os.environ.update(settings(folder, url, "redis://127.0.0.1:1/0"))
    app = create_app(Settings())
    with app.app_context():
        bring_up_to_date(db.engine)
        with unit_of_work() as work:
            reach, lead_id = _fill(work.session)
        settle(url)
        began = perf_counter()
        with unit_of_work() as work:
            counts_of(work.session, reach, now=utc_now())
        _say(f"ways-in-counted-{database}", (perf_counter() - began) * 1000, "ms", people=PEOPLE)
        began = perf_counter()
        with unit_of_work() as work:
            start_round(work.session, reach, way=FirstWay.CARD, by=lead_id, now=utc_now())
        _say(f"cards-asked-for-{database}", perf_counter() - began, "s", people=PEOPLE, teams=TEAMS)
        _draw(app, database)
        db.engine.dispose()


def _draw(app: Flask, database: str) -> None:
    began, cpu, made = perf_counter(), process_time(), 0
    for _ in range(SHEETS):
        with unit_of_work() as work:
            claimed = claim(work.session, WAYS_IN, now=utc_now())
        if claimed is None:
            break
        made += claimed.rows[0].wanted
        make_batch(claimed)
    seconds = perf_counter() - began
    ms = (process_time() - cpu) * 1000 / made
    _say(f"cards-made-{database}", made / seconds, "cards/s", made=made, sheets=SHEETS, cpu_ms=round(ms, 1))
    app.logger.info("%s cards made", made)


def _fill(session: Session) -> tuple[Reach, int]:
    now = utc_now()
    organisation = Organisation(slug="halton", name="Halton Borough Council")
    session.add(organisation)
    session.flush()
    names = [f"Team {place}" for place in range(TEAMS)]
    shared = {"organisation_id": organisation.id, "kind": UnitKind.DIRECTORATE}
    session.execute(insert(table_of(Unit)), [{**shared, "name": name, "path": name} for name in names])
    units = session.scalars(select(Unit.id).order_by(Unit.id)).all()
    rows = [{"chosen_name": f"Ọláyínká Nguyễn {place}", "created_at": now} for place in range(PEOPLE + 1)]
    session.execute(insert(table_of(Person)), rows)
    people = session.scalars(select(Person.id).order_by(Person.id)).all()
    jobs = [
        NewJob(
            person_id=one,
            organisation_id=organisation.id,
            payroll_number=f"{one:06}",
            starts_on=date(2020, 4, 1),
            terms=Terms(unit_id=units[one % TEAMS], job_title="Officer", kind=EmploymentKind.EMPLOYEE, is_main=True),
        )
        for one in people
    ]
    add_jobs(session, jobs, source=Source(ChangeOrigin.DEMO), now=now)
    lead = create_account(session, person_id=people[-1], username="lead", password_hash="none")  # noqa: S106
    grant(session, account_id=lead.id, role=Role.HR_LEAD, now=now, organisation_id=organisation.id)
    choice = ChosenWay(FirstWay.CARD, UsernameStyle.PAYROLL_NUMBER, "hal")
    choose_way(session, organisation_id=organisation.id, choice=choice, by=lead.id, now=now)
    return Reach(organisation.id), lead.id


def _say(name: str, value: float, unit: str, **context: object) -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "context": context}), flush=True)


if __name__ == "__main__":
    main()
