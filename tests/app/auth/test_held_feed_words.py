"""A person reads what an HR file did to them as words, and never their date of birth among them."""

from typing import Any

import pytest

from app.auth.held_feed_words import changes_in_words


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({}, ""),
        ({"steps": [["2020-04-01", {"held": True}]], "met": "abc", "shown": {}, "person": {}}, ""),
        ({"shown": {"unit": ["Care / Homes", "Parks"]}}, "Unit: “Care / Homes” became “Parks”"),
        ({"shown": {"grade": ["G4", ""], "site": ["", "Town Hall"]}}, "Grade: “G4” became nothing; Site: “Town Hall”"),
        ({"shown": {"email": ["", "b@x.org"]}, "person": {"email": [None, "b@x.org"]}}, "E-mail address: “b@x.org”"),
        ({"person": {"born_on": [None, "1980-05-17"]}}, "Date of birth: added"),
        ({"person": {"born_on": ["1980-05-17", "1981-05-17"]}}, "Date of birth: another one"),
        (
            {"problems": [{"column": "Start", "stands": "x", "problem": "This is no date.", "mend": "Put it right."}]},
            "Start: This is no date.",
        ),
    ],
)
def test_what_a_row_did_stands_in_words(detail: dict[str, Any], words: str) -> None:
    assert changes_in_words(detail) == words
