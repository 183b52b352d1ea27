"""Five hundred hard names in three designs: nothing leaves the page, and no two things lie on each other."""

import random
from collections.abc import Iterator
from itertools import combinations, cycle

import pytest

from certificates.document.documents import certificate_document
from certificates.document.words import printable
from certificates.drawing.whole_pdf import lay_out
from certificates.looks.branding import Branding, Design, Signatory, Wording
from tests.certificates.facts_for_tests import LONG_NAMES, NAMES, facts
from tests.certificates.pictures_for_tests import a_logo, a_signature

PX = 25.4 / 96
# What the drawing of each design leaves free, in millimetres: left, top, right, bottom.
FREE = {Design.WEAVE: (27, 3, 294, 208), Design.FRAME: (14, 14, 283, 196), Design.HORIZON: (3, 3, 294, 208)}
MARKS = ("\u0301\u0323" * 30, "\u0651\u064e" * 20, "\u20dd\u0488" * 5)
LONGEST = 300
HOW_MANY = 501


def hard_names() -> list[str]:
    """The known hard ones as they are, then Latin, Greek and Cyrillic ones put together, up to 300 characters."""
    chance = random.Random(2010)  # noqa: S311 - the same names every time
    names = ["A", "I " * 150, *MARKS, *(name[:LONGEST] for name in LONG_NAMES), *NAMES]
    alphabetic = [name for name in NAMES if max(name) < "\u0530" or "\u1e00" <= max(name) < "\u2000"]
    while len(names) < HOW_MANY:
        words = chance.choices(alphabetic, k=chance.choice((1, 2, 3, 5, 8, 30)))
        names.append(chance.choice((" ", "-", "")).join(words)[: chance.choice((20, 40, 60, 120, LONGEST))])
    return names


BRANDINGS = (
    {},
    {"signatories": (Signatory("Amina Okafor", "Chief Executive", a_signature()),), "logo": a_logo()},
    {
        "wording": Wording("C" * 60, "This certifies " * 6, "took part in " * 6, "Thank you for the time. " * 8),
        "second_language": "ur",
        "second_wording": Wording("تکمیل کی سند " * 4, "تصدیق کی جاتی ہے " * 4, "مکمل کیا", "آپ کا شکریہ " * 15),
        "signatories": (
            Signatory("W" * 80, "Director of People and Organisational Development " * 3, a_signature()),
            Signatory("Nguyễn Thị Hương", "Deputy", a_signature()),
            Signatory("محمد عبد الله", "D", None),
        ),
        "logo": a_logo(),
    },
)

Box = tuple[float, float, float, float]


def boxes_of(page_box) -> Iterator[tuple[str, Box]]:
    """What each part of the page covers, in millimetres: the union of its lines and pictures."""
    body = next(child for child in page_box.children[0].children if child.element_tag == "body")
    for part in body.children:
        inside = [
            box
            for box in getattr(part, "_box", part).descendants(placeholders=True)
            if hasattr(box, "text") or box.element_tag == "img"
        ]
        if inside:
            left, top = min(box.position_x for box in inside), min(box.position_y for box in inside)
            right = max(box.position_x + box.margin_width() for box in inside)
            bottom = max(box.position_y + box.margin_height() for box in inside)
            name = " ".join((part.element_tag, part.element.get("class", "")))
            yield name, (left * PX, top * PX, right * PX, bottom * PX)


def problems_with(**changes) -> list[str]:
    laid_out = lay_out(certificate_document(facts(**changes)))
    left, top, right, bottom = FREE[changes["branding"].design]
    found = [] if len(laid_out.pages) == 1 else [f"{len(laid_out.pages)} pages"]
    parts = list(boxes_of(laid_out.pages[0]._page_box))
    for name, (x1, y1, x2, y2) in parts:
        if x1 < left or y1 < top or x2 > right or y2 > bottom:
            found.append(f"{name} leaves the page: {x1:.0f}, {y1:.0f}, {x2:.0f}, {y2:.0f}")
    for (one, a), (other, b) in combinations(parts, 2):
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
            found.append(f"{one} lies on {other}")
    return found


def test_five_hundred_hard_names_stay_in_their_boxes() -> None:
    """Three at a time, as the holder, the course and the authority: each layout takes as long as it takes."""
    designs, brandings, names = cycle(Design), cycle(BRANDINGS), hard_names()
    found = {}
    for holder, course, authority in zip(names[::3], names[1::3], names[2::3], strict=True):
        design = next(designs)
        branding = Branding(design=design, **(next(brandings) if design is Design.WEAVE else BRANDINGS[0]))
        words = {"holder_name": holder, "course_title": course, "organisation_name": authority}
        if problems := problems_with(branding=branding, **words):
            found[f"{design}: {holder[:40]}"] = problems
    assert found == {}


@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("branding", BRANDINGS)
@pytest.mark.parametrize("name", [*LONG_NAMES, "A"])
def test_everything_may_be_long_at_once(design: Design, branding: dict, name: str) -> None:
    changes = {"holder_name": name, "organisation_name": name, "course_title": name}
    assert problems_with(branding=Branding(design=design, **branding), **changes) == []


def test_marks_without_a_letter_get_a_circle_to_stand_on() -> None:
    assert all(printable(marks)[0] == "\u25cc" for marks in MARKS)
