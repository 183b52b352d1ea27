"""The small fonts of East Asian names: every character, whole and bold, and the same bytes each time."""

import base64
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from typesetting import fonts
from typesetting.font_outlines import outline_of
from typesetting.fonts import faces_for

NAMES = ("陳嘉玲 𠮷野", "さくら 山田", "김민준", "歐陽芳 Lee", "王・芳")


def east_asian_font(name: str) -> TTFont:
    face = faces_for(name)[-1]
    assert face.family == "Certificate East Asian"
    return TTFont(BytesIO(base64.b64decode(face.address.partition(",")[2])))


def glyph_of(font: TTFont, character: str) -> object:
    return font["glyf"][font.getBestCmap()[ord(character)]]


@pytest.mark.parametrize("name", NAMES)
def test_the_font_of_a_name_has_its_characters_and_the_space(name: str):
    font = east_asian_font(name)
    wanted = {character for character in name if fonts._is_east_asian(character)}
    assert set(map(chr, font.getBestCmap())) == {*wanted, " "}
    assert "fvar" not in font
    assert font["OS/2"].usWeightClass == 700
    assert all(glyph_of(font, character).numberOfContours > 0 for character in wanted)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_name_gives_the_same_bytes_whatever_came_before(name: str):
    first = faces_for(name)[-1]
    for forget in (fonts._east_asian_faces, outline_of):
        forget.cache_clear()
    assert faces_for(name[::-1])[-1] == faces_for(name)[-1] == first


def test_a_second_name_with_the_same_characters_opens_no_file(monkeypatch: pytest.MonkeyPatch):
    faces_for("王芳")
    monkeypatch.setattr("typesetting.font_outlines.TTFont", None)
    monkeypatch.setattr("typesetting.font_outlines._opened", None)
    assert faces_for("芳王芳")
    assert faces_for("芳")[-1].family == "Certificate East Asian"


def test_japan_and_china_draw_a_character_their_own_way():
    assert glyph_of(east_asian_font("直"), "直") != glyph_of(east_asian_font("直さ"), "直")
