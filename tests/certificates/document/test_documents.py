"""The certificate as a document: its words, its sizes and what a hostile name cannot do."""

import subprocess
import sys
import zlib
from datetime import date

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from certificates.document.documents import Look, backdrop_svg, certificate_document, face_of, sheet_css
from certificates.document.font_sizing import fitted_size
from certificates.document.words import date_in_words, details_line, duration_in_words
from certificates.looks.branding import Branding, Colours, Design, Signatory, Wording
from tests.certificates.facts_for_tests import INVISIBLE, facts


def page_of(**changes) -> BeautifulSoup:
    return BeautifulSoup(certificate_document(facts(**changes)).html, "html.parser")


def words_of(**changes) -> list[str]:
    body = [line for line in page_of(**changes).find("h1").find_all_next("p") if not line.img]
    return ["Certificate of completion", *(" ".join(line.get_text().split()) for line in body)]


def test_the_certificate_says_who_completed_what_and_when():
    assert words_of() == [
        "Certificate of completion",
        "This certifies that",
        "Zoë Łukasz-Siân",
        "of Sefton Council completed",
        "Race equality essentials",
        "Version 3, six modules, one hour, on 21 November 2026.",
        "For Sefton Council",
        "Number RE-7K4M-29QX-C",
        "Check it at learn.example.org/verify",
    ]


def test_a_person_without_an_organisation_gets_a_whole_sentence():
    words = words_of(organisation_name="  ")
    assert words[3] == "completed"
    assert words[6] == "Signed"


def test_the_title_names_number_holder_and_course():
    title = "Certificate of completion RE-7K4M-29QX-C: Zoë Łukasz-Siân, Race equality essentials"
    assert page_of().title.get_text() == title


def test_the_document_is_english_and_a_course_in_another_language_says_so():
    assert page_of().html["lang"] == "en-GB"
    title = page_of(course_title="Hanfodion cydraddoldeb hil", language="cy").find(lang="cy")
    assert title.get_text() == "Hanfodion cydraddoldeb hil"


def test_the_qr_code_is_a_picture_of_the_document_with_its_meaning_in_words():
    picture = page_of().img
    assert picture["alt"] == "QR code: opens the page that checks this certificate"
    assert picture["src"] == "picture:qr"
    (code,) = certificate_document(facts()).pictures
    assert (code.identity, code.width, code.bits) == ("qr", code.height, 1)
    assert len(zlib.decompress(code.data)) == -(-code.width // 8) * code.height


def test_two_addresses_have_two_qr_codes():
    other = certificate_document(facts(verify_url="https://learn.example.org/verify/other"))
    assert other.pictures != certificate_document(facts()).pictures


def test_the_same_facts_give_the_same_document():
    assert certificate_document(facts()) == certificate_document(facts())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"modules": 1, "minutes": 45}, "Version 3, one module, 45 minutes, on 21 November 2026."),
        (
            {"modules": 21, "minutes": 90},
            "Version 3, 21 modules, one hour and 30 minutes, on 21 November 2026.",
        ),
        ({"minutes": 0}, "Version 3, six modules, on 21 November 2026."),
        ({"completed_on": date(2027, 3, 1)}, "Version 3, six modules, one hour, on 1 March 2027."),
    ],
)
def test_the_details_are_one_line_of_words(changes, expected):
    assert details_line(facts(**changes)) == expected


def test_durations_and_days_are_said_in_words():
    assert [duration_in_words(minutes) for minutes in (1, 60, 120, 61, 1500)] == [
        "1 minute", "one hour", "two hours", "one hour and 1 minute", "25 hours",
    ]  # fmt: skip
    assert date_in_words(date(2026, 2, 9)) == "9 February 2026"


def test_a_name_cannot_become_markup():
    name = "<script>x</script><img src='file:///etc/passwd'>\" onload=\"y"
    page = page_of(holder_name=name, organisation_name=name, course_title=name, verify_url=f"https://x/{name}")
    assert name in page.get_text()
    assert page.script is None
    assert len(page.find_all("img")) == 1


def test_control_and_direction_characters_leave_the_name():
    assert words_of(holder_name=" Zoë\u202e\n\x00\t Łukasz\ud800 ")[2] == "Zoë Łukasz"


@pytest.mark.parametrize("name", INVISIBLE)
def test_a_name_that_shows_nothing_is_said_not_to_be_recorded(name: str):
    assert words_of(holder_name=name)[2] == "Name not recorded"


