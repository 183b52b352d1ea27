"""Faults in question files: each with file, line and what to do."""

# ruff: noqa: E501 - one fault is one line, so that a table of them can be read

import pytest

from courses.content.bundle.reading import read_bundle
from courses.content.files.question_files import read_questions
from courses.content.source.findings import Findings
from tests.courses.content.bundles import QUESTIONS, a_bundle, found, spoilt

FILE = "questions/01-why.yaml"

MULTIPLE = """\
- id: RE-M1-Q1
  kind: multiple
  about: law
  stem: Why does it matter? Select two.
  options:
    - {text: One, right: true, feedback: Yes.}
    - {text: Two, right: true, feedback: Yes.}
    - {text: Three, feedback: Not this.}
"""
TRUEFALSE = """\
- id: RE-M1-Q1
  kind: truefalse
  about: law
  stem: It is so.
  options:
    - {text: True, feedback: It is not.}
    - {text: False, right: true, feedback: Right.}
"""
ORDER = """\
- id: RE-M1-Q1
  kind: order
  about: fact
  stem: Put these in order.
  items: [First, Second, Third]
  feedback: {right: Yes., wrong: Not yet.}
"""
MATCH = """\
- id: RE-M1-Q1
  kind: match
  about: fact
  stem: Match these.
  rows:
    - {item: "1919", answer: Harm}
    - {item: "1981", answer: Anger}
  extra_choices: [Joy]
  feedback: {right: Yes., wrong: Not yet.}
"""
SCENARIO = """\
- id: RE-M1-Q1
  kind: scenario
  about: behaviour
  story: Sam says something.
  stem: What do you do?
  options:
    - {text: Speak up, best: true, feedback: Good.}
    - {text: Ask later, acceptable: true, feedback: Fine.}
    - {text: Nothing, feedback: Not this.}
"""
NUMBER = """\
- id: RE-M1-Q1
  kind: number
  about: fact
  stem: What share is it?
  answer: 12
  tolerance: 0.5
  unit: "%"
  feedback: {right: Yes., wrong: Not yet., too_low: It is more.}
"""
SHORT = """\
- id: RE-M1-Q1
  kind: short
  about: law
  stem: What is it called?
  accepted: [The Equality Duty, PSED]
  not_accepted:
    - {text: Equality Act, feedback: That is the Act.}
  feedback: {right: Yes., wrong: Not yet.}
"""
CLOZE = """\
- id: RE-M1-Q1
  kind: cloze
  about: fact
  stem: Complete it.
  text: |
    In **[[words|{{police_force}}]]**

    and [[*habits|law]].
  gap_feedback:
    - {wrong: Think again.}
  feedback: {right: Yes., wrong: Not yet.}
"""


@pytest.mark.parametrize("questions", [QUESTIONS, MULTIPLE, TRUEFALSE, ORDER, MATCH, SCENARIO, NUMBER, SHORT, CLOZE])
def test_a_good_question_of_each_kind_has_no_findings(questions: str):
    assert found(a_bundle(questions=questions)) == []


