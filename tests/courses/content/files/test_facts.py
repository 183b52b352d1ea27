"""Facts stand once, reach every place that prints them, and are shown to nobody before they are checked."""

from datetime import date

import pytest

from courses.catalogue.publication import compare
from courses.catalogue.versions import fingerprint_of
from courses.content.bundle.reading import read_bundle
from courses.content.model.course import CourseDocument
from courses.content.model.facts import Fact, fill_facts, sources_of
from tests.courses.content.bundles import COURSE, MODULE, QUESTIONS, a_bundle

FACTS = """\
- id: RE-F-PEOPLE
  text: About 1.55 million
  name: People
  source: Office for National Statistics
  source_date: Census 2021
  checked_on: 2026-11-21
  review_by: 2027-01-31
- id: RE-F-SHARE
  text: 12%
  source: Office for National Statistics
  checked_on: 2026-11-21
  review_by: 2027-01-31
"""
TO_CHECK = """\
- id: RE-F-SEA
  text: A third of them came by sea.
  review_by: 2027-01-31
  status: to-check
  note: Ask the museum.
"""
PRINTED = MODULE.replace("About 1.55 million", "{{fact:RE-F-PEOPLE}}")
LEANING = QUESTIONS.replace("  stem", "  facts: [RE-F-SHARE]\n  stem")
SOURCES = "\n::: facts RE-F-PEOPLE\nPercentages are rounded.\n:::\n"
TODAY = date(2026, 11, 21)


def with_facts(facts: str = FACTS, module: str = PRINTED, questions: str = LEANING) -> dict[str, bytes]:
    return {**a_bundle(module=module, questions=questions), "facts.yaml": facts.encode()}


def read(files: dict[str, bytes]) -> CourseDocument:
    outcome = read_bundle(files, today=TODAY)
    assert outcome.document is not None, outcome.findings
    return outcome.document


def found(files: dict[str, bytes], today: date = TODAY) -> list[tuple[str, str, int | None, str]]:
    return [(f.severity, f.file, f.line, f.message) for f in read_bundle(files, today=today).findings]


def test_a_course_with_facts_has_nothing_to_put_right():
    document = read(with_facts(module=PRINTED + SOURCES))
    assert found(with_facts(module=PRINTED + SOURCES)) == []
    assert document.facts["RE-F-SHARE"].questions == ("RE-M1-Q1",)
    assert document.facts["RE-F-PEOPLE"].review_by == date(2027, 1, 31)
    assert CourseDocument.model_validate(document.model_dump(mode="json")) == document


def test_a_document_that_was_stored_before_there_were_facts_is_read_and_a_fact_makes_it_another():
    document = read(a_bundle())
    stored = {key: value for key, value in document.model_dump(mode="json").items() if key != "facts"}
    assert CourseDocument.model_validate(stored) == document
    changed = document.model_copy(update={"facts": {"RE-F-A": Fact(text="x", review_by=TODAY)}})
    assert fingerprint_of(changed) != fingerprint_of(document)


def test_one_edit_changes_every_place_that_prints_the_fact():
    before = read(with_facts())
    after = read(with_facts(FACTS.replace("1.55", "1.6")))
    assert compare(before, after).screens.changed == ("RE-M1-S1",)
    assert compare(before, after).questions.is_empty


def test_a_reference_becomes_the_words_of_the_fact_and_leaves_tokens_alone():
    facts = {"RE-F-A": Fact(text="{{area_count}} people", review_by=TODAY)}
    assert fill_facts("We are {{fact:RE-F-A}}.", facts) == "We are {{area_count}} people."
    assert fill_facts("We are {{ fact:RE-F-A }}.", facts, lambda key: f"({key})") == (
        "We are {{area_count}} people (RE-F-A)."
    )
    assert fill_facts("{{fact:RE-F-B}} {{authority_name}}", facts) == "{{fact:RE-F-B}} {{authority_name}}"


def test_facts_with_one_name_and_source_share_a_line():
    facts = read(with_facts()).facts
    twice = facts | {"RE-F-TOO": facts["RE-F-PEOPLE"]}
    assert sources_of(["RE-F-PEOPLE", "RE-F-TOO", "RE-F-SHARE"], twice) == (
        "- People: Office for National Statistics, Census 2021\n- Office for National Statistics"
    )


