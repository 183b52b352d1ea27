"""Merging the record of a person into another one, and separating them again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.errors import NotFound, RuleBroken
from kernel.typed import folded, name_key
from people.account_care import lock_admins, note_former_addresses
from people.accounts import Account
from people.merging.moving import Counted, count_rows, move_back, move_rows
from people.merging.records import PersonMerge, find_merge_of, merges_into
from people.names.person_words import PersonWord, make_searchable
from people.password_leaves import end_resets
from people.password_resets import end_links_of
from people.persons import Person
from people.roles import RoleGrant
from people.sessions import end_sessions

# Among the keys of what moved: that the kept record had no date of birth, and took the other one’s.
BIRTH = "born_on"


@dataclass(frozen=True)
class MergePreview:
    """What merging would do: rows by table, and the username that could no longer sign in, if there is one."""

    kept: Person
    merged: Person
    rows: tuple[Counted, ...]
    ending_username: str | None

    @property
    def births(self) -> str:
        """What becomes of two dates of birth, or of one, without saying any; empty where nothing does."""
        kept, merged = self.kept.born_on, self.merged.born_on
        if merged is None or kept == merged:
            return ""
        if kept is None:
            return f"The date of birth of record {self.merged.id} goes to record {self.kept.id}, which has none."
        return (
            f"The two have different dates of birth. That of record {self.kept.id} stays: look whether they are one "
            "person, and correct it where it is wrong."
        )


def preview_merge(session: Session, *, kept_person_id: int, merged_person_id: int) -> MergePreview:
    """Look without doing. Raises ``NotFound``, and ``RuleBroken`` with the reason why these two are not merged."""
    kept, merged = _two(session, kept_person_id, merged_person_id)
    ending = _ending_account(session, kept.id, merged.id)
    if ending is not None and _has_role(session, ending.id):
        raise RuleBroken(
            f"The account {ending.username} of the record that would end has a role. Take the role back first, "
            "or merge the other way round"
        )
    _check_address(session, kept, merged, ending)
    rows = count_rows(session, merged_person_id=merged.id, kept_person_id=kept.id)
    return MergePreview(kept, merged, rows, ending.username if ending else None)


def merge_people(
    session: Session, *, kept_person_id: int, merged_person_id: int, by: int | None, now: datetime
) -> PersonMerge:
    """Let everything of one record belong to the other: jobs, learning, plans, certificates, messages.

    Where both have an account, the one of the kept record goes on, and the other is switched off. What cannot go
    because the kept record has its like stays where it is, and nothing is removed. Raises as ``preview_merge``.
    """
    lock_admins(session)
    _lock(session, kept_person_id, merged_person_id)
    found = preview_merge(session, kept_person_id=kept_person_id, merged_person_id=merged_person_id)
    kept, takes_birth = found.kept, found.kept.born_on is None and found.merged.born_on is not None
    if takes_birth:
        kept.born_on = found.merged.born_on
    # Whichever account the other record has, its mail goes to the address of this one, or it is switched off.
    note_former_addresses(session, {merged_person_id: kept.email}, now=now)
    ending = _ending_account(session, kept_person_id, merged_person_id)
    if ending is not None and ending.is_active:
        ending.is_active = False
        end_sessions(session, account_id=ending.id, now=now)
        end_resets(session, account_id=ending.id, now=now)
    else:
        ending = None
    # The account of the kept record may come from the other one, and its mail goes elsewhere then.
    end_links_of(session, person_ids=(kept_person_id, merged_person_id), now=now)
    merge = PersonMerge(
        kept_person_id=kept_person_id,
        merged_person_id=merged_person_id,
        moved={
            **move_rows(session, merged_person_id=merged_person_id, kept_person_id=kept_person_id),
            **({BIRTH: [merged_person_id]} if takes_birth else {}),
        },
        account_switched_off=ending.id if ending else None,
        merged_at=now,
        merged_by_account_id=by,
    )
    session.add(merge)
    _hide(session, merged_person_id)
    _note(session, "people-merged", merge, by, now)
    return merge


def separate_people(session: Session, *, merge_id: int, by: int | None, now: datetime) -> PersonMerge:
    """Undo a merge: what came goes back, and what the kept person did since stays with them.

    Raises ``NotFound`` for one that does not stand, ``RuleBroken`` for one that a later merge was built upon.
    """
    merge = session.get(PersonMerge, merge_id, with_for_update=True, populate_existing=True)
    if merge is None or merge.separated_at is not None:
        raise NotFound(f"merge {merge_id}")
    _lock(session, merge.kept_person_id, merge.merged_person_id)
    if merges_into(session, person_id=merge.kept_person_id)[0].id != merge.id:
        raise RuleBroken("Separate the record that was merged last first")
    if find_merge_of(session, person_id=merge.kept_person_id) is not None:
        raise RuleBroken("This record was merged into another one since. Separate those first")
    kept, merged, moved = merge.kept_person_id, merge.merged_person_id, merge.moved
    end_links_of(session, person_ids=(kept,), now=now)
    move_back(session, moved=moved, merged_person_id=merged, kept_person_id=kept)
    if BIRTH in moved:
        _give_birth_back(session, kept, merged)
    merge.separated_at, merge.separated_by_account_id = now, by
    if merge.account_switched_off is not None:
        session.get_one(Account, merge.account_switched_off).is_active = True
    make_searchable(session, person_ids=[merged])
    _note(session, "people-separated", merge, by, now)
    return merge


def _give_birth_back(session: Session, kept_person_id: int, merged_person_id: int) -> None:
    """A date of birth that came by a merge goes again, unless somebody has corrected it since."""
    kept, merged = session.get_one(Person, kept_person_id), session.get_one(Person, merged_person_id)
    if kept.born_on == merged.born_on:
        kept.born_on = None


def _two(session: Session, kept_person_id: int, merged_person_id: int) -> tuple[Person, Person]:
    kept, merged = session.get(Person, kept_person_id), session.get(Person, merged_person_id)
    if kept is None or merged is None:
        raise NotFound(f"people {kept_person_id} and {merged_person_id}")
    if kept.id == merged.id:
        raise RuleBroken("This is the same record")
    for one in (kept, merged):
        if find_merge_of(session, person_id=one.id) is not None:
            raise RuleBroken(f"The record {one.id} was merged into another one already")
    return kept, merged


def _check_address(session: Session, kept: Person, merged: Person, ending: Account | None) -> None:
    """An account with a role does not go to a record with another e-mail address: links for a new password would."""
    moving = session.scalar(select(Account).where(Account.person_id == merged.id)) if ending is None else None
    has_same = folded(kept.email or "") == folded(merged.email or "")
    if moving is not None and not has_same and _has_role(session, moving.id):
        raise RuleBroken(
            f"The account {moving.username} of the record that would end has a role, and the other record has another "
            "e-mail address, to which links for a new password would go. Merge the other way round"
        )


def _lock(session: Session, *person_ids: int) -> None:
    held = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update()
    session.execute(held).all()


def _ending_account(session: Session, kept_person_id: int, merged_person_id: int) -> Account | None:
    accounts = session.scalars(select(Account).where(Account.person_id.in_((kept_person_id, merged_person_id)))).all()
    return next((one for one in accounts if one.person_id == merged_person_id), None) if len(accounts) == 2 else None


def _has_role(session: Session, account_id: int) -> bool:
    held = select(RoleGrant.id).where(RoleGrant.account_id == account_id, RoleGrant.revoked_at.is_(None))
    return session.scalar(held.limit(1)) is not None


def _hide(session: Session, person_id: int) -> None:
    """Nobody finds the empty record by a name; its words come back when it is separated."""
    session.execute(delete(PersonWord).where(PersonWord.person_id == person_id))
    person = session.get_one(Person, person_id)
    person.search_text = name_key(person.chosen_name)[:200]


def _note(session: Session, action: str, merge: PersonMerge, by: int | None, now: datetime) -> None:
    session.flush()
    for about, other in (
        (merge.kept_person_id, merge.merged_person_id),
        (merge.merged_person_id, merge.kept_person_id),
    ):
        record(
            session,
            action=action,
            subject_type="person",
            subject_id=about,
            actor_account_id=by,
            now=now,
            detail={"record": other},
        )
