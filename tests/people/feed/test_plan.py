"""What a file would do, one job at a time."""

from datetime import date
from decimal import Decimal

from people.feed.planning.making import Covered
from people.feed.planning.plan import Act, Step
from people.feed.planning.sentences import sentences_of
from people.feed.planning.state import Absence
from people.feed.rows import CellProblem, UnusableRow
from people.jobs.absences import AbsenceKind
from people.jobs.terms import EmploymentKind
from tests.people.feed.rows import BEGAN, CARE, HOMES, ON, STREETS, a_job, a_plan, a_row, a_state, items_of, many


def test_a_new_number_joins_with_everything_that_the_row_says() -> None:
    row = a_row(
        "0042", "王芳", unit=HOMES, job_title="Carer", starts_on=date(2026, 12, 1), hours_per_week=Decimal("18.5")
    )
    (item,) = a_plan(a_state(), row).items
    assert (item.act, item.payroll_number, item.name, item.employment_id) == (Act.JOIN, "0042", "王芳", None)
    said = {"held": True, "unit": list(HOMES), "job_title": "Carer", "hours_per_week": "18.5"}
    assert item.steps == (Step(date(2026, 12, 1), said),)
    assert item.person == {"full_name": (None, "王芳")}


def test_somebody_who_joins_without_a_first_day_joins_on_the_day_of_the_run() -> None:
    (item,) = a_plan(a_state(), a_row(unit=HOMES)).items
    assert item.steps[0].on is None


def test_a_row_that_says_what_is_there_changes_nothing() -> None:
    job = a_job(job_title="Carer", email="Sian@Example.org")
    row = a_row(unit=("adult  social care", "Care homes"), job_title="Carer", email="sian@example.org", starts_on=BEGAN)
    plan = a_plan(a_state(job), row)
    assert (plan.items, plan.unchanged, plan.new_units) == ((), 1, ())


def test_capitals_of_a_payroll_system_do_not_rename_anybody() -> None:
    assert a_plan(a_state(a_job(name="Siân Nguyễn")), a_row(name="SIÂN NGUYỄN")).items == ()


def test_what_a_row_does_not_speak_about_is_kept_and_what_it_leaves_empty_is_cleared() -> None:
    job = a_job(job_title="Carer", grade="G5", email="sian@example.org")
    (item,) = a_plan(a_state(job), a_row(grade=None, email=None)).items
    assert item.steps == (Step(None, {"grade": ""}),)
    assert item.person == {"email": ("sian@example.org", None)}
    assert item.shown == {"grade": ("G5", ""), "email": ("sian@example.org", "")}


def test_an_empty_unit_or_kind_is_never_a_reason_to_take_it_away() -> None:
    assert a_plan(a_state(a_job(kind=EmploymentKind.AGENCY)), a_row(unit=(), kind=None, is_main=None)).items == ()


def test_a_move_says_where_from_and_where_to_and_begins_on_the_day_that_the_row_says() -> None:
    (item,) = a_plan(a_state(a_job()), a_row(unit=STREETS, effective_on=date(2026, 11, 1))).items
    assert item.is_move
    assert item.shown["unit"] == ("Adult Social Care / Care Homes", "Operational Services / Street Cleansing")
    assert item.steps == (Step(date(2026, 11, 1), {"unit": list(STREETS)}),)


def test_a_married_name_is_a_new_name_of_the_same_person() -> None:
    (item,) = a_plan(a_state(a_job(name="Siân Nguyễn")), a_row(name="Siân O’Brien")).items
    assert item.is_rename
    assert item.person == {"full_name": ("Siân Nguyễn", "Siân O’Brien")}


def test_what_somebody_asks_to_be_called_is_theirs_to_say() -> None:
    assert a_plan(a_state(a_job(called="Shaz")), a_row(called="Sharon")).items == ()
    (item,) = a_plan(a_state(a_job()), a_row(called="Shaz")).items
    assert item.person == {"called": (None, "Shaz")}


def test_a_wholly_new_name_is_believed_where_the_first_day_or_the_address_fits() -> None:
    job = a_job(name="Adam Smith", email="a.smith@example.org")
    for fits in ({"starts_on": BEGAN}, {"email": "a.smith@example.org"}):
        (item,) = a_plan(a_state(job), a_row(name="Eve Jones", **fits)).items
        assert item.is_rename


