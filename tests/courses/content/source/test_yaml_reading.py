"""YAML that is broken, hostile or careless: each fault with its line and what to do."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.content.source import yaml_reading
from courses.content.source.findings import Findings
from courses.content.source.yaml_reading import Reading, read_yaml


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of the library, because not every machine has the fast one."""
    monkeypatch.setattr(yaml_reading, "_LOADER", getattr(yaml, request.param))


def read(text: str) -> tuple[Reading | None, list[tuple[int | None, str]]]:
    findings = Findings()
    reading = read_yaml("course.yaml", text, findings)
    return reading, [(finding.line, finding.message) for finding in findings.in_order()]


def test_values_are_texts_and_every_one_knows_its_line():
    reading, faults = read("a: 1\nb:\n  - Yes\n  - {c: 12:30}\nd: |\n  words\ne:\nf: ''\n")
    assert faults == []
    assert reading is not None
    assert reading.value == {"a": "1", "b": ["Yes", {"c": "12:30"}], "d": "words\n", "e": None, "f": ""}
    assert reading.place(("b", 1, "c")).line == 4
    assert reading.place(("b", 1, "missing")).line == 4
    assert reading.text_place(("d",)).line == 6


def test_an_empty_file_reads_as_nothing():
    reading, faults = read("# only a comment\n")
    assert faults == []
    assert reading is not None
    assert reading.value is None


def test_a_repeated_key_is_named_with_both_lines_and_the_rest_is_read():
    reading, faults = read("title: One\nminutes: 9\ntitle: Two\n")
    assert faults == [(3, "“title” is here twice: it was given on line 1 already. Remove one of the two.")]
    assert reading is not None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: &name x\nb: *name", 1, "Anchors and aliases"),
        ("a: x\nb: *name", 2, "Anchors and aliases"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", 1, "Anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]", 1, "Tags"),
        ("a: !!str x", 1, "Tags"),
        ("a: 1\n---\nb: 2", 2, "second YAML document"),
        ("[" * 100, 1, "nested too deeply"),
        ("a: " + "{b: " * 50, 1, "nested too deeply"),
        ("ok: 1\ntitle: Race: a guide", 2, "with a colon and a space in it has to stand in quotes"),
        ("ok: 1\ntitle: {{authority_name}} and you", 2, "begins with {"),
        ("ok: 1\ntitle: @home", 2, "begins with {, [, %, @ or `"),
        ("ok: 1\n\tkey: x", 2, "not with tabs"),
        ('title: "Fair" is fair', 1, "Put the whole text in quotes"),
        ("ok: 1\ntitle: 'never closed", 2, "opened and not closed"),
        ("? [a, b]\n: c", 1, "Put a text that begins with {{ or [ in quotes."),
        ("a: b\nc", 2, "This cannot be read as YAML."),
    ],
)
def test_what_cannot_be_read_is_a_finding_with_its_line(text: str, line: int, words: str):
    reading, faults = read(text)
    assert reading is None
    assert len(faults) == 1
    assert faults[0][0] in (
        line,
        line + 1,
    )  # the two parsers notice the end of an unclosed text on different lines
    assert words in faults[0][1]


def test_a_flood_of_entries_is_refused():
    _, faults = read("- a\n" * 70_000)
    assert faults[0][1] == "This file holds too many entries. Split it into smaller files."


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=80))
def test_any_text_is_read_or_refused_but_never_raises(text: str):
    read(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(alphabet="ab:- \n\t[]{},&*!|>'\"#?%@`", max_size=60))
def test_any_jumble_of_yaml_marks_is_read_or_refused_but_never_raises(text: str):
    reading, faults = read(text)
    assert reading is not None or faults
