"""A count that is kept held against a full one: each difference named, and mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.versions import titles_of
from people.organisations import Organisation
from people.reorganisation.sentences import day_in_words
from reports.kept.keeping import CountOfDay, count_day, kept_on
from reports.kept.record import KeptCount


@dataclass(frozen=True)
class Counted:
    """A count of now, and in words what was kept otherwise; ``None`` where nothing was, or the same."""

    count: CountOfDay
    difference: str | None


def count_again(session: Session, *, organisation_id: int, course_id: int, on: date, now: datetime) -> Counted | None:
    """Count a month’s end in full, and hold what is kept against it; ``None`` where the day is not closed."""
    kept = kept_on(session, [on], organisation_id=organisation_id, course_id=course_id).get(on)
    count = count_day(session, organisation_id=organisation_id, course_id=course_id, on=on, now=now)
    if count is None:
        return None
    differs = kept is not None and count.differs_from(kept)
    return Counted(count, _in_words(session, kept, count) if kept is not None and differs else None)


def _in_words(session: Session, kept: KeptCount, count: CountOfDay) -> str:
    title = titles_of(session, course_ids=[kept.course_id]).get(kept.course_id, f"course {kept.course_id}")
    now = count.values
    parts = {str(one) for one in kept.counts} ^ {str(one) for one in now["counts"]}
    return (
        f"{title}, {day_in_words(kept.of_day)}: {kept.people:,} people and {kept.complete:,} finished were kept,"
        f" {now['people']:,} and {now['complete']:,} are counted. {len(parts):,} lines of units differ."
    )


def differences(session: Session) -> Sequence[tuple[str, str]]:
    """What the last full counts found kept otherwise, and mended: the authority, and in words what."""
    rows = session.execute(
        select(Organisation.name, KeptCount.difference)
        .join(Organisation, Organisation.id == KeptCount.organisation_id)
        .where(KeptCount.difference.is_not(None))
        .order_by(Organisation.name, KeptCount.of_day.desc(), KeptCount.id)
    )
    return [(name, words) for name, words in rows if words]


@dataclass(frozen=True)
class Kept:
    """How many counts are kept, and since when none of them was held against a full one."""

    number: int
    oldest_check: datetime | None


def kept_at_all(session: Session) -> Kept:
    """Of the whole installation."""
    number, oldest = session.execute(select(func.count(), func.min(KeptCount.checked_at)).select_from(KeptCount)).one()
    return Kept(number, oldest)
