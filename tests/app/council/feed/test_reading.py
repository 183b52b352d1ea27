"""A file that is read by a worker: how far it is, what stopped it, and leaving it out."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform import feeds
from app.platform.feeds import ChosenMapping, send_file, take_step
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.claims import ClaimLost, claim
from kernel.tasks.control import retry
from kernel.tasks.kinds import TaskState
from people.accounts import Account
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.reading.opening import lines_in, open_table
from people.feed.runs.deciding import decide
from people.feed.runs.record import APPLY_FEEDS, FEED_RUNS, Choice, FeedItem, FeedRun
from people.organisations import Organisation
from tests.app.council.feed.conftest import staff, work_off
from tests.builders.hr_files import HEADINGS
from tests.conftest import ListeningBell
from tests.reading import Browser


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is too long to be planned while somebody waits, and says often how far it is."""
    monkeypatch.setattr(feeds, "QUICK_BYTES", 0)
    monkeypatch.setattr(feeds, "NOTED_AFTER", 5)


def sent(app: Flask, session: Session, sefton: Organisation, kofi: Account, rows: list[str], end: str = "\n") -> int:
    session.commit()
    file = BytesIO(("\n".join((HEADINGS, *rows)) + end).encode())
    first = BytesIO("\n".join((HEADINGS, *staff(2), "")).encode())
    chosen = ChosenMapping(suggest_mapping(open_table(first)).mapping)
    with app.app_context():
        return send_file(file, name="staff.csv", organisation_id=sefton.id, chosen=chosen, by=kofi.id)


def run_of(session: Session, run_id: int) -> FeedRun:
    return session.get_one(FeedRun, run_id, populate_existing=True)


def page_of(run_id: int) -> str:
    return f"/council/sefton/feed/{run_id}"


def test_a_long_file_waits_for_a_worker_and_its_plan_follows_on_the_same_page(
    app: Flask, session: Session, sefton: Organisation, kofi: Account, bringer: Browser, bell: ListeningBell
) -> None:
    run_id = sent(app, session, sefton, kofi, staff(45))
    assert bell.rung == [APPLY_FEEDS]
    page = bringer.open(page_of(run_id))
    assert page.heading == "Reading the file"
    assert "The file waits to be read. Nothing has changed yet." in page.text
    assert bringer.client.get(f"{page_of(run_id)}/status").status_code == 202
    assert "Not read yet" in bringer.open("/council/sefton/feed").text
    work_off(app)
    assert bringer.client.get(f"{page_of(run_id)}/status").status_code == 200
    page = bringer.open(page_of(run_id))
    assert page.heading == "What this file would do"
    assert "Adds 5 people" in page.text
    assert "brought by Kofi Darko" in page.text


def test_the_page_says_which_row_is_being_read(
    app: Flask, session: Session, sefton: Organisation, kofi: Account, bringer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id, seen = sent(app, session, sefton, kofi, staff(12)), []
    really = feeds._note

    def look(*args: object, **options: object) -> None:
        really(*args, **options)  # type: ignore[arg-type]
        seen.append(bringer.client.get(f"{page_of(run_id)}/status").get_data(as_text=True))

    monkeypatch.setattr(feeds, "_note", look)
    work_off(app)
    assert [said.split("<strong>")[1].split("</strong>")[0] for said in seen] == [
        "Reading row 6 of 13.",
        "Reading row 11 of 13.",
        "All 13 rows are read. They are being compared with the record.",
    ]


def test_a_file_that_breaks_off_inside_says_why_and_is_left_out_by_hand(
    app: Flask, session: Session, sefton: Organisation, kofi: Account, bringer: Browser
) -> None:
    run_id = sent(app, session, sefton, kofi, [*staff(12), '00099,"Bo'])
    with pytest.raises(Exception, match="failed"):
        work_off(app)
    run = run_of(session, run_id)
    assert (run.state, run.is_to_plan, run.item_count) == (TaskState.PARKED, True, 0)
    page = bringer.open(page_of(run_id))
    assert page.heading == "This file could not be read"
    assert "In row 14 a quote begins and never closes" in page.text
    said = bringer.submit(f"{page_of(run_id)}/decide?choice=nothing", "Change nothing")
    assert "It was never read to its end" in said.text
    assert run_of(session, run_id).state is TaskState.CANCELLED
    again = bringer.open(f"{page_of(run_id)}/decide?choice=nothing").soup.get_text(" ")
    assert "Somebody has decided about this file already" in again


def test_nobody_can_apply_a_file_that_has_no_plan(
    app: Flask, session: Session, sefton: Organisation, kofi: Account, bringer: Browser
) -> None:
    run_id = sent(app, session, sefton, kofi, staff(3))
    assert "Somebody has decided" in bringer.open(f"{page_of(run_id)}/decide?choice=all").soup.get_text(" ")
    assert "Do all of it" not in bringer.open(page_of(run_id)).buttons


def test_a_plan_that_was_broken_off_is_made_once_more_and_not_twice(
    app: Flask, session: Session, sefton: Organisation, kofi: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = sent(app, session, sefton, kofi, staff(45))
    really = feeds.make_plan

    def killed(*_args: object, **_options: object) -> None:
        raise MemoryError

    monkeypatch.setattr(feeds, "make_plan", killed)
    with pytest.raises(Exception, match="failed"):
        work_off(app)
    monkeypatch.setattr(feeds, "make_plan", really)
    retry(session, FEED_RUNS, now=utc_now())
    session.commit()
    work_off(app)
    run = run_of(session, run_id)
    items = session.scalars(select(FeedItem).where(FeedItem.run_id == run_id)).all()
    assert (run.is_planned, run.item_count, len(items), run.failures) == (True, 5, 5, 0)


def test_a_worker_that_comes_too_late_keeps_nothing(
    app: Flask, session: Session, sefton: Organisation, kofi: Account
) -> None:
    run_id = sent(app, session, sefton, kofi, staff(45))
    with app.app_context():
        with unit_of_work() as work:
            claimed = claim(work.session, FEED_RUNS, only=[run_id], now=utc_now())
            assert claimed is not None
        with unit_of_work() as work:
            decide(work.session, run_id=run_id, choice=Choice.NOTHING, by=kofi.id, now=utc_now())
        with pytest.raises(ClaimLost):
            take_step(claimed)
    assert run_of(session, run_id).state is TaskState.CANCELLED
    assert session.scalars(select(FeedItem).where(FeedItem.run_id == run_id)).all() == []


def test_a_short_file_that_cannot_be_planned_leaves_nothing_behind(
    app: Flask, session: Session, sefton: Organisation, bringer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "QUICK_BYTES", 1_000_000)
    before = session.scalars(select(FeedRun.id)).all()
    with app.app_context():
        kept = {one.key for one in file_store().listing()}
    file = (BytesIO(f'{HEADINGS}\n00001,"Bo\n00002,Li,Adult Social Care,Carer\n'.encode()), "staff.csv")
    page = bringer.submit("/council/sefton/feed", "Read the file", file=file, mapping="new")
    assert page.status == 422
    assert session.scalars(select(FeedRun.id)).all() == before
    with app.app_context():
        assert {one.key for one in file_store().listing()} == kept


@pytest.mark.parametrize(
    ("data", "lines"), [(b"", 0), (b"a\n", 1), (b"a\nb", 2), ("a\nb\n".encode("utf-16-le"), 2), (b"PK\x03\x04\n\n", 0)]
)
def test_about_how_many_rows_a_file_has(data: bytes, lines: int) -> None:
    assert lines_in(BytesIO(data)) == lines
