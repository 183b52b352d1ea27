"""The audit trail: who did what, when and about whom, by kind, person and day; on a page and as a table.

Admins read all of it, HR leads what it says about the people of their authorities, without details.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from flask import abort, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.platform.access import allow, who
from app.platform.audit.acts import kind_words
from app.platform.audit.lines import AuditLine, lines_of
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.downloads import made_download
from app.platform.work import long_reading, unit_of_work
from kernel.audit import AuditEntry, AuditFilter, actions_in_use, count_entries, entries_page, record, stream_entries
from kernel.audit_seals.sealing import words_of
from kernel.audit_seals.seals import Link, links_of
from kernel.clock import LOCAL, day_bounds, local_day, utc_now
from kernel.spreadsheets import BYTE_ORDER_MARK, Cell, csv_line
from people.accounts import accounts_of_people
from people.directory import people_like, trail_within
from people.roles import Role
from people.visibility import people_scope

PAGE_SIZE, LONGEST, AT_ONCE = 50, 200, 500
COLUMNS = ("When", "Who", "What", "Details", "Entry", "Content", "Seal before", "Seal")


@dataclass(frozen=True)
class Chosen:
    """What the address asks for, as it stands in the fields. ``day`` may be none."""

    kind: str
    name: str
    day: str

    @property
    def is_any(self) -> bool:
        """Whether anything is left out."""
        return bool(self.kind or self.name or self.day)


def _chosen() -> Chosen:
    kind, name, day = (request.args.get(key, "").strip()[:LONGEST] for key in ("kind", "name", "day"))
    return Chosen(kind, name, day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _filter(session: Session, chosen: Chosen) -> AuditFilter:
    """The entries that are asked for. A name finds what its people did, and what was done about them."""
    people, scope, today = None, people_scope(who()), local_day(utc_now())
    if chosen.name:
        people = frozenset(people_like(session, typed=chosen.name, scope=scope, on=today).person_ids)
    accounts = None if people is None else accounts_of_people(session, person_ids=people)
    day = _day(chosen.day)
    return AuditFilter(
        action=chosen.kind or None,
        accounts=accounts,
        people=people,
        between=day_bounds(day) if day else None,
        only=trail_within(scope, today),
    )


def _said(session: Session, entries: Sequence[AuditEntry]) -> tuple[AuditLine, ...]:
    """Entries in words. Details name roles and other authorities, so HR leads see none."""
    lines = lines_of(session, entries)
    return lines if who().has(Role.ADMIN) else tuple(replace(line, more="") for line in lines)


@allow(Role.ADMIN, Role.HR_LEAD)
def audit() -> str:
    """The newest entries first."""
    session, chosen = db.session(), _chosen()
    wanted = _filter(session, chosen)
    total = count_entries(session, wanted)
    pages, page = max(1, -(-total // PAGE_SIZE)), number_in(request.args, "page")
    if not 1 <= page <= pages:
        abort(404)
    entries = entries_page(session, wanted, page=page, size=PAGE_SIZE)
    return render_template(
        "manage/audit.html",
        lines=_said(session, entries),
        total=total,
        page=page,
        pages=pages,
        chosen=chosen,
        is_no_day=bool(chosen.day) and _day(chosen.day) is None,
        kinds=sorted((kind_words(action), action) for action in actions_in_use(session, only=wanted.only)),
        is_admin=who().has(Role.ADMIN),
    )


@allow(Role.ADMIN, Role.HR_LEAD)
def audit_csv() -> Response:
    """The same entries, all of them, as a table; written to disk first, so that its length is known."""
    wanted = _filter(db.session(), _chosen())
    with unit_of_work() as work:
        record(
            work.session,
            action="audit-downloaded",
            subject_type="audit-trail",
            subject_id="entries",
            actor_account_id=who().account_id,
            now=utc_now(),
        )

    def write(file: BinaryIO) -> None:
        with long_reading() as session:
            file.writelines(line.encode() for line in _lines(session, wanted))

    name = f"audit-trail-{local_day(utc_now()).isoformat()}.csv"
    return made_download(write, mimetype="text/csv", name=name)


def _lines(session: Session, wanted: AuditFilter) -> Iterator[str]:
    yield BYTE_ORDER_MARK + csv_line(COLUMNS)
    for entries in stream_entries(session, wanted, at_once=AT_ONCE):
        links = links_of(session, entry_ids=[entry.id for entry in entries])
        for entry, line in zip(entries, _said(session, entries), strict=True):
            when = line.happened_at.astimezone(LOCAL).isoformat(timespec="seconds")
            yield csv_line((when, line.actor, line.did, line.more, *_sealed(entry, links.get(entry.id))))


def _sealed(entry: AuditEntry, link: Link | None) -> tuple[Cell, ...]:
    """What somebody needs to check the chain elsewhere; ``docs/audit-trail.md`` says how. Details stand in it too."""
    content = words_of(entry) if who().has(Role.ADMIN) else ""
    return (entry.id, content, link.before if link else "", link.seal if link else "")
