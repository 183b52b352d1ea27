"""Local text: who says what a token stands for, and that its value stays text."""

import pytest

from courses.content.model.course import Token
from courses.content.model.local_wording import ORGANISATIONS, STANDARD, fill_tokens, token_names, token_values


def test_every_standard_token_has_a_default_unless_it_is_a_place_for_local_words():
    values = token_values({}, organisation_slug=None, local_wording={})
    assert set(values) == set(STANDARD)
    assert [name for name, text in values.items() if not text] == [
        "advice_lines", "listening_lines", "support_checked_on", "local_box",
    ]  # fmt: skip


@pytest.mark.parametrize("slug", ORGANISATIONS)
def test_halton_has_its_own_police_force(slug: str):
    force = token_values({}, organisation_slug=slug, local_wording={})["police_force"]
    assert force == ("Cheshire Constabulary" if slug == "halton" else "Merseyside Police")


def test_the_organisation_comes_before_the_course_and_the_course_before_the_standard():
    tokens = {
        "police_force": Token(default="the police", authorities={"wirral": "the police in Wirral"}),
        "area_count": Token(default="4,000"),
    }
    assert token_values(tokens, organisation_slug=None, local_wording={})["police_force"] == "the police"
    assert token_values(tokens, organisation_slug="halton", local_wording={})["police_force"] == "the police"
    assert token_values(tokens, organisation_slug="wirral", local_wording={})["police_force"] == "the police in Wirral"
    values = token_values(tokens, organisation_slug="wirral", local_wording={"police_force": "ours", "area_count": " "})
    assert (values["police_force"], values["area_count"]) == ("ours", "4,000")


def test_plain_text_is_filled_and_an_unknown_token_stays_as_it_is_typed():
    assert fill_tokens("{{a}} {{ a }} {{b}} {a}", {"a": "{{b}}", "c": "x"}) == "{{b}} {{b}} {{b}} {a}"
    assert token_names("{{a}} and {{ b_2 }} and {{a}} but not {c} or {{d e}}") == ("a", "b_2", "a")
