"""What was promised by the release before is done by this one, and after a step back again by the one before."""

from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from tests.builders.region import a_course, a_person, an_account
from tests.migrations.conftest import OwnDatabase
from tests.migrations.one_more import MIGRATIONS

MOMENT = "2026-11-28 09:00:00+00:00"
BEFORE, AFTER = "2026-11-28 08:00:00+00:00", "2026-11-28 10:00:00+00:00"


def step(database: OwnDatabase, way: str, to: str, folder: Path = MIGRATIONS) -> None:
    result = database.app.test_cli_runner().invoke(args=["db", way, "--directory", str(folder), to])
    assert result.exit_code == 0, result.output


def wanted(connection: Connection) -> list[tuple[str, str]]:
    query = "SELECT subject, state FROM background_task WHERE kind = 'count-items' ORDER BY subject"
    return [(row.subject, row.state) for row in connection.execute(text(query))]


def test_what_older_code_promised_while_it_still_served_is_wanted(own_database: OwnDatabase) -> None:
    step(own_database, "downgrade", "0008")
    promised = "INSERT INTO outbox_promise (job, subject, made_at, kept_at) VALUES ('count-items', :one, :at, :kept)"
    known = (
        "INSERT INTO background_task (kind, subject, wanted_at, state, claims, failures)"
        " VALUES ('count-items', :one, :at, 'done', 0, 0)"
    )
    with own_database.engine.begin() as connection:
        for subject, at, kept in (("new", MOMENT, None), ("kept", MOMENT, MOMENT), ("old", BEFORE, None)):
            connection.execute(text(promised), {"one": subject, "at": at, "kept": kept})
        connection.execute(text(promised), {"one": "again", "at": AFTER, "kept": None})
        for subject in ("old", "again"):
            connection.execute(text(known), {"one": subject, "at": MOMENT})
    step(own_database, "upgrade", "head")
    with own_database.engine.begin() as connection:
        assert wanted(connection) == [("again", "pending"), ("new", "pending"), ("old", "done")]


RUN = (
    "INSERT INTO certificate_run (id, kind, course_id, takes_imported, words, mail, wanted, left_out, last_id,"
    " started_by_account_id, started_at, state, handled_id, issued, failures)"
    " VALUES (:id, 'issue', :course, TRUE, '', 'none', 1, '{}', 1, :account, :at, :state, 0, 0, 0)"
)
ZIP = (
    "INSERT INTO certificate_archive (id, asked_by_account_id, asked_at, wanted, state, tries, done, missing,"
    " storage_key) VALUES (:id, :account, :at, 1, :state, 0, 0, 0, 'a.zip')"
)


def test_runs_and_zips_that_are_open_are_promised_again_after_a_step_back(own_database: OwnDatabase) -> None:
    with Session(own_database.engine) as session, session.begin():
        by = {"account": an_account(session, a_person(session)).id, "at": MOMENT}
        of = {"course": a_course(session).course_id, **by}
    with own_database.engine.begin() as connection:
        for row_id, state in enumerate(("running", "working", "failed", "parked", "paused", "done")):
            connection.execute(text(RUN), {"id": row_id, "state": state, **of})
        for row_id, state in enumerate(("pending", "making", "tried-again", "failed", "cancelled")):
            connection.execute(text(ZIP), {"id": row_id, "state": state, **by})
    step(own_database, "downgrade", "0008")
    with own_database.engine.begin() as connection:
        open_rows = connection.execute(text("SELECT job, subject FROM outbox_promise ORDER BY job, subject")).all()
        states = connection.execute(text("SELECT state FROM certificate_run ORDER BY id")).scalars().all()
        zips = connection.execute(text("SELECT state FROM certificate_archive ORDER BY id")).scalars().all()
    assert [tuple(row) for row in open_rows] == [
        *(("make-certificate-archives", one) for one in "012"),
        *(("work-off-certificate-runs", one) for one in "012"),
    ]
    assert states == ["running", "running", "running", "paused", "paused", "done"]
    assert zips == ["pending", "making", "pending", "failed", "cancelled"]
