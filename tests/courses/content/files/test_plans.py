"""Plans in a course: what can be written, and what is refused in plain words."""

import pytest

from courses.content.bundle.reading import read_bundle
from courses.content.model.course import CourseDocument
from tests.courses.content.bundles import MODULE, a_bundle

PLANS = """\
- id: RE-PLAN
  title: My plan
  ideas:
    - role: For everyone
      ideas:
        - situation: a name is new to me
          action: ask how to say it
  checks:
    - Does it name a moment?
  obstacles:
    - id: time
      text: Time
      tip: Make it **smaller**.
    - id: other
      text: Something else
"""
PLACES = """
# My plan {#RE-M1-S3}

::: my-plan RE-PLAN
:::

::: plan RE-PLAN
:::

::: plan-check RE-PLAN
:::

::: reflection RE-M1-R1
What happened?

( ) I acted
( ) Not yet
:::
"""


def faults(plans: str = PLANS, places: str = PLACES) -> list[str]:
    files = {**a_bundle(module=MODULE + places), "plans.yaml": plans.encode()}
    return [f"{f.file}:{f.line} {f.message}" for f in read_bundle(files).findings]


def document() -> CourseDocument:
    found = read_bundle({**a_bundle(module=MODULE + PLACES), "plans.yaml": PLANS.encode()}).document
    assert found is not None
    return found


def test_a_plan_can_be_written_shown_and_asked_about() -> None:
    assert faults() == []
    assert [block.key for block in document().modules[0].screens[-1].personal] == [
        "RE-PLAN-words", "RE-PLAN", "RE-PLAN-check",
    ]  # fmt: skip


def test_an_idea_is_found_by_its_name_and_no_other_is() -> None:
    form = document().plans["RE-PLAN"]
    idea = form.idea("1-1")
    assert idea is not None
    assert idea.action == "ask how to say it"
    assert [form.idea(name) for name in ("", "1-2", "0-0", "-1-1", "1-1-1", "x")] == [None] * 6


def test_a_stored_course_comes_back_with_its_plans_and_choices() -> None:
    stored = document().model_dump(mode="json")
    assert CourseDocument.model_validate(stored) == document()
    reflection = document().modules[0].screens[-1].blocks[-1]
    assert (reflection.prompt, reflection.choices) == ("What happened?", ("I acted", "Not yet"))  # type: ignore[union-attr]


def test_a_course_without_them_stores_nothing_of_them() -> None:
    plain = read_bundle(a_bundle(module=MODULE + "\n::: reflection RE-M1-R1\nWhat?\n:::\n")).document
    assert plain is not None
    assert "plans" not in plain.model_dump(mode="json")
    assert "choices" not in plain.modules[0].screens[-1].blocks[-1].model_dump(mode="json")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: other", "id: time", "plans.yaml:14 RE-PLAN has two obstacles time. Give one of them another id."),
        ("a name is new to me", "x" * 201, "“situation” is too long: it may have up to 200 characters."),
        ("Make it **smaller**.", "x" * 301, "“tip” is too long: it may have up to 300 characters."),
        ("Make it **smaller**.", "<b>Small</b>", "is HTML, and courses are written in Markdown only."),
        ("ask how to say it", "ask {{nobody}}", "plans.yaml:7 “{{nobody}}” is not a known token."),
        ("          action: ask how to say it\n", "", "Add “action”: it is missing here."),
        ("title: My plan", "titel: My plan", "“titel” is not a key that is used here. Did you mean “title”?"),
        (PLANS, "id: RE-PLAN", "This file must be a list, each entry beginning with “- id:”."),
        ("- id: RE-PLAN", "- id: plan", "must be capital letters and digits in parts joined by hyphens"),
    ],
)
def test_a_fault_in_the_file_is_named(old: str, new: str, words: str) -> None:
    assert old in PLANS
    found = faults(PLANS.replace(old, new))
    assert any(words in fault for fault in found), found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("::: plan RE-PLAN", "::: plan RE-X", "plans.yaml has no “RE-X”. Write it, or correct the id."),
        ("::: plan-check RE-PLAN", "::: plan RE-PLAN", "The same stands on line 25 of modules/01-why.md. Remove one."),
        ("::: plan RE-PLAN", "::: plan", "Write the id after “::: plan”, such as “::: plan RE-PLAN”."),
        ("::: plan RE-PLAN", "::: plan RE-PLAN renew", "Write the id after “::: plan”"),
        ("( ) Not yet\n", "", "A reflection has two choices or more, or none."),
        ("( ) Not yet", "( ) I acted", "Write a choice of its own after “( )”"),
        ("( ) Not yet", "( )", "Write a choice of its own after “( )”"),
        ("What happened?\n", "", "“::: reflection” is empty."),
    ],
)
def test_a_fault_in_a_place_is_named(old: str, new: str, words: str) -> None:
    assert old in PLACES
    found = faults(places=PLACES.replace(old, new, 1))
    assert any(words in fault for fault in found), found


def test_a_plan_is_no_instrument_and_an_instrument_no_plan() -> None:
    found = faults(places=PLACES.replace("::: my-plan RE-PLAN", "::: change RE-PLAN"))
    assert any("“RE-PLAN” stands in plans.yaml, and this asks for statements.yaml." in fault for fault in found), found
