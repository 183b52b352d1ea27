"""The driver of the launch day answers every question of the shipped course rightly, and wrongly where it means to."""

import random
from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from app.learn.place.answer_reading import response_in
from bench.launch_day.answers import answer_key
from bench.launch_day.reading import Form
from courses.marking import mark
from tools.paths import HERE

KEY = answer_key(Path(HERE.root) / "courses" / "library" / "race-equality-essentials")
MARKED = sorted(key for key, question in KEY.questions.items() if question.kind != "branching")


def sent(question_id: str, *, is_right: bool) -> MultiDict[str, str]:
    form = Form("/answers", "post", [("csrf_token", "x")])
    KEY.fill(form, question_id, is_right=is_right, chance=random.Random(1))  # noqa: S311
    return MultiDict(form.values)


@pytest.mark.parametrize("question_id", MARKED)
def test_what_is_meant_to_be_right_is_marked_right(question_id):
    question = KEY.questions[question_id]
    assert mark(question, response_in(sent(question_id, is_right=True), question)).is_right


@pytest.mark.parametrize("question_id", MARKED)
def test_what_is_meant_to_be_wrong_is_marked_wrong(question_id):
    question = KEY.questions[question_id]
    assert not mark(question, response_in(sent(question_id, is_right=False), question)).is_right


def test_a_story_is_taken_by_its_best_steps():
    stories = {key: question.branching for key, question in KEY.questions.items() if question.branching is not None}
    assert stories
    for key, story in stories.items():
        for node in story.nodes:
            best = {choice.id for choice in node.choices if choice.is_best}
            offered = [choice.id for choice in node.choices]
            assert KEY.best_step(key, offered) in (best or offered)
