"""Whatever id the check lets through fits into every column that keeps it."""

import pytest
from sqlalchemy import Column, String

from courses.content.format.authoring import LONGEST_PART_ID, is_part_id
from kernel.database import Base
from tests.courses.content.bundles import MODULE, QUESTIONS, a_bundle, found

IDS = {"module_id", "question_id", "reflection_id", "quiz_id", "form_id", "instrument_id", "comment_id"}
LONGEST = "RE-M1-" + "-".join(["A" * 12, "B" * 12, "C" * 8])


def columns() -> list[Column]:
    return [column for table in Base.metadata.tables.values() for column in table.columns if column.name in IDS]


def test_the_columns_that_keep_ids_hold_the_longest() -> None:
    assert {column.name for column in columns()} == IDS
    texts = [column for column in columns() if isinstance(column.type, String)]
    assert [str(column) for column in texts if column.type.length < LONGEST_PART_ID] == []


@pytest.mark.parametrize(("text", "is_one"), [("RE-M1-Q1", True), (LONGEST, True), (LONGEST + "C", False), ("", False)])
def test_an_id_is_as_long_as_the_columns_at_most(text: str, is_one: bool) -> None:
    assert is_part_id(text) is is_one


@pytest.mark.parametrize("where", ["module", "question", "screen", "reflection"])
def test_an_id_that_is_too_long_is_a_finding_and_not_a_fault_at_the_first_answer(where: str) -> None:
    text = LONGEST + "C"
    bundle = {
        "module": lambda: a_bundle(module=MODULE.replace("id: RE-M1\n", f"id: {text}\n")),
        "question": lambda: a_bundle(questions=QUESTIONS.replace("RE-M1-Q1", text)),
        "screen": lambda: a_bundle(module=MODULE.replace("#RE-M1-S1", f"#{text}")),
        "reflection": lambda: a_bundle(module=f"{MODULE}\n::: reflection {text}\nA question?\n:::\n"),
    }[where]()
    messages = " ".join(message for _, _, message in found(bundle))
    assert "40 characters" in messages or "Write the id after" in messages
