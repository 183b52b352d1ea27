"""What authors are told about a question, and in which order they see questions."""

from dataclasses import replace

import pytest

from courses.marking import Question
from reports.items.advice import advice_on, misunderstandings, worst_first
from reports.items.figures import ItemFigures, PartFigures, SureFigures
from reports.items.sentences import discrimination_words, find_common_mistake, summary_words
from tests.courses.marking.questions import chosen_from, matching

QUESTION = chosen_from("single", right=[0])


def figures(people: int = 400, **counts: int) -> ItemFigures:
    counts = counts or {"a": 260, "b": 80, "c": 40, "d": 20}
    right = counts.get("a", 0)
    parts = {"": PartFigures(people, counts)}
    return ItemFigures("RE-Q1", None, people=people, right=right, score=right / people, parts=parts)


def labels(item: ItemFigures, question: Question = QUESTION) -> list[str]:
    return [one.label for one in advice_on(item, question)]


def test_an_ordinary_question_gets_no_advice() -> None:
    assert labels(figures()) == []


@pytest.mark.parametrize(
    ("item", "label", "words"),
    [
        (figures(a=380, b=20), "Warm-up", "keep it as a warm-up"),
        (figures(a=90, b=80, c=80, d=150), "Hard", "Most people get this wrong at first"),
        (figures(a=150, b=200, c=25, d=25), "A wrong answer leads", "More people choose this at first"),
        (figures(a=300, b=60, c=36, d=4), "An idle option", "Hardly anybody chooses this"),
        (replace(figures(), discrimination=-0.3), "Check the wording", "People who do well elsewhere get this wrong"),
        (replace(figures(), discrimination=0.02), "Tells little", "do no better here"),
        (replace(figures(), sure=SureFigures(400, 80)), "Sure but wrong", "very sure of a wrong answer"),
        (replace(figures(), seconds=(1, 2, 3)), "Very quick", "before they read"),
    ],
)
def test_what_stands_out_is_said_in_plain_words(item: ItemFigures, label: str, words: str) -> None:
    found = {one.label: one.words for one in advice_on(item, QUESTION)}
    assert words in found[label]


def test_chance_alone_does_not_send_anybody_to_check_a_wording() -> None:
    item = replace(figures(people=30, a=20, b=10), discrimination=-0.2)
    assert "Check the wording" not in labels(item)
    assert discrimination_words(item) == "Tells little"
    assert "Check the wording" in labels(replace(figures(), discrimination=-0.2))


def test_nothing_is_said_of_figures_that_are_not_shown() -> None:
    assert labels(ItemFigures("RE-Q1", None)) == []
    assert find_common_mistake(ItemFigures("RE-Q1", None), QUESTION) is None


def test_the_worst_come_first_and_those_without_figures_last() -> None:
    questions = dict.fromkeys(("fine", "hard", "wrong-way", "few"), QUESTION)
    items = [
        ItemFigures("few", None),
        replace(figures(), question_id="fine"),
        replace(figures(a=90, b=80, c=80, d=150), question_id="hard"),
        replace(figures(), question_id="wrong-way", discrimination=-0.4),
    ]
    assert [item.question_id for item in worst_first(items, questions)][-2:] == ["fine", "few"]
    assert {item.question_id for item in worst_first(items, questions)[:2]} == {"hard", "wrong-way"}


def test_the_two_most_confident_mistakes_of_ten_people_or_more_are_named() -> None:
    questions = dict.fromkeys("pqrs", QUESTION)
    held = {"p": (400, 40), "q": (100, 30), "r": (20, 9), "s": (200, 50)}
    items = [
        replace(figures(), question_id=key, sure=SureFigures(people, wrong, "", "b"))
        for key, (people, wrong) in held.items()
    ]
    again = replace(items[1], quiz_id="TC-QUIZ-1")
    found = misunderstandings([*items, again], questions)
    assert [one.item.question_id for one in found] == ["q", "s"]
    assert found[0].choice is not None
    assert found[0].choice.text == "Option 1"


def test_the_most_common_mistake_leads() -> None:
    lead = find_common_mistake(figures(a=200, b=40, c=160), QUESTION)
    assert lead is not None
    assert (lead.how_many, lead.choice.text) == ("4 in 10", "Option 2")
    rows = matching({"One": "A", "Two": "B"})
    one, two = rows.rows
    parts = {one.id: PartFigures(20, {one.answer_id: 20}), two.id: PartFigures(20, {one.answer_id: 9})}
    lead = find_common_mistake(replace(figures(), parts=parts), rows)
    assert lead is not None
    assert (lead.part.text, lead.choice.text) == ("Two", "A")


def test_words_come_before_figures() -> None:
    item = replace(figures(), score=0.7, later_right=100, sure=SureFigures(390, 2), seconds=(9.6, 20.0, 130.0))
    assert summary_words(item) == [
        "7 in 10 get it right at the first try (65% of 400 people).",
        "With points for answers that are partly right, it is 70%.",
        "Of the 140 others, at least 100 get it right at a later try.",
        "Hardly anybody is very sure and wrong (1% of 390 people).",
        "Half of the people take 20 seconds or less. The middle half take from 10 seconds to 2.2 minutes.",
    ]
