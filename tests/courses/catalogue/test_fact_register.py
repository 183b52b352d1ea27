"""The register knows every place that leans on a fact."""

from courses.catalogue.fact_register import FactUse, uses_of
from courses.content.bundle.reading import read_bundle
from tests.builders.quizzes import BANK, quiz_files

FACT = """
- id: TC-F-ONE
  text: 12%
  source: The census
  checked_on: 2026-11-21
  review_by: 2027-01-31
"""


def test_a_question_that_a_quiz_may_draw_is_a_use_of_its_fact() -> None:
    leaning = BANK.replace("  stem: Statement 3 is so.", "  facts: [TC-F-ONE]\n  stem: Statement 3 is so.")
    files = quiz_files() | {"facts.yaml": FACT.encode()}
    [questions] = [name for name in files if name.startswith("questions/")]
    document = read_bundle(files | {questions: leaning.encode()}).document
    assert document is not None
    assert uses_of(document)["TC-F-ONE"] == (FactUse("TC-MQ-S2", "look-back", 2),)
