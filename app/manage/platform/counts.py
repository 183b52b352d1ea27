"""The nightly counts of how everybody stands, in two ways: what each found."""

from flask import render_template

from app.platform.access import allow
from app.platform.extensions import db
from assignments.checking.found import CAUSE_WORDS
from assignments.checking.record import newest_counts
from people.roles import Role


@allow(Role.ADMIN)
def counts() -> str:
    """The newest count of each authority."""
    return render_template("manage/counts.html", counts=newest_counts(db.session()), causes=CAUSE_WORDS)
