"""All sheets of a round in one file: asked for, made in the queue, taken out by whoever asked, and deleted."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.ways_in.zipping import delete_old_zips, zip_sheets
from app.platform.storage import FolderStore
from kernel.audit import AuditEntry
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation
from people.ways_in.rounds import WayInBatch
from people.ways_in.zips import WayInZip
from tests.app.council.ways_in.conftest import FIRST, Halton
from tests.app.council.ways_in.steps import ask, sheet_of, work
from tests.builders.region import a_person, a_unit
from tests.reading import Browser


def test_all_sheets_of_a_round_come_in_one_zip_each_on_record(
    app: Flask, lead: Browser, manager: Browser, session: Session, halton: Halton, store: FolderStore
) -> None:
    a_person(session, halton.team, "Amina Okafor")
    a_person(session, halton.parks, "Of Parks")
    session.commit()
    ask(lead, 2)
    work(app)
    batch = sheet_of(session)
    page = lead.submit(FIRST, zip_button(lead))
    assert "A zip of 2 sheets is being made" in page.text
    lead.submit(FIRST, zip_button(lead))
    with app.app_context():
        zip_sheets()
    response = lead.client.get(lead.open(FIRST).links["Download the zip of 2 sheets"])
    assert int(response.headers["Content-Length"]) == len(response.get_data())
    with ZipFile(BytesIO(response.get_data())) as archive:
        names = archive.namelist()
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
    response.close()
    assert [name.rstrip("0123456789.pdf ") for name in names] == ["Adult Social Care Home Care", "Parks"]
    taken = session.scalars(select(AuditEntry).where(AuditEntry.action == "sign-in-cards-downloaded")).all()
    assert len(taken) == 2
    session.expire_all()
    assert all(one.taken_at is not None for one in session.scalars(select(WayInBatch)))
    (made,) = session.scalars(select(WayInZip)).all()
    assert b"%PDF" not in store.read(made.storage_key)
    assert manager.client.get(f"{FIRST}/zips/{made.id}/file").status_code == 404
    for address in (f"rounds/{batch.round_id + 1}/zip", f"zips/{made.id + 1}/stop"):
        assert lead.post(f"{FIRST}/{address}", token_of(lead)).status == 404


def zip_button(browser: Browser) -> str:
    return next(one for one in browser.open(FIRST).buttons if one.startswith("Make a zip of the 2 sheets of"))


def token_of(browser: Browser) -> dict[str, str]:
    return {"csrf_token": str(browser.open(FIRST).form("Sign out")[1].get("csrf_token", ""))}


def a_zip(app: Flask, browser: Browser, session: Session, halton: Halton) -> None:
    """Two sheets, and a zip of them that is asked for."""
    for unit in (halton.team, halton.parks):
        a_person(session, unit)
    session.commit()
    ask(browser, 2)
    work(app)
    browser.submit(FIRST, zip_button(browser))


def test_managers_put_their_own_sheets_into_a_zip_alone(
    app: Flask, lead: Browser, manager: Browser, session: Session, halton: Halton
) -> None:
    organisation = session.get_one(Organisation, halton.team.organisation_id)
    night = a_unit(session, organisation, "Night", parent=halton.team)
    for unit in (halton.team, night):
        a_person(session, unit)
    a_person(session, halton.parks)
    session.commit()
    ask(lead, 3)
    work(app)
    manager.submit(FIRST, zip_button(manager))
    with app.app_context():
        zip_sheets()
    response = manager.client.get(manager.open(FIRST).links["Download the zip of 2 sheets"])
    with ZipFile(BytesIO(response.get_data())) as archive:
        assert all(name.startswith("Adult Social Care Home Care") for name in archive.namelist())
    response.close()


def test_a_zip_is_stopped_and_leaves_nothing(
    app: Flask, lead: Browser, session: Session, halton: Halton, store: FolderStore
) -> None:
    a_zip(app, lead, session, halton)
    assert "The zip is not made." in lead.submit(FIRST, "Stop making the zip").text
    with app.app_context():
        zip_sheets()
    assert session.scalars(select(WayInZip.state)).all() == [TaskState.CANCELLED]
    assert not list(store.root.glob("sign-in-cards/zips/*"))


def test_a_zip_is_deleted_after_its_day(
    app: Flask, lead: Browser, session: Session, halton: Halton, store: FolderStore
) -> None:
    a_zip(app, lead, session, halton)
    with app.app_context():
        zip_sheets()
    session.expire_all()
    made = session.scalars(select(WayInZip)).one()
    made.ends_at = utc_now() - timedelta(minutes=1)
    session.commit()
    assert lead.client.get(f"{FIRST}/zips/{made.id}/file").status_code == 404
    with app.app_context():
        delete_old_zips()
    session.expire_all()
    assert not store.exists(made.storage_key)
    assert session.scalars(select(WayInZip.state)).all() == [TaskState.EXPIRED]
