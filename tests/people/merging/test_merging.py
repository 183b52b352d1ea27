"""Merging moves every row of a person, whatever table it is in, and separating moves all of it back."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from courses.records.completion import Completion
from kernel.audit import entries_for
from kernel.database import Base, table_of
from kernel.errors import NotFound, RuleBroken
from people.accounts import Account
from people.jobs.employment import Employment
from people.jobs.terms import EmploymentTerms
from people.merging.duplicates import suggested
from people.merging.merging import merge_people, preview_merge, separate_people
from people.merging.moving import NOT_MOVED, kinds
from people.merging.records import merges_into
from people.names.person_words import make_searchable
from people.names.search import people_named
from people.organisations import Unit
from people.password_leaves import ResetKind, begin_reset
from people.persons import Person
from people.roles import Role
from tests.builders.certificates import issued_to
from tests.builders.region import NOON, TODAY, a_course, a_person, a_unit, an_account, an_employment, an_organisation


def owners(session: Session, person_id: int) -> dict[str, list[int]]:
    """The keys of everything that belongs to a person, by table."""
    return {
        kind.name: sorted(session.scalars(select(kind.key).where(kind.person == person_id)))
        for kind in kinds()
        if session.scalar(select(kind.key).where(kind.person == person_id).limit(1)) is not None
    }


@pytest.fixture
def pair(session: Session) -> tuple[Person, Person]:
    """One record with a job, and one with learning, a certificate and an account."""
    unit = a_unit(session, an_organisation(session))
    kept, merged = a_person(session, unit, "Siân Nguyễn"), a_person(session, unit, "NGUYEN Sian")
    issued_to(session, merged.id, a_course(session))
    an_account(session, merged)
    make_searchable(session, person_ids=[kept.id, merged.id])
    return kept, merged


def merge(session: Session, pair: tuple[Person, Person]):
    kept, merged = pair
    return merge_people(session, kept_person_id=kept.id, merged_person_id=merged.id, by=None, now=NOON)


def test_every_table_that_names_a_person_is_known() -> None:
    """A new table with a person in it is moved without anybody thinking of it, unless it is named among the others."""
    person = table_of(Person).c.id
    naming = {table.name for table in Base.metadata.tables.values() for c in table.c if c.references(person)}
    assert {kind.name for kind in kinds()} == naming - NOT_MOVED
    assert {"attempt", "completion", "certificate", "plan", "message", "employment", "account"} <= naming


def test_everything_follows_and_goes_back(session: Session, pair: tuple[Person, Person]) -> None:
    kept, merged = pair
    before = owners(session, kept.id), owners(session, merged.id)
    assert {"account", "certificate", "completion", "employment"} <= before[1].keys()
    done = merge(session, pair)
    assert owners(session, merged.id) == {}
    after = owners(session, kept.id)
    for name, keys in before[1].items():
        assert set(keys) <= set(after[name]), name
    separate_people(session, merge_id=done.id, by=None, now=NOON)
    assert (owners(session, kept.id), owners(session, merged.id)) == before


def test_what_the_kept_record_has_its_like_of_stays_and_nothing_is_lost(session: Session) -> None:
    unit, course = a_unit(session, an_organisation(session)), a_course(session)
    kept, merged = a_person(session, unit), a_person(session, unit)
    for one in (kept, merged):
        issued_to(session, one.id, course)
        an_account(session, one)
    preview = preview_merge(session, kept_person_id=kept.id, merged_person_id=merged.id)
    rows = {one.name: (one.moving, one.staying) for one in preview.rows}
    assert rows["completion"] == (0, 1)
    assert rows["account"] == (0, 1)
    assert rows["certificate"] == (1, 0)
    assert preview.ending_username == f"person-{merged.id}"
    done = merge(session, (kept, merged))
    account = session.scalars(select(Account).where(Account.person_id == merged.id)).one()
    assert not account.is_active
    separate_people(session, merge_id=done.id, by=None, now=NOON)
    assert account.is_active
    assert [len(owners(session, one.id)["certificate"]) for one in (kept, merged)] == [1, 1]


def test_what_came_later_stays_with_the_kept_record(session: Session, pair: tuple[Person, Person]) -> None:
    kept, merged = pair
    done = merge(session, pair)
    unit = session.scalars(select(Unit)).one()
    later = an_employment(session, kept, unit, is_main=False)
    separate_people(session, merge_id=done.id, by=None, now=NOON)
    assert later.person_id == kept.id
    assert later.id not in owners(session, merged.id)["employment"]


def test_a_merged_record_is_found_no_more_until_it_is_separated(session: Session, pair: tuple[Person, Person]) -> None:
    kept, merged = pair
    assert set(people_named(session, ("nguyen",)).person_ids) == {kept.id, merged.id}
    done = merge(session, pair)
    assert people_named(session, ("nguyen",)).person_ids == (kept.id,)
    separate_people(session, merge_id=done.id, by=None, now=NOON)
    assert set(people_named(session, ("nguyen",)).person_ids) == {kept.id, merged.id}


def test_both_records_say_in_the_audit_trail_what_was_done(session: Session, pair: tuple[Person, Person]) -> None:
    done = merge(session, pair)
    separate_people(session, merge_id=done.id, by=None, now=NOON)
    for person in pair:
        acts = [one.action for one in entries_for(session, subject_type="person", subject_id=person.id)]
        assert acts == ["people-merged", "people-separated"]


def test_a_merge_that_makes_no_sense_is_refused(session: Session, pair: tuple[Person, Person]) -> None:
    kept, merged = pair
    with pytest.raises(RuleBroken, match="the same record"):
        preview_merge(session, kept_person_id=kept.id, merged_person_id=kept.id)
    with pytest.raises(NotFound):
        preview_merge(session, kept_person_id=kept.id, merged_person_id=kept.id + 10_000)
    done = merge(session, pair)
    with pytest.raises(RuleBroken, match="merged into another one already"):
        merge(session, (merged, kept))
    separate_people(session, merge_id=done.id, by=None, now=NOON)
    with pytest.raises(NotFound):
        separate_people(session, merge_id=done.id, by=None, now=NOON)


def test_an_account_with_a_role_does_not_end_by_a_merge(session: Session) -> None:
    kept, merged = a_person(session), a_person(session)
    an_account(session, kept)
    an_account(session, merged, Role.ADMIN)
    with pytest.raises(RuleBroken, match="has a role"):
        merge(session, (kept, merged))
    assert merges_into(session, person_id=kept.id) == ()


def test_merges_are_separated_in_the_order_in_which_they_can_be(session: Session) -> None:
    kept, first, second = (a_person(session, name=name) for name in ("One", "Two", "Three"))
    earlier, later = merge(session, (kept, first)), merge(session, (kept, second))
    with pytest.raises(RuleBroken, match="merged last first"):
        separate_people(session, merge_id=earlier.id, by=None, now=NOON)
    for one in (later, earlier):
        separate_people(session, merge_id=one.id, by=None, now=NOON)


def test_nothing_of_a_completion_changes_but_whose_it_is(session: Session, pair: tuple[Person, Person]) -> None:
    completion = session.scalars(select(Completion)).one()
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(update(Completion).where(Completion.id == completion.id).values(grade="G9"))


def test_a_name_is_suggested_only_with_one_reason_more(session: Session) -> None:
    unit = a_unit(session, an_organisation(session))
    one, other = a_person(session, unit, "Siân Nguyễn"), a_person(session, unit, "Nguyen, Sian")
    stranger = a_person(session, unit, "Ann Abbott")
    for person in (other, stranger):
        person.email = "shared@example.org"
    make_searchable(session, person_ids=[one.id, other.id, stranger.id])
    assert suggested(session) == ()
    one.email = "Shared@example.org"
    session.flush()
    [pair] = suggested(session)
    assert pair.person_ids == (one.id, other.id)
    assert pair.reasons == ("The same name, but for accents and the order of its parts", "The same e-mail address")
    assert suggested(session, person_id=stranger.id) == ()
    assert suggested(session, person_id=other.id) == (pair,)
    merge(session, (one, other))
    assert suggested(session) == ()


def test_somebody_who_left_one_authority_and_began_at_another_is_suggested(session: Session) -> None:
    halton = a_unit(session, an_organisation(session))
    sefton = a_unit(session, an_organisation(session, "sefton", "Sefton Council"))
    left = a_person(session, halton, "Kim Lee", ends_on=TODAY)
    began = a_person(session, sefton, "Kim Lee", starts_on=TODAY.replace(year=TODAY.year + 1))
    make_searchable(session, person_ids=[left.id, began.id])
    [pair] = suggested(session)
    assert "One record’s jobs end before the other’s begin" in pair.reasons


def test_an_account_with_a_role_goes_to_no_record_with_another_address(session: Session) -> None:
    kept, merged = a_person(session, name="Ann Wu"), a_person(session, name="Ann Wu")
    an_account(session, merged, Role.ADMIN)
    kept.email, merged.email = "lead@example.org", "ann@example.org"
    with pytest.raises(RuleBroken, match="Merge the other way round"):
        merge(session, (kept, merged))
    kept.email = "ANN@example.org"
    assert merge(session, (kept, merged)).kept_person_id == kept.id


def test_links_that_were_mailed_before_a_merge_open_nothing_after_it(session: Session) -> None:
    kept, merged = a_person(session), a_person(session)
    account = an_account(session, merged)
    link = begin_reset(session, account_id=account.id, kind=ResetKind.LINK, now=NOON)
    merge(session, (kept, merged))
    session.expire_all()
    assert link.ends_at == NOON


def test_every_name_is_looked_at_in_the_order_of_names(session: Session) -> None:
    here, there = (a_unit(session, an_organisation(session, slug, slug)) for slug in ("halton", "sefton"))
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [f"Kim {one}{other}" for one in letters for other in letters]
    people = [a_person(session, unit, name, payroll_number=name) for name in names[:510] for unit in (there, here)]
    make_searchable(session, person_ids=[one.id for one in people])
    found = suggested(session)
    assert [pair.names[0] for pair in found] == names[:510]
    assert all("The same payroll number at two authorities" in pair.reasons for pair in found)


def test_whoever_joined_by_a_file_that_was_undone_is_suggested_by_name_alone_no_more(session: Session) -> None:
    unit = a_unit(session, an_organisation(session))
    here, undone = a_person(session, unit, "Kim Lee"), a_person(session, unit, "Kim Lee")
    make_searchable(session, person_ids=[here.id, undone.id])
    session.execute(
        delete(EmploymentTerms).where(
            EmploymentTerms.employment_id.in_(select(Employment.id).where(Employment.person_id == undone.id))
        )
    )
    assert suggested(session) == ()
    an_account(session, here)
    assert suggested(session) == ()
    here.email = undone.email = "kim@example.org"
    session.flush()
    assert len(suggested(session)) == 1


def test_a_date_of_birth_goes_to_a_record_without_one_and_back(session: Session, pair: tuple[Person, Person]) -> None:
    kept, merged = pair
    merged.born_on = date(1980, 5, 17)
    session.flush()
    seen = preview_merge(session, kept_person_id=kept.id, merged_person_id=merged.id)
    assert seen.births == f"The date of birth of record {merged.id} goes to record {kept.id}, which has none."
    done = merge(session, pair)
    assert kept.born_on == date(1980, 5, 17)
    separate_people(session, merge_id=done.id, by=None, now=NOON)
    assert (kept.born_on, merged.born_on) == (None, date(1980, 5, 17))


def test_two_dates_of_birth_are_told_of_and_the_kept_one_stays(session: Session, pair: tuple[Person, Person]) -> None:
    kept, merged = pair
    kept.born_on, merged.born_on = date(1980, 5, 18), date(1980, 5, 17)
    session.flush()
    seen = preview_merge(session, kept_person_id=kept.id, merged_person_id=merged.id)
    assert seen.births.startswith("The two have different dates of birth.")
    done = merge(session, pair)
    separate_people(session, merge_id=done.id, by=None, now=NOON)
    assert (kept.born_on, merged.born_on) == (date(1980, 5, 18), date(1980, 5, 17))
