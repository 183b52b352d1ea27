"""One click: one friendly message to one person, at most once in seven days."""

from flask import flash

from app.platform.access import who
from app.platform.texts.carriers import ways_here
from app.platform.work import unit_of_work
from assignments.reminders.nudges import nudge
from kernel.clock import LOCAL, utc_now
from kernel.errors import RuleBroken
from messages.ledger import SEND_MESSAGES


def nudge_and_say(*, person_id: int, name: str, organisation_id: int, course_id: int) -> None:
    """Nudge somebody about a course, and say on the next page when the message goes, or why none does."""
    now = utc_now()
    try:
        with unit_of_work() as work:
            due_at = nudge(
                work.session,
                person_id=person_id,
                organisation_id=organisation_id,
                course_id=course_id,
                account_id=who().account_id,
                ways=ways_here(),
                now=now,
            )
            work.ring_after_commit(SEND_MESSAGES)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        local = due_at.astimezone(LOCAL)
        when = "now" if due_at == now else f"on {local:%A} {local.day} {local:%B} at {local:%H:%M}"
        flash(f"{name} gets one message {when}")
