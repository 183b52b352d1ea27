"""What a file would do, in sentences; while it is read or applied, how far it is; and what came of it."""

from dataclasses import dataclass

from flask import render_template

from app.council.feed.files_back import was_workbook
from app.council.feed.run_page import RunPage, note_roles_opened, read_page
from app.platform.access import allow
from app.platform.extensions import db
from kernel.clock import utc_now
from people.feed.planning.sentences import NOTHING_YET
from people.feed.runs.deciding import last_applied
from people.feed.runs.past_shares import SENTENCE_OF, past_shares
from people.feed.runs.reading import items_page
from people.feed.runs.record import FeedRun
from people.feed.runs.undoing import why_not_undone
from people.roles import Role

SHOWN_AT_ONCE = 5
FEWEST_COMPARED = 3


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_run(slug: str, run_id: int) -> str:
    """The plan with its stop first, the rows that cannot be used, and what can be decided."""
    page = read_page(slug, run_id)
    if page.run.is_to_plan:
        return _reading("council/feed_run_reading.html", page)
    unusable = items_page(db.session(), page.run, about="unusable", page=1, size=SHOWN_AT_ONCE)
    file_kind = "Excel" if was_workbook(page.run) else "CSV"
    return render_template(
        "council/feed_run.html",
        slug=slug,
        page=page,
        unusable=unusable,
        file_kind=file_kind,
        file_before=_file_before(page) if page.run.is_planned else None,
        usual=_usual(page) if page.run.is_planned else {},
        role_names=note_roles_opened(page),
        **_shown(page),
    )


@allow(Role.HR_LEAD, Role.ADMIN)
def feed_run_status(slug: str, run_id: int) -> tuple[str, int]:
    """The part of the page that changes: 202 while more is to come."""
    page = read_page(slug, run_id)
    if page.run.is_to_plan:
        shown = _reading("council/feed_run_reading_status.html", page)
    else:
        shown = render_template("council/feed_run_status.html", slug=slug, page=page, **_shown(page))
    return shown, 202 if page.is_going_on else 200


def _reading(template: str, page: RunPage) -> str:
    """The page of a file that has no plan yet, or the part of it that changes."""
    return render_template(template, slug=page.organisation.slug, page=page, **_shown(page))


@dataclass(frozen=True)
class FileBefore:
    """The last file that is in the record, and why it cannot be undone, or nothing."""

    run: FeedRun
    why_not: str | None


def _file_before(page: RunPage) -> FileBefore | None:
    found = last_applied(db.session(), page.run)
    return FileBefore(found, why_not_undone(db.session(), found, now=utc_now())) if found else None


def _usual(page: RunPage) -> dict[str, str]:
    """How many it were in the files before, by what the sentence is about that stopped this one."""
    about = page.stop_abouts
    shares = past_shares(db.session(), organisation_id=page.organisation.id, applied_before=page.run.id)
    found = {}
    for brake, past in shares.items():
        counts = sorted(one.count for one in past)
        if SENTENCE_OF[brake] in about and len(counts) >= FEWEST_COMPARED:
            found[SENTENCE_OF[brake]] = f"In the last {len(counts)} files: {counts[0]:,} to {counts[-1]:,}."
    return found


def _shown(page: RunPage) -> dict[str, object]:
    return {
        "NOTHING_YET": NOTHING_YET,
        "run": page.run,
        "authority": page.organisation.name,
        "plan": page.run.plan,
        "counts": page.counts,
    }
