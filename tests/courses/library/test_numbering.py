"""One word and one numbering: texts, pages and certificates count modules from 1."""

import json
import re

import pytest

from tests.courses.library.shipped import shipped
from tests.courses.library.texts import FOLDERS, LIBRARY

# Laws have sections, and some have parts: “Part 4 of the Housing Act” is none of ours.
NUMBERED = re.compile(r"\b(module|part|chapter)s? (\d+)\b(?: of ([^,.]+))?(?:, “([^”]+)”)?", re.IGNORECASE)
TITLES = {
    document.title: [module.title for module in document.modules]
    for folder in FOLDERS
    if (document := shipped(folder.name).document) is not None
}


@pytest.mark.parametrize("name", [folder.name for folder in FOLDERS])
def test_every_number_in_a_shipped_course_is_the_one_that_learners_see(name: str) -> None:
    document = shipped(name).document
    assert document is not None
    text = json.dumps(document.model_dump(mode="json"), ensure_ascii=False)
    for word, number, course, title in NUMBERED.findall(text):
        assert word.casefold() == "module", f"{word} {number}"
        assert title == TITLES[course or document.title][int(number) - 1], f"{word} {number}"


def test_the_shipped_texts_name_some_modules_so_that_this_looks_at_something() -> None:
    text = (LIBRARY / "race-equality-essentials/modules/01-why-race-equality-matters-here.md").read_text("utf-8")
    assert "module 3, “The law in plain English”" in text
