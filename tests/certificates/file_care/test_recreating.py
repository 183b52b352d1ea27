"""A lost file is made again only when every byte is as it was."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.platform.storage import FolderStore
from certificates.document.documents import CertificateDocument, certificate_document
from certificates.drawing.build_info import Drawn, differences, drawn_in, made_with
from certificates.file_care.lost_files import (
    CertificateLostFile,
    Loss,
    ask_to_recreate,
    files_of,
    files_to_recreate,
    find_loss,
    losses_of,
    note_losses,
)
from certificates.file_care.recreating import mark_recreated, mark_refused, recreate, refusal_of, wanted_file
from certificates.making.rendering import CERTIFICATE_FILES, Made, facts_of, mark_ready, storage_key
from certificates.record.issuing import Certificate
from kernel.audit import entries_for
from kernel.files import StoredFile
from tests.builders.region import NOON
from tests.builders.tasks import in_hand

ADDRESS = "https://learn.example.org"


def drawn(document: CertificateDocument, *, drawn: Drawn = Drawn.FILLED_IN) -> bytes:
    return b"%PDF " + drawn.encode() + document.html.encode()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """An empty folder."""
    return FolderStore(tmp_path)


@pytest.fixture
def lost(session: Session, issued: Certificate, store: FolderStore) -> CertificateLostFile:
    """A certificate that was made, whose file is gone, and somebody asked for it."""
    data = drawn(certificate_document(facts_of(session, issued, lambda number: f"{ADDRESS}/verify/{number}")))
    file = StoredFile(storage_key(issued.number), hashlib.sha256(data).hexdigest(), len(data))
    claimed, made = in_hand(session, CERTIFICATE_FILES, issued.id), made_with(ADDRESS, Drawn.FILLED_IN)
    mark_ready(session, claimed, made=[Made(issued.id, file)], now=NOON, made_with=made)
    session.expire_all()
    found = {one: find_loss(store, one) for one in files_of(session, certificate_id=issued.id)}
    note_losses(session, found=found, now=NOON)
    assert ask_to_recreate(session, certificate_id=issued.id, account_id=None, now=NOON) == 1
    (row,) = files_to_recreate(session, limit=5)
    assert row.loss is Loss.MISSING
    return row


def test_the_same_bytes_are_stored_again_and_that_is_on_record(
    session: Session, issued: Certificate, lost: CertificateLostFile, store: FolderStore
) -> None:
    # The site has moved since; the file names the address of that day.
    wanted = wanted_file(session, lost, verify_url=lambda number: f"https://moved.example.org/verify/{number}")
    assert (
        recreate(wanted, render_pdf=drawn, store=store, made_with=made_with("https://moved.example.org", Drawn.WHOLE))
        is None
    )
    mark_recreated(session, wanted=wanted, now=NOON + timedelta(hours=1))
    assert [find_loss(store, one) for one in files_of(session, certificate_id=issued.id)] == [None]
    assert losses_of(session, certificate_id=issued.id) == []
    entries = entries_for(session, subject_type="certificate", subject_id=issued.number)
    assert [entry.action for entry in entries] == ["certificate-file-recreated"]


@pytest.mark.parametrize("way", Drawn)
def test_a_file_is_made_again_in_the_way_in_which_it_was_drawn(
    session: Session, issued: Certificate, lost: CertificateLostFile, store: FolderStore, way: Drawn
) -> None:
    data = drawn(wanted_file(session, lost, verify_url=str).document, drawn=way)
    how = {"made_with": made_with(ADDRESS, way), "sha256": hashlib.sha256(data).hexdigest()}
    session.execute(update(Certificate).where(Certificate.id == issued.id).values(how))
    session.expire_all()
    wanted = wanted_file(session, lost, verify_url=str)
    assert recreate(wanted, render_pdf=drawn, store=store, made_with=made_with(ADDRESS, Drawn.FILLED_IN)) is None
    assert store.read(lost.storage_key) == data


def test_a_file_from_before_the_way_was_written_down_was_filled_in() -> None:
    assert drawn_in(None) is drawn_in({"address": ADDRESS}) is Drawn.FILLED_IN
    assert drawn_in(made_with(ADDRESS, Drawn.WHOLE)) is Drawn.WHOLE


def test_other_bytes_are_refused_with_what_differs(
    session: Session, lost: CertificateLostFile, store: FolderStore
) -> None:
    wanted = wanted_file(session, lost, verify_url=str)
    newer = {**made_with(ADDRESS, Drawn.FILLED_IN), "design": "0123456789ab", "weasyprint": "71.0"}
    refusal = recreate(wanted, render_pdf=lambda *_, **__: b"%PDF other", store=store, made_with=newer)
    assert refusal is not None
    assert "would not come out the same, so it was not stored" in refusal
    assert "and is 0123456789ab now" in refusal
    assert "and is 71.0 now" in refusal
    assert "Issue the certificate anew" in refusal
    assert not store.exists(lost.storage_key)
    mark_refused(session, lost_id=lost.id, reason=refusal)
    assert files_to_recreate(session, limit=5) == []


def test_a_row_that_was_tampered_with_is_refused_and_said(
    session: Session, issued: Certificate, lost: CertificateLostFile, store: FolderStore
) -> None:
    session.execute(update(Certificate).where(Certificate.id == issued.id).values(holder_name="Somebody Else"))
    session.expire_all()
    wanted = wanted_file(session, lost, verify_url=str)
    refusal = recreate(wanted, render_pdf=drawn, store=store, made_with=made_with(ADDRESS, Drawn.FILLED_IN))
    assert refusal is not None
    assert "its row or its look was changed in the database" in refusal


def test_nothing_is_claimed_about_a_file_that_nobody_described() -> None:
    assert "Nobody wrote down" in refusal_of(None, made_with(ADDRESS, Drawn.FILLED_IN))


def test_what_a_file_was_made_with_names_design_libraries_and_address() -> None:
    now = made_with(ADDRESS, Drawn.FILLED_IN)
    assert {"address", "design", "fonts", "weasyprint", "pydyf", "pango"} <= set(now)
    assert differences(now, now) == ()
    assert differences({**now, "pango": "1.0"}, now) == (f"Pango was 1.0 and is {now['pango']} now",)
