"""Past learning planned, applied, undone, and applied again; also when a worker dies in the middle."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from certificates.record.issuing import issue_for_completion
from certificates.record.missing_certificates import completions_without_certificate
from courses.history.plan import Outcome
from courses.history.runs import discard_run, start_applying, start_undoing
from courses.history.stored import HISTORY_RUNS, HistoryRow, Stage
from courses.records.attempts import Attempt
from courses.records.completion import (
    Completion,
    CompletionSource,
    find_completion,
    note_event,
    record_completion,
)
from courses.records.completion_events import CompletionEventKind
from courses.taking.progression import begin_course
from courses.taking.withdrawing import reinstate_completion, withdraw_completion
from kernel.clock import local_day
from kernel.errors import RuleBroken
from kernel.tasks.claims import claim
from people.reorganisation.periods import UnitPeriod
from tests.builders.region import NOON, a_person, a_unit, an_account, an_employment, an_organisation
from tests.courses.history.files import applied, apply, outcomes, planned, rows_of, standing, undo, work_off

MARCH = date(2024, 3, 31)


def completion_of(session, person):
    return session.scalars(select(Completion).where(Completion.person_id == person.id)).one()


def test_a_plan_changes_nothing(session, halton, sian, course):
    run = planned(session, halton, "0001,,,TC,31/03/2024,Register 7")
    assert (run.stage, outcomes(session, run)) == (Stage.PLANNED, {Outcome.MATCHED: 1})
    assert standing(session, [sian.id]) == set()
    assert claim(session, HISTORY_RUNS, now=NOON) is None


def test_what_is_applied_is_on_the_record_as_imported(session, halton, sian, course):
    run = applied(session, halton, "0001,,,TC,31/03/2024,Register 7")
    completion = completion_of(session, sian)
    assert (run.stage, run.done) == (Stage.APPLIED, 1)
    assert completion.source is CompletionSource.IMPORTED
    assert (local_day(completion.completed_at), completion.course_version_id) == (MARCH, course.version_id)
    assert (completion.unit_path, completion.grade) == ("Adult Social Care", "G5")
    assert find_completion(session, person_id=sian.id, course_id=course.course_id).id == completion.id
    assert completions_without_certificate(session, limit=10) == []


def test_a_completion_copies_the_job_that_was_held_on_its_day(session, halton, care, course):
    sefton = an_organisation(session, "sefton", "Sefton Council")
    depot = a_unit(session, sefton, "Depot")
    person = a_person(session, depot, starts_on=date(2019, 1, 1), ends_on=date(2023, 12, 31), grade="G2")
    an_employment(session, person, care, payroll_number="0002", starts_on=date(2024, 1, 1), grade="G7")
    lines = [f"0002,Siân Nguyễn,,TC,{day},x" for day in ("01/05/2021", "01/05/2024", "01/05/2018")]
    applied(session, halton, *lines)
    found = session.scalars(select(Completion).where(Completion.person_id == person.id)).all()
    assert {(one.completed_at.year, one.unit_path, one.grade) for one in found} == {
        (2021, "Depot", "G2"),
        (2024, "Adult Social Care", "G7"),
        (2018, "Depot", "G2"),
    }


def test_a_completion_copies_what_the_unit_was_called_on_its_day(session, halton, care, sian, course):
    until = date(2024, 12, 31)
    days = [(date.min, until, "Social Services"), (until + timedelta(days=1), None, care.path)]
    session.add_all(
        UnitPeriod(unit_id=care.id, starts_on=first, ends_on=last, name=path, path=path) for first, last, path in days
    )
    applied(session, halton, "0001,,,TC,31/12/2024,", "0001,,,TC,01/01/2025,")
    found = session.scalars(select(Completion).where(Completion.person_id == sian.id))
    assert {one.completed_at.year: one.unit_path for one in found} == {2024: "Social Services", 2025: care.path}


def test_several_completions_of_one_course_all_count(session, halton, sian, course):
    applied(session, halton, "0001,,,TC,31/03/2024,", "0001,,,TC,31/03/2022,", "0001,,,TC,31/03/2023,")
    assert {day.year for _, _, day in standing(session, [sian.id])} == {2022, 2023, 2024}
    newest = find_completion(session, person_id=sian.id, course_id=course.course_id)
    assert local_day(newest.completed_at) == MARCH


def test_whoever_took_it_years_ago_still_completes_it_here(session, halton, sian, course):
    applied(session, halton, "0001,,,TC,31/03/2024,")
    events = record_completion(
        session, person_id=sian.id, course_id=course.course_id, cycle=1, course_version_id=course.version_id, now=NOON
    )
    assert len(events) == 1
    assert completions_without_certificate(session, limit=10) == [events[0].completion_id]
    best = find_completion(session, person_id=sian.id, course_id=course.course_id)
    assert best.id == events[0].completion_id


def test_what_was_completed_here_is_never_replaced(session, halton, sian, course):
    record_completion(
        session, person_id=sian.id, course_id=course.course_id, cycle=1, course_version_id=course.version_id, now=NOON
    )
    run = planned(session, halton, "0001,,,TC,21/11/2026,", "0001,,,TC,20/11/2026,")
    assert outcomes(session, run) == {Outcome.ALREADY_THERE: 1, Outcome.MATCHED: 1}
    apply(session, run)
    best = find_completion(session, person_id=sian.id, course_id=course.course_id)
    assert best.source is CompletionSource.PLATFORM


def test_what_came_between_plan_and_apply_is_seen(session, halton, sian, course):
    first, second = (planned(session, halton, "0001,,,TC,31/03/2024,") for _ in range(2))
    apply(session, first)
    apply(session, second)
    assert len(standing(session, [sian.id])) == 1
    assert outcomes(session, second) == {Outcome.ALREADY_THERE: 1}


def test_undone_it_counts_no_longer_and_applied_again_it_does(session, halton, sian, course):
    run = applied(session, halton, "0001,,,TC,31/03/2024,")
    for _ in range(2):
        undo(session, run)
        assert (run.stage, run.done, standing(session, [sian.id])) == (Stage.UNDONE, 1, set())
        apply(session, run)
        assert (run.stage, run.done) == (Stage.APPLIED, 1)
        assert standing(session, [sian.id]) == {(sian.id, course.course_id, MARCH)}
    assert session.scalar(select(func.count()).select_from(Completion)) == 1


def test_the_same_file_sent_anew_after_an_undo_adds_it_again(session, halton, sian, course):
    first = applied(session, halton, "0001,,,TC,31/03/2024,")
    undo(session, first)
    second = applied(session, halton, "0001,,,TC,31/03/2024,")
    assert (second.done, len(standing(session, [sian.id]))) == (1, 1)
    apply(session, first)
    assert len(standing(session, [sian.id])) == 1


def test_an_undo_keeps_what_has_a_certificate_and_what_people_completed_since(session, halton, care, course):
    people = [a_person(session, care, payroll_number=f"000{n}") for n in range(3)]
    run = applied(session, halton, *(f"000{n},,,TC,31/03/2024," for n in range(3)))
    issue_for_completion(session, completion_id=completion_of(session, people[0]).id, now=NOON)
    record_completion(
        session,
        person_id=people[1].id,
        course_id=course.course_id,
        cycle=1,
        course_version_id=course.version_id,
        now=NOON,
    )
    undo(session, run)
    days = {(person_id, day) for person_id, _, day in standing(session, [one.id for one in people])}
    assert days == {(people[0].id, MARCH), (people[1].id, local_day(NOON))}
    assert (run.done, run.wanted) == (2, 3)


def test_what_was_completed_here_is_reinstated_beside_past_learning(session, halton, sian, course):
    applied(session, halton, "0001,,,TC,31/03/2024,")
    (event,) = record_completion(
        session, person_id=sian.id, course_id=course.course_id, cycle=1, course_version_id=course.version_id, now=NOON
    )
    about = {"completion_id": event.completion_id, "account_id": None, "now": NOON}
    withdraw_completion(session, reason="A mistake", **about)
    assert {day for _, _, day in standing(session, [sian.id])} == {MARCH}
    reinstate_completion(session, reason="No mistake", **about)
    assert {day for _, _, day in standing(session, [sian.id])} == {MARCH, local_day(NOON)}


def test_withdrawing_past_learning_leaves_alone_what_its_person_is_at(session, halton, sian, course):
    applied(session, halton, "0001,,,TC,31/03/2024,")
    begin_course(session, person_id=sian.id, slug="test-course", now=NOON)
    about = {"completion_id": completion_of(session, sian).id, "account_id": None, "now": NOON}
    withdraw_completion(session, reason="It was somebody else", **about)
    assert standing(session, [sian.id]) == set()
    reinstate_completion(session, reason="It was not", **about)
    assert len(standing(session, [sian.id])) == 1
    assert session.scalars(select(Attempt.cycle)).all() == [1]


def test_what_somebody_withdrew_on_purpose_is_not_brought_back(session, halton, sian, course):
    run = applied(session, halton, "0001,,,TC,31/03/2024,")
    completion = completion_of(session, sian)
    note_event(
        session, completion, CompletionEventKind.WITHDRAWN, reason="It was somebody else", account_id=None, now=NOON
    )
    undo(session, run)
    apply(session, run)
    assert outcomes(session, planned(session, halton, "0001,,,TC,31/03/2024,")) == {Outcome.ALREADY_THERE: 1}
    assert standing(session, [sian.id]) == set()


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_a_worker_that_dies_between_batches_loses_and_doubles_nothing(session, halton, care, course, batches):
    people = [a_person(session, care, payroll_number=f"{n:04}") for n in range(7)]
    run = planned(session, halton, *(f"{n:04},,,TC,31/03/2024," for n in range(7)))
    start_applying(session, run_id=run.id, account_id=None, now=NOON)
    work_off(session, run.id, limit=2, batches=batches)
    assert run.stage is Stage.APPLYING
    assert claim(session, HISTORY_RUNS, now=NOON) is not None  # and then it is heard of no more
    later = NOON + timedelta(minutes=2)
    work_off(session, run.id, limit=2, now=later)
    assert (run.stage, run.done) == (Stage.APPLIED, 7)
    assert len(standing(session, [one.id for one in people])) == 7


def test_a_run_does_one_thing_at_a_time(session, halton, sian, course):
    run = planned(session, halton, "0001,,,TC,31/03/2024,")
    with pytest.raises(RuleBroken):
        start_undoing(session, run_id=run.id, account_id=None, now=NOON)
    start_applying(session, run_id=run.id, account_id=None, now=NOON)
    for act in (start_applying, start_undoing, discard_run):
        with pytest.raises(RuleBroken):
            act(session, run_id=run.id, account_id=None, now=NOON)


def test_a_plan_that_is_put_away_keeps_no_row(session, halton, sian, course):
    run = planned(session, halton, "0001,,,TC,31/03/2024,", ",Nobody,,TC,31/03/2024,")
    discard_run(session, run_id=run.id, account_id=None, now=NOON)
    session.expire_all()
    assert (run.stage, rows_of(session, run)) == (Stage.DISCARDED, [])


def test_rows_that_match_keep_nothing_of_what_the_file_said_of_the_person(session, halton, sian, course):
    run = planned(session, halton, "0001,Siân Nguyễn,17/05/1980,TC,31/03/2024,", ",X Y,17/05/1980,TC,31/03/2024,")
    first, second = rows_of(session, run)
    assert first.said == {}
    assert second.said == {"name": "X Y", "course": "TC", "born_on": "1980-05-17"}


def test_every_row_of_a_file_is_kept_with_what_became_of_it(session, halton, sian, course):
    run = planned(session, halton, "0001,,,TC,31/03/2024,", "0001,,,TC,soon,", ",محمد,,TC,31/03/2024,")
    assert [(row.row_number, row.outcome) for row in rows_of(session, run)] == [
        (2, Outcome.MATCHED),
        (3, Outcome.UNUSABLE),
        (4, Outcome.UNMATCHED),
    ]
    assert session.scalar(select(HistoryRow.said).where(HistoryRow.row_number == 4))["name"] == "محمد"


def test_a_file_that_states_more_rows_than_it_has_waits_for_a_second_person(session, halton, sian, course):
    bringer = an_account(session, a_person(session, name="Ayọ̀ Lead"))
    other = an_account(session, a_person(session, name="Other Lead"))
    run = planned(session, halton, "0001,,,TC,31/03/2024,", "9 rows")
    run.planned_by_account_id = bringer.id
    for by in (None, bringer.id):
        with pytest.raises(RuleBroken, match="A second person must agree"):
            start_applying(session, run_id=run.id, account_id=by, now=NOON)
    start_applying(session, run_id=run.id, account_id=other.id, now=NOON)
    work_off(session, run.id)
    assert outcomes(session, run) == {Outcome.MATCHED: 1}
    assert standing(session, [sian.id])


def test_a_file_that_states_as_many_rows_as_it_has_is_applied_by_whoever_brought_it(session, halton, sian, course):
    run = planned(session, halton, "0001,,,TC,31/03/2024,", "1 row")
    start_applying(session, run_id=run.id, account_id=None, now=NOON)
    assert run.stage is Stage.APPLYING
