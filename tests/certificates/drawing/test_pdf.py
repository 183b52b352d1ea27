"""The certificate as a file: one page, accessible, fit for archives, the same bytes again, in every script."""

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from io import BytesIO
from pathlib import Path

import page
import pikepdf
import pytest
from fontTools.ttLib import TTFont
from hypothesis import example, given, settings
from hypothesis import strategies as st

from certificates.document.documents import _HELD, _LACKED, CertificateDocument, Look, certificate_document
from certificates.drawing.build_info import Drawn
from certificates.looks.branding import Branding, Signatory, Wording
from certificates.pdf import PdfError, render_pdf
from tests.certificates.facts_for_tests import INVISIBLE, LONG_NAMES, NAMES, facts
from tests.reading_pdf import text_by_glyphs
from typesetting.font_fetcher import FaceFetcher
from typesetting.font_outlines import FontsMissing
from typesetting.fonts import faces_for

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
A4_LANDSCAPE_POINTS = (841.89, 595.28)
CONTENT_RIGHT, CONTENT_BOTTOM = 270 / 25.4 * 72, 168 / 25.4 * 72

# Poppler turns these around once more, or does not know that they run from right to left.
COPIED_DIFFERENTLY = {"ދިވެހި", "ߒߞߏ", "𞤀𞤣𞤤𞤢𞤥"}


def made(*, drawn: Drawn = Drawn.FILLED_IN, **changes) -> bytes:
    return render_pdf(certificate_document(facts(**changes)), drawn=drawn)


def page_with(body: str) -> CertificateDocument:
    html = f'<html lang="en"><head><title>x</title></head><body>{body}</body></html>'
    return CertificateDocument(html, Look(Branding().design, Branding().colours), ())


def failures(data: bytes, path: Path) -> list[str]:
    """Everything that either standard objects to."""
    path.write_bytes(data)
    found = [failure for profile in ("ua1", "2a") for failure in page.validate_pdf(str(path), profile=profile).failures]
    return [f"{failure.rule_id}: {failure.message}" for failure in found]


def text_of(data: bytes, *options: str) -> str:
    command = [PDFTOTEXT, *options, "-", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    return done.stdout.decode()


def plain(text: str) -> str:
    """The text in one line of composed characters, without the direction marks that Poppler adds."""
    kept = (character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def words_with_boxes(data: bytes) -> list[tuple[float, float, str]]:
    found = re.findall(r'xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>', text_of(data, "-bbox"))
    return [(float(right), float(bottom), word) for right, bottom, word in found]


def test_the_file_is_one_landscape_page_of_a4():
    with pikepdf.open(BytesIO(made())) as document:
        assert len(document.pages) == 1
        box = [float(side) for side in document.pages[0].mediabox]
    assert box == pytest.approx([0, 0, *A4_LANDSCAPE_POINTS], abs=0.1)


def test_the_file_is_tagged_and_says_its_title_language_and_day():
    with pikepdf.open(BytesIO(made())) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en-GB"
        assert str(document.docinfo["/Title"]).startswith("Certificate of completion RE-7K4M-29QX-C: Zoë")
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/CreationDate"]).startswith("D:20261121")


def test_the_file_is_pdf_ua_1_and_pdf_a_2a_at_once(tmp_path):
    assert failures(made(), tmp_path / "certificate.pdf") == []


def test_the_words_can_be_copied_in_reading_order():
    assert plain(text_of(made(), "-raw")) == (
        "Certificate of completion This certifies that Zoë Łukasz-Siân of Sefton Council completed "
        "Race equality essentials Version 3, six modules, one hour, on 21 November 2026. For Sefton Council "
        "Number RE-7K4M-29QX-C Check it at learn.example.org/verify"
    )


def test_the_address_is_a_link():
    with pikepdf.open(BytesIO(made())) as document:
        links = [str(note.A.URI) for note in document.pages[0].Annots]
    assert links == ["https://learn.example.org/verify/RE-7K4M-29QX-C"]


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_drawn_copied_and_accessible(name, drawn, tmp_path):
    data = made(holder_name=name, drawn=drawn)
    assert failures(data, tmp_path / "certificate.pdf") == []
    assert name in COPIED_DIFFERENTLY or plain(name) in plain(text_of(data))
    with pikepdf.open(BytesIO(data)) as document:
        fonts = {str(font.BaseFont).partition("+")[2] for font in document.pages[0].Resources.Font.values()}
    assert all(font.startswith("Certificate-") for font in fonts)


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("name", [name for name in NAMES if max(name) < "\u0530" or "\u1e00" <= max(name) < "\u2000"])
def test_a_reader_that_goes_by_glyphs_finds_the_letters_of_the_name(name, drawn):
    words = text_by_glyphs(made(holder_name=name, drawn=drawn))
    assert unicodedata.normalize("NFC", name) in unicodedata.normalize("NFC", words)
    assert "\u200b" not in words


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_has_a_glyph_of_our_own(name):
    held = set()
    for face in faces_for(name):
        assert face.address.startswith(("file:", "data:"))
        with TTFont(BytesIO(FaceFetcher((face,)).fetch(face.address).read())) as font:
            held |= set(map(chr, font.getBestCmap()))
    assert set(unicodedata.normalize("NFC", name)) <= held


def test_a_name_from_right_to_left_is_read_aloud_in_its_own_order():
    with pikepdf.open(BytesIO(made(holder_name="محمد عبد الله"))) as document:
        spoken = {str(item.ActualText) for item in document.objects if "/ActualText" in as_dictionary(item)}
    assert "محمد عبد الله" in spoken


def as_dictionary(item: object) -> pikepdf.Dictionary:
    return item if isinstance(item, pikepdf.Dictionary) else pikepdf.Dictionary()


@pytest.mark.parametrize("name", LONG_NAMES)
def test_a_long_text_stays_on_the_page_and_in_its_place(name, tmp_path):
    data = made(holder_name=name, organisation_name=name, course_title=name)
    with pikepdf.open(BytesIO(data)) as document:
        assert len(document.pages) == 1
    boxes = words_with_boxes(data)
    assert max(right for right, _, _ in boxes) <= CONTENT_RIGHT + 1
    assert max(bottom for _, bottom, _ in boxes) <= A4_LANDSCAPE_POINTS[1]
    details = [bottom for _, bottom, word in boxes if word.endswith("2026.")]
    assert details[-1] < CONTENT_BOTTOM


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("name", INVISIBLE)
def test_a_name_that_shows_nothing_leaves_no_line_for_another(name, drawn):
    words = plain(text_of(made(holder_name=name, drawn=drawn), "-raw"))
    assert "This certifies that Name not recorded of Sefton Council" in words


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("is_large", [False, True], ids=["usual", "large-print"])
@pytest.mark.parametrize("name", INVISIBLE[:4])
def test_any_text_may_show_nothing(name, is_large, drawn, tmp_path, no_kinds):
    nobody = Branding(
        wording=Wording(*[name] * 4), second_wording=Wording(*[name] * 4), second_language="ur",
        signatories=(Signatory(name, name, None),),
    )  # fmt: skip
    words = {"holder_name": name, "organisation_name": name, "course_title": name, "branding": nobody}
    first, *others = (
        render_pdf(certificate_document(facts(**words), is_large=is_large), drawn=drawn) for _ in range(3)
    )
    assert others == [first, first]
    assert failures(first, tmp_path / "certificate.pdf") == []


@settings(max_examples=15, deadline=None)
@example("\x7f")
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=200))
def test_any_latin_name_makes_one_page(name):
    for drawn in Drawn:
        with pikepdf.open(BytesIO(made(holder_name=name, drawn=drawn))) as document:
            assert len(document.pages) == 1


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("name", ["Zoë", "Nguyễn", "王芳", "محمد"])
def test_the_same_facts_give_the_same_bytes(name, drawn):
    assert len({made(holder_name=name, drawn=drawn) for _ in range(3)}) == 1


