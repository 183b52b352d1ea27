"""Finding people by the words of their names, among hundreds of thousands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from kernel.typed import is_named, searchable
from people.names.person_words import LONGEST_WORD, PersonWord
from people.persons import Person

# Nobody reads further. A list that is longer says that another word is wanted.
MOST_FOUND = 100
# One person may have the same beginning several times, as in Hannah.
_MOST_ROWS = 2 * MOST_FOUND
_LAST_LETTER, _BEFORE_HALVES, _AFTER_HALVES = 0x10FFFF, 0xD7FF, 0xE000
_NAMES = (Person.id, Person.chosen_name, Person.called, Person.sorting_name)
_Names = Row[int, str, str | None, str | None]


@dataclass(frozen=True)
class FoundPeople:
    """Ids in the order of lists; ``is_cut`` when there are more, of whom nobody is counted. ``left_out`` counts those
    who were found and are not among them."""

    person_ids: tuple[int, ...]
    is_cut: bool = False
    left_out: int = 0


def people_named(session: Session, words: Sequence[str], *, only: Sequence[ColumnElement[bool]] = ()) -> FoundPeople:
    """The people whom all these ``search_words`` mean, by ``kernel.typed.is_named`` for any of the names they bear.

    ``only`` are conditions on ``Person``. Where there are more than ``MOST_FOUND``, those come first of whose names the
    word that fewest bear is a whole part, or the longest of those that many bear.
    """
    if not words:
        return FoundPeople(())
    ordered = _rarest_first(session, words)
    rows = session.execute(_stored(ordered, only)).all() if ordered else []
    waiting = _meant(session.execute(select(*_NAMES).where(Person.search_text.is_(None)).order_by(Person.id)), words)
    waiting = _of_these(session, waiting, only) if waiting and only else waiting
    meant: dict[int, str] = {}
    for key, chosen, _, sorting in (*_told_apart(rows, words), *waiting):
        meant.setdefault(key, searchable(sorting or chosen))
    kept = list(meant.items())[:MOST_FOUND]
    in_order = tuple(key for key, _ in sorted(kept, key=lambda one: (one[1], one[0])))
    return FoundPeople(in_order, len(rows) == _MOST_ROWS or len(meant) > len(kept))


def may_be_named(session: Session, words: Sequence[str]) -> bool:
    """Whether anybody may be meant by all these words; where one of them is in no name, nobody is."""
    is_waiting = select(Person.id).where(Person.search_text.is_(None)).limit(1)
    return bool(_rarest_first(session, words)) or session.scalar(is_waiting) is not None


def _rarest_first(session: Session, words: Sequence[str]) -> list[str]:
    """Each word once, the one that fewest names have first: it leads. Of those that many have, the longest is taken
    for it. Empty where no stored name has one of them.
    """
    different = sorted(set(words), key=lambda word: (-len(word), word))
    some = [select(PersonWord.word).where(_begins(PersonWord, word)).limit(_MOST_ROWS) for word in different]
    counted = (select(func.count()).select_from(one.subquery()).scalar_subquery() for one in some)
    counts = dict(zip(different, session.execute(select(*counted)).one(), strict=True))
    return sorted(different, key=lambda word: counts[word]) if all(counts.values()) else []


def _stored(words: Sequence[str], only: Sequence[ColumnElement[bool]]) -> Select[int, str, str | None, str | None]:
    """Names by the stored words, of which the first one leads."""
    leading, *others = words
    wanted = select(PersonWord.person_id, PersonWord.word).where(_begins(PersonWord, leading))
    for word in others:
        other = aliased(PersonWord)
        # Not EXISTS: PostgreSQL would make a join of it and sort everybody, where one look in the index is enough.
        one = select(other.word).where(other.person_id == PersonWord.person_id, _begins(other, word)).limit(1)
        wanted = wanted.where(one.scalar_subquery().is_not(None))
    if only:
        wanted = wanted.join(Person, Person.id == PersonWord.person_id).where(*only)
    found = wanted.order_by(PersonWord.word, PersonWord.person_id).limit(_MOST_ROWS).subquery()
    return select(*_NAMES).join(found, found.c.person_id == Person.id).order_by(found.c.word, Person.id)


def _begins(table: type[PersonWord], word: str) -> ColumnElement[bool]:
    beginning = word[:LONGEST_WORD]
    end = _first_after(beginning)
    return table.word >= beginning if end is None else and_(table.word >= beginning, table.word < end)


def _first_after(beginning: str) -> str | None:
    """The first text, by code points, that comes after all that begin like this; ``None`` when there is none."""
    kept = beginning.rstrip(chr(_LAST_LETTER))
    if not kept:
        return None
    last = ord(kept[-1])
    return kept[:-1] + chr(_AFTER_HALVES if last == _BEFORE_HALVES else last + 1)


def _of_these(session: Session, people: Sequence[_Names], only: Sequence[ColumnElement[bool]]) -> Sequence[_Names]:
    kept = set(session.scalars(select(Person.id).where(Person.id.in_([key for key, *_ in people]), *only)))
    return [one for one in people if one[0] in kept]


def _told_apart(rows: Sequence[_Names], words: Sequence[str]) -> Iterable[_Names]:
    """Those of the rows that a word means to its last letter, where only its first letters are stored."""
    longer = [word for word in words if len(word) > LONGEST_WORD]
    return _meant(rows, longer) if longer else rows


def _meant(rows: Iterable[_Names], words: Sequence[str]) -> Sequence[_Names]:
    return [row for row in rows if bears(row[1:], words)]


def bears(names: Sequence[str | None], words: Sequence[str]) -> bool:
    """Whether each of these ``search_words`` is in one of the names that somebody bears."""
    return all(any(is_named(name, (word,)) for name in names if name) for word in words)
