"""Units that a file names without what stands above them."""

from dataclasses import replace

from people.feed.planning.plan import Act
from tests.people.feed.rows import CARE, HOMES, STREETS, a_job, a_plan, a_row, a_state


def test_a_name_that_one_unit_alone_has_means_that_unit() -> None:
    plan = a_plan(
        a_state(a_job("0001")), a_row("0001", unit=("care homes",)), a_row("0002", "Bo Li", unit=("Care Homes",))
    )
    assert (plan.unchanged, plan.new_units, plan.unusable) == (1, (), ())
    (item,) = plan.items
    assert (item.act, item.steps[0].values["unit"]) == (Act.JOIN, list(HOMES))


def test_a_name_that_several_units_have_needs_what_is_above_it() -> None:
    state = a_state(a_job("0001"))
    state = replace(state, units=(*state.units, (STREETS[0], HOMES[1])))
    plan = a_plan(state, a_row("0001", unit=(HOMES[1],)), everybody=True)
    assert plan.items == ()
    (row,) = plan.unusable
    assert [one.problem for one in row.problems] == ["2 units have this name."]
    assert row.problems[0].mend == "Write what is above it too, such as “Adult Social Care / Care Homes”."


def test_a_name_at_the_top_means_the_unit_at_the_top() -> None:
    state = a_state(a_job("0001", unit=CARE))
    state = replace(state, units=(*state.units, (STREETS[0], CARE[0])))
    assert a_plan(state, a_row("0001", unit=CARE)).unchanged == 1


def test_a_name_that_no_unit_has_is_a_new_one() -> None:
    assert a_plan(a_state(), a_row("0001", unit=("Museums",))).new_units == (("Museums",),)
