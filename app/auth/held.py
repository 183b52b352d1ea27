"""What is held about the person at the keyboard: to read, to take along, and who looked at it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.auth.held_words import SECTIONS, as_json, held_table
from app.platform.access import signed_in, who
from app.platform.audit.lines import lines_of
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.downloads import made_download
from app.platform.work import long_reading, unit_of_work
from kernel.audit import AuditFilter, count_entries, entries_page, record, stream_entries
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from privacy.held.course_words import words_of_courses
from privacy.held.references import names_in
from privacy.held.rows import count_rows, holdings_of, newest_rows, stream_acts, stream_rows
from privacy.held.trail import about_person
from privacy.register.entries import Section
from privacy.register.whole import REGISTER

MOST_SHOWN, PAGE_SIZE, AT_ONCE = 10, 50, 500


@signed_in
def held() -> str:
    """Every kind of thing that is held, with how much of it there is."""
    session, person_id = db.session(), who().person_id
    every = [one for one in REGISTER.values() if one.is_about_people]
    counts = count_rows(session, every, person_id=person_id)
    by_section = {section: sum(counts[one.table] for one in holdings_of(section)) for section in Section}
    seen = count_entries(session, AuditFilter(only=about_person(session, person_id=person_id)))
    return render_template("auth/held.html", sections=SECTIONS, counts=by_section, seen=seen)


@signed_in
def held_section(section: str) -> str:
    """What is held under one heading: the newest rows of each table, in words."""
    if section not in set(Section):
        raise NotFound(f"section {section}")
    session, person_id, kind = db.session(), who().person_id, Section(section)
    holdings = holdings_of(kind)
    counts = count_rows(session, holdings, person_id=person_id)
    found = [
        (one, newest_rows(session, one, person_id=person_id, most=MOST_SHOWN)) for one in holdings if counts[one.table]
    ]
    names, course_words = names_in(session, found), words_of_courses(session, person_id=person_id)
    return render_template(
        "auth/held_section.html",
        words=SECTIONS[kind],
        tables=[held_table(one, rows, names, counts[one.table], course_words) for one, rows in found],
        empty=[one for one in holdings if not counts[one.table]],
    )


@signed_in
def held_looks() -> str:
    """Who opened one's record, and what was done with it, the newest first."""
    session = db.session()
    wanted = AuditFilter(only=about_person(session, person_id=who().person_id))
    total = count_entries(session, wanted)
    pages, page = max(1, -(-total // PAGE_SIZE)), number_in(request.args, "page")
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    lines = lines_of(session, entries_page(session, wanted, page=page, size=PAGE_SIZE))
    return render_template("auth/held_looks.html", lines=lines, total=total, page=page, pages=pages)


@signed_in
def held_json() -> Response:
    """All of it for a program, written to disk first, so that its length is known. The trail says that it was taken."""
    person = who()
    with unit_of_work() as work:
        record(
            work.session,
            action="own-data-downloaded",
            subject_type="person",
            subject_id=person.person_id,
            actor_account_id=person.account_id,
            now=utc_now(),
        )

    def write(file: BinaryIO) -> None:
        with long_reading() as session:
            file.writelines(part.encode() for part in _parts(session, person.person_id, person.account_id))

    name = f"what-is-held-about-me-{local_day(utc_now()).isoformat()}.json"
    return made_download(write, mimetype="application/json", name=name)


def _parts(session: Session, person_id: int, account_id: int) -> Iterator[str]:
    yield '{"made_at": ' + json.dumps(utc_now().isoformat()) + ', "tables": {'
    between = ""
    for one in REGISTER.values():
        if one.is_about_people:
            facts = {"what": one.title, "what_for": one.purpose, "kept": one.kept, "who_sees_it": one.seen_by}
            yield f"{between}{json.dumps(one.table)}: {json.dumps(facts, ensure_ascii=False)[:-1]}, "
            yield from _rows("rows", stream_rows(session, one, person_id=person_id))
            yield "}"
            between = ",\n"
    yield '}, "what_you_did_at_work": {'
    between = ""
    for one in REGISTER.values():
        for column in one.acted if one.table != "audit_entry" else ():
            yield f"{between}{json.dumps(f'{one.table}.{column}')}: {{"
            yield from _rows("rows", stream_acts(session, one, column, account_id=account_id))
            yield "}"
            between = ",\n"
    yield "}, "
    about = AuditFilter(only=about_person(session, person_id=person_id))
    yield from _rows("what_was_done_with_your_record", _trail(session, about))
    yield ", "
    yield from _rows("what_you_did", _trail(session, AuditFilter(accounts=frozenset({account_id}))))
    yield "}\n"


def _rows(name: str, rows: Iterable[Any]) -> Iterator[str]:
    yield f"{json.dumps(name)}: ["
    between = "\n"
    for row in rows:
        yield between + json.dumps({key: as_json(value) for key, value in row.items()}, ensure_ascii=False)
        between = ",\n"
    yield "]"


def _trail(session: Session, wanted: AuditFilter) -> Iterator[dict[str, object]]:
    for entries in stream_entries(session, wanted, at_once=AT_ONCE):
        for line in lines_of(session, entries):
            yield {"when": line.happened_at, "who": line.actor, "what": line.did, "details": line.more}