def test_only_a_file_that_holds_everybody_ends_the_jobs_that_it_does_not_name() -> None:
    state = a_state(a_job("0001"), a_job("0002", "Bo Li"))
    assert a_plan(state, a_row("0001")).items == ()
    (item,) = a_plan(state, a_row("0001"), everybody=True).items
    assert (item.act, item.payroll_number, item.steps) == (Act.LEAVE, "0002", (Step(None, {"held": False}),))


def test_a_job_does_not_end_because_its_row_has_a_fault() -> None:
    state = a_state(a_job("0001"), a_job("0002", "Bo Li"))
    fault = UnusableRow(9, (CellProblem("Start", "31/02/2026", "February has no day 31.", "Put it right."),), "0002")
    plan = a_plan(state, a_row("0001"), fault, everybody=True)
    assert plan.items == ()
    assert [one.payroll_number for one in plan.unusable] == ["0002"]


def test_jobs_that_have_ended_or_begin_later_do_not_end_once_more() -> None:
    gone, to_come = (
        a_job("0002", "Bo Li", ends_on=date(2026, 3, 31)),
        a_job("0003", "Ann Wu", starts_on=date(2027, 1, 4)),
    )
    assert items_of(a_plan(a_state(gone, to_come), a_row("0001", unit=HOMES), everybody=True), Act.LEAVE) == []


def test_a_last_day_in_the_file_ends_the_job_after_that_day() -> None:
    (item,) = a_plan(a_state(a_job()), a_row(ends_on=date(2026, 12, 31))).items
    assert (item.act, item.steps) == (Act.LEAVE, (Step(date(2027, 1, 1), {"held": False}),))


def test_a_last_day_that_is_taken_back_lets_the_job_go_on() -> None:
    (item,) = a_plan(a_state(a_job(ends_on=date(2026, 12, 31))), a_row(ends_on=None)).items
    assert (item.act, item.steps) == (Act.CHANGE, (Step(date(2027, 1, 1), {"held": True}),))


def test_somebody_who_left_comes_back_under_the_same_number() -> None:
    job = a_job(ends_on=date(2025, 3, 31), job_title="Carer")
    (item,) = a_plan(a_state(job), a_row(unit=STREETS, starts_on=date(2026, 11, 2))).items
    assert (item.act, item.employment_id) == (Act.RETURN, job.employment_id)
    assert item.steps == (Step(date(2026, 11, 2), {"held": True, "unit": list(STREETS)}),)


def test_somebody_who_comes_back_without_a_new_first_day_is_back_from_the_day_of_the_run() -> None:
    (item,) = a_plan(a_state(a_job(ends_on=date(2025, 3, 31))), a_row(starts_on=BEGAN)).items
    assert (item.act, item.steps[0].on) == (Act.RETURN, None)


def test_a_row_of_somebody_who_left_long_ago_changes_nothing() -> None:
    job = a_job(ends_on=date(2025, 3, 31))
    assert a_plan(a_state(job), a_row(starts_on=BEGAN, ends_on=date(2025, 3, 31))).items == ()


def test_an_earlier_first_day_is_a_correction() -> None:
    earlier = date(2019, 1, 7)
    (item,) = a_plan(a_state(a_job()), a_row(starts_on=earlier)).items
    assert item.steps == (Step(earlier, {"held": True}),)


def test_a_later_first_day_of_a_job_that_is_held_never_shortens_its_past() -> None:
    promoted = date(2026, 11, 2)
    job = a_job(job_title="Carer")
    plan = a_plan(a_state(job), a_row(job_title="Senior Carer", starts_on=promoted))
    (item,) = plan.items
    assert (item.steps, item.shown) == (
        (Step(promoted, {"job_title": "Senior Carer"}),),
        {"job-title": ("Carer", "Senior Carer")},
    )
    assert (
        "1 row has a later first day than the job. What changes holds from that day; the first day of the job stays."
        in [one.plain for one in sentences_of(plan)]
    )
    plan = a_plan(a_state(job), a_row(job_title="Carer", starts_on=promoted))
    assert (plan.items, plan.later_first_days) == ((), 1)


