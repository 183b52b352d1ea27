"""What no font holds is known without opening one, by the name of its script."""

import json

import pytest

from typesetting.coverage import FILE, SIGNS, undrawn_scripts
from typesetting.coverage_writing import coverage
from typesetting.fonts import characters_held


def test_what_is_written_down_is_what_the_fonts_hold() -> None:
    assert json.loads(FILE.read_text("utf-8")) == coverage(), "run: python -m typesetting.coverage_writing"


@pytest.mark.parametrize(
    "name", ["Siân", "Nguyễn", "محمد", "王芳", "Ọláyínká", "O’Brien", "김철수", "さくら", "Sia\u0302n\u200d", ""]
)
def test_names_that_can_be_drawn_bring_no_warning(name: str) -> None:
    assert undrawn_scripts([name]) == ()
    assert {letter for letter in name if letter.isprintable() and letter != " "} <= characters_held()


@pytest.mark.parametrize(
    ("name", "scripts"),
    [("ଓଡ଼ିଆ", ("Odia",)), ("བོད", ("Tibetan",)), ("ᱥᱟᱱᱛᱟᱲᱤ", ("Ol Chiki",)), ("Sam 😀", (SIGNS,))],
)
def test_others_are_named_by_their_script(name: str, scripts: tuple[str, ...]) -> None:
    assert undrawn_scripts([name]) == scripts
    assert undrawn_scripts(["Siân", name, "王芳"]) == scripts
