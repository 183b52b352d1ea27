"""Deciding something for many people, and doing it, a batch at a time: the same rules as in the preview, once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from assignments.exemptions.giving_many import exempt_each
from assignments.for_many.previewing import ActPreview, Terms, preview, terms_of
from assignments.for_many.record import ActForMany, ActKind, PersonOfAct, PersonOutcome, Why
from assignments.for_many.telling import note_decided
from assignments.reminders.mass_nudges import nudge_each
from assignments.requests.record import TimeGiven
from kernel.audit import record
from kernel.errors import RuleBroken
from kernel.tasks.kinds import TaskState
from kernel.typed import composed
from messages.ways import Ways
from people.persons import Person

NOBODY = "Nobody is left for whom this can be done. Look at the reasons again"
CHANGED = "The numbers have changed since you looked. Look at them again, then decide"
# Up to so many are done while somebody waits for the page; more go into the queue.
AT_ONCE = 200
_AUDIT = {
    ActKind.NUDGE: "people-nudged",
    ActKind.MORE_TIME: "people-given-more-time",
    ActKind.EXEMPT: "people-exempted",
}


@dataclass(frozen=True)
class Decision:
    """Whose decision: ``by`` is the account, ``whom`` the list in words, ``seen`` the stamp of the preview."""

    by: int
    whom: str
    seen: str


def decide_for_many(
    session: Session,
    terms: Terms,
    person_ids: Sequence[int],
    decision: Decision,
    *,
    ways: Ways,
    now: datetime,
) -> ActForMany:
    """Store the decision with a row for each person, left out or not, and one entry in the audit trail. What is small
    is done here and now; more is for the queue.

    Raises ``RuleBroken`` where it would be done for others by now than was seen, or for nobody.
    """
    by = decision.by
    found = preview(session, terms, person_ids, by=by, ways=ways, now=now)
    if found.stamp != decision.seen:
        raise RuleBroken(CHANGED)
    if not found.person_ids:
        raise RuleBroken(NOBODY)
    act = ActForMany(
        kind=terms.kind,
        organisation_id=terms.organisation_id,
        course_id=terms.course_id,
        whom=decision.whom[:800],
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        reason=terms.reason,
        evidence=composed(terms.evidence),
        wanted=len(found.person_ids),
        started_by_account_id=by,
        started_at=now,
        state=TaskState.PENDING,
    )
    session.add(act)
    session.flush()
    _add_people(session, act.id, found)
    _note(session, act, found, now)
    if act.wanted <= AT_ONCE:
        do_batch(session, act, limit=AT_ONCE, ways=ways, now=now)
        act.state, act.ended_at = TaskState.DONE, now
    return act


def _add_people(session: Session, act_id: int, found: ActPreview) -> None:
    waiting = [
        {"act_id": act_id, "person_id": one, "outcome": PersonOutcome.WAITING, "why": None} for one in found.person_ids
    ]
    left = [
        {"act_id": act_id, "person_id": one, "outcome": PersonOutcome.LEFT_OUT, "why": why}
        for why, some in found.left_out.items()
        for one in some
    ]
    session.execute(insert(PersonOfAct), [*waiting, *left])


def _note(session: Session, act: ActForMany, found: ActPreview, now: datetime) -> None:
    days = {"ends_on": act.ends_on.isoformat()} if act.ends_on else {}
    record(
        session,
        action=_AUDIT[act.kind],
        subject_type="organisation",
        subject_id=act.organisation_id,
        actor_account_id=act.started_by_account_id,
        now=now,
        detail={"course": act.course_id, "people": act.wanted, "act_for_many": act.id}
        | days
        | ({"left_out": found.left_out_count} if found.left_out_count else {}),
    )


def do_batch(session: Session, act: ActForMany, *, limit: int, ways: Ways, now: datetime) -> int:
    """Do it for the next ``limit`` people of an act; returns how many were looked at. Who has finished meanwhile, or is
    left out for any other reason by now, is left out."""
    some = session.scalars(
        select(PersonOfAct.person_id)
        .where(PersonOfAct.act_id == act.id, PersonOfAct.outcome == PersonOutcome.WAITING)
        .order_by(PersonOfAct.id)
        .limit(limit)
    ).all()
    # Two who decide about the same people at once: the second waits, and finds what the first did.
    session.scalars(select(Person.id).where(Person.id.in_(some)).order_by(Person.id).with_for_update()).all()
    by = act.started_by_account_id
    found = preview(session, terms_of(act), some, by=by, ways=ways, now=now)
    made = _do(session, act, found.person_ids, now)
    nudged_just_now = tuple(one for one in found.person_ids if one not in made)
    lately = (*found.left_out.get(Why.NUDGED_LATELY, ()), *nudged_just_now)
    rows = _write_down(session, act.id, made, {**found.left_out, Why.NUDGED_LATELY: lately})
    note_decided(session, act, rows, ways=ways, now=now)
    return len(some)


def _do(session: Session, act: ActForMany, person_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """What was made, by person."""
    by = act.started_by_account_id
    about = {"organisation_id": act.organisation_id, "course_id": act.course_id}
    if not person_ids:
        return {}
    if act.kind is ActKind.NUDGE:
        return nudge_each(session, person_ids, **about, account_id=by, now=now)
    given = {"given_at": now, "given_by_account_id": by}
    if act.kind is ActKind.MORE_TIME:
        rows = [{**about, **given, "person_id": one, "until": act.ends_on} for one in person_ids]
        made = session.execute(insert(TimeGiven).returning(TimeGiven.person_id, TimeGiven.id), rows)
        return dict(made.all())
    days = {"starts_on": act.starts_on, "ends_on": act.ends_on}
    return exempt_each(session, person_ids, {**about, **given, **days, "reason": act.reason, "evidence": act.evidence})


def _write_down(
    session: Session, act_id: int, made: Mapping[int, int], left_out: Mapping[Why, Sequence[int]]
) -> dict[int, int]:
    """Write down what became of these people; returns the row of each for whom it was done."""
    here = PersonOfAct.act_id == act_id
    ids = dict(
        session.execute(
            select(PersonOfAct.person_id, PersonOfAct.id).where(here, PersonOfAct.person_id.in_(made))
        ).all()
    )
    done = [{"id": ids[person_id], "outcome": PersonOutcome.DONE, "subject_id": key} for person_id, key in made.items()]
    if done:
        session.execute(update(PersonOfAct), done)
    for why, some in left_out.items():
        if some:
            session.execute(
                update(PersonOfAct)
                .where(here, PersonOfAct.person_id.in_(some))
                .values(outcome=PersonOutcome.LEFT_OUT, why=why)
                .execution_options(synchronize_session=False)
            )
    return ids
