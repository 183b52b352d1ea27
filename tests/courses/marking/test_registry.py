"""The door: built-in kinds and those of installed packages, found the same way and never two with one key."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from courses import marking
from courses.marking import BUILT_IN, Mark, Question, QuestionKinds, Response, Shape, installed_kinds, kind_of
from courses.marking.kinds.single import Single
from tests.courses.marking.questions import chosen_from


class Sure(Single):
    """A kind from elsewhere: any answer is right."""

    key = "sure"
    label = "Any answer"
    shape: Shape = "one"

    def mark(self, question: Question, response: Response) -> Mark:  # noqa: ARG002
        return Mark(1, 1, True, ())


@pytest.fixture
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    point = EntryPoint(name="sure", value=f"{__name__}:Sure", group=marking.ENTRY_POINT_GROUP)
    monkeypatch.setattr(marking, "entry_points", lambda group: [point] if group == point.group else [])
    installed_kinds.cache_clear()
    yield
    installed_kinds.cache_clear()


def test_ten_kinds_ship_with_the_platform():
    choosing = ["single", "multiple", "truefalse", "order", "match", "scenario"]
    assert list(installed_kinds()) == [*choosing, "number", "short", "cloze", "branching"]
    assert {kind.shape for kind in BUILT_IN} == {"one", "many", "order", "pairs", "text", "gaps", "path"}
    assert all(kind.label for kind in BUILT_IN)


def test_a_kind_that_is_not_installed_is_none():
    assert kind_of("gone") is None


@pytest.mark.usefixtures("plugged_in")
def test_a_kind_from_an_installed_package_marks_questions():
    assert len(installed_kinds()) == 11
    assert marking.mark(chosen_from("sure"), "a").is_right


def test_two_kinds_with_one_key_are_refused():
    with pytest.raises(ValueError, match="Two question kinds are called 'single'"):
        QuestionKinds([*BUILT_IN, Single()])
