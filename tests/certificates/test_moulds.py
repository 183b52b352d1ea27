"""Certificates that are filled in are, byte for byte, those that are drawn as a whole; what cannot be is drawn."""

import string
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates import pdf
from certificates.branding import Branding, Design
from certificates.documents import CertificateDocument, certificate_document
from certificates.moulds import Shelf
from tests.certificates.facts_for_tests import LONG_NAMES, NAMES, facts
from tests.certificates.test_hard_names import BRANDINGS, MARKS

pytestmark = pytest.mark.usefixtures("shelf")
PLAIN, SIGNED, FULL = BRANDINGS
NUMBER_LETTERS = "0123456789ACDEFGHJKMNPQRTUVWXY"
NUMBERS = st.text(NUMBER_LETTERS, min_size=8, max_size=8).map(lambda text: f"RE-{text[:4]}-{text[4:]}-X")
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=40)
USUAL = ("Amina Okafor", "Zoë Łukasz-Siân", "Grace O’Brien", "Siân Æthelred de la Cruz")
WIDE = ("Nguyễn Thị Hương", "Ọláyínká Adébáyọ̀", "Дмитро", "Ελένη")
ODD = ("Siân हरीश", "A  B", "-", "fi ffl ﬁ", "<b>&", 'O\'Brien "Bo"')
NEVER_FILLED = ("محمد عبد الله", "פלונית", LONG_NAMES[0] * 2)


class Usual(NamedTuple):
    """A certificate, its file, and the shelf with the mould that both left."""

    document: CertificateDocument
    data: bytes
    shelf: Shelf


def document(design: Design = Design.WEAVE, looks: dict | None = None, **changes) -> CertificateDocument:
    changes.setdefault("verify_url", f"https://learn.example.org/verify/{changes.get('number', 'RE-7K4M-29QX-C')}")
    return certificate_document(facts(branding=Branding(design=design, **(looks or PLAIN)), **changes))


@pytest.mark.parametrize("looks", BRANDINGS, ids=["plain", "signed", "full"])
@pytest.mark.parametrize("design", Design)
def test_a_filled_certificate_has_the_bytes_of_a_drawn_one(design: Design, looks: dict, filled: list[str]):
    for place, name in enumerate([*USUAL, *USUAL[:1], *WIDE, *WIDE]):
        made = document(design, looks, holder_name=name, number=f"RE-{place:04}-29QX-C")
        assert pdf.render_pdf(made) == pdf.draw_whole(made), name
    assert set(filled) >= {*USUAL, *WIDE}


def test_days_and_numbers_may_differ_within_a_kind(filled: list[str]):
    days = [date(2026, 11, 21), date(2026, 2, 1), date(2025, 12, 31), date(2027, 9, 9)]
    for place, day in enumerate(days):
        made = document(completed_on=day, valid_until=day.replace(year=2030), number=f"RE-{place:04}-WWWW-1")
        assert pdf.render_pdf(made) == pdf.draw_whole(made)
    assert len(filled) == len(days) - 1


@pytest.fixture(scope="module")
def usual() -> Usual:
    """One of the usual names, and a shelf on which a process has the mould of its kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "_shelf", Shelf())
        made = document(Design.FRAME, SIGNED, holder_name=USUAL[0])
        data = [pdf.render_pdf(made) for _ in range(2)][1]
        return Usual(made, data, pdf._shelf)


@pytest.mark.parametrize(
    "name", [*NAMES, *LONG_NAMES, *MARKS, *NEVER_FILLED, "Siân हरीश", "A  B", "-", "fi ffl ﬁ", "<b>&"]
)
def test_after_the_usual_names_any_other_is_drawn_as_ever(name: str, usual: Usual, shelf: Shelf):
    for kind, mould in usual.shelf._kept.items():
        shelf.keep(kind, mould)
    made = document(Design.FRAME, SIGNED, holder_name=name)
    assert {pdf.render_pdf(made) for _ in range(3)} == {pdf.draw_whole(made)}
    assert pdf.render_pdf(usual.document) == usual.data


@settings(max_examples=20, deadline=None)
@given(name=LATIN, number=NUMBERS, design=st.sampled_from(Design), day=st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_whatever_the_name_and_number_the_bytes_are_the_same(name: str, number: str, design: Design, day: date):
    for holder in ("Amina Okafor", "Siân", name):
        made = document(design, holder_name=holder, number=number, completed_on=day)
        assert pdf.render_pdf(made) == pdf.draw_whole(made)


@pytest.mark.parametrize("name", NEVER_FILLED)
def test_what_needs_more_than_other_letters_is_drawn_as_a_whole(name: str, filled: list[str]):
    for _ in range(3):
        pdf.render_pdf(document(holder_name=name))
    assert filled == []


def test_an_address_with_other_characters_is_drawn_as_a_whole(filled: list[str]):
    for _ in range(3):
        made = document(verify_url="https://lërn.example.org/verify/RE-7K4M-29QX-C")
        assert pdf.render_pdf(made) == pdf.draw_whole(made)
    assert filled == []


def test_the_large_print_is_drawn_as_a_whole(filled: list[str]):
    large = certificate_document(facts(), is_large=True)
    assert len({pdf.render_pdf(large) for _ in range(3)}) == 1
    assert filled == []


def test_one_of_a_kind_needs_no_mould(shelf: Shelf):
    pdf.render_pdf(document())
    assert not shelf._kept


def test_a_process_keeps_a_few_moulds_only(shelf: Shelf, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("certificates.moulds._MOST_MOULDS", 3)
    for letter in string.ascii_uppercase[:5]:
        for _ in range(2):
            pdf.render_pdf(document(course_title=f"Course {letter}"))
    assert len(shelf._kept) == 3
