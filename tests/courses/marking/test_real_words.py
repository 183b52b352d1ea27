"""Another real word is no misspelling, and the list of real words changes no mark that was given."""

import hashlib

import pytest

from courses.content.files.question_files import read_questions
from courses.content.source.findings import Findings
from courses.marking import Question, mark, mark_by
from courses.marking.kinds.real_words import DICTIONARY, other_words
from courses.marking.kinds.short import Short
from tests.courses.marking.questions import in_words

# The version of the rules belongs to this list: raise both when the package changes.
VERSION, LIST = 2, "2f3ed4d16c94aa83b8e28202afe228ca99e4f12969bba3092b799e63b586c938"

OTHERS = [
    ("employer", "employee"), ("trainer", "trainee"), ("Ireland", "Iceland"), ("Australia", "Austria"),
    ("Muslim", "Muslin"), ("Hindu", "Hindi"), ("Sunni", "Sunny"), ("complaint", "compliant"), ("statute", "statue"),
    ("caste", "cast"), ("Korean", "Koran"), ("racism", "racist"), ("positive action", "positive auction"),
    ("sexism", "sexist"), ("ageism", "ageist"), ("moral", "morale"), ("principle", "principal"), ("trial", "trail"),
    ("causal", "casual"), ("mediation", "medication"), ("Niger", "Nigel"), ("personal", "persona"),
    ("employed", "employer"), ("Indian", "Indiana"), ("ethnic", "ethic"), ("prosecution", "persecution"),
    ("women", "woman"), ("ethnic minority", "ethic minority"),
]  # fmt: skip
SAME = [
    ("employer", "employers"), ("employers", "employer"), ("reasonable adjustments", "reasonable adjustment"),
    ("discriminate", "discriminated"), ("victimisation", "victimization"),
    ("organisation", "organization"), ("colour", "color"), ("behaviour", "behavior"), ("centre", "center"),
    ("harassment", "harrassment"), ("harassment", "harasment"), ("employer", "emploier"), ("Ireland", "Irland"),
    ("racism", "rascism"), ("statute", "statutte"), ("whistleblowing", "whistle blowing"), ("labelled", "labeled"),
]  # fmt: skip


def is_right(question: Question, typed: str) -> bool:
    return mark(question, typed).is_right


@pytest.mark.parametrize(("accepted", "typed"), [*OTHERS, *((b, a) for a, b in OTHERS)])
def test_another_real_word_is_no_misspelling(accepted: str, typed: str) -> None:
    assert not is_right(in_words(accepted), typed)
    assert not is_right(in_words(accepted), typed.upper())


@pytest.mark.parametrize(("accepted", "typed"), SAME)
def test_a_form_an_american_spelling_or_a_slip_is_still_the_same_word(accepted: str, typed: str) -> None:
    assert is_right(in_words(accepted), typed)


def test_a_word_that_the_author_accepts_as_well_is_right() -> None:
    assert is_right(in_words("racism", "racist"), "racist")


def test_the_feedback_shows_the_right_spelling_and_only_where_it_was_not_typed() -> None:
    question = in_words("anti-racism", "PSED")
    assert mark(question, "Anti racism").feedback[0].text == "All right."
    assert mark(question, "anti rascism").feedback[0].text == "All right. It is written “anti-racism”."
    assert mark(in_words("anti_racism*"), "anti rascism").feedback[0].text.endswith(r"“anti\_racism\*”.")


def read(accepted: str, more: str = "") -> tuple[Question, list[str]]:
    """The question as it is published, and what its author is told."""
    findings = Findings()
    text = f"""\
- id: RE-M1-Q1
  kind: short
  about: law
  stem: Who must act?
  accepted: [{accepted}]
  feedback: {{right: Yes., wrong: No.}}
{more}"""
    question = read_questions("questions/01.yaml", text, findings)[0].question
    assert question is not None
    return question, [finding.message for finding in findings.in_order()]


def test_the_check_lists_the_words_that_it_refuses() -> None:
    _, told = read("employer")
    assert told == [
        "These are words of their own and count as wrong, not as misspellings: employed, employee. Add those that are "
        "right to “accepted”, and likely mistakes to “not_accepted” with feedback of their own."
    ]
    _, told = read("employer, employee", "  not_accepted: [{text: employed, feedback: A job.}]\n")
    assert told == []
    assert read("employer", "  spelling: strict\n")[1] == read("PSED")[1] == []


def test_a_published_question_is_marked_alike_whatever_list_of_words_comes_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question, _ = read("employer")
    stored = Question.model_validate_json(question.model_dump_json())
    for later in ((), ("employre",)):
        monkeypatch.setattr("courses.marking.kinds.short.other_words", lambda _, later=later: later)
        assert not is_right(stored, "employee")
        assert is_right(stored, "employre")


def test_a_version_from_before_keeps_its_fingerprint_and_the_marks_that_were_given() -> None:
    question = in_words("employer")
    assert "other_words" not in question.model_dump_json()
    assert not is_right(question, "employee")
    then = mark_by(question, "employee", version=1)
    assert then is not None
    assert then.is_right


def test_another_list_of_words_is_another_version_of_the_rules() -> None:
    files = [(DICTIONARY / name).read_bytes() for name in ("index.dic", "index.aff")]
    assert (Short.version, hashlib.sha256(b"".join(files)).hexdigest()) == (VERSION, LIST)


def test_endings_and_beginnings_are_put_to_stems_as_the_dictionary_says() -> None:
    assert "unemployed" in other_words("unemploied")
    assert other_words("happyness") == ("happiness",)
    assert "policies" in other_words("polisies")