def test_another_process_without_installed_fonts_gives_the_same_bytes(tmp_path):
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    script = (
        "import sys; from certificates.document.documents import certificate_document;"
        "from certificates.pdf import render_pdf;"
        "from tests.certificates.facts_for_tests import facts;"
        "sys.stdout.buffer.write(render_pdf(certificate_document(facts(holder_name='Zoë 王芳 محمد'))))"
    )
    environment = {**os.environ, "FONTCONFIG_FILE": str(bare), "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert done.stdout == made(holder_name="Zoë 王芳 محمد")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://example.org/x.png", "https://example.org/x.png"])
def test_no_other_address_is_read(address):
    with pytest.raises(PdfError, match="may not be read"):
        render_pdf(page_with(f'<img src="{address}" alt="x"/>'))


def test_a_style_in_the_document_cannot_read_a_file_either():
    with pytest.raises(PdfError, match="may not be read"):
        render_pdf(page_with("<p style=\"background:url('file:///etc/passwd')\">x</p>"))


def test_a_hostile_name_is_only_printed():
    name = "<img src='file:///etc/passwd'>"
    assert name in plain(text_of(made(holder_name=name)))


def test_missing_fonts_are_named(tmp_path, monkeypatch):
    with pytest.raises(FontsMissing, match="run `npm ci`"):
        faces_for("A", tmp_path)
    monkeypatch.setattr("typesetting.fonts.DEFAULT_FOLDER", tmp_path)
    with pytest.raises(PdfError, match="run `npm ci`"):
        made()


def test_the_letters_that_need_the_wide_face_are_those_the_text_face_lacks():
    with TTFont(BytesIO(FaceFetcher(faces_for("A")).fetch(faces_for("A")[1].address).read())) as font:
        held = set(map(chr, font.getBestCmap()))
    assert {chr(code) for code in range(0x100, 0x180)} - held == _LACKED
    assert held >= _HELD


def test_most_names_need_the_text_face_only():
    assert {face.family for face in faces_for("Zoë Łukasz-Siân O’Brien")} == {"Certificate Text"}
