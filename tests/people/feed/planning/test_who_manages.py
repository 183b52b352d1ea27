"""Managers are named by the number of a job of theirs, or by their own number as a person."""

from people.feed.planning.plan import Act
from tests.people.feed.rows import HOMES, a_job, a_plan, a_row, a_state, items_of


def managers_in(plan_rows: list) -> dict[str, object]:
    plan = a_plan(a_state(a_job("0009", "Kim Poe")), *plan_rows)
    return {item.payroll_number: item.steps[0].values.get("manager") for item in items_of(plan, Act.JOIN)}


def test_a_manager_named_by_their_number_as_a_person_is_the_holder_of_their_main_job() -> None:
    rows = [
        a_row("771-1", "Ann Wu", person_number="771", is_main=False, unit=HOMES),
        a_row("771-2", "Ann Wu", person_number="771", is_main=True, unit=HOMES),
        a_row("772-1", "Bo Li", person_number="772", unit=HOMES, manager_payroll_number="771"),
        a_row("773-1", "Jo Roe", person_number="773", unit=HOMES, manager_payroll_number="0009"),
    ]
    assert managers_in(rows) == {"771-1": None, "771-2": None, "772-1": "771-2", "773-1": "0009"}


def test_a_payroll_number_goes_before_the_number_of_a_person() -> None:
    rows = [
        a_row("771", "Ann Wu", person_number="880", unit=HOMES),
        a_row("880-1", "Bo Li", person_number="771", unit=HOMES),
        a_row("900", "Jo Roe", person_number="900", unit=HOMES, manager_payroll_number="771"),
    ]
    assert managers_in(rows)["900"] == "771"


def test_a_ring_of_managers_who_are_named_as_people_is_found_too() -> None:
    rows = [
        a_row("771-1", "Ann Wu", person_number="771", unit=HOMES, manager_payroll_number="772"),
        a_row("772-1", "Bo Li", person_number="772", unit=HOMES, manager_payroll_number="771"),
    ]
    plan = a_plan(a_state(), *rows)
    assert (plan.items, len(plan.unusable)) == ((), 2)
