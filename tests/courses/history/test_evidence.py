"""What belongs to nobody yet: kept, suggested, matched by hand, and what an authority calls its courses."""

import pytest
from sqlalchemy import select

from courses.history.evidence import (
    evidence_page,
    get_evidence,
    match_evidence,
    name_courses,
    people_meant,
    sources_of,
    unknown_courses,
)
from courses.history.known_here import came_again_in
from courses.history.plan import Doubt, Outcome
from courses.records.completion import Completion
from kernel.audit import AuditEntry
from kernel.errors import NotFound, RuleBroken
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.courses.history.files import applied, apply, outcomes, planned, rows_of, standing, undo


@pytest.fixture
def lead(session):
    return an_account(session, a_person(session, name="Ayọ̀ Lead")).id


MARKED = "Mark of the row,Payroll number,Name,Date of birth,Course,Date completed,Evidence"


def sent_again(session, halton, *lines):
    run = planned(session, halton, *lines, headings=MARKED)
    apply(session, run)
    return run


def test_a_row_that_came_again_put_right_waits_no_more_until_its_file_is_undone(session, halton, sian, course):
    old = applied(session, halton, "0099,,,TC,31/03/2024,Register 7")
    (row,) = the_evidence(session, halton)
    new = planned(session, halton, f"File {old.id}; row 2,0001,,,TC,31/03/2024,Register 7", headings=MARKED)
    assert the_evidence(session, halton) == [row]
    apply(session, new)
    assert the_evidence(session, halton) == []
    assert came_again_in(session, row_ids=[row.id], organisation_id=halton.id) == {row.id: (new.id, 2)}
    with pytest.raises(NotFound):
        get_evidence(session, row_id=row.id, organisation_id=halton.id)
    undo(session, new)
    assert the_evidence(session, halton) == [row]
    apply(session, new)
    assert the_evidence(session, halton) == []


def test_a_row_that_came_again_and_is_still_nobodys_takes_the_place_of_the_old_one(session, halton, sian, course):
    old = applied(session, halton, "0099,,,TC,31/03/2024,")
    new = sent_again(session, halton, f"file {old.id} row 2,0098,,,TC,31/03/2024,")
    assert [row.run_id for row in the_evidence(session, halton)] == [new.id]


@pytest.mark.parametrize(
    "line",
    [
        ",0001,,,TC,31/03/2024,",
        "file {} row 3,0001,,,TC,31/03/2024,",
        "file 999999999 row 2,0001,,,TC,31/03/2024,",
        "12-Mar,0001,,,TC,31/03/2024,",
        "file {} row 2,0001,,,TC,31/13/2024,",
        "file {} row 2,0099,,,TC,31/03/2024,",
    ],
)
def test_without_its_mark_or_unusable_or_unchanged_a_row_settles_nothing(session, halton, sian, course, line):
    old = applied(session, halton, "0099,,,TC,31/03/2024,")
    sent_again(session, halton, line.format(old.id))
    assert [row.run_id for row in the_evidence(session, halton)] == [old.id]


def test_a_mark_settles_nothing_of_another_authority(session, halton, sian, course):
    old = applied(session, halton, "0099,,,TC,31/03/2024,")
    sefton = an_organisation(session, "sefton", "Sefton Council")
    a_person(session, a_unit(session, sefton, "Depot"), payroll_number="0005")
    sent_again(session, sefton, f"file {old.id} row 2,0005,,,TC,31/03/2024,")
    assert len(the_evidence(session, halton)) == 1


def the_evidence(session, halton):
    return evidence_page(session, organisation_id=halton.id, page=1, size=10).rows


def match(session, halton, row, person, course, by):
    match_evidence(
        session,
        row_id=row.id,
        organisation_id=halton.id,
        person_id=person.id,
        course_id=course.course_id,
        by=by,
        now=NOON,
    )


def test_a_name_alone_is_suggested_and_matched_by_hand(session, halton, sian, course, lead):
    applied(session, halton, ",Siân Nguyễn,,TC,31/03/2024,Register 7")
    (row,) = the_evidence(session, halton)
    assert (row.problems, row.suggested) == ([Doubt.NAME_ALONE.value], [sian.id])
    match(session, halton, row, sian, course, lead)
    assert len(standing(session, [sian.id])) == 1
    assert the_evidence(session, halton) == []
    assert (row.outcome, row.matched_by_account_id, row.said) == (Outcome.MATCHED, lead, {})
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "past-learning-matched")).one()
    assert (entry.actor_account_id, entry.subject_id) == (lead, str(sian.id))


def test_only_what_was_applied_is_evidence(session, halton, sian, course):
    run = planned(session, halton, ",Siân Nguyễn,,TC,31/03/2024,")
    assert the_evidence(session, halton) == []
    apply(session, run)
    assert len(the_evidence(session, halton)) == 1
    undo(session, run)
    assert the_evidence(session, halton) == []


