"""The registry: built-in kinds and those of installed packages, found the same way and never two with one key."""

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from typing import get_args

import pytest

from courses import marking
from courses.content.format.question_authoring import AuthoredQuestion
from courses.marking import BUILT_IN, Mark, Question, QuestionKey, Response, Shape, installed_kinds, kind_of
from courses.marking.kinds.single import Single
from kernel.plugs import UnusablePlug
from tests.courses.marking.questions import chosen_from


class Sure(Single):
    """A kind from elsewhere: any answer is right."""

    key = "sure"
    label = "Any answer"
    shape: Shape = "one"

    def mark(self, question: Question, response: Response) -> Mark:  # noqa: ARG002
        return Mark(1, 1, True, ())


class Painted(Sure):
    """A kind for a platform that knows pictures to click on."""

    key = "painted"
    shape = "picture"  # type: ignore[assignment]


class Wordy(Sure):
    """A kind that asks authors for a key that no course file has."""

    key = "wordy"
    keys: tuple[QuestionKey, ...] = ("essay",)  # type: ignore[assignment]


Plugged = Callable[..., None]


@pytest.fixture
def plugged_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugged]:
    """Installs packages that offer these kinds."""

    def plug_in(*names: str) -> None:
        points = [EntryPoint(name, f"{__name__}:{name}", marking.ENTRY_POINT_GROUP) for name in names]
        monkeypatch.setattr("kernel.plugs.entry_points", lambda group: [p for p in points if p.group == group])
        installed_kinds.cache_clear()

    yield plug_in
    installed_kinds.cache_clear()


def test_ten_kinds_ship_with_the_platform():
    choosing = ["single", "multiple", "truefalse", "order", "match", "scenario"]
    assert list(installed_kinds()) == [*choosing, "number", "short", "cloze", "branching"]
    assert {kind.shape for kind in BUILT_IN} == {"one", "many", "order", "pairs", "text", "gaps", "path"}
    assert all(kind.label for kind in BUILT_IN)


def test_a_kind_that_is_not_installed_is_none():
    assert kind_of("gone") is None


def test_a_kind_from_an_installed_package_marks_questions(plugged_in: Plugged):
    plugged_in("Sure")
    assert len(installed_kinds()) == len(BUILT_IN) + 1
    assert marking.mark(chosen_from("sure"), "a").is_right


def test_two_kinds_with_one_key_are_refused(plugged_in: Plugged):
    plugged_in("Sure", "Sure")
    with pytest.raises(UnusablePlug, match=r"Two plugs .* are called 'sure'"):
        installed_kinds()


@pytest.mark.parametrize("name", ["Painted", "Wordy"])
def test_a_kind_that_this_version_cannot_show_or_read_is_refused(plugged_in: Plugged, name: str):
    plugged_in(name)
    with pytest.raises(UnusablePlug, match="has a shape or keys that this version does not know"):
        installed_kinds()


def test_a_package_that_cannot_be_loaded_is_named(plugged_in: Plugged):
    plugged_in("Missing")
    with pytest.raises(UnusablePlug, match=r"test_registry:Missing', of the group .* cannot be loaded"):
        installed_kinds()


def test_the_keys_of_kinds_are_keys_of_the_question_file_and_each_belongs_to_a_kind():
    assert {*get_args(QuestionKey)} <= {*AuthoredQuestion.model_fields}
    assert {key for kind in BUILT_IN for key in kind.keys} == {*get_args(QuestionKey)}
