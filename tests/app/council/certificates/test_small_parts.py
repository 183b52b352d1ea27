"""Certificates of a few people: the pages that name nobody, and note nothing, give no small number away."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.platform.storage import FolderStore
from people.organisations import Organisation, Unit
from tests.app.council.certificates.runs_for_tests import CERTIFICATES, ISSUE, an_admin, complete, start, work_off
from tests.app.council.certificates.zips_for_tests import NEW, ask, ready, work
from tests.builders.region import a_unit
from tests.reading import Browser

REISSUE = f"{CERTIFICATES}/reissue?course=test-course"


@pytest.fixture
def nights(session: Session, unit: Unit) -> Unit:
    return a_unit(session, session.get_one(Organisation, unit.organisation_id), "Night shift")


def test_a_zip_for_a_few_says_fewer_than_ten_from_its_preview_to_its_end(
    lead: Browser, session: Session, nights: Unit, store: FolderStore
) -> None:
    ready(session, store, nights, 2)
    url = f"{NEW}&unit={nights.id}"
    assert "Fewer than 10 certificates would be in it." in lead.open(url).text
    page = ask(lead, url)
    assert "Waiting It is being made." in page.text
    assert "Fewer than 10 certificates" in page.text
    work(lead)
    page = lead.open(page.url)
    assert "Fewer than 10 certificates are in it." in page.text
    assert not [words for words in ("2 certificates", "of 2", "kB") if words in page.text]


def test_a_larger_part_is_counted_in_whole_steps_and_an_authority_exactly(
    lead: Browser, session: Session, nights: Unit, store: FolderStore
) -> None:
    ready(session, store, nights, 12)
    assert "10 or more certificates would be in it" in lead.open(f"{NEW}&unit={nights.id}").text
    assert "12 certificates would be in it" in lead.open(NEW).text


def test_a_run_for_a_few_gives_no_number_away(lead: Browser, session: Session, nights: Unit) -> None:
    complete(session, nights, 2)
    page = start(lead, 2, f"{ISSUE}&unit={nights.id}")
    work_off(lead)
    page = lead.open(page.url)
    assert "Fewer than 10 certificates issued." in page.text
    assert not [words for words in ("2 of 2", "2 certificates", "2 files", "2 emails") if words in page.text]
    (row,) = lead.open(CERTIFICATES).table("Runs")
    assert row["Issued"] == "fewer than 10"


def test_issuing_anew_for_a_few_gives_no_number_away(session: Session, nights: Unit, app: Flask) -> None:
    admin = an_admin(session, app)
    complete(session, nights, 2)
    start(admin, 2, f"{ISSUE}&unit={nights.id}")
    work_off(admin)
    page = admin.open(f"{REISSUE}&unit={nights.id}")
    assert "Fewer than 10 certificates would be replaced." in page.text
    assert "2 certificates" not in page.text
    page = admin.submit(page.url, "Replace fewer than 10 certificates", reason="template-fault", mail="none")
    assert "Fewer than 10 certificates issued." in page.text
