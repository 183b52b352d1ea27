"""A module that a text names by number is the one that learners find under it."""

import pytest

from courses.content.bundle.reading import read_bundle
from tests.builders.region import FIRST, bundle_files


def warnings(text: str) -> list[str]:
    outcome = read_bundle(bundle_files(first=FIRST.replace("Welcome to {{authority_name}}.", text)))
    return [finding.message for finding in outcome.findings if "odule" in finding.message]


@pytest.mark.parametrize(
    "text",
    [
        "There is more in module 2, “Second steps”.",
        "Module 1, “First steps”, is this one.",
        "There is more in module 6 of another course.",
        "A module and 2 screens.",
    ],
)
def test_a_number_with_its_title_is_right_and_other_courses_are_not_judged(text: str) -> None:
    assert warnings(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("There is more in module 2.", "Write the title behind the number: module 2, “Second steps”."),
        ("Module 1, “Second steps”, has more.", "Module 1 is “First steps”."),
        ("You met it in module 3, “Second steps”.", "There is no module 3: the course has 2 modules"),
        ("You met it in Module 0.", "There is no module 0"),
    ],
)
def test_a_number_that_leads_elsewhere_is_named(text: str, words: str) -> None:
    (message,) = warnings(text)
    assert words in message
