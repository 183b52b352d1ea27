"""Faults in course.yaml, in module files and across files: each with file, line and what to do."""

# ruff: noqa: E501 - one fault is one line, so that a table of them can be read

import pytest

from courses.content.bundle.reading import read_bundle
from courses.content.source.findings import MOST_FINDINGS
from tests.courses.content.bundles import COURSE, MODULE, QUESTIONS, a_bundle, found, picture, spoilt

COURSE_FAULTS = [
    ("title: Race equality\n", "", 1, "Add “title”: it is missing here."),
    ("title: Race equality", "title:", 4, "“title” has no value. Write one, or remove the line."),
    ("title: Race equality", "title: ''", 4, "“title” is empty: write it."),
    ("title: Race equality", "title: [a]", 4, "“title” must be text: put it on one line, or in quotes."),
    ("title: Race", "titel: Race", 4, "“titel” is not a key that is used here. Did you mean “title”?"),
    ("title: Race", "xyzzy: Race", 4, "“xyzzy” is not a key that is used here. Remove it."),
    ("minutes: 9", "minutes: about 9", 7, "“minutes” must be a whole number, without a unit or a percent sign."),
    ("minutes: 9", "minutes: 0", 7, "“minutes” must be 1 or more."),
    ("pass_percent: 80", "pass_percent: 80%", 8, "“pass_percent” must be a whole number, without a unit or a percent sign."),
    ("pass_percent: 80", "pass_percent: 120", 8, "“pass_percent” must be 100 or less."),
    ("order: in-order", "order: any", 9, "“order” must be in-order or any-order."),
    ("format: 1", "format: 2", 1, "“format” must be 1."),
    ("format: 1\n", "", 1, "Add “format: 1”."),
    ("id: RE", "id: re", 2, "“id” must be one to eight capital letters and digits, a letter first, such as RE."),
    ("slug: race-equality", "slug: Race Equality", 3, "“slug” must be small letters, digits and single hyphens, such as why-it-matters."),
    ("slug: race-equality", "slug: upload", 3, "“slug” cannot be upload, because a page for authors has this address. Choose another."),
    ("language: en-GB", "language: english", 6, "“language” must be a language tag such as en-GB, cy or so."),
    ("outcomes:\n  - Give two reasons", "outcomes: Give two reasons", 10, "“outcomes” must be a list: one entry on each line, each beginning with a hyphen."),
    ("  - Give two reasons", "  - [nested]", 11, "Entry 1 of “outcomes” must be text: put it on one line, or in quotes."),
    ("modules/01-why.md", "modules/02-gone.md", 13, "There is no file modules/02-gone.md in the bundle. Add it, or correct its name."),
    ("  - modules/01-why.md", "  - modules/01-why.md\n  - modules/01-why.md", 14, "modules/01-why.md is listed twice. Remove one of the two."),
    ("title: Race equality", "title: Hello {{nobody}}", 4, "“{{nobody}}” is not a known token. Correct it, or add it to course.yaml."),
    ("order: in-order", "certificate: perhaps", 9, "“certificate” must be true or false."),
    ("order: in-order", "certificate:", 9, "“certificate” has no value. Write one, or remove the line."),
    ("order: in-order", "follows:", 9, "“follows” has no value. Write one, or remove the line."),
    ("order: in-order", "follows: other", 9, "“follows” must be a group of keys, each on its own line and indented."),
    ("order: in-order", "follows: {}", 9, "Add “course”: it is missing here."),
    ("order: in-order", "follows:\n  course: other", 9, "Add “weeks”: it is missing here."),
    ("order: in-order", "follows:\n  course: other\n  weeks: two", 11, "“weeks” must be a whole number, without a unit or a percent sign."),
    ("order: in-order", "follows:\n  course: other\n  weeks: -1", 11, "“weeks” must be 0 or more."),
    ("order: in-order", "follows:\n  course: other\n  weeks: 105", 11, "“weeks” must be 104 or less."),
    ("order: in-order", "follows:\n  corse: other\n  weeks: 2", 10, "“corse” is not a key that is used here. Did you mean “course”?"),
    ("order: in-order", "weeks: 2", 9, "“weeks” is not a key that is used here. Remove it."),
    ("order: in-order", "follows:\n  course: Other course\n  weeks: 2", 10, "“course” must be small letters, digits and single hyphens, such as why-it-matters."),
    ("order: in-order", "follows:\n  course: race-equality\n  weeks: 2", 10, "A course cannot follow itself. Name the course that comes before it, or remove “follows”."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "message"), COURSE_FAULTS)
