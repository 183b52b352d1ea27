"""Steps that tests of sign-in cards share: asking, working, and reading a sheet."""

import re
import shutil
import subprocess
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.ways_in.making import begin_rounds, make_ways_in
from people.ways_in.rounds import WayInBatch
from tests.app.council.ways_in.conftest import FIRST
from tests.reading import Browser, Page

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
CAPTION = "Sheets of cards and invitations, the newest first"
PASSWORD = "kettle anchor falcon"


def work(app: Flask) -> None:
    with app.app_context():
        begin_rounds()
        make_ways_in()


def begin(app: Flask) -> None:
    with app.app_context():
        begin_rounds()


def ask(browser: Browser, number: int) -> Page:
    return browser.submit(f"{FIRST}/new", f"Make {number} card{'s' if number != 1 else ''}")


def sheet_of(session: Session) -> WayInBatch:
    session.expire_all()
    return session.scalars(select(WayInBatch).order_by(WayInBatch.id.desc())).first()  # type: ignore[return-value]


def words_on(browser: Browser, batch: WayInBatch, folder: Path) -> str:
    response = browser.client.get(f"{FIRST}/sheets/{batch.id}/file")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    path = folder / "sheet.pdf"
    path.write_bytes(response.get_data())
    return subprocess.run([PDFTOTEXT, "-layout", path, "-"], capture_output=True, check=True).stdout.decode()


def code_on(words: str) -> str:
    found = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", words)
    assert found is not None
    return found[0]