def test_the_first_day_of_a_job_to_come_may_move_later() -> None:
    before, after = date(2027, 1, 4), date(2027, 2, 1)
    (item,) = a_plan(a_state(a_job(starts_on=before)), a_row(starts_on=after)).items
    assert item.steps == (Step(before, {"held": False}), Step(after, {"held": True}))


def test_a_later_first_day_of_a_job_that_has_ended_does_not_shorten_it_either() -> None:
    job = a_job(ends_on=date(2025, 3, 31))
    assert a_plan(a_state(job), a_row(starts_on=date(2023, 1, 2), ends_on=date(2025, 3, 31))).items == ()


def test_long_leave_begins_and_ends_on_the_days_of_the_row() -> None:
    (item,) = a_plan(a_state(a_job()), a_row(away_from=date(2026, 11, 2), away_until=date(2027, 5, 2))).items
    assert item.steps == (
        Step(date(2026, 11, 2), {"away": "long-leave"}),
        Step(date(2027, 5, 3), {"away": None}),
    )


def test_leave_that_is_known_changes_nothing_and_an_empty_cell_ends_it() -> None:
    job = a_job(absences=(Absence(date(2026, 9, 1), None, "long-leave"),))
    assert a_plan(a_state(job), a_row(away_from=date(2026, 9, 1), away_until=None)).items == ()
    (item,) = a_plan(a_state(job), a_row(away_from=None)).items
    assert item.steps == (Step(None, {"away": None}),)


def test_leave_is_of_the_kind_that_the_row_says() -> None:
    (item,) = a_plan(a_state(a_job()), a_row(away_from=ON, away_kind=AbsenceKind.SECONDMENT)).items
    assert item.steps == (Step(ON, {"away": "secondment"}),)


def test_new_units_are_named_from_the_top_down_and_once() -> None:
    rows = [a_row(f"10{place}", f"Person {place}", unit=("Public Health", "Health Visitors")) for place in range(3)]
    assert a_plan(a_state(), *rows).new_units == (("Public Health",), ("Public Health", "Health Visitors"))


def test_two_jobs_of_one_person_become_one_person_where_the_file_numbers_people() -> None:
    rows = [
        a_row("1-1", "Bo Li", unit=HOMES, person_number="77"),
        a_row("1-2", "Bo Li", unit=STREETS, person_number="77"),
        a_row("1-3", "Ann Wu", unit=STREETS, person_number="77"),
    ]
    joined = {item.payroll_number: item.same_person_as for item in a_plan(a_state(), *rows).items}
    assert joined == {"1-1": None, "1-2": "1-1", "1-3": None}


def test_nothing_goes_in_where_one_row_cannot_be_used_and_the_authority_chose_so() -> None:
    rows = [a_row("0001", unit=HOMES), a_row("0002", "Bo Li")]
    assert [item.payroll_number for item in a_plan(a_state(), *rows).items] == ["0001"]
    plan = a_plan(a_state(), *rows, takes_good_rows=False)
    assert (plan.items, len(plan.unusable)) == ((), 1)


def test_a_manager_who_is_nobody_here_is_counted_and_nothing_is_changed() -> None:
    plan = a_plan(a_state(a_job("0001", manager_payroll_number="0002")), a_row("0001", manager_payroll_number="9999"))
    assert (plan.items, plan.unknown_managers) == ((), 1)


def test_the_same_rows_give_the_same_plan_and_others_another() -> None:
    state = a_state(*many(3))
    rows = [a_row(f"000{place}", f"Person Nº{place}", unit=STREETS) for place in (1, 2, 3)]
    assert a_plan(state, *rows).digest == a_plan(state, *rows).digest
    assert a_plan(state, *rows).digest != a_plan(state, *rows[:2]).digest


def test_a_file_may_hold_everybody_of_a_part_only() -> None:
    homes = Covered(True, units=(CARE,))
    assert homes.has(a_job(unit=HOMES))
    assert not homes.has(a_job(unit=STREETS))
    staff = Covered(True, kinds=frozenset({EmploymentKind.EMPLOYEE}))
    assert not staff.has(a_job(kind=EmploymentKind.AGENCY))