def test_a_fault_in_the_course_file_is_named_with_its_line(old: str, new: str, line: int, message: str):
    faults = found(spoilt("course", old, new))
    assert ("course.yaml", line, message) in faults


def test_a_course_file_that_is_a_list_is_refused():
    message = "This file must be a group of keys, each on its own line and indented."
    assert ("course.yaml", 1, message) in found(a_bundle(course="- a\n"))


def test_a_broken_course_file_does_not_hide_faults_in_its_modules():
    files = a_bundle(course="title: [", module=MODULE.replace("title: Why it matters\n", ""))
    assert {fault[0] for fault in found(files)} == {"course.yaml", "modules/01-why.md"}


TOKENS = (
    "tokens:\n  area_count:\n    default: over 4,000 people\n    authorities:\n      liverpool: over 77,000 people\n"
)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("liverpool:", "liverpol:", 18, "“liverpol” is none of the authorities that ship with the platform."),
        ("area_count:", "Area-Count:", 15, "must be named in small letters, digits and underscores"),
        ("over 4,000", "over {{other}}", 15, "holds a token itself"),
        ("    default: over 4,000 people\n", "", 15, "Add “default”: it is missing here."),
        ("area_count:", "area_cuont:", 15, "No text uses the token area_cuont."),
    ],
)
def test_a_fault_in_a_token_is_named_with_its_line(old: str, new: str, line: int, words: str):
    module = MODULE.replace("1.55 million people", "{{area_count}}")
    assert found(a_bundle(course=COURSE + TOKENS, module=module)) == []
    faults = found(a_bundle(course=COURSE + TOKENS.replace(old, new), module=module))
    assert any(fault[:2] == ("course.yaml", line) and words in fault[2] for fault in faults), faults


