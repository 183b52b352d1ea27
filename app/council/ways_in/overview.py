"""Who has a way in and who needs one, what the authority chose, and the sheets that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request
from sqlalchemy.orm import Session

from app.council.certificates.progress import part_of_page
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.organisations import organisations
from people.roles import Role
from people.visibility import WaysInScope, ways_in_scope
from people.ways_in.choices import ChosenWay, FirstWay, UsernameStyle, find_choice
from people.ways_in.keeping import rounds_with_sheets
from people.ways_in.members import units_in_reach
from people.ways_in.needs import Reach, ReachCounts, WayInState, counts_of
from people.ways_in.rounds import batches_page, is_round_coming, open_batches
from people.ways_in.starters import MOST_AT_ONCE, starter_sheets
from people.ways_in.zips import zips_of

PAGE_SIZE, MOST_NEW = 25, 50
WAY_WORDS = {
    FirstWay.CARD: "A sign-in card on paper",
    FirstWay.INVITATION: "An invitation by email, and a card for those without an address",
}
STYLE_WORDS = {
    UsernameStyle.PAYROLL_NUMBER: "Payroll numbers, with a short word before them",
    UsernameStyle.WORDS: "Two words and a number, such as maple-lantern-42",
}
BATCH_WORDS = {
    TaskState.PENDING: ("Waiting", "quiet"),
    TaskState.WORKING: ("Being made", ""),
    TaskState.FAILED: ("Tried again soon", "due"),
    TaskState.PARKED: ("Stopped", "due"),
    TaskState.PAUSED: ("Paused", "due"),
    TaskState.DONE: ("Ready", "done"),
    TaskState.EXPIRED: ("Made, file deleted", "quiet"),
    TaskState.CANCELLED: ("Nobody needed one", "quiet"),
}
ROLES = (Role.HR_LEAD, Role.MANAGER, Role.ADMIN)


@dataclass(frozen=True)
class Here:
    """Whom somebody may let in, and how the authority does it."""

    scope: WaysInScope
    reach: Reach
    choice: ChosenWay | None

    @property
    def sends_mail(self) -> bool:
        """Whether invitations are what people get first."""
        return self.choice is not None and self.choice.way is FirstWay.INVITATION and not self.scope.is_manager


def here_of(session: Session, slug: str) -> Here:
    """The same for the person at the keyboard. Raises ``NotFound``."""
    scope = ways_in_scope(session, who(), slug=slug)
    choice = find_choice(session, organisation_id=scope.organisation.id)
    return Here(scope, Reach(scope.organisation.id, scope.unit_ids), choice)


@allow(*ROLES)
def ways_in(slug: str) -> str:
    """Who still needs a way in, and the sheets, the newest first."""
    session, here = db.session(), here_of(db.session(), slug)
    page = number_in(request.args, "page")
    within = units_in_reach(session, here.reach)
    batches, total = batches_page(
        session,
        organisation_id=here.reach.organisation_id,
        unit_ids=within,
        page=max(1, page),
        size=PAGE_SIZE,
    )
    pages = max(1, -(-total // PAGE_SIZE))
    if not 1 <= page <= pages:
        abort(404)
    return render_template(
        "council/ways_in.html",
        slug=slug,
        here=here,
        way_words=WAY_WORDS,
        style_words=STYLE_WORDS,
        most_at_once=MOST_AT_ONCE,
        batches=batches,
        batch_words=BATCH_WORDS,
        authorities=organisations(session) if who().has(Role.ADMIN) else (),
        page=page,
        pages=pages,
        **_to_take_out(session, here, within),
        **_progress(session, here),
    )


@allow(*ROLES)
def ways_in_status(slug: str) -> tuple[str, int]:
    """The part of the page that changes: 202 while sheets are being made."""
    session, here = db.session(), here_of(db.session(), slug)
    return part_of_page("council/ways_in_status.html", slug=slug, here=here, **_progress(session, here))


def _progress(session: Session, here: Here) -> dict[str, Any]:
    counts: ReachCounts = counts_of(session, here.reach, now=utc_now())
    zips = zips_of(session, organisation_id=here.reach.organisation_id, account_id=who().account_id, now=utc_now())
    is_prepared = is_round_coming(session, organisation_id=here.reach.organisation_id)
    sheets, people = open_batches(session, organisation_id=here.reach.organisation_id)
    return {
        "counts": counts,
        "signed_in": counts.by_state[WayInState.SIGNED_IN],
        "waiting": counts.by_state[WayInState.WAITING],
        "without": counts.by_state[WayInState.NOTHING],
        "others": counts.by_state[WayInState.HAS_ROLE] + counts.by_state[WayInState.SWITCHED_OFF],
        "sheets_coming": sheets,
        "people_coming": people,
        "zips": zips,
        "is_prepared": is_prepared,
        "is_live": sheets > 0 or is_prepared or any(one.is_coming for one in zips),
    }


def _to_take_out(session: Session, here: Here, within: Sequence[int] | None) -> dict[str, Any]:
    """Cards of new starters that nobody has taken out yet, and rounds of which several sheets are there."""
    organisation_id, now = here.reach.organisation_id, utc_now()
    about: dict[str, Any] = {"organisation_id": organisation_id, "unit_ids": within, "now": now}
    return {
        "new_cards": starter_sheets(session, **about, limit=MOST_NEW),
        "rounds": rounds_with_sheets(session, **about),
    }
