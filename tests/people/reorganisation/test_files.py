"""A reorganisation that somebody wrote down, and everything that can be wrong with it."""

import pytest

from people.reorganisation.files import read_steps
from people.reorganisation.periods import units_on
from people.reorganisation.steps import Merge, Move, Rename, Split, reshape
from tests.builders.region import TODAY

GOOD = """
- rename: Care
  to: Adults, معا
- move: care / home  care
  into: Places
- merge: Care / Home care / Night
  into: Care / Home care / Day
- split: Places
  name: Green
  units: [Places / Parks]
  people: ["0042"]
"""


@pytest.fixture
def units(tree):
    return units_on(tree.session, organisation_id=tree.halton.id, on=TODAY)


def test_steps_are_read_in_their_order_and_units_found_as_people_write_them(tree, units):
    assert read_steps(GOOD, units) == (
        (
            Rename(tree.care.id, "Adults, معا"),
            Move(tree.home.id, tree.places.id),
            Merge(tree.night.id, tree.day.id),
            Split(tree.places.id, "Green", (tree.parks.id,), ("0042",)),
        ),
        (),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write a list of steps"),
        ("rename: Care", "Write a list of steps"),
        ("- rename: [", "This is not YAML in line"),
        ("- rename: Care\n  to: A\n  merge: Places", "Step 1: Write a list"),
        ("- rename: Care\n  into: A", "Step 1: “into” does not belong to “rename”"),
        ("- rename: Care", "Step 1: say what “to” is"),
        ("- merge: Caer\n  into: Places", "Step 1: there is no unit “Caer” on that day"),
        ("- split: Care\n  name: New\n  people: [0042]", "is no text. Put it in quotation marks"),
        ("- split: Care\n  name: New\n  people: 42", "Step 1: “people” is a list"),
        ("- 12", "Step 1: Write a list"),
        ("x" * 1_000_001, "larger than a list of steps"),
    ],
)
def test_what_is_wrong_is_said_by_the_number_of_its_step(units, text, said):
    steps, findings = read_steps(text, units)
    assert said in " ".join(findings)
    assert steps == ()


def test_everything_that_is_wrong_is_said_at_once(units):
    _, findings = read_steps("- merge: A\n  into: B\n- rename: Care\n- move: C\n  into: Care", units)
    assert len(findings) == 4


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (lambda t: [Rename(t.care.id, " ")], "A new name is empty"),
        (lambda t: [Rename(t.care.id, "A / B")], "cannot be a name"),
        (lambda t: [Rename(t.care.id, "A" * 201)], "is too long"),
        (lambda t: [Rename(t.care.id, "Care")], "is called “Care” already"),
        (lambda t: [Rename(t.care.id, "Places")], "Two units would be called “Places”"),
        (lambda t: [Move(t.care.id, t.places.id)], "is a directorate, and stands in no other unit"),
        (lambda t: [Move(t.day.id, t.places.id)], "is a team, so it can only go into a service"),
        (lambda t: [Move(t.home.id, t.care.id)], "is in “Care” already"),
        (lambda t: [Merge(t.day.id, t.home.id)], "can only be merged with another team"),
        (lambda t: [Merge(t.day.id, t.day.id)], "can only be merged with another team"),
        (lambda t: [Merge(t.day.id, t.night.id), Rename(t.day.id, "X")], "a unit that an earlier step ended"),
        (lambda t: [Split(t.care.id, "New")], "Say which units or which people"),
        (lambda t: [Split(t.care.id, "New", (t.parks.id,))], "is not in “Care”"),
    ],
)
def test_what_cannot_be_done_to_the_tree_is_said(tree, units, steps, said):
    assert said in " ".join(reshape(units, steps(tree)).findings)


def test_somebody_who_does_not_work_there_cannot_be_taken_out(tree):
    seen = tree.see(TODAY, Split(tree.home.id, "New", (), ("0042",)))
    assert seen.findings[0].startswith("Nobody with the payroll number 0042 works in “Care / Home care”")


def test_a_chain_of_mergers_ends_in_the_last_one(tree, units):
    late = reshape(units, [Merge(tree.day.id, tree.night.id), Rename(tree.night.id, "Both")])
    assert late.merged == {tree.day.id: tree.night.id}
    assert late.findings == []
