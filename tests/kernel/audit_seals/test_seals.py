"""The chain of the audit trail: whatever is done to entries or seals behind our back is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.append_only import protection_statements
from kernel.audit import record
from kernel.audit_seals.content import BEFORE_THE_FIRST, canonical_words, content_hash, seal_hash
from kernel.audit_seals.horizon import look_ahead
from kernel.audit_seals.sealing import seal_up_to
from kernel.audit_seals.seals import find_last_seal, is_any_unsealed, is_noted_seal, links_of
from kernel.audit_seals.verifying import Break, TrailState, verify_trail
from tests.builders.region import NOON

LATER = NOON + timedelta(minutes=1)


def note(session: Session, count: int = 5) -> list[int]:
    """Entries, and their ids."""
    before = set(session.scalars(text("SELECT id FROM audit_entry")))
    for number in range(count):
        record(
            session,
            action="password-set",
            subject_type="account",
            subject_id=number,
            actor_account_id=7,
            now=NOON + timedelta(seconds=number),
            detail={"reason": "Siân’s 王芳", "number": number, "share": 0.1},
        )
    session.flush()
    return sorted(set(session.scalars(text("SELECT id FROM audit_entry"))) - before)


def seal(session: Session, at_once: int = 100) -> int:
    return seal_up_to(session, entry_id=look_ahead(session).entry_id, at_once=at_once, now=LATER)


@contextmanager
def unprotected(session: Session, table: str) -> Iterator[None]:
    """What somebody does who owns the database."""
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite":
        for verb in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        yield
        for statement in protection_statements(table, dialect):
            session.execute(text(statement))
    else:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def behind_our_back(session: Session, *statements: str, table: str = "audit_entry", **values: object) -> TrailState:
    with unprotected(session, table):
        for statement in statements:
            session.execute(text(statement), {key: value for key, value in values.items() if f":{key}" in statement})
    return verify_trail(session, at_once=2)


def test_a_trail_that_nobody_touched_holds(session: Session) -> None:
    ids = note(session)
    assert is_any_unsealed(session)
    assert seal(session) == 5
    found = verify_trail(session, at_once=2)
    assert (found.sealed, found.unsealed, found.broken, found.last_entry_id) == (5, 0, None, ids[-1])
    assert not is_any_unsealed(session)
    last = find_last_seal(session)
    assert last is not None
    assert found.last_seal == last.seal_sha256
    assert is_noted_seal(session, last.seal_sha256)
    assert not is_noted_seal(session, "0" * 64)


def test_an_empty_trail_holds(session: Session) -> None:
    assert not is_any_unsealed(session)
    assert seal(session) == 0
    assert verify_trail(session) == TrailState(0, None, None, 0, None, None)


def test_sealing_goes_on_where_it_stopped(session: Session) -> None:
    ids = note(session)
    assert [seal(session, at_once=2) for _ in range(4)] == [2, 2, 1, 0]
    more = note(session, 2)
    waiting = verify_trail(session)
    assert (waiting.unsealed, waiting.oldest_unsealed_at, waiting.broken) == (2, NOON, None)
    assert seal(session) == 2
    links = links_of(session, entry_ids=[ids[0], ids[1], more[0]])
    assert links[ids[0]].before == BEFORE_THE_FIRST
    assert links[ids[1]].before == links[ids[0]].seal
    assert verify_trail(session).broken is None


@pytest.mark.parametrize(
    "change",
    [
        "action = 'password-changed'",
        "actor_account_id = 8",
        "actor_account_id = NULL",
        "subject_type = 'person'",
        "subject_id = '99'",
        "detail = '{}'",
        "happened_at = '2026-11-21 12:00:00.000001+00:00'",
    ],
)
def test_a_change_of_anything_is_named(session: Session, change: str) -> None:
    ids = note(session)
    seal(session)
    broken = behind_our_back(session, f"UPDATE audit_entry SET {change} WHERE id = :one", one=ids[2]).broken  # noqa: S608 - of the list above
    assert broken is not None
    assert (broken.what, broken.entry_id) == (Break.CHANGED, ids[2])
    assert broken.happened_at is not None
    assert broken.sealed_at == LATER


def test_an_entry_that_was_deleted_is_named(session: Session) -> None:
    ids = note(session)
    seal(session)
    broken = behind_our_back(session, "DELETE FROM audit_entry WHERE id = :one", one=ids[1]).broken
    assert broken is not None
    assert (broken.what, broken.entry_id, broken.sealed_at) == (Break.GONE, ids[1], LATER)


def test_the_newest_entry_that_was_deleted_is_named(session: Session) -> None:
    ids = note(session)
    seal(session)
    broken = behind_our_back(session, "DELETE FROM audit_entry WHERE id = :one", one=ids[-1]).broken
    assert broken is not None
    assert (broken.what, broken.entry_id) == (Break.GONE, ids[-1])


def test_an_entry_that_was_put_in_is_named(session: Session) -> None:
    ids = note(session)
    # An id that nobody has: an insert that was rolled back leaves such a gap.
    with unprotected(session, "audit_entry"):
        session.execute(text("DELETE FROM audit_entry WHERE id = :one"), {"one": ids[2]})
    seal(session)
    put_in = (
        "INSERT INTO audit_entry (id, happened_at, action, subject_type, subject_id, detail)"
        " VALUES (:one, '2026-11-21 12:00:00+00:00', 'role-given', 'account', '3', '{}')"
    )
    broken = behind_our_back(session, put_in, one=ids[2]).broken
    assert broken is not None
    assert (broken.what, broken.entry_id, broken.action) == (Break.PUT_IN, ids[2], "role-given")


def test_entries_that_changed_places_are_named(session: Session) -> None:
    first, second, *_ = ids = note(session)
    seal(session)
    swap = "UPDATE audit_entry SET id = :to WHERE id = :one"
    spare = ids[-1] + 1_000
    with unprotected(session, "audit_entry"):
        for one, to in ((first, spare), (second, first), (spare, second)):
            session.execute(text(swap), {"one": one, "to": to})
    broken = verify_trail(session).broken
    assert broken is not None
    assert (broken.what, broken.entry_id) == (Break.CHANGED, first)


def test_seals_that_changed_places_are_named(session: Session) -> None:
    ids = note(session)
    seal(session)
    moved = behind_our_back(
        session,
        "UPDATE audit_seal SET position = 99 WHERE position = 2",
        "UPDATE audit_seal SET position = 2 WHERE position = 3",
        "UPDATE audit_seal SET position = 3 WHERE position = 99",
        table="audit_seal",
    )
    assert moved.broken is not None
    assert (moved.broken.what, moved.broken.entry_id) == (Break.SEAL_CHANGED, ids[2])


def test_an_entry_that_was_taken_away_with_its_seal_is_named(session: Session) -> None:
    ids = note(session)
    seal(session)
    with unprotected(session, "audit_entry"):
        session.execute(text("DELETE FROM audit_entry WHERE id = :one"), {"one": ids[1]})
    broken = behind_our_back(session, "DELETE FROM audit_seal WHERE position = 2", table="audit_seal").broken
    assert broken is not None
    assert (broken.what, broken.entry_id) == (Break.SEAL_GONE, ids[2])


def test_a_seal_that_was_taken_away_is_named_with_its_own_entry(session: Session) -> None:
    ids = note(session)
    seal(session)
    broken = behind_our_back(session, "DELETE FROM audit_seal WHERE position = 2", table="audit_seal").broken
    assert broken is not None
    assert (broken.what, broken.entry_id) == (Break.SEAL_GONE, ids[1])


def test_a_change_with_a_new_hash_of_its_own_is_named(session: Session) -> None:
    ids = note(session)
    seal(session)
    words = canonical_words(
        entry_id=ids[1],
        happened_at=NOON + timedelta(seconds=1),
        actor_account_id=7,
        action="password-set",
        subject_type="account",
        subject_id="1",
        detail={},
    )
    with unprotected(session, "audit_entry"):
        session.execute(text("UPDATE audit_entry SET detail = '{}' WHERE id = :one"), {"one": ids[1]})
    forged = "UPDATE audit_seal SET content_sha256 = :digest WHERE position = 2"
    broken = behind_our_back(session, forged, table="audit_seal", digest=content_hash(words)).broken
    assert broken is not None
    assert (broken.what, broken.entry_id) == (Break.SEAL_CHANGED, ids[1])


def test_a_trail_whose_end_was_cut_off_no_longer_holds_the_seal_that_was_noted(session: Session) -> None:
    ids = note(session)
    seal(session)
    last = find_last_seal(session)
    assert last is not None
    noted = last.seal_sha256
    with unprotected(session, "audit_entry"):
        session.execute(text("DELETE FROM audit_entry WHERE id = :one"), {"one": ids[-1]})
    assert behind_our_back(session, "DELETE FROM audit_seal WHERE position = 5", table="audit_seal").broken is None
    assert not is_noted_seal(session, noted)


def test_the_same_moment_in_another_zone_is_the_same_words() -> None:
    there = timezone(timedelta(hours=5, minutes=30))

    def said(moment: datetime) -> str:
        return canonical_words(
            entry_id=1,
            happened_at=moment,
            actor_account_id=None,
            action="a",
            subject_type="b",
            subject_id="c",
            detail={"b": 1, "a": [True, None]},
        )

    assert said(NOON) == said(NOON.astimezone(there)) == said(NOON.astimezone(UTC))
    assert said(NOON) == (
        '{"action":"a","actor_account_id":null,"detail":{"a":[true,null],"b":1},'
        '"happened_at":"2026-11-21T12:00:00.000000+00:00","id":1,"subject_id":"c","subject_type":"b"}'
    )


@given(st.lists(st.text(), min_size=1, max_size=5), st.integers(min_value=0, max_value=4), st.text())
def test_no_seal_after_a_change_stays_as_it_was(words: list[str], place: int, other: str) -> None:
    def seals(contents: list[str]) -> list[str]:
        found, before = [], BEFORE_THE_FIRST
        for one in contents:
            before = seal_hash(before, content_hash(one.encode("unicode_escape").decode("ascii")))
            found.append(before)
        return found

    place = min(place, len(words) - 1)
    changed = [other if number == place else one for number, one in enumerate(words)]
    kept, differs = seals(words), seals(changed)
    assert kept[:place] == differs[:place]
    assert (kept[place:] == differs[place:]) is (words[place] == other)
    assert words[place] == other or not set(kept[place:]) & set(differs[place:])
