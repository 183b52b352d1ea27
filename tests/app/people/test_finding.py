"""A person is found by name in any script, by username and by payroll number, by whoever may look after them."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from kernel.audit import AuditFilter, entries_page
from people.organisations import Organisation
from tests.app.people.conftest import Region
from tests.builders.region import a_person, an_account, an_employment
from tests.people.feed.rows import a_row
from tests.people.feed.runs import applied, undone
from tests.reading import Browser

URL = "/people"


def names(page: object) -> list[str]:
    return [row["Name"] for row in page.table("People who were found")]  # type: ignore[attr-defined]


def found(browser: Browser, typed: str) -> list[str]:
    page = browser.open(f"{URL}?name={typed}")
    return names(page) if "People who were found" in page.text else []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Siân Nguyễn", "nguyen sian"),
        ("Siân Nguyễn", "NGUYỄN"),
        ("Siân Nguyễn", "Sia\u0302n"),
        ("Ольга Иванова", "иванова"),
        ("王芳", "王芳"),
        ("محمد العلي", "العلي"),
        ("Strauß", "STRAUSS"),
        ("O’Brien", "o’bri"),
        ("Ọláyínká", "olayinka"),
        *(("O’Brien", typed) for typed in ("O'Brien", "oʼbrien", "o´brien", "obrien", "o brien", "o‐brien", "brien")),
        ("O'Brien", "o’brien"),
        ("Mary-Jane", "mary jane"),
        ("Mary-Jane", "maryjane"),
        ("Mary Jane", "mary‑jane"),
        ("De la Cruz", "delacruz"),
        ("St. John", "st john"),
        ("Łukasz Sørensen", "sorensen lukasz"),
    ],
)
def test_a_name_is_found_in_any_script_and_however_it_is_typed(
    admin: Browser, session: Session, region: Region, name: str, typed: str
) -> None:
    a_person(session, region.halton, name)
    a_person(session, region.halton, "Somebody Else")
    session.commit()
    assert found(admin, typed) == [name]


def test_pieces_of_two_words_are_not_run_together(admin: Browser, session: Session, region: Region) -> None:
    a_person(session, region.halton, "Ann Abbott")
    session.commit()
    assert found(admin, "nab") == []
    assert found(admin, "-") == []


def test_a_username_and_a_payroll_number_find_their_person(admin: Browser, session: Session, region: Region) -> None:
    person = a_person(session, region.halton, "Amina Khan", payroll_number="418 226")
    an_account(session, person).username = "amina.khan"
    session.commit()
    assert found(admin, "Amina.Khan") == ["Amina Khan"]
    assert found(admin, "418 226") == ["Amina Khan"]


def test_an_hr_lead_finds_only_who_works_in_their_authority_now(
    lead: Browser, session: Session, region: Region
) -> None:
    a_person(session, region.halton, "Kim Here")
    a_person(session, region.sefton, "Kim There", payroll_number="999")
    a_person(session, region.halton, "Kim Left", ends_on=date(2021, 1, 1))
    both = a_person(session, region.sefton, "Kim Both")
    an_employment(session, both, region.halton, is_main=False)
    session.commit()
    assert found(lead, "kim") == ["Kim Both", "Kim Here"]
    assert found(lead, "999") == []


def test_an_hr_lead_sees_the_job_in_their_authority_of_somebody_who_works_in_two(
    admin: Browser, lead: Browser, session: Session, region: Region
) -> None:
    both = a_person(session, region.sefton, "Kim Both", payroll_number="SEFTON-9")
    an_employment(session, both, region.halton, is_main=False, payroll_number="HALTON-1")
    session.commit()
    [seen] = lead.open(f"{URL}?name=kim").table("People who were found")
    assert (seen["Authority"], seen["Payroll number"]) == ("Halton Borough Council", "HALTON-1")
    [main] = admin.open(f"{URL}?name=kim").table("People who were found")
    assert (main["Authority"], main["Payroll number"]) == ("Sefton Council", "SEFTON-9")


def test_nothing_typed_lists_nobody(admin: Browser, session: Session, region: Region) -> None:
    a_person(session, region.halton, "Kim Here")
    session.commit()
    assert found(admin, "") == []
    assert "Nobody is called “ nobody at all ”" in admin.open(f"{URL}?name=nobody at all").text


def test_many_come_in_pages_and_each_opening_is_written_down(admin: Browser, session: Session, region: Region) -> None:
    for number in range(27):
        a_person(session, region.halton, f"Kim {number:02}")
    session.commit()
    assert len(found(admin, "kim")) == 25
    assert found(admin, "kim&page=2") == ["Kim 25", "Kim 26"]
    assert admin.open(f"{URL}?name=kim&page=3").status == 404
    opened = entries_page(session, AuditFilter(action="names-listed"), page=1, size=10)
    assert [entry.detail["count"] for entry in opened] == [27, 27]


def test_old_addresses_lead_to_the_same_page(admin: Browser, session: Session, region: Region) -> None:
    person = a_person(session, region.halton, "Kim Here")
    session.commit()
    assert admin.open(f"/manage/people/{person.id}").heading == "Kim Here"
    assert names(admin.open("/manage/people?name=kim")) == ["Kim Here"]


def test_of_very_many_some_are_shown_and_the_page_says_so(admin: Browser, session: Session, region: Region) -> None:
    for number in range(101):
        a_person(session, region.halton, f"Kim {number:03}")
    session.commit()
    page = admin.open(f"{URL}?name=kim")
    assert "More than 100 people found" in page.text
    assert "Add another part of the name" in page.text


def test_a_unit_finds_who_works_there_also_together_with_a_part_of_a_name(
    admin: Browser, lead: Browser, session: Session, region: Region
) -> None:
    a_person(session, region.sefton, "Kim There")
    a_person(session, region.sefton, "Libby Left", ends_on=date(2021, 1, 1))
    a_person(session, region.halton, "Kim Here")
    session.commit()
    assert found(admin, "kim librar") == ["Kim There"]
    assert found(admin, "LIBRARIES") == ["Ada Admin", "Kim There"]
    assert found(admin, "kim social care") == ["Kim Here"]
    assert found(lead, "libraries") == []


@pytest.mark.parametrize("typed", ["107794", "WR 107794", "wr107794", "WR107794"])
def test_a_payroll_number_is_found_as_people_type_it(
    lead: Browser, session: Session, region: Region, typed: str
) -> None:
    a_person(session, region.halton, "Kim Here", payroll_number="WR107794")
    a_person(session, region.halton, "Kim Longer", payroll_number="WR9107794")
    a_person(session, region.sefton, "Kim There", payroll_number="WR107794")
    session.commit()
    assert found(lead, typed) == ["Kim Here"]


def test_a_few_digits_find_nobody_and_an_exact_number_comes_alone(
    lead: Browser, session: Session, region: Region
) -> None:
    a_person(session, region.halton, "Kim Lettered", payroll_number="WR1077")
    assert found(lead, "077") == []
    a_person(session, region.halton, "Kim Plain", payroll_number="1077")
    session.commit()
    assert found(lead, "1077") == ["Kim Plain"]


def test_words_of_the_name_and_of_the_unit_find_somebody_together(
    lead: Browser, session: Session, region: Region
) -> None:
    a_person(session, region.halton, "Siân Here")
    session.commit()
    assert found(lead, "sian social care") == ["Siân Here"]


def test_who_joined_by_a_file_that_was_undone_is_left_out_unless_asked_for(
    admin: Browser, session: Session, region: Region
) -> None:
    halton = session.get_one(Organisation, region.halton.organisation_id)
    run = applied(session, halton, [a_row("900001", "Ghost Writer", unit=("Adult Social Care",))])
    undone(session, run)
    session.commit()
    page = admin.open("/people?name=ghost")
    assert "1 person who never joined" in page.text
    assert "Ghost Writer" not in page.links
    assert "Ghost Writer" in admin.open(page.links["Show them too"]).links
