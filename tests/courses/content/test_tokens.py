"""Local text: who says what a token stands for, and that its value stays text."""

import pytest

from courses.content.model import Token
from courses.content.tokens import ORGANISATIONS, STANDARD, fill_tokens, token_names, values_for


def test_every_standard_token_has_a_default_unless_it_is_a_place_for_local_words():
    values = values_for({}, organisation_slug=None, overrides={})
    assert set(values) == set(STANDARD)
    assert [name for name, text in values.items() if not text] == [
        "advice_lines", "listening_lines", "support_checked_on", "local_box",
    ]  # fmt: skip


@pytest.mark.parametrize("slug", ORGANISATIONS)
def test_halton_has_its_own_police_force(slug: str):
    force = values_for({}, organisation_slug=slug, overrides={})["police_force"]
    assert force == ("Cheshire Constabulary" if slug == "halton" else "Merseyside Police")


def test_the_organisation_comes_before_the_course_and_the_course_before_the_standard():
    tokens = {
        "police_force": Token(default="the police", authorities={"wirral": "the police in Wirral"}),
        "area_count": Token(default="4,000"),
    }
    assert values_for(tokens, organisation_slug=None, overrides={})["police_force"] == "the police"
    assert values_for(tokens, organisation_slug="halton", overrides={})["police_force"] == "the police"
    assert values_for(tokens, organisation_slug="wirral", overrides={})["police_force"] == "the police in Wirral"
    values = values_for(tokens, organisation_slug="wirral", overrides={"police_force": "ours", "area_count": " "})
    assert (values["police_force"], values["area_count"]) == ("ours", "4,000")


def test_plain_text_is_filled_and_an_unknown_token_stays_as_it_is_typed():
    assert fill_tokens("{{a}} {{ a }} {{b}} {a}", {"a": "{{b}}", "c": "x"}) == "{{b}} {{b}} {{b}} {a}"
    assert token_names("{{a}} and {{ b_2 }} and {{a}} but not {c} or {{d e}}") == ("a", "b_2", "a")
