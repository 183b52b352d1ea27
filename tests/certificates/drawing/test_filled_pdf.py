"""Certificates that are filled in have, byte for byte, the files of those that are drawn; what cannot be is drawn."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.document.documents import CertificateDocument, certificate_document
from certificates.drawing import reuse
from certificates.drawing.reuse import draw_with_shared_fonts
from certificates.drawing.whole_pdf import draw_whole
from certificates.looks.branding import Branding, Design
from certificates.pdf import render_pdf
from tests.certificates.drawing.test_hard_names import BRANDINGS, MARKS
from tests.certificates.facts_for_tests import LONG_NAMES, NAMES, facts

pytestmark = pytest.mark.usefixtures("no_kinds")
PLAIN, SIGNED, FULL = BRANDINGS
NUMBER_LETTERS = "0123456789ACDEFGHJKMNPQRTUVWXY"
NUMBERS = st.text(NUMBER_LETTERS, min_size=8, max_size=8).map(lambda text: f"RE-{text[:4]}-{text[4:]}-X")
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=40)
USUAL = ("Amina Okafor", "Zoë Łukasz-Siân", "Grace O’Brien", "Siân Æthelred de la Cruz")
WIDE = ("Nguyễn Thị Hương", "Ọláyínká Adébáyọ̀", "Дмитро", "Ελένη")
ODD = ("Siân हरीश", "A  B", "-", "fi ffl ﬁ", "<b>&", 'O\'Brien "Bo"')
NEVER_FILLED = ("محمد عبد الله", "פלונית", LONG_NAMES[0] * 2)


class Usual(NamedTuple):
    """A certificate, its file, and the kinds that a process knows by then."""

    document: CertificateDocument
    data: bytes
    kind_of: Callable


def document(design: Design = Design.WEAVE, looks: dict | None = None, **changes) -> CertificateDocument:
    changes.setdefault("verify_url", f"https://learn.example.org/verify/{changes.get('number', 'RE-7K4M-29QX-C')}")
    return certificate_document(facts(branding=Branding(design=design, **(looks or PLAIN)), **changes))


def content_of(data: bytes) -> tuple[bytes, list, list]:
    """What draws the page, what its structure says, and everything else but the fonts."""
    with pikepdf.open(BytesIO(data)) as file:
        said = [
            re.sub(r"\b\d+ 0 R\b", "", item.unparse().decode("latin-1"))
            for item in file.objects
            if isinstance(item, pikepdf.Dictionary) and "/FontName" not in item and item.get("/Type") != "/Font"
        ]
        pictures = [picture.read_bytes() for picture in file.pages[0].Resources.XObject.values()]
        return file.pages[0].Contents.read_bytes(), sorted(said), pictures


@pytest.mark.parametrize("looks", BRANDINGS, ids=["plain", "signed", "full"])
@pytest.mark.parametrize("design", Design)
def test_a_filled_certificate_has_the_bytes_of_a_drawn_one(design: Design, looks: dict, filled: list[str]):
    for place, name in enumerate([*USUAL, *USUAL[:1], *WIDE, *WIDE]):
        made = document(design, looks, holder_name=name, number=f"RE-{place:04}-29QX-C")
        assert render_pdf(made) == draw_with_shared_fonts(made), name
    assert set(filled) >= {*USUAL, *WIDE}


def test_days_and_numbers_may_differ_within_a_kind(filled: list[str]):
    days = [date(2026, 11, 21), date(2026, 2, 1), date(2025, 12, 31), date(2027, 9, 9)]
    for place, day in enumerate(days):
        made = document(completed_on=day, valid_until=day.replace(year=2030), number=f"RE-{place:04}-WWWW-1")
        assert render_pdf(made) == draw_with_shared_fonts(made)
    assert len(filled) == len(days) - 1


@pytest.fixture(scope="module")
def usual() -> Usual:
    """One of the usual names, and what a process knows that has the template of its kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reuse, "_kind_of", lru_cache(reuse._kind_of.__wrapped__))
        made = document(Design.FRAME, SIGNED, holder_name=USUAL[0])
        data = [render_pdf(made) for _ in range(2)][1]
        return Usual(made, data, reuse._kind_of)


@pytest.mark.parametrize(
    "name", [*NAMES, *LONG_NAMES, *MARKS, *NEVER_FILLED, "Siân हरीश", "A  B", "-", "fi ffl ﬁ", "<b>&"]
)
def test_after_the_usual_names_any_other_is_drawn_as_ever(name: str, usual: Usual, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reuse, "_kind_of", usual.kind_of)
    made = document(Design.FRAME, SIGNED, holder_name=name)
    assert {render_pdf(made) for _ in range(3)} == {draw_with_shared_fonts(made)}
    assert render_pdf(usual.document) == usual.data


@settings(max_examples=20, deadline=None)
@given(name=LATIN, number=NUMBERS, design=st.sampled_from(Design), day=st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_whatever_the_name_and_number_the_bytes_are_the_same(name: str, number: str, design: Design, day: date):
    for holder in ("Amina Okafor", "Siân", name):
        made = document(design, holder_name=holder, number=number, completed_on=day)
        assert render_pdf(made) == draw_with_shared_fonts(made)


@pytest.mark.parametrize("name", NEVER_FILLED)
def test_what_needs_more_than_other_letters_is_drawn_as_a_whole(name: str, filled: list[str]):
    for _ in range(3):
        render_pdf(document(holder_name=name))
    assert filled == []


def test_an_address_with_other_characters_is_drawn_as_a_whole(filled: list[str]):
    for _ in range(3):
        made = document(verify_url="https://lërn.example.org/verify/RE-7K4M-29QX-C")
        assert render_pdf(made) == draw_with_shared_fonts(made)
    assert filled == []


def test_the_large_print_is_drawn_whole(filled: list[str]):
    large = certificate_document(facts(), is_large=True)
    assert {render_pdf(large) for _ in range(3)} == {draw_whole(large)}
    assert filled == []


def test_a_field_without_a_line_is_drawn_and_not_filled_in(filled: list[str]):
    usual = document(holder_name="A")
    bare = replace(usual, html=usual.html.replace(">A<", "><"), fields=replace(usual.fields, holder=""))
    assert {render_pdf(bare) for _ in range(3)} == {draw_with_shared_fonts(bare)}
    assert filled == []


@pytest.mark.parametrize("looks", BRANDINGS, ids=["plain", "signed", "full"])
@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("name", [USUAL[1], WIDE[1], NEVER_FILLED[0]])
def test_filled_in_or_whole_a_certificate_shows_and_says_the_same(design: Design, looks: dict, name: str):
    made = document(design, looks, holder_name=name)
    filled_in, whole = (content_of(file) for file in (draw_with_shared_fonts(made), draw_whole(made)))
    assert filled_in == whole


def test_one_of_a_kind_needs_no_template(filled: list[str]):
    render_pdf(document())
    assert filled == []  # whoever makes a template fills it in at once, and compares


def test_a_process_keeps_a_few_templates_only(filled: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reuse, "_kind_of", lru_cache(maxsize=3)(reuse._kind_of.__wrapped__))
    for letter in "AABBCCDD":
        render_pdf(document(course_title=f"Course {letter}"))
    filled.clear()
    for letter in "DCBA":
        render_pdf(document(course_title=f"Course {letter}"))
    assert len(filled) == 3
