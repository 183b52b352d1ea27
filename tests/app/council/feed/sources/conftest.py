"""Sefton with a kept mapping, an admin, and a server where its HR system leaves files."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.jobs.housekeeping import run_housekeeping
from app.jobs.imports.feeds import apply_feeds
from app.jobs.imports.sources import fetch_feeds
from app.platform.hr_sources import fetching
from app.platform.hr_sources.reading import Patience
from kernel.clock import utc_now
from people.accounts import Account
from people.feed.mapping.stored import keep_mapping
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.reading.opening import open_table
from people.feed.runs.record import FeedRun
from people.feed.sources.record import FeedFetch, FeedSource
from people.organisations import Organisation
from people.roles import Role
from tests.app.council.feed.conftest import staff
from tests.builders.hr_files import HEADINGS
from tests.builders.region import a_person, an_account
from tests.builders.sftp_server import PASSWORD, USER, Server, sftp_server
from tests.reading import Browser, Page

SOURCES = "/council/sefton/feed/sources"


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", Patience(connect=5, answer=5, whole=20))


@pytest.fixture
def drop(tmp_path: Path) -> Iterator[Server]:
    with sftp_server(tmp_path) as server:
        yield server


@pytest.fixture
def mapped(session: Session, sefton: Organisation, kofi: Account) -> Organisation:
    """Sefton, whose mapping is kept."""
    mapping = suggest_mapping(open_table(BytesIO(a_list(2)))).mapping
    keep_mapping(session, organisation_id=sefton.id, name="Staff", mapping=mapping, by=kofi.id, now=utc_now())
    session.commit()
    return sefton


@pytest.fixture
def admin(app: Flask, session: Session, mapped: Organisation) -> Browser:
    account = an_account(session, a_person(session, name="Ada Admin"), Role.ADMIN)
    session.commit()
    return Browser(app).enter_as(account)


def a_list(count: int) -> bytes:
    """A file with so many people of Sefton."""
    return "\n".join((HEADINGS, *staff(count), "")).encode()


def answers(drop: Server, **changes: object) -> dict[str, object]:
    """What an admin says of that server."""
    known = {
        "name": "iTrent",
        "host": "127.0.0.1",
        "port": str(drop.port),
        "username": USER,
        "secret": PASSWORD,
        "folder": "/",
        "pattern": "staff*.csv",
        "everybody": "no",
        "after": "waits",
        "weekdays": [str(day) for day in range(7)],
        "at": "00:00",
    }
    return {**known, **changes}


def set_up(admin: Browser, drop: Server, **changes: object) -> Page:
    return admin.submit(f"{SOURCES}/new/sftp", "Keep this source", **answers(drop, **changes))


def confirmed(app: Flask, admin: Browser, drop: Server, **changes: object) -> Page:
    """A source whose server’s key an admin has confirmed."""
    page = set_up(admin, drop, **changes)
    fetch(app)
    return admin.submit(page.url, "Yes, this is the key of our server")


def fetch(app: Flask) -> None:
    """What a worker does with looks at sources."""
    with app.app_context():
        fetch_feeds()


def plan(app: Flask) -> None:
    """What a worker does with files."""
    with app.app_context():
        apply_feeds()


def keep_house(app: Flask) -> None:
    """What the scheduler asks for every minute."""
    with app.app_context():
        run_housekeeping()


def the_source(session: Session) -> FeedSource:
    return session.scalars(select(FeedSource).execution_options(populate_existing=True)).one()


def looks(session: Session) -> list[FeedFetch]:
    return list(session.scalars(select(FeedFetch).order_by(FeedFetch.id).execution_options(populate_existing=True)))


def files(session: Session) -> list[FeedRun]:
    """The runs that came from a source."""
    wanted = select(FeedRun).where(FeedRun.source_id.is_not(None)).order_by(FeedRun.id)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def half_a_minute_later(session: Session) -> None:
    """A file that was seen has had time to stand still."""
    session.execute(update(FeedFetch).values(next_at=utc_now() - timedelta(seconds=1)))
    session.commit()


def due(session: Session, *, ago: timedelta = timedelta(minutes=1)) -> datetime:
    """The next look falls due so long ago, by the schedule of every source."""
    moment = utc_now() - ago
    local = moment.astimezone()
    session.execute(
        update(FeedSource).values(
            weekdays=127, at_minute=local.hour * 60 + local.minute, scheduled_from=moment - timedelta(minutes=1)
        )
    )
    session.commit()
    return moment
