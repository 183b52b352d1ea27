"""Sheets of sign-in cards: what stands on them, in every script, and that everybody can read them."""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import page
import pytest
import segno

from people.ways_in.making import Card, CardSheet
from reports.card_sheet import running_words, sheet_html
from reports.pdf import render_handout
from tests.builders.region import NOON
from tests.certificates.facts_for_tests import NAMES

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"


def a_sheet(*names: str) -> CardSheet:
    cards = tuple(Card(name, f"hal-{place:05}", f"AB{place:03}-9XYZ7") for place, name in enumerate(names))
    return CardSheet(
        "Halton Borough Council", "Adult Social Care / Home & Care", NOON, NOON + timedelta(days=28), cards
    )


def drawn(sheet: CardSheet) -> bytes:
    return render_handout(
        sheet_html(sheet, address="https://learn.example.org/card"), running=running_words(sheet), style="cards"
    )


@pytest.fixture(scope="module")
def of_every_script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheet") / "cards.pdf"
    path.write_bytes(drawn(a_sheet("Siân Nguyễn", "محمد العلي", "王芳", "Ọláyínká O’Brien", *NAMES[:4])))
    return path


def test_everybody_can_read_a_sheet(of_every_script: Path) -> None:
    assert page.validate_pdf(str(of_every_script), profile="ua1").failures == []


def test_names_usernames_and_codes_are_copied_as_they_are(of_every_script: Path) -> None:
    words = subprocess.run([PDFTOTEXT, of_every_script, "-"], capture_output=True, check=True).stdout.decode()
    for wanted in ("Siân Nguyễn", "王芳", "Ọláyínká O’Brien", "hal-00003", "AB003-9XYZ7", "learn.example.org/card"):
        assert wanted in words
    assert "The code works once, until 19 December 2026." in " ".join(words.split())


def test_what_a_name_holds_is_no_markup() -> None:
    html = sheet_html(a_sheet("<b>Ana</b> & Co"), address="x")
    assert "&lt;b&gt;Ana&lt;/b&gt; &amp; Co" in html
    assert "Home &amp; Care" in html


def test_one_card_is_one_card() -> None:
    assert "<strong>1 card.</strong>" in sheet_html(a_sheet("Ana"), address="x")


def test_the_picture_opens_the_address_with_the_username_and_never_the_code(of_every_script: Path) -> None:
    html = sheet_html(a_sheet("Ana"), address="https://learn.example.org/card")
    assert 'alt="QR code: opens learn.example.org/card with the username hal-00000 filled in"' in html
    wanted = segno.make_qr("https://learn.example.org/card?username=hal-00000", error="m", mask=3)
    assert wanted.png_data_uri(scale=1, border=4) in html
    pictures = subprocess.run(["pdfimages", "-list", of_every_script], capture_output=True, check=True).stdout.decode()
    assert len(pictures.splitlines()) >= 2 + 8


def test_people_of_the_same_name_can_be_told_apart() -> None:
    two = [Card("Ana", f"maple-lantern-{number}", "AB000-9XYZ7", f"0{number}") for number in (1, 2)]
    html = sheet_html(CardSheet("Halton", "Parks", NOON, NOON, tuple(two)), address="x")
    assert ("Payroll number 01" in html, "Payroll number 02" in html) == (True, True)
    assert "Payroll number" not in sheet_html(a_sheet("Ana"), address="x")