def test_joiners_that_shape_a_name_stay():
    assert words_of(holder_name="فاطمه\u200cزاده")[2] == "فاطمه\u200cزاده"


def test_letters_and_marks_are_put_together():
    assert words_of(holder_name="Zoe\u0308")[2] == "Zoë"


def test_a_borrowed_letter_changes_the_face_of_the_whole_name():
    assert {face_of(name) for name in ("Zoë", "Łukasz", "Ŵyn", "O’Brien", "Ștefan")} == {"text"}
    assert {face_of(name) for name in ("Nguyễn", "Kahōkū", "Ọlá", "Дмитро")} == {"wide alphabetic"}
    assert {face_of(name) for name in ("王芳", "محمد", "王芳 Nguyễn")} == {"wide"}


def test_short_texts_keep_their_full_size_and_long_ones_shrink():
    sizes = [fitted_size("Amina Okafor" * times, largest=40, height_mm=33) for times in (1, 4, 10, 40)]
    assert sizes[0] == 40
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 20


def test_a_long_word_shrinks_before_it_is_broken():
    assert fitted_size("Wolfeschlegelsteinhausenbergerdorff", largest=40, height_mm=33) < 40


@given(st.text(max_size=300))
def test_any_text_has_a_size_one_can_print(text):
    assert 2.5 <= fitted_size(text, largest=40, height_mm=33) <= 40


@given(st.text(max_size=120))
def test_any_name_makes_a_document(name):
    assert "RE-7K4M-29QX-C" in certificate_document(facts(holder_name=name)).html


def test_the_document_is_made_without_weasyprint():
    script = "import sys, certificates.document.documents; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


BRANDED = Branding(
    wording=Wording("Certificate", "We certify that", "took part in", "Thank you."),
    second_language="cy",
    second_wording=Wording("Tystysgrif", "Mae hyn yn tystio bod", "wedi cymryd rhan", ""),
    signatories=(Signatory("Siân Nguyễn", "Chief Executive"), Signatory("محمد عبد الله", "Director")),
)


def test_an_authority_s_own_words_stand_around_the_facts():
    words = [" ".join(line.get_text().split()) for line in page_of(branding=BRANDED).find_all(["h1", "p"])]
    assert words == [
        "Certificate",
        "Tystysgrif",
        "We certify that · Mae hyn yn tystio bod",
        "Zoë Łukasz-Siân",
        "of Sefton Council took part in · wedi cymryd rhan",
        "Race equality essentials",
        "Version 3, six modules, one hour, on 21 November 2026.",
        "Thank you.",
        "Siân Nguyễn",
        "Chief Executive",
        "محمد عبد الله",
        "Director",
        "Number RE-7K4M-29QX-C",
        "Check it at learn.example.org/verify",
    ]


def test_words_in_the_second_language_say_which_it_is():
    marked = {tag.get_text() for tag in page_of(branding=BRANDED).find_all(lang="cy")}
    assert marked == {"Tystysgrif", "Mae hyn yn tystio bod", "wedi cymryd rhan"}


@pytest.mark.parametrize("text", ["<b>x</b>", "{{ 7 * 7 }}", "{% include 'elements.css' %}", "</p><script>", "&nbsp;"])
def test_wording_is_data_and_never_template_code(text):
    wording = Wording(text, text, text, text)
    branding = Branding(
        wording=wording, second_wording=wording, second_language="cy", signatories=(Signatory(text, text),)
    )
    page = page_of(branding=branding, holder_name=text)
    assert page.h1.get_text() == text
    assert page.find(class_="statement").get_text() == f"{text} · {text}"
    assert page.find(class_="name").get_text() == text
    assert page.script is None


def test_a_colour_that_is_none_cannot_leave_its_place_in_the_style_sheet_or_the_drawing():
    colours = Colours(main='"/><script>', second='"/><script>', accent='"/><script>')
    for design in Design:
        assert "<script>" not in sheet_css(Look(design, colours))
        assert "<script>" not in str(backdrop_svg(Look(design, Colours(second='"/><script>'))))


def test_a_name_of_combining_marks_alone_is_put_on_a_dotted_circle():
    assert words_of(holder_name="\u0301\u0323")[2].startswith("\u25cc")


def test_the_large_print_has_the_same_words_and_no_sizes_of_its_own():
    large = BeautifulSoup(certificate_document(facts(), is_large=True).html, "html.parser")
    assert large.get_text() == page_of().get_text()
    assert large.find(style=True) is None
