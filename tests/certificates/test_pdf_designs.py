"""Every design and the large print as files: both standards, every language marked, the same bytes elsewhere."""

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pydyf
import pytest

from certificates.branding import Branding, Design
from certificates.documents import certificate_document
from certificates.pdf import lay_out, render_pdf
from tests.certificates.facts_for_tests import LONG_NAMES, facts
from tests.certificates.test_hard_names import BRANDINGS, MARKS
from tests.certificates.test_pdf import failures, plain, text_of

PLAIN, SIGNED, FULL = BRANDINGS
HARD = ("Siân", "Ọláyínká Adébáyọ̀", "Nguyễn Thị Hương", "王芳", "محمد عبد الله", "हरीश शर्मा", *MARKS[:1], LONG_NAMES[1])
SMALLEST_LARGE, POINTS_IN_A_PIXEL = 18, 0.75


def made(design: Design, looks: dict, *, is_large: bool = False, **changes) -> bytes:
    branding = Branding(design=design, **looks)
    return render_pdf(certificate_document(facts(branding=branding, **changes), is_large=is_large))


@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("name", HARD)
def test_every_design_is_both_pdf_ua_1_and_pdf_a_2a_with_every_hard_name(design: Design, name: str, tmp_path: Path):
    data = made(design, FULL, holder_name=name, organisation_name=name)
    assert failures(data, tmp_path / "certificate.pdf") == []


@pytest.mark.parametrize("looks", [PLAIN, SIGNED], ids=["plain", "signed"])
@pytest.mark.parametrize("design", Design)
def test_every_design_is_both_without_and_with_pictures(design: Design, looks: dict, tmp_path: Path):
    assert failures(made(design, looks), tmp_path / "certificate.pdf") == []


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


def test_a_stream_that_ends_with_a_carriage_return_is_as_long_as_it_says():
    assert pydyf.Stream([b"x\r"]).data.endswith(b"\nx\r\r\nendstream")


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


def test_another_process_makes_the_same_bytes_in_every_design():
    script = "from tests.certificates.test_pdf_designs import hashes; print(hashes())"
    environment = {**os.environ, "PYTHONHASHSEED": "11"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == str(hashes())


def hashes() -> list[str]:
    """The SHA-256 of a full certificate in each design, and of its large print."""
    name = "Siân 王芳 محمد"
    files = [made(design, FULL, holder_name=name) for design in Design]
    files.append(made(Design.WEAVE, FULL, is_large=True, holder_name=name))
    return [hashlib.sha256(data).hexdigest() for data in files]
