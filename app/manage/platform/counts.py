"""The nightly counts of how everybody stands, in two ways: what each found."""

from flask import render_template

from app.platform.access import allow
from app.platform.extensions import db
from assignments.checking.found import CAUSE_WORDS
from assignments.checking.record import newest_counts
from people.roles import Role
from reports.month_ends.checking import differences, kept_at_all


@allow(Role.ADMIN)
def counts() -> str:
    """The newest count of each authority, and what was kept of month’s ends otherwise than it was."""
    session = db.session()
    kept = kept_at_all(session)
    return render_template(
        "manage/counts.html", counts=newest_counts(session), causes=CAUSE_WORDS, kept=kept, mended=differences(session)
    )
