"""Decides a reorganisation as it was previewed, takes it back until its day, and lets it take force on that day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import RuleBroken
from people.jobs.changes import ChangeOrigin
from people.jobs.terms import EmploymentTerms
from people.jobs.writing import NewChange, Source, record_changes, undo_run
from people.organisations import Organisation, Unit
from people.reorganisation.bringing_about import bring_about, waiting_name
from people.reorganisation.periods import UnitOnDay, UnitPeriod
from people.reorganisation.planning import Preview, Wanted, held_from, kept_steps, moves_from, preview
from people.reorganisation.record import Reorganisation, ReorganisationState, find_latest
from people.reorganisation.sentences import day_in_words

_DAY = timedelta(days=1)


def decide(
    session: Session, *, organisation: Organisation, wanted: Wanted, fingerprint: str, by: int | None, now: datetime
) -> Reorganisation:
    """Store a reorganisation that somebody has seen in a preview with this fingerprint.

    Raises ``RuleBroken`` for what the preview finds against it, and when it would do something else by now.
    """
    _hold(session, organisation.id)
    seen = preview(session, organisation=organisation, wanted=wanted, now=now)
    if seen.findings:
        raise RuleBroken(". ".join(seen.findings))
    if seen.fingerprint != fingerprint:
        raise RuleBroken("The record has changed since you saw what this does. Look at it once more, then decide")
    row = Reorganisation(
        organisation_id=organisation.id,
        title=wanted.title,
        effective_on=wanted.effective_on,
        steps=kept_steps(wanted.steps),
        sentences=list(seen.sentences),
        state=ReorganisationState.PLANNED,
        recorded_at=now,
        actor_account_id=by,
    )
    session.add(row)
    session.flush()
    ids = _add_units(session, organisation, seen, wanted.effective_on)
    _cut_periods(session, row, seen, ids)
    changes = [
        NewChange(one.employment_id, one.effective_on, {"unit_id": ids.get(one.unit_id, one.unit_id)}, reason=row.title)
        for one in seen.moves
    ]
    source = Source(ChangeOrigin.REORGANISATION, row.id, by)
    record_changes(session, changes, source=source, now=now)
    # Somebody may have said already that a person stays in a unit that ends, from a later day on.
    for one in moves_from(held_from(session, organisation.id, row.effective_on), row.merged, {}, row.effective_on):
        again = NewChange(one.employment_id, one.effective_on, {"unit_id": one.unit_id}, reason=row.title)
        record_changes(session, [again], source=source, now=now)
    _note(session, "reorganisation-decided", row, by, now)
    bring_about(session, now=now)
    return row


def _hold(session: Session, organisation_id: int) -> None:
    """Whoever else would reorganise this authority waits until this transaction ends."""
    session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    ).all()


def _add_units(session: Session, organisation: Organisation, seen: Preview, day: date) -> dict[int, int]:
    """Store the new units, out of sight until their day; returns their ids by those of the preview."""
    ids: dict[int, int] = {}
    for new in seen.after.new_ids:
        unit = seen.after.units[new]
        name = waiting_name(unit.name, day)
        parent = next((one for one in seen.before if one.id == unit.parent_id), None)
        row = Unit(
            organisation_id=organisation.id,
            parent_id=parent.id if parent else None,
            kind=unit.kind,
            name=name,
            path=f"{parent.path} / {name}" if parent else name,
            is_open=False,
        )
        session.add(row)
        session.flush()
        ids[new] = row.id
    return ids


def _cut_periods(session: Session, row: Reorganisation, seen: Preview, ids: Mapping[int, int]) -> None:
    before, after = {one.id: one for one in seen.before}, seen.after.units
    gone = [one for key, one in before.items() if after.get(key) != one]
    _end_periods(session, row, gone)
    for key, unit in after.items():
        if before.get(key) != unit:
            parent = unit.parent_id
            session.add(
                UnitPeriod(
                    unit_id=ids.get(key, key),
                    starts_on=row.effective_on,
                    name=unit.name,
                    parent_id=None if parent is None else ids.get(parent, parent),
                    path=unit.path,
                    begun_by_id=row.id,
                )
            )
    session.flush()


def _end_periods(session: Session, row: Reorganisation, gone: Sequence[UnitOnDay]) -> None:
    """What holds until now ends on the day before; a unit without periods has been the same for ever."""
    open_ones = select(UnitPeriod).where(UnitPeriod.unit_id.in_([one.id for one in gone]), UnitPeriod.ends_on.is_(None))
    periods = {one.unit_id: one for one in session.scalars(open_ones)}
    for unit in gone:
        period = periods.get(unit.id)
        if period is None:
            period = UnitPeriod(
                unit_id=unit.id, starts_on=date.min, name=unit.name, parent_id=unit.parent_id, path=unit.path
            )
            session.add(period)
        period.ends_on, period.ended_by_id = row.effective_on - _DAY, row.id
    session.flush()


def undo(session: Session, *, row: Reorganisation, by: int | None, now: datetime) -> None:
    """Take a reorganisation back, as if it had never been decided; what was said of jobs since then is kept.

    Raises ``RuleBroken`` from its day on, while another one builds on it, and when a new unit is in use already.
    """
    _hold(session, row.organisation_id)
    session.refresh(row)
    if row.state is not ReorganisationState.PLANNED or row.effective_on <= local_day(now):
        raise RuleBroken(
            f"“{row.title}” cannot be undone any more. It can until the day before {day_in_words(row.effective_on)}"
            if row.state is not ReorganisationState.UNDONE
            else f"“{row.title}” is undone already"
        )
    latest = find_latest(session, organisation_id=row.organisation_id)
    if latest is not None and latest.id != row.id:
        raise RuleBroken(f"“{latest.title}” builds on it. Undo that one first")
    undo_run(session, source=Source(ChangeOrigin.REORGANISATION, row.id, by), now=now)
    _take_back_periods(session, row)
    row.state, row.undone_at, row.undone_by_account_id = ReorganisationState.UNDONE, now, by
    _note(session, "reorganisation-undone", row, by, now)


def _take_back_periods(session: Session, row: Reorganisation) -> None:
    begun = set(session.scalars(select(UnitPeriod.unit_id).where(UnitPeriod.begun_by_id == row.id)))
    ended = set(session.scalars(select(UnitPeriod.unit_id).where(UnitPeriod.ended_by_id == row.id)))
    session.execute(delete(UnitPeriod).where(UnitPeriod.begun_by_id == row.id))
    session.execute(update(UnitPeriod).where(UnitPeriod.ended_by_id == row.id).values(ends_on=None, ended_by_id=None))
    for unit_id in sorted(begun - ended):
        _remove_new_unit(session, unit_id)


def _remove_new_unit(session: Session, unit_id: int) -> None:
    unit = session.get_one(Unit, unit_id)
    held = select(EmploymentTerms.id).where(EmploymentTerms.unit_id == unit_id).limit(1)
    refusal = RuleBroken(f"“{unit.name}” is in use already: move its people and its roles elsewhere first")
    if session.scalar(held) is not None:
        raise refusal
    try:
        with session.begin_nested():
            session.delete(unit)
    except IntegrityError as cause:  # a role or a run of certificates names it
        raise refusal from cause


def _note(session: Session, action: str, row: Reorganisation, by: int | None, now: datetime) -> None:
    record(
        session,
        action=action,
        subject_type="organisation",
        subject_id=row.organisation_id,
        actor_account_id=by,
        now=now,
        detail={"reorganisation": row.id, "on": row.effective_on.isoformat()},
    )
