"""Changing the names that somebody bears: by themselves, or by those who look after their record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.errors import NotFound, RuleBroken
from kernel.typed import composed
from people.names.person_words import make_searchable
from people.persons import Person


@dataclass(frozen=True)
class Names:
    """What somebody is called: in full, to be called by, how to say it, where lists put it; empty: none."""

    full: str
    called: str = ""
    pronunciation: str = ""
    sorting: str = ""


def names_of(person: Person) -> Names:
    """The names of a person as a form shows them."""
    return Names(person.chosen_name, person.called or "", person.pronunciation or "", person.sorting_name or "")


def change_names(session: Session, *, person_id: int, names: Names, by: int | None, now: datetime) -> bool:
    """Give a person these names; says whether anything changed. The audit trail says which, and never what they were.

    Raises ``NotFound``, and ``RuleBroken`` for a full name of which nothing is left.
    """
    person = session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound(f"person {person_id}")
    before, wanted = names_of(person), _as_stored(names)
    if not wanted.full:
        raise RuleBroken("Enter a name", field="full")
    changed = [
        key for key in ("full", "called", "pronunciation", "sorting") if getattr(before, key) != getattr(wanted, key)
    ]
    if not changed:
        return False
    person.chosen_name, person.called = wanted.full, wanted.called or None
    person.pronunciation, person.sorting_name = wanted.pronunciation or None, wanted.sorting or None
    make_searchable(session, person_ids=[person_id])
    record(
        session,
        action="names-changed",
        subject_type="person",
        subject_id=person_id,
        actor_account_id=by,
        now=now,
        detail={"names": " ".join(changed)},
    )
    return True


def _as_stored(names: Names) -> Names:
    return Names(composed(names.full), composed(names.called), composed(names.pronunciation), composed(names.sorting))
