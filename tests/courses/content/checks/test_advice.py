"""Advice helps: whoever does what a finding says is rid of it, and nobody is told to do what is done already."""

from collections.abc import Callable
from functools import cache

import pytest

from courses.content.bundle.reading import read_bundle, read_folder
from tests.courses.library.texts import LIBRARY

EXAMPLE = LIBRARY.parent / "example"
Files = dict[str, bytes]
Step = Callable[[Files], None]

SHARED = """\
- id: ALL-F-SEA
  courses: [IR]
  text: The sea is wide.
  source: A map
  checked_on: 2026-11-21
  review_by: 2031-01-31
"""


@cache
def _example() -> Files:
    return read_folder(EXAMPLE)


def texts(files: Files) -> list[str]:
    return [f"{one.file}: {one.message}" for one in read_bundle(files).findings]


def change(name: str, old: str, new: str) -> Step:
    def step(files: Files) -> None:
        assert old.encode() in files[name], (name, old)
        files[name] = files[name].replace(old.encode(), new.encode(), 1)

    return step


def add(name: str, text: str) -> Step:
    return lambda files: files.update({name: files.get(name, b"") + text.encode()})


def take_out(name: str) -> Step:
    return lambda files: files.__delitem__(name)


def both(first: Step, second: Step) -> Step:
    def step(files: Files) -> None:
        first(files)
        second(files)

    return step


def move(name: str, to: str) -> Step:
    return lambda files: files.update({to: files.pop(name)})


