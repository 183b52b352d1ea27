"""When a plan stops, and what it says then."""

from people.feed.planning.brakes import Brake, Limits, Stop
from people.feed.planning.sentences import sentences_of, stop_sentences, summary_of
from tests.people.feed.rows import BEGAN, HOMES, ON, STREETS, a_job, a_plan, a_row, a_state, many, stops


def rows_for(jobs: list, **said: object) -> list:
    return [a_row(job.payroll_number, job.full_name, **said) for job in jobs]


def test_half_a_file_stops_with_the_units_that_are_missing() -> None:
    here, there = (
        many(60),
        [a_job(f"9{place:03}", f"Else Nº{place}", key=900 + place, unit=STREETS) for place in range(40)],
    )
    plan = a_plan(a_state(*here, *there), *rows_for(here), everybody=True)
    found = stops(plan)
    assert found == (Stop(Brake.LEAVERS, 40, 100, 5),)
    assert stop_sentences(plan, found) == (
        "Stopped: nothing has changed yet. The file would end 40 of the 100 jobs in Sefton. That is 40 in 100; above 5 "
        "in 100 a second person must decide.",
        "40 of them work in “Operational Services / Street Cleansing”, which no row names. It looks as if a part "
        "of the file is missing.",
    )


def test_an_ordinary_week_does_not_stop() -> None:
    jobs = many(100)
    plan = a_plan(a_state(*jobs), *rows_for(jobs[:95]), everybody=True)
    assert stops(plan) == ()
    assert stop_sentences(plan, ()) == ()


def test_one_more_than_the_limit_stops_and_is_never_said_to_be_the_limit() -> None:
    jobs = many(99)
    (stop,) = stops(a_plan(a_state(*jobs), *rows_for(jobs[:94]), everybody=True))
    assert (stop.count, stop.percent) == (5, 6)


def test_a_single_person_stops_no_file_of_a_small_authority() -> None:
    jobs = many(4)
    assert stops(a_plan(a_state(*jobs), *rows_for(jobs[:3]), everybody=True)) == ()
    assert len(stops(a_plan(a_state(*jobs), *rows_for(jobs[:2]), everybody=True))) == 1


def test_too_many_moves_stop() -> None:
    jobs = many(10)
    (stop,) = stops(a_plan(a_state(*jobs), *rows_for(jobs[:3], unit=STREETS)))
    assert (stop.brake, stop.count) == (Brake.MOVES, 3)
    assert stops(a_plan(a_state(*jobs), *rows_for(jobs[:3], unit=STREETS)), moves=30) == ()


def test_the_file_of_another_authority_stops_although_it_ends_nothing() -> None:
    others = [a_row(f"K{place}", f"Other Nº{place}", unit=HOMES) for place in range(5)]
    (stop,) = stops(a_plan(a_state(*many(10)), *others))
    assert stop.brake is Brake.JOINERS


def test_the_first_file_of_an_authority_adds_everybody_and_stops_at_nothing() -> None:
    rows = [a_row(f"{place}", f"Person Nº{place}", unit=HOMES) for place in range(50)]
    assert stops(a_plan(a_state(), *rows, everybody=True)) == ()


def test_addresses_that_go_to_somebody_else_stop() -> None:
    jobs = [
        a_job(f"{place:04}", f"Person Nº{place}", key=place, email=f"p{place}@example.org") for place in range(1, 5)
    ]
    swapped = [
        a_row("0001", "Person Nº1", email="P2@example.org"),
        a_row("0002", "Person Nº2", email="p1@example.org"),
    ]
    plan = a_plan(a_state(*jobs), *swapped)
    assert plan.moved_emails == ("P2@example.org", "p1@example.org")
    assert [stop.brake for stop in stops(plan)] == [Brake.MOVED_EMAILS]


def test_names_that_slipped_down_a_column_stop_even_where_everybody_began_on_one_day() -> None:
    jobs = many(40)
    names = [*[f"Other{place} Else" for place in range(39)], "Person Nº1"]
    rows = [a_row(job.payroll_number, name, starts_on=BEGAN) for job, name in zip(jobs, names, strict=True)]
    (stop,) = stops(a_plan(a_state(*jobs), *rows))
    assert (stop.brake, stop.count) == (Brake.CHANGED_KEYS, 39)


def test_a_shared_address_that_both_have_already_is_nobodys_loss() -> None:
    jobs = [a_job("0001", "Ann Wu", email="crew@example.org"), a_job("0002", "Bo Li", email="crew@example.org")]
    assert a_plan(a_state(*jobs), a_row("0001", "Ann Wu", email="crew@example.org")).moved_emails == ()


def test_new_payroll_numbers_for_everybody_stop_as_changed_keys() -> None:
    jobs = [
        a_job(f"{place:04}", f"Person Nº{place}", key=place, email=f"p{place}@example.org") for place in range(1, 9)
    ]
    rows = [a_row(f"N{job.payroll_number}", job.full_name, email=job.email, unit=HOMES) for job in jobs]
    plan = a_plan(a_state(*jobs), *rows, everybody=True)
    assert plan.new_numbers[0] == ("0001", "N0001")
    found = [stop.brake for stop in stops(plan)]
    assert found == [Brake.LEAVERS, Brake.CHANGED_KEYS, Brake.MOVED_EMAILS, Brake.JOINERS]


def test_a_plan_is_read_as_sentences_with_their_numbers_in_front() -> None:
    jobs = [*many(20), a_job("0099", "Bo Li", key=99)]
    rows = [
        *rows_for(jobs[:18]),
        a_row("0019", "Person Nº19", unit=STREETS),
        a_row("0099", "Bo Li-O’Brien", job_title="Carer"),
        a_row("0100", "Ann Wu", unit=("Public Health",)),
        a_row("0101", "Jo Roe"),
    ]
    plan = a_plan(a_state(*jobs), *rows, everybody=True)
    assert [one.plain for one in sentences_of(plan)] == [
        "1 job ends. Its record is kept.",
        "1 person joins.",
        "1 person moves to another unit. What they finished goes with them. 1 to Operational Services.",
        "1 person gets a new name.",
        "1 job changes in other ways. Job title 1.",
        "18 jobs stay as they are.",
        "1 unit is new. “Public Health”.",
        "1 row cannot be used, and changes nothing.",
    ]
    assert summary_of(plan) == "Adds 1 person, moves 1 person, changes 1 job, ends 1 job."
    assert plan.on == ON
    assert Limits().leavers == 5
