"""Figures, zips, issuing and re-issuing runs and their lists speak of the same people."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.batches.bulk_issuing import issue_batch, start_issue
from certificates.batches.bulk_preview import earners, preview_issue
from certificates.batches.bulk_reissuing import count_reissuable
from certificates.record.audiences import Audience, unit_of
from certificates.record.issuing import Certificate
from certificates.record.missing_certificates import completions_without_certificate
from certificates.record.runs import RunMail
from certificates.zips.contents import archive_entries, preview_archive
from courses.catalogue.versions import PublishOutcome, get_course
from people.jobs.terms import EmploymentKind
from people.organisations import Organisation, Unit, UnitKind
from people.persons import Person
from reports.completion import completion_figures
from reports.figures.definition import in_unit
from tests.builders.certificates import completed_by, issued_to
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_employment, an_organisation

DAY = timedelta(days=1)


@dataclass
class Region:
    """Two authorities; ten more people work in Knowsley."""

    course: PublishOutcome
    halton: Organisation
    knowsley: Organisation
    care: Unit
    parks: Unit


@pytest.fixture
def region(session: Session) -> Region:
    halton = an_organisation(session)
    knowsley = an_organisation(session, "knowsley", "Knowsley Council")
    care, parks = a_unit(session, halton), a_unit(session, knowsley, "Parks")
    for _ in range(10):
        a_person(session, parks)
    return Region(a_course(session), halton, knowsley, care, parks)


def moved(session: Session, region: Region) -> Person:
    """Somebody who completed the course in Halton and moved to Knowsley ten days later."""
    person = a_person(session, region.care, "Mover Ó Móráin", ends_on=TODAY - DAY)
    an_employment(session, person, region.parks, starts_on=TODAY)
    return person


def with_two_jobs(session: Session, region: Region) -> Person:
    """Somebody whose main job is in Halton and the second one in Knowsley."""
    person = a_person(session, region.care, "Two Jobs")
    an_employment(session, person, region.parks, is_main=False)
    return person


def of(region: Region, organisation: Organisation | None, unit: Unit | None = None, on: date = TODAY) -> Audience:
    return Audience(
        region.course.course_id, organisation.id if organisation else None, unit.id if unit else None, on=on
    )


def complete_in(session: Session, organisation: Organisation, unit: Unit | None = None, on: date = TODAY) -> int:
    """What the figure says: how many are complete."""
    course = get_course(session, slug="test-course")
    figures = completion_figures(
        session, organisation=organisation, course=course, on=on, now=NOON, cut=in_unit(unit.id if unit else None)
    )
    return figures.total.counts.complete if figures.total.counts else -1


def everywhere_else(session: Session, audience: Audience) -> set[int]:
    """What zip, index, re-issuing and the preview of issuing say: one number, if all is well."""
    index = archive_entries(session, audience, after_id=0, limit=100)
    return {
        preview_archive(session, audience).total,
        len(index),
        count_reissuable(session, audience).count,
        preview_issue(session, audience, takes_imported=True).completed,
    }


def test_whoever_moved_or_holds_two_jobs_is_in_the_zip_of_the_authority_that_counts_them(
    session: Session, region: Region
) -> None:
    for person in (moved(session, region), with_two_jobs(session, region)):
        issued_to(session, person.id, region.course)
    assert complete_in(session, region.knowsley) == 2
    assert everywhere_else(session, of(region, region.knowsley)) == {2}
    assert everywhere_else(session, of(region, region.halton)) == {1}  # who moved has left
    assert everywhere_else(session, of(region, None)) == {2}


def test_lists_say_where_somebody_works_now(session: Session, region: Region) -> None:
    completed_by(session, moved(session, region).id, region.course)
    (one,) = earners(session, of(region, region.knowsley), takes_imported=True, page=1, size=9)
    assert (one.name, one.organisation_name, one.unit_path) == ("Mover Ó Móráin", "Knowsley Council", "Parks")
    (one,) = earners(session, of(region, None), takes_imported=True, page=1, size=9)
    assert (one.organisation_name, one.unit_path) == ("Knowsley Council", "Parks")


def test_a_run_issues_to_those_whom_its_figure_counts(session: Session, region: Region) -> None:
    for person in (moved(session, region), with_two_jobs(session, region)):
        completed_by(session, person.id, region.course)
    audience = of(region, region.knowsley)
    seen = preview_issue(session, audience, takes_imported=False).stamp
    account_id = an_account(session, a_person(session)).id
    about = {"takes_imported": False, "mail": RunMail.NONE, "account_id": account_id}
    run = start_issue(session, audience, seen=seen, now=NOON, **about)  # type: ignore[arg-type]
    assert completions_without_certificate(session, limit=9) == []  # housekeeping leaves both to the run
    assert issue_batch(session, run, limit=9, now=NOON).issued == 2
    assert len(session.scalars(select(Certificate)).all()) == 2


@pytest.mark.parametrize(
    "job",
    [
        {"ends_on": TODAY - DAY},
        {"starts_on": TODAY + DAY},
        {"kind": EmploymentKind.AGENCY},
        {"kind": EmploymentKind.ELECTED_MEMBER},
        {"away_from": TODAY},
    ],
    ids=["left", "not begun", "agency", "elected", "away"],
)
def test_whoever_is_left_out_of_the_figure_is_left_out_of_the_rest(
    session: Session, region: Region, job: dict[str, object]
) -> None:
    person = a_person(session, region.parks, **job)
    issued_to(session, person.id, region.course)
    assert complete_in(session, region.knowsley) == 0
    assert everywhere_else(session, of(region, region.knowsley)) == {0}
    assert everywhere_else(session, of(region, None)) == {1}


def test_a_unit_is_meant_by_its_place_in_the_tree_and_not_by_its_name(session: Session, region: Region) -> None:
    service = a_unit(session, region.halton, "Home Care", parent=region.care, kind=UnitKind.SERVICE)
    team = a_unit(session, region.halton, "Nights", parent=service, kind=UnitKind.TEAM)
    longer = a_unit(session, region.halton, "Adult Social Care / Home Care Plus")
    for unit in (region.care, service, team, longer):
        for _ in range(10):
            a_person(session, unit)
        issued_to(session, a_person(session, unit).id, region.course)
    service.path = "Adult Social Care / Care at Home"  # renamed, and the units below not yet
    session.flush()
    for unit, number in ((region.care, 3), (service, 2), (team, 1), (longer, 1)):
        assert complete_in(session, region.halton, unit) == number
        assert everywhere_else(session, of(region, region.halton, unit)) == {number}


def test_within_an_authority_the_unit_of_the_main_job_is_meant(session: Session, region: Region) -> None:
    paths = a_unit(session, region.knowsley, "Paths")
    for _ in range(10):
        a_person(session, paths)
    person = a_person(session, region.parks)
    an_employment(session, person, paths, is_main=False)
    issued_to(session, person.id, region.course)
    for unit, number in ((region.parks, 1), (paths, 0)):
        assert complete_in(session, region.knowsley, unit) == number
        assert everywhere_else(session, of(region, region.knowsley, unit)) == {number}


def test_a_unit_of_another_authority_holds_nobody(session: Session, region: Region) -> None:
    issued_to(session, with_two_jobs(session, region).id, region.course)
    assert everywhere_else(session, of(region, region.halton, region.parks)) == {0}


def test_what_was_stored_for_a_part_never_means_the_whole(session: Session, region: Region) -> None:
    issued_to(session, with_two_jobs(session, region).id, region.course)
    nobody = unit_of(None, "A unit with another name by now")
    assert (unit_of(None, None), unit_of(7, "Parks")) == (None, 7)
    audience = Audience(region.course.course_id, region.halton.id, nobody, on=TODAY)
    assert everywhere_else(session, audience) == {0}