COURSE, NAMES, TURN = "course.yaml", "modules/01-names.md", "modules/02-your-turn.md"
FIRST, SECOND = "questions/01-names.yaml", "questions/02-your-turn.yaml"
CIRCLES = "Two circles that overlap: what you know, what your colleague knows, and what you share"
SEA = change(NAMES, "{{fact:EX-F-RACE}}", "{{fact:EX-F-RACE}} {{fact:ALL-F-SEA}}")
# What is spoilt, the beginning of what the check then says, and what it says to do.
ADVICE: dict[str, tuple[Step, str, tuple[Step, ...]]] = {
    "a shared fact without its file": (
        SEA,
        "modules/01-names.md: The fact ALL-F-SEA is one that courses share. Put a copy of shared-facts.yaml beside",
        (add("shared-facts.yaml", SHARED.replace("[IR]", "[IR, EX]")),),
    ),
    "a shared fact of others": (
        both(SEA, add("shared-facts.yaml", SHARED)),
        "modules/01-names.md: The fact ALL-F-SEA does not name this course. Add EX to its “courses” (shared-facts.yaml"
        " line 1).",
        (change("shared-facts.yaml", "[IR]", "[IR, EX]"),),
    ),
    "a shared fact that its file lacks": (
        both(SEA, add("shared-facts.yaml", SHARED.replace("SEA", "LAKE"))),
        "modules/01-names.md: shared-facts.yaml has no fact “ALL-F-SEA”. Write it there with EX among its “courses”",
        (add("shared-facts.yaml", SHARED.replace("[IR]", "[IR, EX]")),),
    ),
    "a fact of its own that is missing": (
        change("facts.yaml", "EX-F-RACE\n", "EX-F-RICE\n"),
        "modules/01-names.md: facts.yaml has no fact “EX-F-RACE”. Write it there, or correct the id.",
        (change("facts.yaml", "EX-F-RICE\n", "EX-F-RACE\n"),),
    ),
    "a question that is missing": (
        change(FIRST, "id: EX-M1-Q1", "id: EX-M1-Q9"),
        "modules/01-names.md: No question file has a question EX-M1-Q1. Write it, or correct the id.",
        (change(FIRST, "id: EX-M1-Q9", "id: EX-M1-Q1"),),
    ),
    "a question without a place": (
        change(NAMES, "::: question EX-M1-Q3\n:::\n", ""),
        "questions/01-names.yaml: The question EX-M1-Q3 is on no screen. Put “::: question EX-M1-Q3” and “:::” on one.",
        (change(NAMES, "::: facts", "::: question EX-M1-Q3\n:::\n\n::: facts"),),
    ),
    "a picture in a folder with a capital": (
        move("media/circles.png", "Media/circles.png"),
        "modules/01-names.md: There is no picture media/circles.png in the bundle, but there is Media/circles.png.",
        (move("Media/circles.png", "media/circles.png"),),
    ),
    "the folder of a picture with a capital": (
        move("media/circles.png", "Media/circles.png"),
        "Media/circles.png: This file is not read, because its folder is called Media. Call it media.",
        (move("Media/circles.png", "media/circles.png"),),
    ),
    "a picture beside the course": (
        move("media/circles.png", "circles.png"),
        "modules/01-names.md: There is no picture media/circles.png in the bundle, but there is circles.png.",
        (move("circles.png", "media/circles.png"),),
    ),
    "a module with capitals": (
        move(TURN, "Modules/02-Your-Turn.md"),
        f"course.yaml: There is no file {TURN} in the bundle, but there is Modules/02-Your-Turn.md.",
        (move("Modules/02-Your-Turn.md", TURN),),
    ),
    "a module that is nowhere": (
        take_out(TURN),
        f"course.yaml: There is no file {TURN} in the bundle. Add it, or correct its name.",
        (lambda files: files.update({TURN: _example()[TURN]}),),
    ),
    "a module that is not listed": (
        change(COURSE, "  - modules/02-your-turn.md\n", ""),
        f"{TURN}: course.yaml does not list this module, so nobody will see it. Add or remove it.",
        (add(COURSE, "  - modules/02-your-turn.md\n"),),
    ),
    "facts under another ending": (
        move("facts.yaml", "Facts.yml"),
        "Facts.yml: This file is not read. Call it facts.yaml, and put it beside course.yaml.",
        (move("Facts.yml", "facts.yaml"),),
    ),
    "questions outside their folder": (
        move(FIRST, "more-questions.yaml"),
        "more-questions.yaml: This file is not read. Put it in the folder questions or quizzes, or remove it.",
        (move("more-questions.yaml", FIRST),),
    ),
    "a token without a value": (
        change(TURN, "{{area_count}}", "{{area_count}} in {{area}}"),
        f"{TURN}: “{{{{area}}}}” is not a known token. Correct it, or add it to course.yaml.",
        (change(COURSE, "tokens:\n", "tokens:\n  area: {default: everywhere}\n"),),
    ),
    "a token that nothing uses": (
        change(COURSE, "tokens:\n", "tokens:\n  area: {default: everywhere}\n"),
        "course.yaml: No text uses the token area. Use it as {{area}}, or remove it.",
        (change(NAMES, "You meet", "In {{area}} you meet"),),
    ),
    "a word that the glossary lacks": (
        change("glossary.yaml", "- id: harassment\n", ""),
        "modules/01-names.md: glossary.yaml has no term “harassment”. Write it there, or correct the id.",
        (add("glossary.yaml", "- id: harassment\n"),),
    ),
    "an instrument that is missing": (
        change("statements.yaml", "id: EX-C\n", "id: EX-D\n"),
        "modules/01-names.md: statements.yaml has no “EX-C”. Write it, or correct the id.",
        (change("statements.yaml", "id: EX-D\n", "id: EX-C\n"),),
    ),
    "a plan asked for as an instrument": (
        change(TURN, "::: change EX-C", "::: change EX-PLAN"),
        f"{TURN}: “EX-PLAN” stands in plans.yaml, and this asks for statements.yaml. Use the directive that belongs",
        (change(TURN, "::: change EX-PLAN", "::: my-plan EX-PLAN"),),
    ),
    "a quiz that is missing": (
        change("quizzes/01-look-back.yaml", "EX-QUIZ-1", "EX-QUIZ-2"),
        f"{TURN}: No quiz file has a quiz EX-QUIZ-1. Write it, or correct the id.",
        (change("quizzes/01-look-back.yaml", "EX-QUIZ-2", "EX-QUIZ-1"),),
    ),
    "a quiz without a place": (
        change(TURN, "::: quiz EX-QUIZ-1\n:::\n", ""),
        "quizzes/01-look-back.yaml: The quiz EX-QUIZ-1 is on no screen. Put “::: quiz EX-QUIZ-1” and “:::” on one.",
        (change(TURN, "drawn anew for each person.\n", "drawn anew.\n\n::: quiz EX-QUIZ-1\n:::\n"),),
    ),
    "a draw for which there are too few": (
        change("quizzes/01-look-back.yaml", "count: 2", "count: 4"),
        "quizzes/01-look-back.yaml: This draws 4 questions, but only 3 that are scored fit. Ask for fewer",
        (change("quizzes/01-look-back.yaml", "count: 4", "count: 3"),),
    ),
    "an outcome that is no module": (
        change(FIRST, "outcome: EX-M1", "outcome: EX-M9"),
        "questions/01-names.yaml: The outcome EX-M9 of EX-M1-Q1 is no module of this course. Write the id of a module",
        (change(FIRST, "outcome: EX-M9", "outcome: EX-M1"),),
    ),
    "a key that is misspelt": (
        change(COURSE, "minutes: 12", "minuets: 12"),
        "course.yaml: “minuets” is not a key that is used here. Did you mean “minutes”?",
        (change(COURSE, "minuets: 12", "minutes: 12"),),
    ),
    "a picture without a description": (
        change(NAMES, f"![{CIRCLES}]", "![]"),
        f"{NAMES}: The picture media/circles.png has no description. Write what it shows: ![words](address).",
        (change(NAMES, "![]", "![Two circles that overlap]"),),
    ),
    "an id of another course": (
        change(NAMES, "{#EX-M1-S5}", "{#ZZ-M1-S5}"),
        "modules/01-names.md: The id ZZ-M1-S5 must begin with the course’s id: EX-.",
        (change(NAMES, "{#ZZ-M1-S5}", "{#EX-M1-S5}"),),
    ),
    "an id that is taken": (
        change(NAMES, "{#EX-M1-S5}", "{#EX-M1-S4}"),
        "modules/01-names.md: The id EX-M1-S4 is taken by the screen on line",
        (lambda files: change(NAMES, "says {#EX-M1-S4}", "says {#EX-M1-S55}")(files),),
    ),
    "a fact that nothing uses": (
        add("facts.yaml", SHARED.replace("ALL-F-SEA", "EX-F-SEA").replace("  courses: [IR]\n", "")),
        "facts.yaml: Nothing uses the fact EX-F-SEA. Print it as {{fact:EX-F-SEA}}, or remove it.",
        (change(NAMES, "You meet", "{{fact:EX-F-SEA}} You meet"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ADVICE)
def test_whoever_follows_the_advice_is_rid_of_the_finding_and_has_no_other(case: str) -> None:
    spoil, beginning, steps = ADVICE[case]
    files = dict(_example())
    spoil(files)
    assert [text for text in texts(files) if text.startswith(beginning)], texts(files)
    for step in steps:
        step(files)
    assert texts(files) == []


@pytest.mark.parametrize("name", sorted(name for name in _example() if name.endswith((".yaml", ".md"))))
@pytest.mark.parametrize("spoilt", ["not UTF-8", "not YAML", "no list"])
def test_a_file_that_cannot_be_read_is_all_that_is_named(name: str, spoilt: str) -> None:
    if name == "README.md" or (spoilt != "not UTF-8" and name.endswith(".md")):
        pytest.skip("nothing reads it in this way")
    data = {"not UTF-8": _example()[name] + b"\xff", "not YAML": b"a: [b\n", "no list": b"just words\n"}[spoilt]
    found = read_bundle({**_example(), name: data}).findings
    assert {one.file for one in found} == {name}, found


def test_front_matter_that_cannot_be_read_blames_no_question_and_no_quiz() -> None:
    files = dict(_example())
    change(TURN, "id: EX-M2\n", "id: [EX-M2\n")(files)
    assert {one.file for one in read_bundle(files).findings} == {TURN}


def test_shared_facts_that_cannot_be_read_are_not_asked_for_again() -> None:
    files = dict(_example())
    SEA(files)
    found = read_bundle({**files, "shared-facts.yaml": b"- id: [ALL\n"}).findings
    assert {one.file for one in found} == {"shared-facts.yaml"}
