"""A manager's own team, and the same as a list on paper. Each opening is in the audit trail."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import render_template, request
from sqlalchemy.orm import Session

from app.platform.access import signed_in, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.texts.carriers import ways_here
from assignments.reminders.nudges import last_nudges
from assignments.requests.asking import fault_in_day
from assignments.requests.listing import ListedRequest, RequestsScope, requests_page, waiting_of
from assignments.requests.record import LearnerRequest, RequestKind
from kernel.clock import local_day, utc_now
from kernel.errors import NotFound
from people.directory import looked_after
from people.visibility import TeamScope, find_people_scope, requests_scope, team_scope
from reports.team import OPEN, TeamCounts, TeamLine, TeamState, counted, team_lines

PAGE_SIZE, PRINTED_SIZE = 50, 200


@dataclass(frozen=True)
class Waiting:
    """A request that waits, with the date that its person has now. ``can_grant``: the day that they ask for can be
    given as it stands."""

    row: LearnerRequest
    name: str
    course_title: str
    due_on: date | None
    can_grant: bool


@dataclass(frozen=True)
class Answering:
    """An authority in which somebody answers requests, how many are open, and the one that has waited longest."""

    slug: str
    name: str
    of: RequestsScope
    open: int
    waits: Waiting | None


HEADINGS = {
    TeamState.LATE: "Past their date",
    TeamState.DUE: "Still in time",
    TeamState.NO_DATE: "Asked without a date",
    TeamState.AWAY: "On leave",
    TeamState.FINISHED: "Finished",
}


@signed_in
def team() -> str:
    """Who is late, who has time until when, and who has finished."""
    now = utc_now()
    session, today = db.session(), local_day(now)
    scope = team_scope(session, who(), on=today)
    lines = team_lines(session, scope.members, on=today, ways=ways_here())
    shown, page, pages = _page(lines, PAGE_SIZE)
    _note_opened("team", shown, page)
    titles = {one.title for one in lines}
    return render_template(
        "managing/team.html",
        scope=scope,
        people=_people(scope),
        counts=counted(lines),
        sentences=sentences_of(counted(lines), _people(scope), titles.pop() if len(titles) == 1 else ""),
        groups=[(HEADINGS[state], state.value, list(group)) for state, group in groupby(shown, lambda one: one.state)],
        has_courses=len({one.course_id for one in lines}) > 1,
        **_of_each(session, scope, lines, shown, now),
        today=today,
        page=page,
        pages=pages,
    )


def _of_each(
    session: Session, scope: TeamScope, lines: Sequence[TeamLine], shown: Sequence[TeamLine], now: datetime
) -> dict[str, object]:
    """What can be done about each of those who are shown, and what has been."""
    ids, answering = {one.person_id for one in shown}, _answering(session, scope, lines, now)
    people = find_people_scope(session, account_id=who().account_id, on=local_day(now))
    return {
        "answering": answering,
        "nudges": last_nudges(session, person_ids=ids, now=now),
        "waiting": frozenset().union(*(waiting_of(session, one.of, person_ids=ids) for one in answering)),
        "opened": looked_after(session, person_ids=list(ids), scope=people, on=local_day(now)) if people else (),
    }


def _answering(session: Session, scope: TeamScope, lines: Sequence[TeamLine], now: datetime) -> list[Answering]:
    """The authorities of the team in which the one at the keyboard answers what people ask."""
    found = []
    for organisation_id, slug in sorted(scope.slugs.items(), key=lambda one: scope.names[one[0]]):
        with suppress(NotFound):
            within = requests_scope(session, who(), slug=slug)
            of = RequestsScope(organisation_id, within.unit_ids, local_day(now))
            first = requests_page(session, of, is_open=True, page=1, size=1)
            waits = _waiting(first.lines[0], lines, of.on) if first.lines else None
            found.append(Answering(slug, scope.names[organisation_id], of, first.found, waits))
    return found


def _waiting(request: ListedRequest, lines: Sequence[TeamLine], on: date) -> Waiting:
    row = request.row
    theirs = (one.due_on for one in lines if (one.person_id, one.course_id) == (row.person_id, row.course_id))
    due_on = next(theirs, None)
    can_grant = row.kind is RequestKind.MORE_TIME and fault_in_day(row.wanted_on, due_on, on=on) is None
    return Waiting(row, request.name, request.course_title, due_on, can_grant)


@signed_in
def team_printed() -> str:
    """Who has still to finish what, on paper: for a team that reads no email."""
    today = local_day(utc_now())
    scope = team_scope(db.session(), who(), on=today)
    lines = [one for one in team_lines(db.session(), scope.members, on=today, ways=ways_here()) if one.state in OPEN]
    shown, page, pages = _page(lines, PRINTED_SIZE)
    _note_opened("team-printed", shown, page)
    return render_template("managing/team_printed.html", scope=scope, lines=shown, today=today, page=page, pages=pages)


def _people(scope: TeamScope) -> int:
    return len(frozenset[int]().union(*scope.members.values()))


def _page(lines: Sequence[TeamLine], size: int) -> tuple[Sequence[TeamLine], int, int]:
    """The lines of the page that the address asks for. Raises ``NotFound`` for one that is none."""
    page, pages = number_in(request.args, "page"), max(1, -(-len(lines) // size))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    return lines[(page - 1) * size : page * size], page, pages


def _note_opened(which: str, shown: Sequence[TeamLine], page: int) -> None:
    note_names_opened(which, page=page, people=len({one.person_id for one in shown}))


def sentences_of(counts: TeamCounts, people: int, title: str = "") -> list[str]:
    """The team in sentences, the first to be read first. ``title`` is the one course that is asked, if it is one."""
    if not people:
        return ["Nobody is in your team today."]
    if not counts.people:
        return ["Nothing is asked of your team today."]
    first = f"{counts.finished:,} of your {people:,} {'people has' if counts.finished == 1 else 'people have'}"
    if people == 1:
        first = "The one person of your team has" + ("" if counts.finished else " not")
    rest = [
        _many(counts.late, "is past a date", "are past a date"),
        _many(counts.to_do, "still has time", "still have time"),
        _many(counts.away, "is on leave", "are on leave"),
        _many(people - counts.people, "is asked nothing", "are asked nothing"),
    ]
    said = ", ".join(filter(None, rest))
    return [f"{first} finished {title or 'all that is asked'}.", f"{said}." if said else ""]


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}" if count else ""
