"""Quizzes: reading them, every fault with its line, and the draw."""

# ruff: noqa: E501 - one fault is one line, so that a table of them can be read

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from courses.catalogue.versions import fingerprint_of
from courses.content.bundle.reading import read_bundle
from courses.content.bundle.schema import course_schema
from courses.content.model.course import CourseDocument
from courses.content.model.quiz import Draw, Quiz
from courses.content.model.quiz_draw import drawn_questions, is_large_enough
from courses.marking import Option, Question
from tests.courses.content.bundles import MODULE, QUESTIONS, a_bundle

QUIZ = """\
- id: RE-QUIZ-1
  title: Look back
  mode: practice
  questions: [RE-M1-Q2]
  draw:
    - {tag: law, count: 2}
    - {outcome: RE-M1, count: 1}
  attempts: 3
  pause: 2 hours
  certainty: true
"""
ONE = """\
- id: RE-M1-Q{number}
  kind: truefalse
  about: fact
  tags: [{tag}]
  stem: It is so.
  options:
    - {{text: "True", right: true, feedback: Yes.}}
    - {{text: "False", feedback: No.}}
"""
BANK = QUESTIONS.replace("  about: fact\n", "  about: fact\n  outcome: RE-M1\n") + "".join(
    ONE.format(number=number, tag="law" if number > 2 else "words") for number in range(2, 6)
)
PLACE = "\n# Look back {#RE-M1-S3}\n\nA word first.\n\n::: quiz RE-QUIZ-1\n:::\n"
SECOND = MODULE.replace("RE-M1", "RE-M2").replace("slug: why", "slug: how").replace("Q1", "Q9")


def files(quiz: str = QUIZ, *, bank: str = BANK, place: str = PLACE) -> dict[str, bytes]:
    return {**a_bundle(module=MODULE + place, questions=bank), "quizzes/all.yaml": quiz.encode()}


def faults(bundle: dict[str, bytes]) -> list[tuple[str, int | None, str]]:
    return [(f.file, f.line, f.message) for f in read_bundle(bundle).findings]


def document(quiz: str = QUIZ) -> CourseDocument:
    outcome = read_bundle(files(quiz))
    assert outcome.findings == ()
    assert outcome.document is not None
    return outcome.document


def test_a_quiz_is_read_with_its_rules():
    quiz = document().quizzes["RE-QUIZ-1"]
    assert quiz.questions == ("RE-M1-Q2",)
    assert quiz.draws == (Draw(tag="law", count=2), Draw(outcome="RE-M1", count=1))
    assert (quiz.attempts, quiz.pause_minutes, quiz.pass_percent, quiz.feedback) == (3, 120, 80, "on-submit")
    assert quiz.certainty
    assert not quiz.optional
    assert quiz.length == 4


def test_its_screen_knows_it_and_its_questions_count_only_in_the_quiz():
    course = document()
    assert [screen.quiz_id for _, screen in course.screens()] == [None, None, "RE-QUIZ-1"]
    assert course.scored_question_ids == ("RE-M1-Q1",)
    assert CourseDocument.model_validate(course.model_dump(mode="json")) == course


def test_a_course_without_a_quiz_keeps_the_fingerprint_that_it_was_published_with():
    course = read_bundle(a_bundle()).document
    assert course is not None
    stored = course.model_dump(mode="json")
    assert "quizzes" not in stored
    assert {"tags", "outcome"}.isdisjoint(stored["questions"]["RE-M1-Q1"])
    assert fingerprint_of(CourseDocument.model_validate(stored)) == fingerprint_of(course)


