"""What runs and zips have in common on their pages: who began one, how far it is, and what somebody does to it."""

from collections.abc import Callable

from flask import flash, render_template

from app.platform.access import who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.errors import RuleBroken
from kernel.rounding import whole_percent
from people.actors import names_of_accounts


def begun_by(account_id: int) -> str:
    """The name behind an account; empty when it has none any more."""
    return names_of_accounts(db.session(), account_ids=[account_id]).get(account_id, "")


def step_for(part: object) -> int:
    """In which steps numbers about ``part`` of an authority grow; 0 for a whole authority, where they are exact."""
    return current_settings().smallest_group if part is not None else 0


def part_of_page(template: str, *, is_live: bool, **shown: object) -> tuple[str, int]:
    """The part of a page that changes: 202 while more is to come."""
    return render_template(template, is_live=is_live, **shown), 202 if is_live else 200


def percent_of(done: int, wanted: int, *, of_none: int) -> int:
    """How much of a bar is full, 0 to 100; ``of_none`` where nothing was wanted."""
    return whole_percent(done, wanted) if wanted else of_none


def carry_out(do: Callable[..., None], words: str, *, bell: str | None = None, **which: int) -> None:
    """Do what the person asks for, then say ``words``, or why it cannot be; ring ``bell`` when it is done."""
    try:
        with unit_of_work() as work:
            do(work.session, **which, account_id=who().account_id, now=utc_now())
            if bell:
                work.ring_after_commit(bell)
    except RuleBroken as refusal:
        flash(refusal.message, "important")
    else:
        flash(words)
