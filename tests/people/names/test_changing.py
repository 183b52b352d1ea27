"""Names are changed as their person writes them, and the audit trail says which of them."""

import pytest
from sqlalchemy.orm import Session

from kernel.audit import entries_for
from kernel.errors import NotFound, RuleBroken
from people.names.changing import Names, change_names, names_of
from people.names.search import people_named
from tests.builders.region import NOON, a_person


def test_each_name_is_kept_as_it_is_written(session: Session) -> None:
    person = a_person(session, name="O’Brien")
    names = Names("  محمد  العلي ", called="Mo", pronunciation="mo-HAM-med", sorting="Ali")
    assert change_names(session, person_id=person.id, names=names, by=None, now=NOON)
    assert names_of(person) == Names("محمد العلي", "Mo", "mo-HAM-med", "Ali")
    assert (person.addressed_as, person.listed_as) == ("Mo", "Ali")
    assert people_named(session, ("mo",)).person_ids == (person.id,)
    [entry] = entries_for(session, subject_type="person", subject_id=person.id)
    assert (entry.action, entry.detail) == ("names-changed", {"names": "full called pronunciation sorting"})


def test_nothing_that_changed_is_nothing_to_write_down(session: Session) -> None:
    person = a_person(session, name="Siân Nguyễn")
    assert not change_names(session, person_id=person.id, names=Names("Sia\u0302n  Nguyễn"), by=None, now=NOON)
    assert entries_for(session, subject_type="person", subject_id=person.id) == []
    assert (person.addressed_as, person.listed_as) == ("Siân Nguyễn", "Siân Nguyễn")


def test_a_name_of_nothing_is_refused(session: Session) -> None:
    person = a_person(session, name="Siân Nguyễn")
    with pytest.raises(RuleBroken, match="Enter a name"):
        change_names(session, person_id=person.id, names=Names(" \u200b "), by=None, now=NOON)
    with pytest.raises(NotFound):
        change_names(session, person_id=person.id + 1, names=Names("Somebody"), by=None, now=NOON)