def test_the_schema_accepts_a_quiz_and_refuses_an_unknown_key():
    jsonschema.validate(yaml.safe_load(QUIZ), course_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(QUIZ.replace("pause", "paws")), course_schema())


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("tag: law", "tag: lore", 6, "No question has the tag “lore”. Add it to questions, or correct it here."),
        ("outcome: RE-M1", "outcome: RE-M7", 7, "No question has the outcome “RE-M7”. Add it to questions, or correct it here."),
        ("tag: law, ", "", 6, "Say which questions to draw: add “tag” or “outcome”."),
        ("count: 2", "count: 4", 6, "This draws 4 questions, but only 3 that are scored fit. Ask for fewer, or tag more."),
        ("count: 2", "count: 0", 6, "“count” must be 1 or more."),
        ("[RE-M1-Q2]", "[RE-M1-Q1]", 5, "The draws and listed questions of this quiz want the same questions, and there are not enough for all. Ask for fewer, or tag more."),
        ("[RE-M1-Q2]", "[RE-M1-Q2, RE-M1-Q7]", 4, "No question file has a question RE-M1-Q7. Write it, or correct the id."),
        ("[RE-M1-Q2]", "[RE-M1-Q2, RE-M1-Q2]", 4, "The question RE-M1-Q2 is listed twice. Remove one of the two."),
        ("2 hours", "2 moons", 9, "“pause” must be a time of up to 14 days, such as 30 minutes, 2 hours or 1 day."),
        ("2 hours", "20 days", 9, "“pause” must be a time of up to 14 days, such as 30 minutes, 2 hours or 1 day."),
        ("attempts: 3", "attempts: 0", 8, "“attempts” must be 1 or more."),
        ("mode: practice", "mode: exam", 3, "“mode” must be practice or check."),
        ("mode: practice", "mode: check\n  optional: true", 4, "A check has to be passed, so it cannot be optional. Remove this, or write “practice”."),
        ("mode: practice", "mode: check\n  pass_percent: 0", 4, "Everybody would pass this check. Give a share, or write “mode: practice”."),
        ("attempts: 3", "pre_test_for: [RE-M9]", 8, "There is no module RE-M9 in this course. Correct the id."),
        ("attempts: 3", "pre_test_for: [RE-M1]\n  pass_percent: 0", 9, "Everybody would pass this pre-test and could skip modules. Give a share."),
        ("attempts: 3", "feedback: never", 8, "“feedback” must be at-once, on-submit or on-pass."),
        ("RE-QUIZ-1", "RE-M1-Q1", 1, "The id RE-M1-Q1 is taken by the question on line 1 of questions/01-why.yaml. Choose another."),
    ],
)  # fmt: skip
def test_a_fault_in_a_quiz_is_named_with_its_line(old: str, new: str, line: int, message: str):
    assert old in QUIZ
    assert ("quizzes/all.yaml", line, message) in faults(files(QUIZ.replace(old, new)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("scored: false", "RE-M1-Q2 has “scored: false”, and a quiz counts every question. Remove it."),
        ("scored: false\n  about: reflection", "RE-M1-Q2 is about reflection, and no quiz marks what people believe. Remove it."),
    ],
)  # fmt: skip
def test_a_quiz_asks_no_question_that_is_not_marked(change: str, message: str):
    second = ONE.format(number=2, tag="words")
    changed = second.replace("about: fact", change) if "about" in change else second + f"  {change}\n"
    found = faults(files(bank=BANK.replace(second, changed)))
    assert ("quizzes/all.yaml", 4, message) in found


@pytest.mark.parametrize(
    ("place", "line", "message"),
    [
        (PLACE.replace("QUIZ-1", "QUIZ-2"), 24, "No quiz file has a quiz RE-QUIZ-2. Write it, or correct the id."),
        (PLACE + "\n# Again {#RE-M1-S4}\n\n::: quiz RE-QUIZ-1\n:::\n", 29, "The quiz RE-QUIZ-1 is placed on line 24 of modules/01-why.md already. Remove one of the two."),
        (PLACE + "\n::: reflection RE-M1-R1\nWhat now?\n:::\n", 24, "A quiz is the only thing to answer on its screen. Move the questions, reflections and other quizzes to screens of their own."),
        (PLACE.replace("RE-QUIZ-1\n", "RE-QUIZ-1\nWords.\n"), 25, "A quiz’s words stand in its quiz file. Remove this text, or move it out of here."),
    ],
)  # fmt: skip
def test_a_fault_in_the_place_of_a_quiz_is_named_with_its_line(place: str, line: int, message: str):
    assert ("modules/01-why.md", line, message) in faults(files(place=place))


def test_a_quiz_on_no_screen_is_named():
    assert (
        "quizzes/all.yaml", 1, "The quiz RE-QUIZ-1 is on no screen. Put “::: quiz RE-QUIZ-1” and “:::” on one."
    ) in faults(files(place=""))  # fmt: skip


def test_a_question_that_no_screen_and_no_quiz_asks_is_named():
    extra = ONE.format(number=8, tag="nobody")
    assert [message for _, _, message in faults(files(bank=BANK + extra))] == [
        "The question RE-M1-Q8 is on no screen. Put “::: question RE-M1-Q8” and “:::” on one."
    ]


def test_an_outcome_that_is_no_module_is_named():
    messages = [message for _, _, message in faults(files(bank=BANK.replace("outcome: RE-M1", "outcome: RE-M4")))]
    assert (
        "The outcome RE-M4 of RE-M1-Q1 is no module of this course. Write the id of a module, such as RE-M1."
        in messages
    )


def test_a_quiz_asks_no_question_that_is_for_some_people_only():
    place = PLACE + "\n# Yours {#RE-M1-S5}\n\n::: question RE-M1-Q2 for=front-line-services\n:::\n"
    found = faults(files(place=place))
    assert [(file, line) for file, line, message in found if "quiz asks everybody the same" in message] == [
        ("quizzes/all.yaml", 1)
    ]
    assert faults(files(place=PLACE.replace("::: quiz RE-QUIZ-1", "::: quiz RE-QUIZ-1 for=somebody")))


