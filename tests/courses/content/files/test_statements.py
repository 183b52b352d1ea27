"""Statements that learners rate: what can be written, and what is refused in plain words."""

import pytest

from courses.catalogue.versions import fingerprint_of
from courses.content.bundle.reading import read_bundle
from courses.content.model.course import CourseDocument
from courses.content.model.personal import Moment
from tests.courses.content.bundles import MODULE, a_bundle

STATEMENTS = """\
- id: RE-C
  title: Where I am now
  stem: How far do you agree?
  looking_back: How was it before?
  statements:
    - id: C1
      text: I can tell {{authority_name}} what I need
    - id: C2
      text: I can step in
      looks_back: true
    - id: C3
      text: I used my plan
      choices:
        - {id: did, text: "Yes"}
        - {id: did-not, text: "No"}
"""
PLACES = "\n# Now {#RE-M1-S3}\n\n::: statements RE-C before\n:::\n\n::: statements RE-C looking-back\n:::\n"


def files(statements: str = STATEMENTS, places: str = PLACES) -> dict[str, bytes]:
    return {**a_bundle(module=MODULE + places), "statements.yaml": statements.encode()}


def faults(statements: str = STATEMENTS, places: str = PLACES) -> list[str]:
    return [f"{f.file}:{f.line} {f.message}" for f in read_bundle(files(statements, places)).findings]


def document() -> CourseDocument:
    found = read_bundle(files()).document
    assert found is not None
    return found


def test_statements_can_be_placed_at_every_moment() -> None:
    assert faults() == []
    before, looking_back = document().modules[0].screens[-1].personal
    assert (before.key, looking_back.key) == ("RE-C-before", "RE-C-looking-back")


def test_only_some_statements_look_back() -> None:
    instrument = document().instruments["RE-C"]
    assert [one.id for one in instrument.asked_at(Moment.BEFORE)] == ["C1", "C2", "C3"]
    assert [one.id for one in instrument.asked_at(Moment.LOOKING_BACK)] == ["C2"]
    assert instrument.stem_at(Moment.LOOKING_BACK) == "How was it before?"


def test_every_statement_can_be_declined() -> None:
    answers = [[choice.text for choice in one.answers] for one in document().instruments["RE-C"].statements]
    assert answers[0][0] == "Strongly disagree"
    assert answers[2] == ["Yes", "No", "Prefer not to say"]
    assert {words[-1] for words in answers} == {"Prefer not to say"}


def test_a_stored_course_comes_back_as_it_was() -> None:
    assert CourseDocument.model_validate(document().model_dump(mode="json")) == document()


def test_a_course_without_statements_keeps_its_fingerprint() -> None:
    plain = read_bundle(a_bundle()).document
    assert plain is not None
    assert "instruments" not in plain.model_dump(mode="json")
    assert fingerprint_of(plain) != fingerprint_of(document())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: C2", "id: C1", "statements.yaml:8 RE-C has two statements C1. Give one of them another id."),
        ("id: C2", "id: c2", "must be capital letters and digits, a letter first, such as C1"),
        ("I can step in", "x" * 201, "“text” is too long: it may have up to 200 characters."),
        ("I can step in", "Ask {{nobody}}", "“{{nobody}}” is not a known token."),
        ("id: did-not", "id: did", "The choices of C3 must be at least two, each with an id of its own."),
        ("id: did-not", "id: prefer-not-to-say", "“Prefer not to say” is added by itself."),
        ("looking_back: How was it before?\n  ", "", "Add “looking_back” to RE-C"),
        ("looks_back: true", "looks_back: perhaps", "“looks_back” must be true or false."),
        ("  stem: How far do you agree?\n", "", "Add “stem”: it is missing here."),
        (STATEMENTS, "id: RE-C", "This file must be a list, each entry beginning with “- id:”."),
    ],
)
def test_a_fault_in_the_file_is_named(old: str, new: str, words: str) -> None:
    assert old in STATEMENTS
    found = faults(STATEMENTS.replace(old, new))
    assert any(words in fault for fault in found), found


def test_two_instruments_of_one_id_are_refused() -> None:
    found = faults(STATEMENTS + STATEMENTS)
    assert any("The id RE-C is taken on line 1 of statements.yaml. Choose another." in fault for fault in found)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("RE-C before", "RE-X before", "modules/01-why.md:22 statements.yaml has no “RE-X”."),
        ("RE-C before", "RE-C soon", "modules/01-why.md:22 Say when after the id: before, after, later"),
        ("RE-C before", "RE-C", "Say when after the id"),
        ("statements RE-C before", "statements", "such as “::: statements RE-C before”."),
        ("RE-C looking-back", "RE-C before", "The same stands on line 22 of modules/01-why.md. Remove one."),
        ("statements RE-C before", "change RE-C before", "such as “::: change RE-C”."),
        ("before\n", "before\nWords\n", "“::: statements” holds no text."),
    ],
)
def test_a_fault_in_a_place_is_named(old: str, new: str, words: str) -> None:
    assert old in PLACES
    found = faults(places=PLACES.replace(old, new, 1))
    assert any(words in fault for fault in found), found


def test_looking_back_without_a_statement_that_does_is_refused() -> None:
    found = faults(STATEMENTS.replace("      looks_back: true\n", ""))
    assert any("No statement of RE-C looks back." in fault for fault in found)


def test_an_instrument_that_nobody_asks_for_is_a_warning() -> None:
    assert any("No screen asks for RE-C." in fault for fault in faults(places=""))
