"""Rows that can be read and cannot be used: each is named with what would mend it, and changes nothing."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from people.feed.planning.brakes import Brake
from people.feed.planning.plan import Act, Plan
from people.feed.planning.sentences import sentences_of, stop_sentences
from people.feed.planning.state import StateNow, unit_key
from tests.people.feed.rows import BEGAN, HOMES, STREETS, a_job, a_plan, a_row, a_state, items_of, many, stops


def said_of(plan: Plan) -> dict[int, list[str]]:
    """What is wrong with each row."""
    return {row.row_number: [one.problem for one in row.problems] for row in plan.unusable}


def test_one_payroll_number_for_two_people_goes_to_neither() -> None:
    plan = a_plan(a_state(), a_row("0001", "Bo Li", unit=HOMES), a_row("0001", "Ann Wu", unit=HOMES))
    assert plan.items == ()
    assert said_of(plan) == {
        2: ["The same payroll number stands in row 3 with another name."],
        3: ["The same payroll number stands in row 2 with another name."],
    }


def test_a_number_that_stands_there_twice_does_not_end_its_job() -> None:
    plan = a_plan(a_state(a_job("0001")), a_row("0001"), a_row("0001"), everybody=True)
    assert plan.items == ()
    assert "with the same name" in said_of(plan)[2][0]


def test_leading_zeros_make_another_number() -> None:
    plan = a_plan(a_state(), a_row("0123", "Bo Li", unit=HOMES), a_row("123", "Ann Wu", unit=HOMES))
    assert [item.payroll_number for item in plan.items] == ["0123", "123"]


def test_the_number_of_somebody_who_left_is_not_given_to_a_stranger() -> None:
    """The stranger would have the other one’s learning and certificates."""
    gone = a_job("0001", "Ann Wu", ends_on=date(2024, 3, 31))
    plan = a_plan(a_state(gone), a_row("0001", "Bo Li", starts_on=date(2026, 11, 2), unit=HOMES))
    assert plan.items == ()
    assert said_of(plan)[2][0].startswith("Here this payroll number is that of Ann Wu")
    assert plan.other_owners == 1


def test_an_initial_in_common_does_not_make_two_people_one() -> None:
    assert a_plan(a_state(a_job("0001", "A Wu")), a_row("0001", "A Jones")).other_owners == 1


def test_nobody_manages_themselves() -> None:
    plan = a_plan(a_state(), a_row("0001", unit=HOMES, manager_payroll_number="0001"))
    assert said_of(plan) == {2: ["This person is named as their own manager."]}


def test_a_ring_of_managers_is_named_with_everybody_in_it() -> None:
    rows = [
        a_row("0001", "Ann Wu", unit=HOMES, manager_payroll_number="0002"),
        a_row("0002", "Bo Li", unit=HOMES, manager_payroll_number="0003"),
        a_row("0003", "Jo Roe", unit=HOMES, manager_payroll_number="0001"),
        a_row("0004", "Kim Poe", unit=HOMES, manager_payroll_number="0001"),
    ]
    plan = a_plan(a_state(), *rows)
    assert [item.payroll_number for item in plan.items] == ["0004"]
    assert said_of(plan)[2] == ["These people manage each other in a ring: Ann Wu → Bo Li → Jo Roe → Ann Wu."]
    assert set(said_of(plan)) == {2, 3, 4}


def test_a_ring_closes_also_through_somebody_whom_the_file_does_not_name() -> None:
    state = a_state(a_job("0001", "Ann Wu"), a_job("0002", "Bo Li", manager_payroll_number="0001"))
    plan = a_plan(state, a_row("0001", "Ann Wu", manager_payroll_number="0002"))
    assert plan.items == ()
    assert "in a ring" in said_of(plan)[2][0]


def test_somebody_new_needs_a_unit() -> None:
    assert said_of(a_plan(a_state(), a_row("0001"))) == {2: ["Nothing says where this new person works."]}


def test_a_slip_in_the_name_of_a_unit_is_shown_with_the_nearest() -> None:
    plan = a_plan(a_state(), a_row("0001", unit=("Adult Social Care", "Care Home")))
    (problem,) = plan.unusable[0].problems
    assert problem.problem == "There is no such unit."
    assert problem.mend.startswith("The nearest is “Adult Social Care / Care Homes”.")


def test_a_unit_that_a_reorganisation_has_ended_takes_nobody() -> None:
    state = StateNow("Sefton", {}, (("Adult Social Care",),), closed_units=(HOMES,))
    rows = [a_row("0001", unit=("Adult social care", "Care Homes")), a_row("0002", unit=(*HOMES, "A new team"))]
    plan = a_plan(state, *rows)
    assert said_of(plan) == {2: ["A reorganisation has ended this unit."], 3: ["A reorganisation has ended this unit."]}
    assert plan.new_units == ()


def test_a_unit_that_was_merged_is_shown_with_the_one_that_took_it_in() -> None:
    words = "A reorganisation has ended this unit; it is part of “Adult Social Care” since 28 November 2026."
    state = StateNow("Sefton", {}, (("Adult Social Care",),), ended_units={unit_key(HOMES): words})
    rows = [
        a_row("0001", unit=("Adult social care", "Care Homes")),
        a_row("0002", unit=(*HOMES, "A new team")),
        a_row("0003", unit=("Care Homes",)),
    ]
    plan = a_plan(state, *rows)
    assert said_of(plan) == {2: [words], 3: [words], 4: [words]}
    assert plan.new_units == ()


def test_north_is_no_slip_in_south() -> None:
    state = a_state(a_job("0002", "Bo Li", unit=("Operational In-House Services North",)))
    plan = a_plan(state, a_row("0001", unit=("Operational In-House Services South",)))
    assert (plan.unusable, plan.new_units) == ((), (("Operational In-House Services South",),))


def test_a_unit_that_differs_in_a_figure_is_another_unit() -> None:
    state = a_state(a_job("0002", "Bo Li", unit=("Streets", "Cleansing Team 1")))
    plan = a_plan(state, a_row("0001", unit=("Streets", "Cleansing Team 2")))
    assert (plan.unusable, plan.new_units) == ((), (("Streets", "Cleansing Team 2"),))


def test_a_last_day_before_the_first_is_refused_whichever_of_them_the_file_says() -> None:
    state = a_state(a_job("0001"))
    both = a_row("0001", starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))
    assert said_of(a_plan(state, both)) == {2: ["The last day lies before the first."]}
    one = a_row("0001", ends_on=date(2019, 1, 1))
    assert said_of(a_plan(state, one)) == {2: ["The last day lies before the first, which was 1 April 2020."]}


def test_somebody_who_was_never_here_and_has_left_does_not_join() -> None:
    left = {"unit": HOMES, "ends_on": date(2024, 3, 31)}
    plan = a_plan(a_state(), a_row("0009", **left), a_row("0010", "Bo Li", starts_on=date(2020, 1, 6), **left))
    assert said_of(plan) == {2: ["This person is not here, and has left already: there is nothing to do."]}
    (item,) = plan.items
    assert (item.payroll_number, [step.on for step in item.steps]) == ("0010", [date(2020, 1, 6), date(2024, 4, 1)])
    undone = a_job("0009", starts_on=None)
    assert len(a_plan(a_state(undone), a_row("0009", **left)).unusable) == 1


def test_a_change_from_a_day_after_the_last_one_begins_nothing() -> None:
    row = a_row("0009", unit=HOMES, ends_on=date(2024, 3, 31), effective_on=date(2026, 11, 1))
    plan = a_plan(a_state(), row)
    assert (plan.items, len(plan.unusable)) == ((), 1)


def test_a_job_that_is_held_does_not_begin_in_the_future() -> None:
    plan = a_plan(a_state(a_job("0001")), a_row("0001", starts_on=date(2027, 1, 4)))
    assert "has worked here since 1 April 2020" in said_of(plan)[2][0]


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    row = a_row("0001", starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1), manager_payroll_number="0001")
    assert len(said_of(a_plan(a_state(), row))[2]) == 3


def test_rows_of_two_swapped_columns_are_strangers_who_stop_the_file() -> None:
    jobs = [a_job(f"{place:04}", f"Person Nº{place}", key=place) for place in range(1, 51)]
    rows = [a_row(job.full_name, job.payroll_number, unit=STREETS, starts_on=BEGAN) for job in jobs]
    plan = a_plan(a_state(*jobs), *rows, everybody=True)
    assert (len(items_of(plan, Act.JOIN)), len(items_of(plan, Act.LEAVE))) == (50, 50)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.sampled_from("abcd")), max_size=8))
def test_whoever_manages_whom_no_ring_is_left_in_what_goes_in(pairs: list[tuple[str, str | None]]) -> None:
    rows = [a_row(number, f"Person {number}x", unit=HOMES, manager_payroll_number=above) for number, above in pairs]
    above = {item.payroll_number: item.steps[0].values.get("manager") for item in a_plan(a_state(), *rows).items}
    for start in above:
        seen = []
        at: str | None = start
        while at in above:
            assert at not in seen
            seen.append(at)
            at = above[at]


def test_a_number_that_is_used_again_gives_no_learning_to_a_namesake() -> None:
    """Their family name is the same; given name, address and first day are others."""
    martin = a_job("KN100472", "Martin Briggs", email="martin@example.org")
    zebedee = {"email": "zebedee@example.org", "starts_on": date(2026, 11, 2)}
    for said in ({"email": zebedee["email"]}, {"starts_on": zebedee["starts_on"]}, zebedee):
        plan = a_plan(a_state(martin), a_row("KN100472", "Zebedee Briggs", **said))
        assert (plan.items, plan.other_owners) == ((), 1)
        assert said_of(plan)[2][0].startswith("Here this payroll number is that of Martin Briggs, and given name")


def test_a_marriage_with_another_address_is_a_new_name_and_so_is_another_given_name_alone() -> None:
    job = a_job("0001", "Ann Wu", email="ann.wu@example.org")
    assert a_plan(a_state(job), a_row("0001", "Ann Jones", email="ann.jones@example.org")).items[0].is_rename
    assert a_plan(a_state(job), a_row("0001", "Anna Wu", email="ann.wu@example.org")).items[0].is_rename


def test_two_people_who_swap_numbers_are_said_and_stop_however_large_the_authority() -> None:
    jobs = [a_job("0901", "Ann Wu", key=901), a_job("0902", "Bo Wu", key=902), *many(600)]
    rows = [a_row("0901", "Bo Wu", starts_on=BEGAN), a_row("0902", "Ann Wu", starts_on=BEGAN)]
    plan = a_plan(a_state(*jobs), *rows)
    assert (plan.items, plan.swapped, plan.other_owners) == ((), 2, 2)
    assert "The two are swapped." in said_of(plan)[2][0]
    found = stops(plan)
    assert [stop.brake for stop in found] == [Brake.CHANGED_KEYS]
    assert "2 rows give people each other’s payroll numbers" in stop_sentences(plan, found)[0]


def test_one_new_address_for_two_people_is_said_and_counted() -> None:
    jobs = many(50)
    rows = [a_row(job.payroll_number, job.full_name, email="Team@example.org") for job in jobs[:2]]
    plan = a_plan(a_state(*jobs), *rows)
    assert plan.shared_emails == 2
    assert "shared-email" in [one.about for one in sentences_of(plan)]
    assert [stop.brake for stop in stops(plan)] == [Brake.MOVED_EMAILS]
    assert a_plan(a_state(*jobs), rows[0]).shared_emails == 0
