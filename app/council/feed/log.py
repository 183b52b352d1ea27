"""The log of HR files: what was sent, who decided and what became of it; to be read, narrowed down, and taken along."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from app.council.feed.run_page import STATES
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.downloads import made_download
from kernel.clock import LOCAL, local_day, utc_now
from kernel.spreadsheets import Cell, csv_lines
from people.feed.runs.log import LogFilter, LogLine, LogState, count_log, log_page, whole_log
from people.organisations import Organisation
from people.roles import Role
from people.visibility import feed_scope

PAGE_SIZE, LONGEST = 20, 20
STATE_WORDS = {
    LogState.WAITING: "Waits for a decision",
    LogState.STOPPED: "Was stopped",
    LogState.APPLIED: "Applied",
    LogState.UNDONE: "Undone",
    LogState.DROPPED: "Not applied",
}
_COUNTED = {
    "People who join": "join", "People who come back": "return", "Jobs that end": "leave", "People who move": "move",
    "New names": "rename", "Jobs that change": "change", "As they were": "unchanged", "Rows not used": "unusable",
}  # fmt: skip
COLUMNS = (
    "Number", "File", "SHA-256", "Mapping", "Sent", "Brought by", "Rows", "Jobs before", *_COUNTED, "Stopped because",
    "State", "Decision", "Decided", "Decided by", "Left out", "Ended", "Undone", "Undone by", "Replaced by",
)  # fmt: skip
_DECISIONS = {"nothing": "Change nothing", "without-leavers": "Everything except end jobs", "all": "All of it"}


@dataclass(frozen=True)
class Chosen:
    """What the address asks for, as it stands in the fields; a day may be none."""

    state: str
    first: str
    last: str

    @property
    def is_any(self) -> bool:
        """Whether anything is left out."""
        return bool(self.state or self.first or self.last)

    @property
    def wrong(self) -> dict[str, str]:
        """What is wrong with each field."""
        said = "Enter the {} day as it is written here: 2026-11-29"
        days = {"from": (self.first, "first"), "until": (self.last, "last")}
        found = {name: said.format(which) for name, (text, which) in days.items() if text and _day(text) is None}
        if self.state and self.state not in set(LogState):
            found["state"] = "Select one of these states"
        first, last = _day(self.first), _day(self.last)
        if first and last and last < first:
            found["until"] = "The last day must not lie before the first"
        return found


def _chosen() -> Chosen:
    return Chosen(*(request.args.get(name, "").strip()[:LONGEST] for name in ("state", "from", "until")))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _filter(organisation: Organisation, chosen: Chosen) -> LogFilter:
    state = next((one for one in LogState if one == chosen.state), None)
    return LogFilter(organisation.id, state, _day(chosen.first), _day(chosen.last))


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_log(slug: str) -> str | tuple[str, int]:
    """The newest files first."""
    session, chosen = db.session(), _chosen()
    organisation = feed_scope(session, who(), slug=slug)
    wanted = _filter(organisation, chosen)
    total = count_log(session, wanted)
    page, pages = number_in(request.args, "page"), max(1, -(-total // PAGE_SIZE))
    if not 1 <= page <= pages:
        abort(404)
    shown = render_template(
        "council/feed_log.html",
        organisation=organisation,
        chosen=chosen,
        lines=log_page(session, wanted, page=page, size=PAGE_SIZE),
        total=total,
        page=page,
        pages=pages,
        states=STATES,
        state_words=STATE_WORDS,
        decisions=_DECISIONS,
    )
    return (shown, 422) if chosen.wrong else shown


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_log_file(slug: str) -> Response | str | tuple[str, int]:
    """All of them as a table; the page with what is wrong where the address asks for what there is not."""
    session, chosen = db.session(), _chosen()
    organisation = feed_scope(session, who(), slug=slug)
    if chosen.wrong:
        return feed_log(slug)
    lines = whole_log(session, _filter(organisation, chosen))
    name = f"hr-files-{slug}-{local_day(utc_now()):%Y-%m-%d}.csv"
    return made_download(
        lambda file: file.writelines(line.encode() for line in csv_lines(_rows(lines))), mimetype="text/csv", name=name
    )


def _rows(lines: Iterator[LogLine]) -> Iterator[tuple[Cell, ...]]:
    yield COLUMNS
    for line in lines:
        run, counts = line.run, line.counts
        yield (
            *(run.id, run.file_name, run.file_sha256, line.mapping, _moment(run.planned_at)),
            *(line.name_of(run.planned_by_account_id), run.row_count, run.plan["jobs"]),
            *(counts.get(about, 0) for about in _COUNTED.values()),
            *(" ".join(run.plan["stopped"]), STATES[run.state][0], _DECISIONS.get(str(run.choice or ""), "")),
            *(_moment(run.decided_at), line.name_of(run.decided_by_account_id), run.skipped, _moment(run.ended_at)),
            *(_moment(run.undone_at), line.name_of(run.undone_by_account_id), run.replaced_by_id),
        )


def _moment(at: datetime | None) -> str:
    return at.astimezone(LOCAL).isoformat(sep=" ", timespec="minutes") if at else ""
