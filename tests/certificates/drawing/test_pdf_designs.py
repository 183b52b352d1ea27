"""Every design and the large print as files, drawn in either way: both standards, every language marked."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from certificates.document.documents import certificate_document
from certificates.drawing.build_info import Drawn
from certificates.drawing.whole_pdf import lay_out
from certificates.looks.branding import Branding, Design
from certificates.pdf import render_pdf
from tests.certificates.drawing.test_hard_names import BRANDINGS, MARKS
from tests.certificates.drawing.test_pdf import failures, plain, text_of
from tests.certificates.facts_for_tests import LONG_NAMES, facts

PLAIN, SIGNED, FULL = BRANDINGS
HARD = ("Siân", "Ọláyínká Adébáyọ̀", "Nguyễn Thị Hương", "王芳", "محمد عبد الله", "हरीश शर्मा", *MARKS[:1], LONG_NAMES[1])
SMALLEST_LARGE, POINTS_IN_A_PIXEL = 18, 0.75


def made(design: Design, looks: dict, *, is_large: bool = False, drawn: Drawn = Drawn.FILLED_IN, **changes) -> bytes:
    branding = Branding(design=design, **looks)
    return render_pdf(certificate_document(facts(branding=branding, **changes), is_large=is_large), drawn=drawn)


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("name", HARD)
def test_every_design_is_both_pdf_ua_1_and_pdf_a_2a_with_every_hard_name(
    design: Design, name: str, drawn: Drawn, tmp_path: Path
):
    data = made(design, FULL, drawn=drawn, holder_name=name, organisation_name=name)
    assert failures(data, tmp_path / "certificate.pdf") == []


@pytest.mark.parametrize("drawn", Drawn)
@pytest.mark.parametrize("looks", [PLAIN, SIGNED], ids=["plain", "signed"])
@pytest.mark.parametrize("design", Design)
def test_every_design_is_both_without_and_with_pictures(design: Design, looks: dict, drawn: Drawn, tmp_path: Path):
    assert failures(made(design, looks, drawn=drawn), tmp_path / "certificate.pdf") == []


@pytest.mark.parametrize("name", HARD)
def test_the_large_print_is_both_and_has_no_small_letter(name: str, tmp_path: Path):
    data = made(Design.WEAVE, FULL, is_large=True, holder_name=name)
    assert failures(data, tmp_path / "certificate.pdf") == []
    large = lay_out(certificate_document(facts(branding=Branding(**FULL), holder_name=name), is_large=True))
    boxes = (box for page in large.pages for box in page._page_box.descendants())
    sizes = [box.style["font_size"] for box in boxes if hasattr(box, "text")]
    assert min(sizes) * POINTS_IN_A_PIXEL >= SMALLEST_LARGE


def test_words_of_another_language_say_so():
    with pikepdf.open(BytesIO(made(Design.FRAME, FULL, course_title="Hanfodion", language="cy"))) as document:
        languages = {str(item.Lang) for item in document.objects if has_language(item)}
        assert str(document.Root.Lang) == "en-GB"
    assert languages >= {"ur", "cy"}


def has_language(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and "/Lang" in item


def test_pictures_say_what_they_are():
    with pikepdf.open(BytesIO(made(Design.HORIZON, SIGNED))) as document:
        said = {str(item.Alt) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item}
    assert said == {
        "Sefton Council: logo",
        "Signature of Amina Okafor",
        "QR code: opens the page that checks this certificate",
    }


def test_the_words_of_a_full_look_are_read_in_order():
    text = plain(text_of(made(Design.HORIZON, SIGNED), "-raw"))
    order = ["Certificate of completion", "Zoë", "Race equality", "Version 3", "Amina", "Chief Executive", "Number RE"]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
