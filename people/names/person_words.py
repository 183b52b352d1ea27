"""What somebody is found by, stored: each text that a search word may begin, in the form of ``kernel/typed.py``.

Whoever stores names in bulk calls ``make_searchable`` for them. A name that was changed any other way is compared as it
stands until housekeeping comes to it, so nobody is ever out of reach.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ForeignKey, Index, String, delete, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.columns import length_of
from kernel.database import Base, table_of
from kernel.typed import name_key, search_beginnings
from people.persons import Person

# So many letters of a word decide. PostgreSQL compares by code points, as SQLite does, and not by a country's alphabet.
LONGEST_WORD = 60
_BY_CODE_POINT = String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql")
_AT_ONCE = 2_000


class PersonWord(Base):
    """One text that a search word may begin to mean this person."""

    __tablename__ = "person_word"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    word: Mapped[str] = mapped_column(_BY_CODE_POINT, primary_key=True)

    __table_args__ = (Index(None, "word", "person_id"), {"sqlite_with_rowid": False})


def make_searchable(session: Session, *, person_ids: Collection[int]) -> None:
    """Store anew what these people are found by."""
    ordered = sorted(person_ids)
    for start in range(0, len(ordered), _AT_ONCE):
        _replace(session, ordered[start : start + _AT_ONCE])


def make_rest_searchable(session: Session, *, most: int) -> int:
    """The same for people whose names were changed since, so many at the most; returns how many they were.

    Old code that runs during an upgrade adds such people, and does not know of words.
    """
    waiting = select(Person.id).where(Person.search_text.is_(None)).order_by(Person.id).limit(most)
    found = session.scalars(waiting.with_for_update(skip_locked=True)).all()
    make_searchable(session, person_ids=found)
    return len(found)


def _replace(session: Session, person_ids: Sequence[int]) -> None:
    session.flush()
    people = session.execute(
        select(Person.id, Person.chosen_name, Person.called, Person.sorting_name).where(Person.id.in_(person_ids))
    ).all()
    session.execute(delete(PersonWord).where(PersonWord.person_id.in_(person_ids)))
    _store(session, [(key, word) for key, *names in people for word in _words_of(names)])
    longest = length_of(Person.search_text)
    keys = [{"id": key, "search_text": name_key(name)[:longest]} for key, name, *_ in people]
    if keys:
        session.execute(update(Person), keys)


def _words_of(names: Iterable[str | None]) -> set[str]:
    return {word[:LONGEST_WORD] for name in names if name for word in search_beginnings(name)}


def _store(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        # Two arrays cost a fifth of what as many rows of parameters do.
        statement = text(
            "INSERT INTO person_word (person_id, word) SELECT * FROM unnest(:people ::int[], :words ::text[])"
        )
        people, words = zip(*rows, strict=True)
        session.execute(statement, {"people": list(people), "words": list(words)})
    else:
        session.execute(
            insert(table_of(PersonWord)), [{"person_id": person_id, "word": word} for person_id, word in rows]
        )
