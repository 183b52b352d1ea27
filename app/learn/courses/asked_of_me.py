"""What I must do, by when, and why me."""

from flask import render_template

from app.platform.access import signed_in, who
from app.platform.extensions import db
from assignments.explaining import ONESELF, explanations
from kernel.clock import local_day, utc_now


@signed_in
def asked_of_me() -> str:
    """Everything that is asked of the person who reads it, each with its rule and what the date follows from."""
    found = explanations(db.session(), person_id=who().person_id, on=local_day(utc_now()), reader=ONESELF)
    return render_template("learn/asked_of_me.html", found=found)
