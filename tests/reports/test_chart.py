"""The picture of completion."""

import socket
from xml.etree import ElementTree

import pytest

from reports.chart import completion_chart
from reports.groups import Counts, Group, Level

SVG = "{http://www.w3.org/2000/svg}"


def a_picture(*parts: tuple[str, Counts | None], width: int = 960, font: bytes | None = None) -> ElementTree.Element:
    children = tuple(Group(Level.DIRECTORATE, name, 1, (name, "", ""), counts) for name, counts in parts)
    group = Group(Level.AUTHORITY, "Halton", None, ("", "", ""), Counts(100, 60, 20), children)
    drawing = completion_chart(group, description="60% <so far>", width=width, font=font)
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own file


def words(picture: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


CARE, PARKS = ("Care", Counts(60, 40, 10)), ("Parks", Counts(40, 20, 10))


def test_every_part_has_its_share_and_name_in_order_and_the_key_follows():
    key = ["finished", "in progress", "not started"]
    assert words(a_picture(CARE, PARKS)) == ["67% Care", "50% Parks", *key]


def test_bars_are_as_long_as_their_shares():
    rects = a_picture(PARKS).findall(f".//{SVG}g[@class='bar']/{SVG}rect")
    lengths = [float(rect.attrib["width"]) for rect in rects]
    assert [round(length / sum(lengths), 2) for length in lengths] == [0.5, 0.25, 0.25]


def test_parts_that_are_not_shown_have_no_bar_and_are_named_last():
    picture = a_picture(("Mayor", None), CARE, ("Docks", None), PARKS)
    assert words(picture)[:3] == ["67% Care", "50% Parks", "Not shown: Mayor, Docks"]
    hidden = [r for r in picture.iter(f"{SVG}rect") if r.attrib.get("visibility") == "hidden"]
    assert all("width" not in rect.attrib for rect in hidden)


def test_a_part_without_people_says_so():
    assert words(a_picture(("Empty", Counts()), CARE))[0] == "Nobody counts: Empty"


def test_a_very_long_name_is_cut_to_the_width():
    name = "Regeneration, Economy, Housing, Culture and everything else that a directorate can be called"
    narrow, wide = (words(a_picture((name, Counts(20)), width=width))[0] for width in (328, 960))
    assert narrow.endswith("…")
    assert len(narrow) < 40
    assert wide == f"0% {name}"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Care & “Health”", "ทีม 团队 فريق", "]]>"])
def test_names_are_text_whatever_they_hold(name):
    assert words(a_picture((name, Counts(20, 20))))[0] == f"100% {name}"


def test_a_screen_reader_finds_a_picture_with_a_title_and_a_description():
    picture = a_picture(CARE)
    assert picture.attrib["role"] == "img"
    named = [picture.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    assert picture.attrib["aria-labelledby"].split() == [element.attrib["id"] for element in named]
    assert [element.text for element in named] == ["Completion: Halton", "60% <so far>"]


def test_it_runs_nothing_and_loads_nothing(monkeypatch):
    monkeypatch.setattr(socket, "socket", None)
    picture = a_picture(CARE, font=b"letters")
    text = ElementTree.tostring(picture, encoding="unicode")
    assert not list(picture.iter(f"{SVG}script"))
    addresses = {word for word in text.replace('"', " ").split() if "://" in word}
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "DOCTYPE" not in text
    assert "@import" not in text


def test_states_differ_by_pattern_and_not_by_colour_alone():
    picture = a_picture(CARE)
    pattern = picture.find(f".//{SVG}pattern")
    style = picture.find(f".//{SVG}style").text
    assert f"url(#{pattern.attrib['id']})" in style


def test_the_same_figures_make_the_same_file():
    pictures = {ElementTree.tostring(a_picture(CARE, PARKS)) for _ in range(3)}
    assert len(pictures) == 1


def test_a_picture_for_a_phone_says_the_whole_of_whose_figures_of_what_and_when():
    group = Group(Level.AUTHORITY, "Halton", None, ("", "", ""), Counts(100, 60, 20))
    head = ("Highways, Liverpool City Region Combined Authority", "Race equality essentials, 29 November 2026")
    drawing = completion_chart(group, description="x", width=328, head=head)
    lines = [line for line in words(ElementTree.fromstring(drawing)) if line in " ".join(head)]  # noqa: S314 - our own
    assert " ".join(lines) == " ".join(head)
    assert max(map(len, lines)) < 40
