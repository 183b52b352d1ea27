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
    assert [row["Where"] for row in done.table("Jobs with dates")] == [
        "Adult Social Care, Halton Borough Council",
        "Libraries, Sefton Council",
    ]
    assert f"This record was merged into record {kept.id} ." in admin.open(f"/people/{merged.id}").text
    assert admin.open("/people/duplicates").text.count("No two records look like one person.") == 1
    back = admin.submit(f"/people/{kept.id}", f"Separate record {merged.id} again")
    assert [row["Where"] for row in back.table("Jobs with dates")] == ["Libraries, Sefton Council"]


def test_an_hr_lead_merges_nobody(lead: Browser, session: Session, region: Region) -> None:
    one, other = (a_person(session, region.halton, "Kim Lee") for _ in range(2))
    session.commit()
    assert lead.open("/people/duplicates").status == 404
    assert lead.open(f"/people/{one.id}/merge/{other.id}").status == 404