def test_an_undo_takes_back_what_was_matched_by_hand_too(session, halton, sian, course, lead):
    run = applied(session, halton, ",Siân Nguyễn,,TC,31/03/2024,")
    match(session, halton, the_evidence(session, halton)[0], sian, course, lead)
    undo(session, run)
    assert standing(session, [sian.id]) == set()
    apply(session, run)
    assert len(standing(session, [sian.id])) == 1


def test_evidence_is_matched_once_and_to_somebody_of_this_authority(session, halton, sian, course, lead):
    applied(session, halton, ",Siân Nguyễn,,TC,31/03/2024,")
    (row,) = the_evidence(session, halton)
    stranger = a_person(session, a_unit(session, an_organisation(session, "sefton", "Sefton")))
    with pytest.raises(NotFound):
        match(session, halton, row, stranger, course, lead)
    match(session, halton, row, sian, course, lead)
    with pytest.raises(NotFound):
        match(session, halton, row, sian, course, lead)


def test_what_is_on_record_already_is_no_second_completion(session, halton, sian, course, lead):
    applied(session, halton, "0001,,,TC,31/03/2024,", ",Siân Nguyễn,,TC,31/03/2024,")
    (row,) = the_evidence(session, halton)
    with pytest.raises(RuleBroken):
        match(session, halton, row, sian, course, lead)
    assert row.outcome is Outcome.UNMATCHED


def test_the_same_file_sent_twice_is_evidence_once(session, halton, sian, course):
    lines = [",Siân Nguyễn,17/05/1980,TC,31/03/2024,", "0001,,,EDI 2022,31/03/2024,"]
    applied(session, halton, *lines)
    again = planned(session, halton, *lines, ",Siân Nguyễn,17/05/1980,TC,01/04/2024,")
    assert outcomes(session, again) == {Outcome.ALREADY_THERE: 2, Outcome.UNMATCHED: 1}


def test_evidence_of_another_authority_is_not_there(session, halton, sian, course):
    applied(session, halton, ",Siân Nguyễn,,TC,31/03/2024,")
    sefton = an_organisation(session, "sefton", "Sefton")
    (row,) = the_evidence(session, halton)
    with pytest.raises(NotFound):
        get_evidence(session, row_id=row.id, organisation_id=sefton.id)


def test_people_are_found_by_name_and_number_also_who_has_left(session, halton, care, sian):
    left = a_person(session, care, name="محمد علي", payroll_number="77", ends_on=NOON.date().replace(year=2021))
    assert people_meant(session, typed="nguyen", organisation_id=halton.id).person_ids == (sian.id,)
    assert people_meant(session, typed="77", organisation_id=halton.id).person_ids == (left.id,)
    assert people_meant(session, typed="محمد", organisation_id=halton.id).person_ids == (left.id,)
    sefton = an_organisation(session, "sefton", "Sefton")
    assert people_meant(session, typed="nguyen", organisation_id=sefton.id).person_ids == ()


def test_a_birth_that_is_on_record_matches_with_the_name(session, halton, sian, course):
    sian.born_on = NOON.date().replace(year=1980)
    session.flush()
    run = planned(
        session, halton, ',"Nguyễn, Siân",21/11/1980,TC,31/03/2024,', ",Siân Nguyễn,22/11/1980,TC,31/03/2024,"
    )
    assert outcomes(session, run) == {Outcome.MATCHED: 1, Outcome.UNMATCHED: 1}


def test_a_course_named_by_the_authority_is_known_in_this_plan_and_in_the_next(session, halton, sian, course):
    lines = ["0001,,,EDI 2022,31/03/2024,", "0001,,,edi 2022,01/04/2024,", "0001,,,Lifting,31/03/2024,"]
    run = planned(session, halton, *lines, "0001,,,TC,31/03/2024,")
    assert [(one.called, one.count) for one in unknown_courses(session, run_id=run.id)] == [
        ("EDI 2022", 2),
        ("Lifting", 1),
    ]
    called = {"EDI 2022": course.course_id}
    name_courses(session, organisation_id=halton.id, called=called, run=run, now=NOON)
    session.expire_all()
    # The first of them is the same as the row that was known at once.
    assert outcomes(session, run) == {Outcome.MATCHED: 2, Outcome.REPEATED: 1, Outcome.UNMATCHED: 1}
    assert [row.row_number for row in rows_of(session, run)] == [2, 3, 4, 5]
    assert outcomes(session, planned(session, halton, "0001,,,EDI 2022,01/05/2024,")) == {Outcome.MATCHED: 1}
    apply(session, run)
    with pytest.raises(RuleBroken):
        name_courses(session, organisation_id=halton.id, called=called, run=run, now=NOON)


def test_a_completion_says_where_it_is_known_from(session, halton, sian, course):
    applied(session, halton, "0001,,,TC,31/03/2024,")
    completion_id = session.scalars(select(Completion.id)).one()
    assert sources_of(session, completion_ids=[completion_id]) == {completion_id: "Training records"}
    assert sources_of(session, completion_ids=[]) == {}
