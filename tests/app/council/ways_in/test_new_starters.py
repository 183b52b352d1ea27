"""New starters: their cards wait for the team without anybody asking, and the authority can switch that off."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.jobs.ways_in.making import make_ways_in
from app.platform.storage import FolderStore
from app.platform.work import unit_of_work
from kernel.clock import local_day, utc_now
from kernel.tasks.kinds import TaskState
from messages.choices import next_morning
from messages.ledger import ComposedMessage, DropReason, Message
from messages.new_cards import NEW_CARDS, compose_new_cards, note_new_cards
from people.jobs.changes import ChangeOrigin
from people.jobs.employment import Employment
from people.jobs.values import Terms
from people.jobs.writing import NewJob, Source, add_jobs
from people.organisations import Unit
from people.ways_in.choices import WayInChoice
from people.ways_in.rounds import MAKE_WAYS_IN, WayInBatch
from tests.app.council.ways_in.conftest import FIRST, Halton
from tests.app.council.ways_in.test_cards import sheet_of, words_on
from tests.builders.region import a_person, change_job
from tests.conftest import ListeningBell
from tests.reading import Browser

NEW = "1 new card for Adult Social Care / Home Care"


def joins(session: Session, unit: Unit, name: str = "Amina Okafor") -> None:
    """Somebody comes into the record now."""
    person = a_person(session, name=name)
    number = f"NEW{person.id}"
    job = NewJob(person.id, unit.organisation_id, number, local_day(utc_now()), Terms(unit.id))
    add_jobs(session, [job], source=Source(ChangeOrigin.HAND), now=utc_now())
    session.commit()


def keep_house(app: Flask) -> None:
    with app.app_context():
        run_housekeeping()
        make_ways_in()


def test_cards_of_new_starters_wait_until_somebody_takes_them_out(
    app: Flask,
    lead: Browser,
    manager: Browser,
    session: Session,
    halton: Halton,
    bell: ListeningBell,
    tmp_path: Path,
) -> None:
    joins(session, halton.team)
    keep_house(app)
    assert MAKE_WAYS_IN in bell.rung
    assert "New starters get theirs without anybody asking." in lead.open(FIRST).text
    for browser in (lead, manager):
        assert NEW in browser.open(FIRST).links
    page = manager.open(manager.open(FIRST).links[NEW])
    assert "For new starters of" in page.text
    assert "Amina Okafor" in words_on(manager, sheet_of(session), tmp_path)
    for browser in (lead, manager):
        assert NEW not in browser.open(FIRST).links
    keep_house(app)
    session.expire_all()
    assert len(session.scalars(select(WayInBatch)).all()) == 1


def test_a_sheet_that_nobody_needs_any_more_leaves_no_file(
    app: Flask, session: Session, halton: Halton, store: FolderStore
) -> None:
    joins(session, halton.team)
    keep_house(app)
    batch = sheet_of(session)
    assert store.exists(batch.storage_key)
    joins(session, halton.team, "Beth")
    with app.app_context():
        run_housekeeping()
    assert sheet_of(session).state is TaskState.PENDING
    for job in session.scalars(select(Employment).where(Employment.payroll_number.like("NEW%"))):
        change_job(session, job, local_day(utc_now()), now=utc_now(), held=False)
    session.commit()
    with app.app_context():
        make_ways_in()
    assert sheet_of(session).state is TaskState.CANCELLED
    assert not store.exists(batch.storage_key)


def test_the_switch_stands_beside_the_choice(lead: Browser, session: Session, halton: Halton) -> None:
    url = f"{FIRST}/choice"
    assert lead.open(url).form("Keep this choice")[1]["for_starters"] == ["y"]
    target, values = lead.open(url).form("Keep this choice")
    del values["for_starters"]
    page = lead.post(target, values)
    assert "New starters get nothing until somebody asks." in page.text
    session.expire_all()
    choice = session.get_one(WayInChoice, halton.team.organisation_id)
    assert choice.starters_since is None
    choice.held_back, choice.held_back_at = 612, utc_now()
    session.commit()
    assert "612 people joined" not in lead.open(FIRST).text


def told(app: Flask, session: Session) -> list[ComposedMessage]:
    """What HR leads are written next morning, in one mail each."""
    session.expire_all()
    messages = session.scalars(select(Message).where(Message.kind == NEW_CARDS).order_by(Message.id)).all()
    people = sorted({one.person_id for one in messages})
    theirs = [[one for one in messages if one.person_id == person] for person in people]
    return [compose_new_cards(session, some, now=utc_now()) for some in theirs]


def test_hr_leads_are_told_once_and_see_it_where_they_land_until_the_cards_are_out(
    app: Flask, lead: Browser, manager: Browser, session: Session, halton: Halton, tmp_path: Path
) -> None:
    assert "wait" not in "".join(lead.open("/council/halton").links)
    joins(session, halton.team)
    joins(session, halton.parks, "Bo Li")
    keep_house(app)
    for _ in range(2):
        with app.app_context(), unit_of_work() as work:
            note_new_cards(work.session, now=utc_now())
    (mail,) = told(app, session)
    assert mail.content is not None
    assert mail.content.items == ("Halton Borough Council: 2 new cards wait, on 2 sheets",)
    message = session.scalars(select(Message).where(Message.kind == NEW_CARDS)).one()
    assert (message.is_in_digest, message.due_at) == (True, next_morning(message.noted_at))
    page = lead.open("/council/halton")
    assert "2 new sign-in cards wait to be printed, on 2 sheets." in page.text
    assert "1 new sign-in card waits to be printed" in manager.open("/council/halton").text
    first = lead.open(page.links["See the new cards"])
    for name in [one for one in first.links if "new card for" in one]:
        sheet = lead.open(first.links[name])
        lead.client.get(sheet.links["Download the sheet (PDF)"])
    assert "to be printed" not in lead.open("/council/halton").text
    (mail,) = told(app, session)
    assert (mail.content, list(mail.dropped.values())) == (None, [DropReason.NOT_TRUE_ANY_MORE])
