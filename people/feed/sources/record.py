"""Sources, each look at one, and the files that were read, as they are stored."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.database import Base, JsonObject, UTCDateTime, enum_by_value
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state
from people.feed.sources.choosing import LONGEST_NAME
from people.feed.sources.schedule import Schedule, from_bits

FETCH_FEEDS = "fetch-feeds"
NAME_LENGTH = 60


class SourceKind(StrEnum):
    """Where the files lie."""

    FOLDER = "folder"
    SFTP = "sftp"


class SecretKind(StrEnum):
    """With what a source is signed in to."""

    PASSWORD = "password"  # noqa: S105 - the kind of a secret
    KEY = "key"


class Wish(StrEnum):
    """Why a source is looked at: it is time, somebody asked for the file, or somebody only wants to see."""

    SCHEDULE = "schedule"
    ASKED = "asked"
    LOOK = "look"


class Outcome(StrEnum):
    """What came of a look."""

    FETCHED = "fetched"
    SEEN = "seen"
    NOTHING = "nothing"
    FAILED = "failed"


class FeedSource(Base):
    """One place from which HR files of an authority come.

    ``secret`` is sealed, and nobody is shown it again. ``host_key`` is the server's key that somebody has confirmed,
    ``offered_host_key`` one that waits for that. ``weekdays`` has a bit for each day, Monday first; ``at_minute`` is
    that of the day, on clocks in the city region. What was due before ``scheduled_from`` is not made up for.
    """

    __tablename__ = "feed_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    kind: Mapped[SourceKind] = mapped_column(enum_by_value(SourceKind))
    is_on: Mapped[bool]
    host: Mapped[str] = mapped_column(String(255))
    port: Mapped[int]
    username: Mapped[str] = mapped_column(String(100))
    secret_kind: Mapped[SecretKind | None] = mapped_column(enum_by_value(SecretKind))
    secret: Mapped[str | None] = mapped_column(Text)
    host_key: Mapped[str | None] = mapped_column(String(2000))
    offered_host_key: Mapped[str | None] = mapped_column(String(2000))
    host_key_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    host_key_confirmed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    folder: Mapped[str] = mapped_column(String(500))
    pattern: Mapped[str] = mapped_column(String(200))
    has_marker: Mapped[bool]
    mapping_name: Mapped[str] = mapped_column(String(60))
    holds_everybody: Mapped[bool]
    weekdays: Mapped[int]
    at_minute: Mapped[int]
    scheduled_from: Mapped[datetime] = mapped_column(UTCDateTime)
    applies_itself: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    @property
    def schedule(self) -> Schedule:
        """When it is looked at."""
        return Schedule(from_bits(self.weekdays), self.at_minute)

    @property
    def address(self) -> str:
        """Where it is, in one line."""
        if self.kind is SourceKind.FOLDER:
            return self.folder
        port = "" if self.port == SFTP_PORT else f":{self.port}"
        return f"{self.username}@{self.host}{port}, folder {self.folder}"


SFTP_PORT = 22


class FeedFetch(Task, Base):
    """One look at a source. It is due once for each moment of the schedule.

    ``next_at`` is when it goes on: a file has to stand still between two looks. ``seen`` is how the files stood at the
    last one, ``found`` what it showed, for people. A failed one is tried again until the next one is due.
    """

    __tablename__ = "feed_fetch"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("feed_source.id"))
    wish: Mapped[Wish] = mapped_column(enum_by_value(Wish))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[TaskState] = task_state()
    looks: Mapped[int] = mapped_column(default=0)
    seen: Mapped[JsonObject] = mapped_column(JSON, default=dict)
    found: Mapped[JsonObject] = mapped_column(JSON, default=dict)
    outcome: Mapped[Outcome | None] = mapped_column(enum_by_value(Outcome))
    file_name: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("feed_run.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("source_id", "wish", "due_at"), Index(None, "state"))


class FeedSourceFile(Base):
    """A file of a source that was read, so that it is read once: by its name, its size and its hash."""

    __tablename__ = "feed_source_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("feed_source.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    size_bytes: Mapped[int]
    modified_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sha256: Mapped[str] = mapped_column(String(64))
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("source_id", "name", "size_bytes", "sha256"),)


FETCHES = TaskKind(
    FETCH_FEEDS,
    FeedFetch,
    since=FeedFetch.next_at,
    is_timed=True,
    order=(FeedFetch.next_at.asc(),),
    # A look has to end within three minutes, whatever the other side does.
    lease=timedelta(minutes=5),
    retry_after=(
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(minutes=30),
        timedelta(hours=1),
        timedelta(hours=2),
    ),
    in_words="fetched",
)
