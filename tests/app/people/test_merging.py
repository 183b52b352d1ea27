"""Admins see what a merge would do, do it, and undo it."""

from sqlalchemy.orm import Session

from app.people.merging import ROWS
from people.merging.moving import kinds
from people.names.person_words import make_searchable
from tests.app.people.conftest import Region
from tests.builders.region import a_person, an_account
from tests.reading import Browser


def test_every_table_has_words_for_the_preview() -> None:
    assert {kind.name for kind in kinds()} - ROWS.keys() == set()


def test_two_records_are_merged_and_separated(admin: Browser, session: Session, region: Region) -> None:
    kept, merged = (a_person(session, unit, "Kim Lee") for unit in (region.halton, region.sefton))
    an_account(session, merged)
    make_searchable(session, person_ids=[kept.id, merged.id])
    session.commit()
    page = admin.open("/people/duplicates")
    assert "Only one of them has an account" in page.text
    preview = admin.open(f"/people/{kept.id}/merge/{merged.id}")
    assert "Nothing has changed yet." in preview.text
    assert "1 job" in preview.text
    done = admin.submit(preview.url, "Merge these records")
    first, second = (row["Job"] for row in done.table("Jobs with dates"))
    assert "Adult Social Care, Halton Borough Council" in first
    assert "Libraries, Sefton Council" in second
    assert f"This record was merged into record {kept.id} ." in admin.open(f"/people/{merged.id}").text
    assert admin.open("/people/duplicates").text.count("No two records look like one person.") == 1
    back = admin.submit(f"/people/{kept.id}", f"Separate record {merged.id} again")
    (left,) = (row["Job"] for row in back.table("Jobs with dates"))
    assert "Libraries, Sefton Council" in left


def test_an_hr_lead_merges_nobody(lead: Browser, session: Session, region: Region) -> None:
    one, other = (a_person(session, region.halton, "Kim Lee") for _ in range(2))
    session.commit()
    assert lead.open("/people/duplicates").status == 404
    assert lead.open(f"/people/{one.id}/merge/{other.id}").status == 404


def test_pairs_are_paged(admin: Browser, session: Session, region: Region) -> None:
    people = [
        a_person(session, unit, f"Kim {letter}", payroll_number=letter)
        for letter in "abcdefghijklmnopqrstuvwxyzäöü"[:26] + "1"
        for unit in (region.halton, region.sefton)
    ]
    make_searchable(session, person_ids=[one.id for one in people])
    session.commit()
    first, last = (admin.open(f"/people/duplicates?page={page}") for page in (1, 2))
    assert "27 pairs may be one person each." in first.text
    assert [len(page.soup.find_all("section")) for page in (first, last)] == [25, 2]
    assert admin.open("/people/duplicates?page=3").status == 404
