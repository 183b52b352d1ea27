"""What the pages about one HR file have in common: whose it is, what is asked, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.council.feed.picture import PictureRow, picture_rows
from app.platform.access import who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.pages.opened_names import note_names_opened
from kernel.clock import local_day, utc_now
from kernel.rounding import whole_percent
from kernel.tasks.kinds import TaskState
from people.actors import names_of_accounts
from people.feed.runs.deciding import get_run, needs_admin, needs_second_person
from people.feed.runs.reading import role_names
from people.feed.runs.record import Choice, FeedRun
from people.feed.runs.roles import may_help_with_all
from people.feed.runs.undoing import why_not_undone
from people.organisations import Organisation
from people.roles import Role
from people.visibility import feed_scope

STATES: Mapping[TaskState, tuple[str, str]] = {
    TaskState.PAUSED: ("Waits for a decision", "due"),
    TaskState.PENDING: ("Under way", ""),
    TaskState.WORKING: ("Under way", ""),
    TaskState.FAILED: ("Under way", ""),
    TaskState.PARKED: ("Stopped by a fault", "due"),
    TaskState.DONE: ("Applied", "done"),
    TaskState.CANCELLED: ("Not applied", "quiet"),
    TaskState.EXPIRED: ("Undone", "quiet"),
}


@dataclass(frozen=True)
class RunPage:
    """One run as a page shows it. ``why_no_undo`` is empty where it can be undone."""

    organisation: Organisation
    run: FeedRun
    names: Mapping[int, str]
    picture: tuple[PictureRow, ...]
    why_no_undo: str | None

    @property
    def state(self) -> tuple[str, str]:
        """Its state in words, and the tone of its tag."""
        word, tone = STATES[self.run.state]
        if self.run.is_to_plan and self.is_going_on:
            return "Being read", tone
        return ("Being undone" if self.run.is_to_undo and self.is_going_on else word), tone

    @property
    def is_going_on(self) -> bool:
        """Whether a worker has it in hand or will."""
        return self.run.is_on_its_way or self.run.state is TaskState.FAILED

    @property
    def reading(self) -> str:
        """How far the reading of the file is, in words."""
        done, rows = self.run.handled, self.run.row_count
        if self.run.state is TaskState.PENDING and not done:
            return "The file waits to be read."
        if done and done >= rows:
            return f"All {done:,} rows are read. They are being compared with the record."
        return f"Reading row {done:,}" + (f" of {rows:,}." if rows else ".")

    @property
    def read_percent(self) -> int:
        """How much of the file is read, 0 to 100."""
        return min(100, whole_percent(self.run.handled, self.run.row_count)) if self.run.row_count else 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How many each sentence speaks of, by what it is about."""
        return {one["about"]: one["count"] for one in self.run.plan["sentences"]}

    @property
    def done_percent(self) -> int:
        """How far it is, 0 to 100."""
        return whole_percent(self.run.handled, self.run.item_count) if self.run.item_count else 100

    @property
    def stop_abouts(self) -> frozenset[str]:
        """What the sentences are about that stopped it."""
        about = {"leavers": "leave", "moves": "move", "joiners": "join", "moved-emails": "moved-email"}
        shares = {about.get(stop["brake"], "new-number") for stop in self.run.plan["stops"]}
        unsure = {"unusable"} if self.run.plan.get("is_unsure") else set()
        short = {"report-line"} if self.run.plan.get("is_short") else set()
        return frozenset(shares.union(self.run.plan.get("role_stops", ()), unsure, short))

    def needs_other(self, choice: str) -> bool:
        """Whether this choice takes somebody other than whoever brought the file."""
        return needs_second_person(self.run, Choice(choice))

    def needs_admin(self, choice: str) -> bool:
        """Whether this choice is for an admin, and whoever looks at it is none."""
        if who().has(Role.ADMIN) or not needs_admin(self.run, Choice(choice)):
            return False
        brought_by = (self.run.planned_by_account_id,)
        return not may_help_with_all(db.session(), account_ids=brought_by, on=local_day(utc_now()))

    @property
    def is_for_its_lead(self) -> bool:
        """Whether whoever looks at it brings the files of this authority, and is nobody who would ask for one."""
        return not who().has(Role.ADMIN)

    @property
    def is_mine(self) -> bool:
        """Whether whoever looks at it has brought the file."""
        return self.run.planned_by_account_id == who().account_id


def note_roles_opened(page: RunPage) -> dict[str, tuple[str, ...]]:
    """The names of people with a role to whom a plan does something, by the sentence that speaks of them; that they
    were opened stands in the audit trail."""
    found = role_names(db.session(), page.run) if page.run.is_planned else {}
    if found:
        people = sum(len(names) for names in found.values())
        slug = page.organisation.slug
        note_names_opened("hr-file", authority=slug, run=page.run.id, kind="roles", people=people)
    return found


def read_page(slug: str, run_id: int) -> RunPage:
    """The run, if it is this person's to see. Raises ``NotFound``."""
    session = db.session()
    organisation = feed_scope(session, who(), slug=slug)
    run = get_run(session, run_id=run_id, organisation_ids={organisation.id})
    accounts = (run.planned_by_account_id, run.decided_by_account_id, run.undone_by_account_id)
    return RunPage(
        organisation,
        run,
        names_of_accounts(session, account_ids=accounts),
        picture_rows(run.plan["picture"], smallest_shown=current_settings().smallest_group),
        why_not_undone(session, run, now=utc_now()),
    )
