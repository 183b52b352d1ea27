"""The names of acts: every act that the code writes down has one, and none is half a sentence."""

import ast
from pathlib import Path

import pytest

from app.platform.audit.acts import ACTS, kind_words

ROOT = Path(__file__).parents[4]
ROOMS = ("app", "assignments", "certificates", "courses", "messages", "people")
RECORDERS = {"_note", "_record"}
# Some acts are put together out of a word and a verb.
VERBS = {"certificate-run-": ("started", "paused", "resumed", "cancelled")}
VERBS["certificate-archive-"] = ("asked-for", "cancelled", "downloaded")
VERBS["certificate-"] = ("revoked", "restored")
VERBS["feed-"] = ("applied", "replaced", "undo-asked", "undone", "overtaken")
VERBS["past-learning-"] = ("planned", "applied", "undone", "discarded")


def written_acts() -> set[str]:
    """Every text that stands for an act in a call that writes to the audit trail."""
    found: set[str] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call):
                    found |= {act for word in call.keywords if word.arg == "action" for act in texts_in(word.value)}
                    found |= handed_on(call)
    return found


def handed_on(call: ast.Call) -> set[str]:
    """The act that is given to a function which writes it down for several callers: its first text."""
    if not isinstance(call.func, ast.Name) or call.func.id not in RECORDERS:
        return set()
    first = next((texts for texts in map(texts_in, call.args) if texts), set())
    return first - {verb for verbs in VERBS.values() for verb in verbs}


def texts_in(value: ast.expr) -> set[str]:
    if isinstance(value, ast.IfExp):
        return texts_in(value.body) | texts_in(value.orelse)
    if isinstance(value, ast.JoinedStr) and isinstance(value.values[0], ast.Constant):
        begin = str(value.values[0].value)
        return {begin + verb for verb in VERBS[begin]}
    return {value.value} if isinstance(value, ast.Constant) and isinstance(value.value, str) else set()


def test_every_act_that_the_code_writes_has_words_of_its_own() -> None:
    written = written_acts()
    assert "certificate-run-paused" in written
    assert written - ACTS.keys() == set()


@pytest.mark.parametrize("action", ACTS)
def test_an_act_can_be_chosen_by_words_that_stand_by_themselves(action: str) -> None:
    words = kind_words(action)
    assert words[:1].isupper()
    assert "{" not in words
    last = words.removesuffix(" asked for").split()[-1]
    assert last not in {"a", "of", "for", "by", "that", "with", "to", "from", "asks", "asked", "when"}


def test_no_two_acts_are_called_the_same() -> None:
    assert len({act.kind for act in ACTS.values()}) == len(ACTS)
    assert kind_words("something-new-happened") == "Something new happened"