FAULTS = [
    (QUESTIONS, "      right: true\n", "", 1, "This question has no right answer. Put “right: true” under the right option."),
    (QUESTIONS, "text: 3%", "text: 3%\n      right: true", 1, "A “single” question has one right answer, but 2 options say “right: true”."),
    (QUESTIONS, "      feedback: Too low.\n", "", 6, "Add “feedback”: every option needs some."),
    (QUESTIONS, "feedback: Too low.", "feedback: ''", 7, "“feedback” is empty: write it."),
    (QUESTIONS, "feedback: Too low.", "feedback:", 7, "“feedback” has no value. Write one, or remove the line."),
    (QUESTIONS, "text: 3%", "text: 12%", 1, "Two options have the same words. Change or remove one."),
    (QUESTIONS, "right: true", "right: maybe", 9, "“right” must be true or false."),
    (QUESTIONS, "right: true", "correct: true", 9, "“correct” is not a key that is used here."),
    (QUESTIONS, "right: true", "best: true", 1, "“best” and “acceptable” belong to scenarios."),
    (QUESTIONS, "kind: single", "kind: singel", 2, "“singel” is not a kind of question that is installed here."),
    (QUESTIONS, "  kind: single\n", "", 1, "Add “kind”: single, multiple, truefalse, order, match, scenario, number, short, cloze or branching."),
    (QUESTIONS, "about: fact", "about: history", 3, "“about” must be law, policy, behaviour, fact or reflection."),
    (QUESTIONS, "  about: fact\n", "", 1, "Add “about”: law, policy, behaviour, fact or reflection."),
    (QUESTIONS, "about: fact", "about: reflection", 3, "A question about reflection must not be scored."),
    (QUESTIONS, "stem: What share is it?", "stem: " + "x" * 5_000, 4, "“stem” is too long: it may have up to 1,000 characters."),
    (QUESTIONS, "stem: What share is it?\n", "stem: What share is it?\n  items: [a, b, c]\n", 5, "A “single” question does not use “items”. Remove it."),
    (QUESTIONS, "id: RE-M1-Q1", "id: question 1", 1, "“id” must be capital letters and digits in parts joined by hyphens"),
    (QUESTIONS, "id: RE-M1-Q1", "id: RE-M1-Q9", 1, "The question RE-M1-Q9 is on no screen. Put “::: question RE-M1-Q9” and “:::” on one."),
    (QUESTIONS, "text: 3%", "text: 3% <b>", 6, "“<b>” is HTML"),
    (QUESTIONS, "text: 3%", "text: 3% [x](http://a.b)", 6, "is not secure"),
    (QUESTIONS, "feedback: Too low.", "feedback: |\n        Too low.\n        {{nobody}}", 9, "“{{nobody}}” is not a known token."),
    (QUESTIONS, "- id: RE-M1-Q1\n  kind", "- kind", 1, "Add “id”: it is missing here."),
    (MULTIPLE, "right: true, ", "", 1, "This question has no right answer. Put “right: true” under each right option."),
    (MULTIPLE, "Select two.", "Select three.", 1, "The stem asks for three, but two options are right."),
    (MULTIPLE, "Select two.", "Choose 1 of these.", 1, "The stem asks for one, but two options are right."),
    (MULTIPLE, "Select two.", "", 1, "Say in the stem how many answers to select, for example “Select two.”"),
    (TRUEFALSE, "text: True", "text: Yes", 1, "Give this question two options, “True” and then “False”."),
    (TRUEFALSE, "right: true, ", "", 1, "Put “right: true” under either True or False, not both and not neither."),
    (ORDER, "[First, Second, Third]", "[First, Second]", 1, "Give this question at least three items, in the right order."),
    (ORDER, "Third", "First", 1, "Two items have the same words. Change or remove one."),
    (ORDER, ", wrong: Not yet.", "", 1, "Write feedback for this question: “feedback:” with “right” and “wrong” under it."),
    (MATCH, "[Joy]", "[Harm]", 1, "An extra choice has the same words as another choice. Change or remove it."),
    (MATCH, "1981", "1919", 1, "Two rows have the same item. Change or remove one."),
    (MATCH, "  feedback: {right: Yes., wrong: Not yet.}\n", "", 1, "Write feedback for this question"),
    (MATCH, "    - {item: \"1981\", answer: Anger}\n", "", 1, "Give this question at least two rows"),
    (SCENARIO, "  story: Sam says something.\n", "", 1, "A scenario needs a “story” before its stem."),
    (SCENARIO, "best: true, ", "", 1, "This scenario has no best answer. Put “best: true” under the best option."),
    (SCENARIO, "acceptable: true", "best: true", 1, "A scenario has one best answer, but 2 options say “best: true”."),
    (SCENARIO, "best: true", "right: true", 1, "A scenario has “best” and “acceptable” options."),
    (SCENARIO, "best: true", "best: true, acceptable: true", 1, "An option is either best or acceptable."),
    (NUMBER, "  answer: 12\n", "", 1, "This question has no right answer. Add “answer” with the number"),
    (NUMBER, "answer: 12", "answer: 12%", 5, "“answer” must be a number in figures, such as 12 or 12.5"),
    (NUMBER, "answer: 12", "answer: 1e999999", 5, "“answer” must be a number in figures"),
    (NUMBER, "tolerance: 0.5", "tolerance: -1", 6, "“tolerance” must be 0 or more."),
    (NUMBER, ", wrong: Not yet.", "", 1, "Write feedback for this question"),
    (NUMBER, "It is more.", "'It is {{more}}.'", 8, "“{{more}}” is not a known token."),
    (NUMBER, "kind: number", "kind: short", 5, "A “short” question does not use “answer”. Remove it."),
    (SHORT, "Not yet.}", "Not yet., too_low: No.}", 8, "A “short” question does not use “too_low”. Remove it."),
    (SHORT, "  accepted: [The Equality Duty, PSED]\n", "", 1, "List at least one under “accepted”."),
    (SHORT, "PSED]", "the equality-duty]", 1, "“The Equality Duty” and “the equality-duty” count as the same answer"),
    (SHORT, "text: Equality Act", "text: psed", 1, "“psed” is both accepted and not accepted."),
    (SHORT, ", feedback: That is the Act.", "", 7, "every answer that is not accepted has a “text” and “feedback”."),
    (SHORT, "  not_accepted", "  spelling: loose\n  not_accepted", 6, "“spelling” must be strict or forgiving."),
    (CLOZE, "about: fact", "about: reflection", 3, "A question about reflection must not be scored."),
    (CLOZE, "words|{{police_force}}", "words", 1, "Gap 1 has nothing to choose between."),
    (CLOZE, "[[*habits|law]]", "[[habits|law]", 6, "A gap begins with [[ and ends with ]]."),
    (CLOZE, "and [[", "and [[ and [[", 6, "A gap begins with [[ and ends with ]]."),
    (CLOZE, "and [[*habits|law]].", "# [[*habits|law]]", 6, "Gap 2 stands in a heading, a link, a picture or code"),
    (CLOZE, "and [[*habits|law]].", "`[[*habits|law]]`", 6, "Gap 2 stands in a heading, a link, a picture or code"),
    (CLOZE, "and [[*habits|law]].", "[see [[*habits|law]]](/support)", 6, "Gap 2 stands in a heading"),
    (CLOZE, "{{police_force}}", "{{nobody}}", 6, "“{{nobody}}” is not a known token."),
    (CLOZE, "and ", "and <b>", 8, "“<b>” is HTML"),
    (CLOZE, "    - {wrong: Think again.}\n", "    - {wrong: A.}\n" * 3, 6, "“gap_feedback” has more entries than the text has gaps."),
]  # fmt: skip