def test_withholding_feedback_with_unlimited_tries_is_fine():
    document(QUIZ.replace("attempts: 3", "feedback: on-pass"))


@pytest.mark.parametrize("text", ["x: 1", "- x", "- id: RE-QUIZ-1\n  title: [a]", "- {draw: 3}"])
def test_what_is_no_quiz_is_a_finding_and_no_crash(text: str):
    assert faults(files(text))


def a_question(number: int, tags: tuple[str, ...], outcome: str | None, *, scored: bool = True) -> Question:
    options = (Option(id="a", text="True", is_right=True), Option(id="b", text="False"))
    return Question(
        id=f"RE-Q{number}",
        kind="truefalse",
        about="fact",
        stem="So.",
        options=options,
        tags=tags,
        outcome=outcome,
        scored=scored,
    )


TAGS, OUTCOMES = ("law", "words", "acts"), ("RE-M1", "RE-M2")
banks = st.lists(
    st.tuples(st.lists(st.sampled_from(TAGS), unique=True).map(tuple), st.sampled_from([None, *OUTCOMES]), st.booleans()),
    max_size=14,
).map(lambda rows: {f"RE-Q{n}": a_question(n, tags, outcome, scored=scored) for n, (tags, outcome, scored) in enumerate(rows)})  # fmt: skip
draws = st.lists(
    st.one_of(
        st.builds(Draw, tag=st.sampled_from(TAGS), count=st.integers(1, 4)),
        st.builds(Draw, outcome=st.sampled_from(OUTCOMES), count=st.integers(1, 4)),
        st.builds(Draw, tag=st.sampled_from(TAGS), outcome=st.sampled_from(OUTCOMES), count=st.integers(1, 2)),
    ),
    max_size=3,
).map(tuple)


@given(bank=banks, draws=draws, seed=st.text(max_size=8), data=st.data())
def test_a_draw_keeps_its_counts_and_repeats_nothing(
    bank: dict[str, Question], draws: tuple[Draw, ...], seed: str, data: st.DataObject
):
    listed = tuple(data.draw(st.lists(st.sampled_from(sorted(bank)), unique=True, max_size=3))) if bank else ()
    quiz = Quiz(id="RE-QUIZ-1", title="Quiz", questions=listed, draws=draws)
    drawn = drawn_questions(quiz, bank, seed)
    assert drawn == drawn_questions(quiz, bank, seed)
    assert len(set(drawn)) == len(drawn)
    assert set(listed) <= set(drawn) <= set(quiz.bank(bank))
    assert all(bank[key].scored for key in drawn if key not in listed)
    if is_large_enough(quiz, bank):
        assert len(drawn) == quiz.length
        for draw in draws:
            assert sum(draw.takes(bank[key]) for key in drawn) >= draw.count
    else:
        assert len(drawn) < quiz.length


@given(count=st.integers(1, 4), more=st.integers(0, 4), seed=st.text(max_size=8))
def test_questions_that_somebody_has_not_had_come_first(count: int, more: int, seed: str):
    bank = {f"RE-Q{n}": a_question(n, ("law",), None) for n in range(2 * count + more)}
    quiz = Quiz(id="RE-QUIZ-1", title="Quiz", draws=(Draw(tag="law", count=count),))
    first = drawn_questions(quiz, bank, f"{seed}/1")
    second = drawn_questions(quiz, bank, f"{seed}/2", asked=first)
    assert len(second) == count
    assert set(first).isdisjoint(second)
    assert len(drawn_questions(quiz, bank, f"{seed}/3", asked=bank)) == count


def test_two_draws_that_want_the_same_questions_share_them_out():
    bank = {"RE-Q1": a_question(1, ("law",), "RE-M1"), "RE-Q2": a_question(2, ("law",), None)}
    quiz = Quiz(id="RE-QUIZ-1", title="Quiz", draws=(Draw(tag="law", count=1), Draw(outcome="RE-M1", count=1)))
    assert all(set(drawn_questions(quiz, bank, str(seed))) == {"RE-Q1", "RE-Q2"} for seed in range(20))


def test_the_same_seed_draws_the_same_questions_on_every_machine():
    bank = {f"RE-Q{n}": a_question(n, ("law",), None) for n in range(8)}
    quiz = Quiz(id="RE-QUIZ-1", title="Quiz", draws=(Draw(tag="law", count=3),))
    assert drawn_questions(quiz, bank, "1") == ("RE-Q2", "RE-Q1", "RE-Q5")
    assert len({drawn_questions(quiz, bank, str(seed)) for seed in range(20)}) > 10