def test_what_is_still_to_be_checked_is_not_printed():
    module = PRINTED.replace("live here.", "live here. {{fact:RE-F-SEA}}")
    assert found(with_facts(FACTS + TO_CHECK, module)) == [
        (
            "error",
            "modules/01-why.md",
            11,
            "The fact RE-F-SEA is still to be checked: put it right (facts.yaml line 13), "
            "or take it out of modules/01-why.md line 11.",
        )
    ]


def test_what_is_still_to_be_checked_is_no_source_and_no_feedback_either():
    listed = PRINTED + SOURCES.replace("RE-F-PEOPLE", "RE-F-PEOPLE RE-F-SEA")
    assert [f[:3] for f in found(with_facts(FACTS + TO_CHECK, listed))] == [("error", "modules/01-why.md", 20)]
    feedback = LEANING.replace("Too low.", "Too low. {{fact:RE-F-SEA}}")
    assert [f[:3] for f in found(with_facts(FACTS + TO_CHECK, questions=feedback))] == [
        ("error", "questions/01-why.yaml", 8)
    ]


def test_a_fact_to_check_that_nothing_shows_is_a_note_to_authors():
    leaning = LEANING.replace("[RE-F-SHARE]", "[RE-F-SHARE, RE-F-SEA]")
    note = "The fact RE-F-SEA is still to be checked, so learners do not see it. Ask the museum."
    for questions in (LEANING, leaning):
        assert found(with_facts(FACTS + TO_CHECK, questions=questions)) == [("warning", "facts.yaml", 13, note)]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("RE-F-SHARE", "RE-F-PEOPLE", 8, "The fact RE-F-PEOPLE is on line 1 already. Choose another id."),
        ("RE-F-SHARE", "XX-F-SHARE", 8, "The id XX-F-SHARE must begin with the course’s id: RE-F-."),
        (
            "RE-F-SHARE",
            "share",
            8,
            "“id” must be the course’s id, -F- and capital letters or digits, such as RE-F-PORT.",
        ),
        (
            "review_by: 2027-01-31\n-",
            "review_by: 2026-01-31\n-",
            7,
            "RE-F-PEOPLE would be reviewed before the day it was checked on. Put one of the two days right.",
        ),
        ("  checked_on: 2026-11-21\n", "", 1, "Add “checked_on” to RE-F-PEOPLE, or write “status: to-check”."),
        ("2027-01-31", "31/1/2027", 7, "“review_by” must be a day, such as 2027-01-31."),
        ("2027-01-31", "2027-02-31", 7, "“review_by” must be a day, such as 2027-01-31."),
        ("source_date", "sourcedate", 5, "“sourcedate” is not a key that is used here. Did you mean “source_date”?"),
        ("12%", "12% {{fact:RE-F-PEOPLE}}", 9, "A fact cannot stand inside another fact. Write the words in full."),
        ("12%", "12% of {{nobody}}", 9, "“{{nobody}}” is not a known token. Correct it, or add it to course.yaml."),
    ],
)
def test_a_fault_in_facts_is_named_with_its_line(old: str, new: str, line: int, message: str):
    assert old in FACTS
    findings = found(with_facts(FACTS.replace(old, new, 1)))
    assert ("error", "facts.yaml", line, message) in findings


def test_a_fact_that_nobody_has_written_is_named_where_it_is_used():
    module = PRINTED.replace("RE-F-PEOPLE", "RE-F-PEPLE") + SOURCES
    questions = LEANING.replace("RE-F-SHARE", "RE-F-SHARES")
    missing = "facts.yaml has no fact “{}”. Write it there, or correct the id."
    assert [f[1:] for f in found(with_facts(module=module, questions=questions)) if f[0] == "error"] == [
        ("modules/01-why.md", 11, missing.format("RE-F-PEPLE")),
        ("questions/01-why.yaml", 4, missing.format("RE-F-SHARES")),
    ]


