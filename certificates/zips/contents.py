"""What goes into a zip: the newest certificate of each completion, and what is to be said of each in its index."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from certificates.record.audiences import Audience
from certificates.record.issuing import Certificate
from courses.catalogue.versions import get_current_version
from courses.records.completion import Completion
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation, Unit


@dataclass(frozen=True)
class Entry:
    """One certificate, as the index lists it. Without a ``storage_key`` no file of it goes into the zip.

    ``unit_path`` is where its holder works now, and where they worked last who have left every authority.
    """

    certificate_id: int
    number: str
    holder_name: str
    organisation_name: str
    unit_path: str
    course_title: str
    course_version: int
    completed_on: date
    valid_until: date | None
    issued_at: datetime
    is_revoked: bool
    storage_key: str | None
    sha256: str | None


@dataclass(frozen=True)
class ArchivePreview:
    """What a zip would hold now: files in it, their bytes, and certificates that are listed without a file."""

    ready: int
    size_bytes: int
    not_made: int
    revoked: int

    @property
    def total(self) -> int:
        """How many the index would list."""
        return self.ready + self.not_made + self.revoked


def preview_archive(session: Session, audience: Audience) -> ArchivePreview:
    """What a zip would hold now, in one query."""
    # Counted outside: PostgreSQL does not see that two expressions with parameters are the same.
    each = (
        _newest(audience)
        .with_only_columns(
            Certificate.is_revoked.label("is_revoked"),
            (Certificate.state == TaskState.DONE).label("is_ready"),
            Certificate.size_bytes.label("size"),
        )
        .subquery()
    )
    kinds = (each.c.is_revoked, each.c.is_ready)
    rows: Iterable[Any] = session.execute(
        select(*kinds, func.count(), func.coalesce(func.sum(each.c.size), 0)).group_by(*kinds)
    ).all()
    counted = [(bool(revoked), bool(ready), people, int(size)) for revoked, ready, people, size in rows]
    return ArchivePreview(
        ready=sum(people for revoked, ready, people, _ in counted if ready and not revoked),
        size_bytes=sum(size for revoked, ready, _, size in counted if ready and not revoked),
        not_made=sum(people for revoked, ready, people, _ in counted if not ready and not revoked),
        revoked=sum(people for revoked, _, people, _ in counted if revoked),
    )


def archive_entries(session: Session, audience: Audience, *, after_id: int, limit: int) -> Sequence[Entry]:
    """The next certificates behind ``after_id``, in the order of their ids."""
    people = audience.people()
    rows: Iterable[Any] = session.execute(
        _newest(audience)
        .outerjoin(people, people.c.person_id == Completion.person_id)
        .outerjoin(Unit, Unit.id == people.c.unit_id)
        .where(Certificate.id > after_id)
        .with_only_columns(
            Certificate.id,
            Certificate.number,
            Certificate.holder_name,
            Certificate.organisation_name,
            func.coalesce(Unit.path, Completion.unit_path),
            Certificate.course_title,
            Certificate.course_version,
            Certificate.completed_on,
            Certificate.valid_until,
            Certificate.issued_at,
            Certificate.is_revoked,
            Certificate.state,
            Certificate.storage_key,
            Certificate.sha256,
        )
        .order_by(Certificate.id)
        .limit(limit)
    )
    entries = []
    for *facts, is_revoked, state, key, sha256 in rows:
        has_file = state is TaskState.DONE and not is_revoked
        values: Any = (*facts, bool(is_revoked), key if has_file else None, sha256 if has_file else None)
        entries.append(Entry(*values))
    return entries


def title_of(session: Session, audience: Audience) -> str:
    """Whose certificates are meant, in words."""
    organisation = session.get(Organisation, audience.organisation_id) if audience.organisation_id else None
    place = audience.unit_path(session) or "the whole authority"
    where = f"{organisation.name}, {place}" if organisation else "Every authority"
    if audience.course_id is None:
        return f"{where}, every course"
    return f"{where}, {get_current_version(session, course_id=audience.course_id).title}"


def _newest(audience: Audience) -> Select[Any]:
    newer = aliased(Certificate)
    is_replaced = exists().where(newer.completion_id == Certificate.completion_id, newer.edition > Certificate.edition)
    return (
        select(Certificate.id)
        .join(Completion, Completion.id == Certificate.completion_id)
        .where(audience.is_meant(), ~is_replaced)
    )