@pytest.mark.parametrize(("good", "old", "new", "line", "words"), FAULTS)
def test_a_fault_in_a_question_is_named_with_its_line(good: str, old: str, new: str, line: int, words: str):
    assert old in good
    faults = [fault for fault in found(a_bundle(questions=good.replace(old, new))) if fault[0] == FILE]
    assert any(fault[1] == line and words in fault[2] for fault in faults), faults


def test_two_questions_with_one_id_are_refused():
    assert (
        FILE,
        11,
        f"The id RE-M1-Q1 is taken by the question on line 1 of {FILE}. Choose another.",
    ) in found(a_bundle(questions=QUESTIONS + QUESTIONS))


def test_a_question_that_cannot_be_read_does_not_hide_the_others_and_its_screen_is_not_blamed():
    broken = QUESTIONS.replace("kind: single", "kind: [")
    good = QUESTIONS.replace("about: fact", "about: 1") + "\n" + QUESTIONS.replace("RE-M1-Q1", "RE-M1-Q2")
    assert [fault[0] for fault in found(a_bundle(questions=good))] == [FILE, FILE]
    assert len(read_questions(FILE, broken, Findings())) == 0


def test_a_question_file_that_is_not_a_list_is_refused():
    files = spoilt("questions", "- id: RE-M1-Q1", "  id: RE-M1-Q1")
    assert any("must be a list of questions" in fault[2] for fault in found(files))


def test_an_interaction_that_is_scored_is_a_warning():
    files = a_bundle(questions=QUESTIONS.replace("RE-M1-Q1", "RE-M1-X1"))
    files["modules/01-why.md"] = files["modules/01-why.md"].replace(b"RE-M1-Q1", b"RE-M1-X1")
    outcome = read_bundle(files)
    assert outcome.is_publishable
    assert [finding.severity for finding in outcome.findings] == ["warning"]


def test_a_course_without_a_scored_question_cannot_ask_for_a_share_of_them():
    questions = QUESTIONS.replace("about: fact", "about: fact\n  scored: false")
    assert ("course.yaml", 8) in [fault[:2] for fault in found(a_bundle(questions=questions))]
    assert (
        found(
            {
                **a_bundle(questions=questions),
                **{"course.yaml": a_bundle()["course.yaml"].replace(b"80", b"0")},
            }
        )
        == []
    )


def test_a_question_file_may_be_empty_and_every_file_is_read():
    files = {**a_bundle(questions="# to come\n"), "questions/deep/02.yml": QUESTIONS.encode()}
    assert found(files) == []