def test_a_file_of_facts_that_was_left_out_is_what_is_missing():
    files = with_facts()
    del files["facts.yaml"]
    [error, *_] = [f for f in found(files) if f[0] == "error"]
    assert error[3].startswith("The file facts.yaml is missing. Put it beside course.yaml, with the fact “RE-F-")


def test_titles_cannot_print_a_fact():
    title = PRINTED.replace("# Check", "# {{fact:RE-F-SHARE}}")
    course = COURSE.replace("Give two reasons", "Know {{fact:RE-F-SHARE}}")
    files = {**with_facts(module=title), "course.yaml": course.encode()}
    words = "A fact can be printed in the text of a screen and in a question, but not here. Write the words in full."
    assert [f[1:] for f in found(files)] == [("course.yaml", 11, words), ("modules/01-why.md", 15, words)]


def test_a_fact_of_several_lines_stands_alone():
    table = FACTS.replace("text: 12%", "text: |\n    | Area | Share |\n    | --- | --- |\n    | Halton | 12% |")
    alone = PRINTED.replace("![A map", "{{fact:RE-F-SHARE}}\n\n![A map")
    assert found(with_facts(table, alone)) == []
    within = PRINTED.replace("live here.", "live here. {{fact:RE-F-SHARE}}")
    message = "The fact RE-F-SHARE has several lines, so it must be the only thing on its line of a screen."
    assert found(with_facts(table, within)) == [("error", "modules/01-why.md", 11, message)]


def test_a_review_that_is_overdue_and_a_fact_that_nothing_uses_are_warnings():
    unused = found(with_facts(questions=QUESTIONS), date(2027, 2, 1))
    overdue = "The fact {} was to be reviewed by 31 January 2027. Check it and give it new days."
    nothing = "Nothing uses the fact RE-F-SHARE. Print it as {{fact:RE-F-SHARE}}, or remove it."
    assert unused == [
        ("warning", "facts.yaml", 1, overdue.format("RE-F-PEOPLE")),
        ("warning", "facts.yaml", 8, nothing),
        ("warning", "facts.yaml", 8, overdue.format("RE-F-SHARE")),
    ]
    assert read_bundle(with_facts()).findings == ()


def test_the_words_of_facts_count_towards_the_length_of_a_screen():
    long = FACTS.replace("About 1.55 million", "word " * 170)
    assert "This screen has 17" in found(with_facts(long))[0][3]


def test_a_reference_on_two_lines_is_no_way_round_the_check():
    module = PRINTED.replace("live here.", "live here. {{fact:\nRE-F-SEA}}")
    files = with_facts(FACTS + TO_CHECK, module)
    assert [f[:3] for f in found(files) if f[0] == "error"] == [("error", "modules/01-why.md", 11)]
    assert fill_facts("{{fact:\nRE-F-A}}", {"RE-F-A": Fact(text="x", review_by=TODAY)}) == "{{fact:\nRE-F-A}}"


@pytest.mark.parametrize("shown", ["{{fact:}}", "{{fact: }}", "{{fact RE-F-PEOPLE}}", "{{fact:" + " " * 10_000])
def test_a_reference_that_is_not_complete_is_named(shown: str):
    module = PRINTED.replace("live here.", f"live here. {shown}")
    message = "“{{” begins a token here that is not complete. Write {{name}}."
    assert ("error", "modules/01-why.md", 11, message) in found(with_facts(module=module))


def test_a_text_that_facts_make_far_too_long_is_refused():
    long = FACTS.replace("12%", "much " * 500)
    module = PRINTED.replace("live here.", "live here. " + "{{fact:RE-F-SHARE}} " * 20)
    message = "This text is too long, or has too many brackets. Split it."
    assert ("error", "modules/01-why.md", 11, message) in found(with_facts(long, module))


@pytest.mark.parametrize("facts", ["", "\n", "# none yet\n"])
def test_an_empty_file_of_facts_is_no_fault(facts: str):
    assert found(with_facts(facts, MODULE, QUESTIONS)) == []


def test_a_file_of_facts_that_is_no_list_is_named():
    message = "This file must be a list of facts, each beginning with “- id:”."
    assert found(with_facts("RE-F-A: 12%\n", MODULE, QUESTIONS)) == [("error", "facts.yaml", 1, message)]
