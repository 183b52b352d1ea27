"""Names in handouts: one weight for each word in every script, and copied as they are written."""

import shutil
import subprocess
import unicodedata
from functools import cache
from html import escape
from pathlib import Path

import page
import pytest

from reports.pdf import render_handout
from tests.certificates.facts_for_tests import NAMES
from tests.reading_pdf import shown_in, text_by_glyphs

PDFTOTEXT = shutil.which("pdftotext") or "pdftotext"
# Poppler turns these around once more, or does not know that they run from right to left.
COPIED_DIFFERENTLY = {"ދިވެހި", "ߒߞߏ", "𞤀𞤣𞤤𞤢𞤥"}
# Their letters are drawn in another order than they are spoken, or from right to left.
EUROPEAN = [name for name in NAMES if max(name) < "\u0530" or "\u1e00" <= max(name) < "\u2000"]
# Two marks on one letter, one letter under several marks, a mark that other letters have had before.
HARD = ["Ọ̀ṣun Ẹ̀bùn Ọ̀ṣọ́", "Thị Bích Ngọc Trịnh", "Ėglė Šimkutė ų̃", "ɔ́kɔ̀ Ŋũgĩ", "Ѐва Ќирил"]
WORDS = [*NAMES, *HARD]


def handout(name: str) -> str:
    said = escape(name)
    return (
        f'<html lang="en-GB"><head><title>Names</title></head><body><h1 id="top">{said}</h1>'
        f"<p>Ask {said}, or <strong>{said}</strong>.</p>"
        f"<ul><li>{said}<ul><li>inside {said}</li></ul>after</li></ul>"
        f"<table><thead><tr><th scope='col'>{said}</th></tr></thead><tbody><tr><td>{said}"
        f' <a href="#top">{said}</a> <strong>{said}</strong></td></tr></tbody></table></body></html>'
    )


TIMES = 9


@cache
def made(name: str) -> bytes:
    return render_handout(handout(name), running="For facilitators")


def plain(text: str) -> str:
    """The text in one line of composed characters, without the direction marks that Poppler adds."""
    kept = (character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


@pytest.mark.parametrize("name", WORDS)
def test_a_name_in_a_handout_is_copied_as_it_is_written(name: str) -> None:
    done = subprocess.run([PDFTOTEXT, "-", "-"], input=made(name), capture_output=True, check=True)
    assert name in COPIED_DIFFERENTLY or plain(done.stdout.decode()).count(plain(name)) == TIMES


@pytest.mark.parametrize("name", [*EUROPEAN, *HARD])
def test_a_reader_that_goes_by_glyphs_finds_the_same_letters(name: str) -> None:
    text = text_by_glyphs(made(name))
    assert "\u200b" not in text
    assert unicodedata.normalize("NFC", text).count(unicodedata.normalize("NFC", name)) == TIMES


def fonts_of(name: str, element: str) -> set[str]:
    """The fonts that draw a name in an element; at the foot of the page stands nothing that any name here has."""
    said = escape(name)
    html = f"<html lang='en'><title>x</title><{element}>{said}</{element}>"
    return {one.font for one in shown_in(render_handout(html, running="x")) if one.text.strip(" x0123456789of")}


@pytest.mark.parametrize("name", WORDS)
def test_a_name_in_a_handout_has_the_weight_of_the_words_around_it(name: str) -> None:
    bold, regular = fonts_of(name, "h4"), fonts_of(name, "p")
    assert {font.endswith("-Bold") for font in bold} == {True}
    assert {font.endswith("-Bold") for font in regular} == {False}
    assert {font.removesuffix("-Bold") for font in bold} == regular


@pytest.mark.parametrize("name", [*EUROPEAN, *HARD])
def test_no_letter_of_a_name_is_borrowed_from_another_font(name: str) -> None:
    assert len(fonts_of(name, "p")) == 1


@pytest.mark.parametrize("name", WORDS)
def test_a_handout_with_any_name_is_accessible(name: str, tmp_path: Path) -> None:
    path = tmp_path / "handout.pdf"
    path.write_bytes(made(name))
    assert [one.message for one in page.validate_pdf(str(path), profile="ua1").failures] == []


def test_a_text_between_lists_and_links_keeps_its_place() -> None:
    html = (
        "<html lang='en'><title>x</title><ul><li>Ọlá<ul><li>Bíọ́</li></ul>Ẹniọ́</li></ul>"
        "<p><a href='https://example.org/'>Ọṣun <strong>Thị</strong> Ĩrĩ</a>, Ŋũgĩ</p>"
    )
    data = render_handout(html, running="x")
    done = subprocess.run([PDFTOTEXT, "-raw", "-", "-"], input=data, capture_output=True, check=True)
    assert plain(done.stdout.decode()).startswith(plain("Ọlá Bíọ́ Ẹniọ́ Ọṣun Thị Ĩrĩ, Ŋũgĩ"))
