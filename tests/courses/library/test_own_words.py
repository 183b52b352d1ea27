"""What the starter programme asks people about themselves: the same words at every moment, and nothing that marks."""

from pathlib import Path

import pytest

from courses.content.model.course import CourseDocument
from courses.content.model.personal import Moment, StatementsBlock
from tests.courses.library import rules
from tests.courses.library import texts as library_texts
from tests.courses.library.shipped import shipped
from tests.courses.library.texts import FOLDERS

ESSENTIALS, TWELVE_WEEKS = "race-equality-essentials", "follow-up-twelve-weeks"


def course(name: str) -> CourseDocument:
    found = shipped(name).document
    assert found is not None
    return found


def places(document: CourseDocument) -> list[str]:
    blocks = [block for _, screen in document.screens() for block in screen.personal]
    return [block.key for block in blocks if isinstance(block, StatementsBlock)]


def test_the_ten_statements_come_before_after_looking_back_and_at_twelve_weeks() -> None:
    assert places(course(ESSENTIALS)) == ["RE-C-before", "RE-C-after", "RE-C-looking-back", "RE-W-after"]
    assert places(course(TWELVE_WEEKS)) == ["RE-C-later", "RE-D-later"]


def test_courses_that_share_statements_have_the_same_words() -> None:
    first: dict[str, object] = {}
    for folder in FOLDERS:
        for key, instrument in course(folder.name).instruments.items():
            assert first.setdefault(key, instrument) == instrument, folder.name


def test_courses_that_ask_about_the_plan_have_the_same_words() -> None:
    forms = {folder.name: course(folder.name).plans for folder in FOLDERS}
    asking = {name: plans for name, plans in forms.items() if plans}
    assert set(asking) == {ESSENTIALS, "follow-up-two-weeks", "follow-up-six-weeks", TWELVE_WEEKS}
    assert all(plans == asking[ESSENTIALS] for plans in asking.values())


@pytest.mark.parametrize("name", ["follow-up-two-weeks", "follow-up-six-weeks", TWELVE_WEEKS])
def test_a_follow_up_greets_with_the_plan_and_asks_how_it_is_going(name: str) -> None:
    document = course(name)
    blocks = [block.key for _, screen in document.screens() for block in screen.personal]
    assert [block.key for block in document.modules[0].screens[0].personal] == ["RE-PLAN-words"]
    assert "RE-PLAN-check" in blocks
    assert ("RE-PLAN" in blocks) == (name == TWELVE_WEEKS)


def test_three_of_the_ten_look_back() -> None:
    instrument = course(ESSENTIALS).instruments["RE-C"]
    assert [one.id for one in instrument.statements] == [f"C{number}" for number in range(1, 11)]
    assert [one.id for one in instrument.asked_at(Moment.LOOKING_BACK)] == ["C2", "C5", "C8"]


@pytest.mark.parametrize(("name", "instrument"), [(ESSENTIALS, "RE-W"), (TWELVE_WEEKS, "RE-D")])
def test_reaction_and_behaviour_have_three_items(name: str, instrument: str) -> None:
    assert len(course(name).instruments[instrument].statements) == 3


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_people_are_asked_keeps_to_the_style_of_the_courses(folder: Path) -> None:
    document = course(folder.name)
    texts = [text for one in document.instruments.values() for text in (one.title, one.stem, one.looking_back)]
    texts += [statement.text for one in document.instruments.values() for statement in one.statements]
    for form in document.plans.values():
        ideas = [idea for group in form.ideas for idea in group.ideas]
        texts += [form.title, *form.checks, *(group.role for group in form.ideas)]
        texts += [f"If {idea.situation}, then I will {idea.action}." for idea in ideas]
        texts += [text for one in form.obstacles for text in (one.text, one.tip)]
    assert rules.matching(rules.FORBIDDEN, texts) == []
    assert [
        text for text in texts for sentence in library_texts.sentences(text) if len(library_texts.words(sentence)) > 25
    ] == []
