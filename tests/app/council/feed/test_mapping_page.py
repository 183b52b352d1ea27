"""The mapping page: a file shown anew in other letters, its words, and for whom it holds everybody."""

from sqlalchemy.orm import Session

from people.accounts import Account
from people.feed.mapping.mappings import Mapping
from people.feed.mapping.stored import find_mapping
from people.feed.mapping.uses import ColumnUse
from people.organisations import Organisation
from tests.app.council.feed.test_sending import FEED, form_of, kept, sent
from tests.reading import Browser, Page

HEADINGS = "Payroll Number;Name;Department;Employee Category;Start Date\n"
TEXT = HEADINGS + (
    "000501;Siân Nguyễn;Adult Social Care;Perm;03/04/2019\n"
    "000502;Bo Li;Street Cleansing;Zed;05/06/2020\n"
    "000503;Ọláyínká;Street Cleansing;Zed;01/02/2021\n"
)


def shown_anew(browser: Browser, page: Page, **changes: str) -> Page:
    return browser.post(f"{FEED}/mapping", {**form_of(page), **changes, "show": "yes"})


def stored_mapping(session: Session, sefton: Organisation) -> Mapping:
    stored = find_mapping(session, organisation_id=sefton.id)
    assert stored is not None
    return stored.mapping


def test_a_file_is_shown_anew_in_the_letters_that_were_chosen_and_the_choice_is_kept(
    session: Session, bringer: Browser, sefton: Organisation
) -> None:
    page = sent(bringer, TEXT)
    assert "Siân" in page.text
    spoilt = shown_anew(bringer, page, encoding="cp1252")
    assert spoilt.status == 200
    assert "SiÃ¢n" in spoilt.text
    assert "The letters are Windows-1252, as the mapping says." in spoilt.text
    assert find_mapping(session, organisation_id=sefton.id) is None
    right = shown_anew(bringer, spoilt, encoding="utf-8")
    assert "Siân" in right.text
    kept(bringer, right)
    reading = stored_mapping(session, sefton).reading
    assert (reading.encoding, reading.delimiter) == ("utf-8", None)


def test_another_separator_gives_other_columns_and_letters_that_do_not_fit_are_said(bringer: Browser) -> None:
    page = sent(bringer, TEXT)
    wrong = shown_anew(bringer, page, delimiter="comma")
    assert wrong.status == 422
    assert "no row of headings" in wrong.errors[0]
    assert form_of(wrong)["use_1"] == "full-name"
    refused = shown_anew(bringer, page, encoding="utf-16-le")
    assert refused.status == 422
    assert refused.errors


def test_days_are_shown_as_they_are_read_and_anew_in_another_order(bringer: Browser) -> None:
    page = sent(bringer, TEXT)
    assert "read as 3 April 2019" in page.text
    anew = shown_anew(bringer, page, dates="month-first")
    assert "read as 4 March 2019" in anew.text
    assert "no day in this order" in shown_anew(bringer, page, dates="year-first").text


def test_every_word_stands_there_with_what_it_means_and_can_be_changed(
    session: Session, bringer: Browser, sefton: Organisation
) -> None:
    page = sent(bringer, TEXT)
    fields = form_of(page)
    assert "“Perm” in “Employee Category” means" in page.text
    assert {fields["word_0"], fields["word_1"]} == {"undecided", "employee"}
    changed = kept(bringer, page, word_0="casual", more_0="Relief pool", means_0="kind:casual")
    assert "is kept as version 1." in changed.text
    column = stored_mapping(session, sefton).column_for(ColumnUse.KIND)
    assert column is not None
    assert column.values == {"zed": "casual", "relief pool": "casual"}
    again = bringer.open(f"{FEED}/mapping?before=Staff+list")
    assert "“relief pool” in “Employee Category” means" in again.text
    kept(bringer, again, word_0="undecided", word_1="agency")
    column = stored_mapping(session, sefton).column_for(ColumnUse.KIND)
    assert column is not None
    assert column.values == {"relief pool": "agency"}


def test_a_file_may_hold_everybody_of_some_units(
    session: Session, bringer: Browser, sefton: Organisation, kofi: Account
) -> None:
    page = sent(bringer, TEXT)
    assert "Enter the units of which" in kept(bringer, page, everybody="units").errors[0]
    unknown = kept(bringer, page, everybody="units", units="Adult Social Care\nParks")
    assert unknown.status == 422
    assert unknown.errors == ["There is no unit “Parks”. Write it from the top down: Adults / Home Care"]
    assert "Parks" in form_of(unknown)["units"]
    kept(bringer, page, everybody="units", units="adult social  care\n")
    coverage = stored_mapping(session, sefton).coverage
    assert (coverage.everybody, coverage.units) == (True, (("adult social care",),))
    fields = form_of(bringer.open(f"{FEED}/mapping?before=Staff+list"))
    assert (fields["everybody"], fields["units"].strip()) == (["units"], "adult social care")
