"""What the pages about sources have in common: whose they are, how they stand, and what was found there."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.platform.access import who
from app.platform.extensions import db
from app.platform.pages.templating import file_size, plural
from kernel.clock import utc_now
from kernel.tasks.kinds import TaskState
from people.actors import names_of_accounts
from people.feed.sources.choosing import VERDICT_WORDS, Verdict
from people.feed.sources.looks import last_fetched_at
from people.feed.sources.reading import newest_look
from people.feed.sources.record import FeedFetch, FeedSource, Outcome, Wish
from people.feed.sources.setting_up import get_source
from people.organisations import Organisation
from people.roles import Role
from people.visibility import feed_scope

OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.FETCHED: ("Fetched", "done"),
    Outcome.SEEN: ("Looked", "quiet"),
    Outcome.NOTHING: ("Nothing new", "quiet"),
    Outcome.FAILED: ("Failed", "due"),
}


@dataclass(frozen=True)
class FoundFile:
    """A file that was there, with what becomes of it in words."""

    name: str
    size: str
    modified_at: datetime
    words: str


@dataclass(frozen=True)
class SourcePage:
    """One source as a page shows it."""

    organisation: Organisation
    source: FeedSource
    look: FeedFetch | None
    last_at: datetime | None
    next_at: datetime | None
    names: Mapping[int, str]

    @property
    def is_going_on(self) -> bool:
        """Whether a worker looks there now, or will in a moment."""
        return self.look is not None and self.look.is_on_its_way

    @property
    def state(self) -> tuple[str, str]:
        """How it stands in words, and the tone of its tag."""
        if not self.source.is_on:
            return "Switched off", "quiet"
        if self.source.offered_host_key:
            return "Fingerprint to be confirmed", "due"
        if self.is_going_on:
            return "Being looked at", ""
        if self.look is not None and (self.look.has_failed or self.look.outcome is Outcome.FAILED):
            return "Does not work", "due"
        return "On", "done"

    @property
    def is_settling(self) -> bool:
        """Whether a file was seen, and has to stand still for a while."""
        return self.look is not None and self.look.state is TaskState.PENDING and self.look.looks > 0

    @property
    def files(self) -> tuple[FoundFile, ...]:
        """What the newest look found, the newest file first."""
        found = self.look.found.get("files", []) if self.look else []
        is_look = self.look is not None and self.look.wish is Wish.LOOK
        return tuple(
            FoundFile(
                one["name"],
                file_size(one["size"]),
                datetime.fromisoformat(one["modified_at"]),
                "Would be read" if is_look and one["verdict"] == Verdict.READ else VERDICT_WORDS[one["verdict"]],
            )
            for one in found
        )

    @property
    def found_words(self) -> str:
        """What was there, in a sentence."""
        found = self.look.found if self.look else {}
        files, count, others = found.get("files", []), found.get("count", 0), found.get("others", 0)
        beside = f" {plural(others, 'other file has', 'other files have')} other names." if others else ""
        if not files:
            return f"No file there is called “{self.source.pattern}”.{beside}"
        newest = files[0]
        said = {
            Verdict.READ: "would be read",
            Verdict.KNOWN: "was read before",
            Verdict.OLDER: "is older than the last one that was read",
            Verdict.UNMARKED: "has no newer “.done” file beside it, so it would wait",
            Verdict.EMPTY: "is empty, so it would not be read",
            Verdict.LARGE: "is too large to be read",
            Verdict.STILL: "may still be being written, so it would wait",
        }[newest["verdict"]]
        there = f"{plural(count, 'file')}; the newest, {newest['name']}" if count > 1 else f"one file, {newest['name']}"
        return f"This is what is there: {there}, {file_size(newest['size'])}, {said}.{beside}"

    @property
    def offered_fingerprint(self) -> str:
        """The fingerprint of the key that waits for somebody to confirm it."""
        return fingerprint(self.source.offered_host_key)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the key that was confirmed."""
        return fingerprint(self.source.host_key)

    @property
    def may_change(self) -> bool:
        """Whether whoever looks at it may change it."""
        return who().has(Role.ADMIN)


def fingerprint(host_key: str | None) -> str:
    """A host key as servers’ own tools show it: ``SHA256:…``, with its kind behind; empty without one."""
    if not host_key:
        return ""
    kind, _, data = host_key.partition(" ")
    digest = base64.b64encode(hashlib.sha256(base64.b64decode(data)).digest()).decode().rstrip("=")
    return f"SHA256:{digest} ({kind.removeprefix('ssh-').partition('-')[0].upper()})"


def read_source_page(slug: str, source_id: int) -> SourcePage:
    """The source, if it is this person’s to see. Raises ``NotFound``."""
    session = db.session()
    organisation = feed_scope(session, who(), slug=slug)
    return source_page(session, organisation, get_source(session, source_id=source_id, organisation_id=organisation.id))


def source_page(session: Session, organisation: Organisation, source: FeedSource) -> SourcePage:
    """One source with what a page shows of it."""
    accounts = (source.changed_by_account_id, source.host_key_confirmed_by_account_id)
    return SourcePage(
        organisation,
        source,
        newest_look(session, source_id=source.id),
        last_fetched_at(session, source_id=source.id),
        source.schedule.next(utc_now()) if source.is_on else None,
        names_of_accounts(session, account_ids=accounts),
    )