MODULE_FAULTS = [
    ("title: Why it matters\n", "", 2, "Add “title”: it is missing here."),
    ("---\nid: RE-M1\n", "id: RE-M1\n", 1, "This module has no front matter."),
    ("minutes: 9", "minutes: @", 5, "This cannot be read as YAML."),
    ("id: RE-M1", "id: M1", 2, "“id” must be capital letters and digits in parts joined by hyphens, such as RE-M1-Q1."),
    ("id: RE-M1", "id: FL-M1", 2, "The id FL-M1 must begin with the course’s id: RE-."),
    ("# Who lives here {#RE-M1-S1}", "Hello", 9, "This text stands before the first screen."),
    ("# Who lives here {#RE-M1-S1}", "::: note", 9, "This text stands before the first screen."),
    ("# Who lives here {#RE-M1-S1}", "# Who lives here", 9, "The screen “Who lives here” has no id. Write one after its heading, such as {#RE-M1-S1}."),
    ("# Who lives here {#RE-M1-S1}", "# {#RE-M1-S1}", 9, "This screen has no heading. Write one after the “#”."),
    ("{#RE-M1-S1}", "{#re m1}", 9, "A screen’s id must be capital letters and digits joined by hyphens, such as RE-M1-S1, in 40 characters or fewer."),
    ("{#RE-M1-S2}", "{#RE-M1-S1}", 15, "The id RE-M1-S1 is taken by the screen on line 9 of modules/01-why.md. Choose another."),
    ("About 1.55 million people live here.\n\n![A map of six areas](media/map.png)\n", "", 9, "This screen is empty."),
    ("::: question RE-M1-Q1", "::: question", 17, "Write the id after “::: question”, such as “::: question RE-M1-Q1”."),
    ("::: question RE-M1-Q1", "::: question RE-M1-Q7", 17, "No question file has a question RE-M1-Q7. Write it, or correct the id."),
    ("::: question RE-M1-Q1", "::: qestion RE-M1-Q1", 17, "“::: qestion” is not known. Did you mean “question”?"),
    ("::: question RE-M1-Q1", "::: sketch RE-M1-Q1", 17, "“::: sketch” is not known. Use more, note, question, quiz, reflection, facts, "),
    ("::: question RE-M1-Q1\n:::", "::: question RE-M1-Q1\nWhat?\n:::", 18, "A question’s words stand in its question file."),
    ("::: question RE-M1-Q1\n:::", "::: question RE-M1-Q1 :::", 17, "Put the closing “:::” on a line of its own."),
    ("::: question RE-M1-Q1\n:::", "::: question RE-M1-Q1\n", 17, "“::: question” is not closed. Put a line “:::” after it, before the end of the file."),
    ("::: question RE-M1-Q1\n:::", "::: more Title\nText\n::: question RE-M1-Q1\n:::", 17, "“::: more” is not closed. Put a line “:::” after it, before line 19."),
    ("::: question RE-M1-Q1\n:::", ":::", 17, "Nothing is open here to be closed. Remove this line of colons."),
    ("::: question RE-M1-Q1", "::: more\nText", 17, "Write the words that open this part, after “::: more”."),
    ("::: question RE-M1-Q1", "::: note", 17, "“::: note” is empty. Write its text before the closing “:::”."),
    ("::: question RE-M1-Q1", "::: note Careful\nText", 17, "“::: note” stands alone. Put its text on the next line."),
    ("::: question RE-M1-Q1", "::: reflection\nText", 17, "Write the id after “::: reflection”, such as “::: reflection RE-M1-R1”."),
    ("::: question RE-M1-Q1\n:::", "::: question RE-M1-Q1\n:::\n\n::: question RE-M1-Q1\n:::", 20, "The question RE-M1-Q1 is placed on line 17 of modules/01-why.md already."),
    ("media/map.png", "media/gone.png", 13, "There is no picture media/gone.png in the bundle. Add it, or correct its name."),
    ("media/map.png", "https://example.org/map.png", 13, "is not in the bundle. Put it in the folder media."),
    ("media/map.png", "media/../course.yaml", 13, "is not in the bundle. Put it in the folder media."),
    ("![A map of six areas]", "![]", 13, "has no description. Write what it shows: ![words](address)."),
    ("About 1.55", "[Read](javascript:alert(1)) 1.55", 11, "The link to javascript:alert(1) cannot be used."),
    ("About 1.55", "[Read](JaVaScRiPt:alert(1)) 1.55", 11, "cannot be used."),
    ("About 1.55", "[Read](data:text/html,x) 1.55", 11, "cannot be used."),
    ("About 1.55", "[Read](//example.org) 1.55", 11, "cannot be used."),
    ("About 1.55", "[Read](page.html) 1.55", 11, "cannot be used."),
    ("About 1.55", "[Read](http://example.org) 1.55", 11, "The link to http://example.org is not secure. Use its https address."),
    ("About 1.55", "[Read]() 1.55", 11, "This link has no address."),
    ("About 1.55", "Words\nand <b>bold</b> 1.55", 12, "“<b>” is HTML, and courses are written in Markdown only."),
    ("About 1.55", "<script>alert(1)</script>\n\n1.55", 11, "is HTML, and courses are written in Markdown only."),
    ("About 1.55", "<!-- a remark -->\n\n1.55", 11, "is HTML, and courses are written in Markdown only."),
    ("About 1.55", "About {{authority_nam}} 1.55", 11, "“{{authority_nam}}” is not a known token."),
    ("About 1.55", "About {{authority name}} 1.55", 11, "“{{” begins a token here that is not complete."),
    ("About 1.55", "### Too deep\n\n1.55", 11, "This heading skips a level. Write ## instead of ###."),
    ("About 1.55", "## Fine\n\n#### Too deep\n\n1.55", 13, "This heading skips a level. Write ### instead of ####."),
    ("About 1.55", " # Indented\n\n1.55", 11, "A heading inside a screen begins with ## or ###."),
    ("About 1.55", "Underlined\n==========\n\n1.55", 11, "A heading inside a screen begins with ## or ###."),
    ("About 1.55", "word " * 161 + "1.55", 9, "This screen has 171 words."),
    ("know: One thing.", "know: Ask {{who}}.", 6, "“{{who}}” is not a known token."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), MODULE_FAULTS)
def test_a_fault_in_a_module_is_named_with_its_line(old: str, new: str, line: int, words: str):
    faults = [fault for fault in found(spoilt("module", old, new)) if fault[0] == "modules/01-why.md"]
    assert any(fault[1] == line and words in fault[2] for fault in faults), faults


