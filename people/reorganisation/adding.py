"""A unit that is added by hand, at once: as one that a file names, it is there as if it had always been."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.clock import local_day
from kernel.errors import RuleBroken
from kernel.typed import composed
from people.organisations import Organisation, Unit
from people.reorganisation.periods import units_on
from people.reorganisation.steps import Add, reshape


def add_unit(
    session: Session, *, organisation: Organisation, into_id: int | None, name: str, by: int | None, now: datetime
) -> Unit:
    """Add a unit to another one of today, or as a directorate. Raises ``RuleBroken`` for what stands against it.

    A name stays free for a unit that a reorganisation begins later: on its day both can be told apart.
    """
    session.execute(select(Organisation.id).where(Organisation.id == organisation.id).with_for_update(key_share=True))
    after = reshape(
        units_on(session, organisation_id=organisation.id, on=local_day(now)), [Add(into_id, composed(name))]
    )
    if after.findings:
        raise RuleBroken(". ".join(after.findings))
    new = after.units[after.new_ids[0]]
    row = Unit(
        organisation_id=organisation.id, parent_id=into_id, kind=new.kind, name=new.name, path=new.path, is_open=True
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as cause:
        raise RuleBroken(f"There is a unit “{new.path}” already. Choose another name") from cause
    record(
        session,
        action="unit-added",
        subject_type="organisation",
        subject_id=organisation.id,
        actor_account_id=by,
        now=now,
        detail={"unit": row.id},
    )
    return row
