"""Numbers and words that people type: what is forgiven, what is not, and what is said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.marking import InvalidResponse, Mark, Question, Response, kind_of, mark, mark_by
from courses.marking.kinds.figures import MOST_CHARACTERS, plain_figure, read_number, with_unit
from courses.marking.kinds.real_words import other_words
from courses.marking.kinds.spelling import normalised, slips
from courses.marking.question import OverallFeedback
from tests.courses.marking.questions import a_number, in_words

SHARE = a_number("12", tolerance="0.5", unit="%", too_low="It is more.", too_high="It is less.")
DUTY = in_words("Public Sector Equality Duty", "PSED", near={"Equality Act": "That is the Act."})


def said(question: Question, response: Response) -> tuple[bool, str]:
    outcome = mark(question, response)
    assert outcome.out_of == 1
    assert outcome.points == int(outcome.is_right)
    return outcome.is_right, outcome.feedback[0].text


def refusal(question: Question, response: Response) -> str:
    with pytest.raises(InvalidResponse) as refused:
        mark(question, response)
    return refused.value.message


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("12", "", "12"), ("12.5", "", "12.5"), ("12,5", "", "12.5"), (".5", "", "0.5"), ("12.", "", "12"),
        ("1,234", "", "1234"), ("1.234", "", "1.234"), ("0,125", "", "0.125"), ("1 234", "", "1234"),
        ("1\u202f234,5", "", "1234.5"), ("1,234,567.8", "", "1234567.8"), ("1.234.567,8", "", "1234567.8"),
        ("12,34,567", "", "1234567"), ("1’234", "", "1234"), ("007", "", "7"),
        ("-5", "", "-5"), ("− 5", "", "-5"), ("+5", "", "5"), ("１２", "", "12"), ("١٢٫٥", "", "12.5"),
        ("12 %", "%", "12"), ("12%.", "%", "12"), ("12 per cent", "%", "12"), ("１２％", "%", "12"),
        ("5 m²", "m²", "5"), ("5 m²", "m2", "5"), ("5 m2", "m2", "5"), ("𝟏𝟐", "", "12"), ("१२", "", "12"),
        ("£1,200", "£", "1200"), ("-£5", "£", "-5"), ("40 People", "people", "40"), ("5 m2", "m²", "5"),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_typed(typed: str, unit: str, number: str):
    assert read_number(typed, unit) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "%",
        "twelve",
        "12 34",
        "1e5",
        "--5",
        "1.2.3",
        "1,2,3",
        "½",
        "5,",
        "12 or 13",
        "nan",
        "inf",
        "0x1",
        "1,23.4",
        "10²",
        "10₂",
        "²",
        "10 ³",
        "5½",
        "5 ½",
        "①",
        "⑫",
        "1⁰",
        "Ⅻ",
        "十二",
        "௰",
        "10² %",
        "1⁄2",
        "10².",
    ],
)
def test_what_is_no_number_is_not_read_as_one(typed: str):
    assert read_number(typed, "%") is None


def test_a_power_is_no_longer_flattened_and_what_was_marked_so_stays_as_it_was():
    question = a_number("102")
    assert refusal(question, "10²") == "Type a number, such as 12 or 12.5"
    then = mark_by(question, "10²", version=1)
    assert then is not None
    assert then.is_right


@given(
    number=st.decimals(min_value=-(10**9), max_value=10**9, places=3), unit=st.sampled_from(["", "%", "£", "people"])
)
def test_every_number_that_is_printed_can_be_typed(number: Decimal, unit: str):
    assert read_number(plain_figure(number), unit) == number
    assert read_number(with_unit(number, unit), unit) == number


def test_a_number_is_right_in_its_range_with_both_ends():
    for typed in ("12", "11.5", "12,5", "12.50 %"):
        assert said(SHARE, typed) == (True, "All right.")
    assert said(SHARE, "11.49") == (False, "It is more.")
    assert said(SHARE, "12.51") == (False, "It is less.")
    assert said(a_number("12"), "13") == (False, "Not quite.")


def test_what_is_no_number_says_what_to_type_and_never_the_answer():
    for response in ("", "twelve", "1" * 50_000, ["12"], {"g1": "12"}):
        assert refusal(SHARE, response) == "Type a number, such as 7 or 7.5"
        assert refusal(a_number("3"), response) == "Type a number, such as 12 or 12.5"
    assert refusal(a_number("0", tolerance="1000"), "x") == "Type a number in figures"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Public Sector Equality Duty", "  public  sector EQUALITY duty. "), ("Siân", "Sian"), ("Ørsted", "orsted"),
        ("staff network", "staff-network"), ("worker’s", "Workers"), ("P.S.E.D.", "PSED"), ("ｆｕｌｌ", "full"),
        ("fair & equal", "Fair and equal"), ("Straße", "STRASSE"), ("ﬁne", "fine"), ("سَلَام", "سلام"),
        ("Άδεια", "αδεια"),        ("a\u200bb", "ab"),
    ],
)  # fmt: skip
def test_capitals_accents_and_punctuation_make_no_difference(one: str, other: str):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"), [("कि", "कु"), ("ไป", "ไป่"), ("й", "и"), ("C++", "C"), ("in direct", "indirect")]
)
def test_marks_that_make_another_word_do(one: str, other: str):
    assert normalised(one) != normalised(other)


@given(text=st.text(max_size=40))
def test_normalising_twice_is_normalising_once(text: str):
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("discrimnation", "discrimination"), ("harrassment", "harassment"), ("pubilc sector", "public sector"),
        ("the equality act", "equality act"), ("whistle blowing", "whistleblowing"), ("victimization", "victimisation"),
    ],
)  # fmt: skip
def test_small_misspellings_are_slips(typed: str, meant: str):
    assert slips(typed, meant, other_words) is not None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("illegal", "legal"), ("direct", "indirect"), ("inequality", "equality"), ("quality", "equality"),
        ("psde", "psed"), ("", "duty"),
        ("equality act 2011", "equality act 2010"), ("种族平等法安", "种族平等法案"), ("lawful", "unlawful"),
        ("public sector", "public sector duty"), ("x", "duty"),
    ],
)  # fmt: skip
def test_other_words_are_no_slips(typed: str, meant: str):
    assert slips(typed, meant, other_words) is None


def test_an_accepted_answer_is_right_and_a_near_miss_has_its_own_words():
    for typed in ("Public Sector Equality Duty", "the public-sector equality duty", "psed"):
        assert said(DUTY, typed) == (True, "All right.")
    spelling = "All right. It is written “Public Sector Equality Duty”."
    assert said(DUTY, "the public sector equalty duty") == (True, spelling)
    for typed in ("Equality Act", "equalty act", "THE EQUALITY ACT."):
        assert said(DUTY, typed) == (False, "That is the Act.")
    assert said(DUTY, "Race Relations Act") == (False, "Not quite.")


def test_a_near_miss_is_never_taken_for_a_misspelling():
    question = in_words("racism", near={"racist": "That is a person."})
    assert said(question, "racist") == (False, "That is a person.")
    assert said(question, "rascism") == (True, "All right. It is written “racism”.")


def test_strict_spelling_wants_every_letter():
    strict = in_words("Ceredigion", spelling="strict")
    assert said(strict, "CEREDIGION") == (True, "All right.")
    assert said(strict, "Ceridigion") == (False, "Not quite.")


def test_no_words_too_many_words_and_other_answers_are_refused_in_plain_words():
    for response in ("", " ?! ", ["PSED"], {"g1": "PSED"}):
        assert refusal(DUTY, response) == "Type your answer in a few words"
    assert refusal(DUTY, "x" * 50_000) == "Your answer must be 200 characters or fewer"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (a_number("1").model_copy(update={"number": None}), "no right answer. Add “answer”"),
        (a_number("1", tolerance="-1"), "“tolerance” must be 0 or more"),
        (a_number("1", unit="2"), "“unit” begins with a figure"),
        (a_number("1").model_copy(update={"feedback": OverallFeedback()}), "Write feedback"),
        (in_words(), "List at least one under “accepted”"),
        (in_words("PSED", "P.S.E.D."), "“PSED” and “P.S.E.D.” count as the same answer"),
        (in_words("PSED", near={"psed": "No."}), "“psed” is both accepted and not accepted"),
        (in_words("PSED", near={"Act": "No.", "act": "No."}), "“act” stands twice"),
        (in_words("?!"), "has no letters or figures"),
        (in_words("{{police_force}}"), "holds a token"),
        (in_words("x" * 201), "is too long"),
    ],
)
def test_an_author_is_told_what_cannot_work(question: Question, words: str):
    assert any(words in sentence for sentence in kind_of(question.kind).check(question))


TYPED = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789.,- %£'", max_size=MOST_CHARACTERS + 2),
    st.sampled_from(["12", "PSED", "equality act"]),
)


@given(question=st.sampled_from((SHARE, DUTY)), typed=TYPED)
def test_marking_what_is_typed_is_repeatable_and_changes_nothing(question: Question, typed: str):
    def outcome() -> Mark | str:
        try:
            return mark(question, typed)
        except InvalidResponse as refused:
            return refused.message

    before = question.model_dump_json()
    stored = Question.model_validate_json(before)
    first = outcome()
    assert outcome() == first
    assert question.model_dump_json() == before
    assert stored == question
    if isinstance(first, Mark):
        assert mark(stored, typed) == first
        assert all(note.text for note in first.feedback)