def test_a_long_screen_is_only_a_warning_and_what_is_behind_more_is_not_counted():
    long_text = "word " * 200
    assert read_bundle(spoilt("module", "About 1.55", long_text)).is_publishable
    assert found(spoilt("module", "About 1.55", f"::: more Title\n{long_text}\n:::\n\nAbout")) == []
    assert found(spoilt("module", "About 1.55", f"| a | b |\n|---|---|\n| {long_text} | x |\n\nAbout")) == []


def test_links_that_are_allowed_are_fine():
    links = "[a](https://example.org) [b](mailto:a@example.org) [c](tel:999) [d](/support) <https://example.org>"
    assert found(spoilt("module", "About 1.55", links)) == []


def test_two_modules_with_one_slug_are_refused():
    course = COURSE + "  - modules/02-how.md\n"
    second = MODULE.replace("RE-M1", "RE-M2").replace("::: question RE-M2-Q1\n:::", "Text.")
    faults = found({**a_bundle(course=course), "modules/02-how.md": second.encode()})
    assert (
        "modules/02-how.md",
        3,
        "The slug why is taken on line 3 of modules/01-why.md. Choose another.",
    ) in faults


def test_what_is_left_over_is_a_warning():
    files = {**a_bundle(), "modules/09-spare.md": b"x", "extra.docx": b"x", "media/spare.png": picture()}
    outcome = read_bundle(files)
    assert outcome.is_publishable
    assert [(f.severity, f.file) for f in outcome.findings] == [
        ("warning", "extra.docx"), ("warning", "media/spare.png"), ("warning", "modules/09-spare.md"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["course.yaml", "modules/01-why.md", "questions/01-why.yaml"])
@pytest.mark.parametrize(
    ("spoil", "line", "words"),
    [
        (lambda data: data + "\n# é".encode("latin-1"), True, "characters that are not UTF-8"),
        (lambda data: data.decode().encode("utf-16"), False, "saved as UTF-16"),
        (lambda data: data.decode().encode("utf-16-le"), False, "saved as UTF-16"),
        (lambda data: data + b"\n# \x00", True, "holds a NUL character"),
        (lambda data: data + b"\n# \x1b[31m", True, "holds a control character"),
        (lambda data: data + b"\n#" + b"x" * 2_000_000, False, "larger than 256 KB"),
    ],
    ids=["latin-1", "utf-16", "utf-16 without a mark", "nul", "control", "huge"],
)
def test_a_file_that_is_not_clean_text_is_refused(name: str, spoil, line: bool, words: str):
    files = a_bundle()
    files[name] = spoil(files[name])
    faults = [fault for fault in found(files) if words in fault[2]]
    assert [fault[0] for fault in faults] == [name]
    assert (faults[0][1] is not None) == line


def test_all_faults_come_at_once():
    files = a_bundle(
        course=COURSE.replace("order: in-order", "order: any"),
        module=MODULE.replace("1.55", "{{nobody}}"),
        questions=QUESTIONS.replace("right: true", "right: false"),
    )
    assert {fault[0] for fault in found(files)} == {
        "course.yaml",
        "modules/01-why.md",
        "questions/01-why.yaml",
    }


@pytest.mark.parametrize("text", ["[" * 501, "word " * 4_001])
def test_a_text_that_would_keep_the_parser_busy_is_refused_unread(text: str):
    faults = found(spoilt("module", "About 1.55", text))
    assert ("modules/01-why.md", 11, "This text is too long, or has too many brackets. Split it.") in faults


def test_a_bundle_with_far_too_much_text_is_refused_unread():
    faults = found({**a_bundle(), **{f"questions/{number}.yaml": b"#" * 200_000 for number in range(30)}})
    assert [fault[2] for fault in faults] == [
        "The files outside media hold more than 5 MB together. Remove what is not needed."
    ]


def test_a_flood_of_faults_ends_with_a_sentence():
    module = MODULE + "\n".join(f"{{{{nobody{number}}}}}\n" for number in range(700))
    faults = found(a_bundle(module=module))
    assert len(faults) == MOST_FINDINGS + 1
    assert any("There is more to put right than is shown here." in fault[2] for fault in faults)
