"""Sources set up, changed, switched on and off, and their servers' keys confirmed: all of it on record."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit import record
from kernel.errors import NotFound, RuleBroken
from people.feed.sources.looks import end_open
from people.feed.sources.record import FeedSource, SecretKind, SourceKind

NAME_TAKEN = "Another source has this name. Choose another one"


@dataclass(frozen=True)
class SourceSettings:
    """What somebody says of a source. What a folder does not need is empty."""

    name: str
    kind: SourceKind
    folder: str
    pattern: str
    mapping_name: str
    host: str = ""
    port: int = 22
    username: str = ""
    has_marker: bool = False
    holds_everybody: bool = False
    weekdays: int = 0
    at_minute: int = 0
    applies_itself: bool = False


@dataclass(frozen=True)
class SealedSecret:
    """A password or a private key as it may be stored."""

    kind: SecretKind
    sealed: str


def sources_of(session: Session, *, organisation_id: int | None = None) -> tuple[FeedSource, ...]:
    """The sources of an authority by name, or of all of them."""
    query = select(FeedSource).order_by(FeedSource.organisation_id, FeedSource.name, FeedSource.id)
    if organisation_id is not None:
        query = query.where(FeedSource.organisation_id == organisation_id)
    return tuple(session.scalars(query))


def get_source(session: Session, *, source_id: int, organisation_id: int) -> FeedSource:
    """A source of this authority. Raises ``NotFound``."""
    found = session.get(FeedSource, source_id)
    if found is None or found.organisation_id != organisation_id:
        raise NotFound(f"source {source_id}")
    return found


def add_source(
    session: Session,
    *,
    organisation_id: int,
    settings: SourceSettings,
    secret: SealedSecret | None,
    by: int | None,
    now: datetime,
) -> FeedSource:
    """Set up a source, switched on. Raises ``RuleBroken`` where its name is taken."""
    source = FeedSource(
        organisation_id=organisation_id,
        is_on=True,
        secret_kind=secret.kind if secret else None,
        secret=secret.sealed if secret else None,
        scheduled_from=now,
        made_at=now,
        made_by_account_id=by,
        changed_at=now,
        changed_by_account_id=by,
        **asdict(settings),
    )
    try:
        with session.begin_nested():
            session.add(source)
    except IntegrityError as problem:
        raise RuleBroken(NAME_TAKEN, field="name") from problem
    _note(session, source, "feed-source-made", by=by, now=now)
    return source


def change_source(
    session: Session,
    source: FeedSource,
    *,
    settings: SourceSettings,
    secret: SealedSecret | None,
    by: int | None,
    now: datetime,
) -> None:
    """Change a source; without a ``secret`` the stored one stays. Raises ``RuleBroken`` where its name is taken.

    Whoever sends it to another server, or signs in there as somebody else, enters the secret anew: otherwise it could
    be sent to a server that is there to collect it. The key of the other server is confirmed anew too.
    """
    is_elsewhere = (settings.host, settings.port) != (source.host, source.port)
    if secret is None and source.secret is not None and (is_elsewhere or settings.username != source.username):
        raise RuleBroken("Enter the password or the key again: it goes to another server or user now", field="secret")
    if settings.kind is SourceKind.FOLDER:
        source.secret_kind = source.secret = None
    if is_elsewhere or settings.kind is SourceKind.FOLDER:
        source.host_key = source.offered_host_key = None
        source.host_key_confirmed_at = source.host_key_confirmed_by_account_id = None
    if (settings.weekdays, settings.at_minute) != (source.weekdays, source.at_minute):
        source.scheduled_from = now
    if secret is not None:
        source.secret_kind, source.secret = secret.kind, secret.sealed
    try:
        with session.begin_nested():
            for name, value in asdict(settings).items():
                setattr(source, name, value)
            source.changed_at, source.changed_by_account_id = now, by
    except IntegrityError as problem:
        raise RuleBroken(NAME_TAKEN, field="name") from problem
    end_open(session, source_id=source.id, now=now)
    _note(session, source, "feed-source-changed", by=by, now=now)


def switch(session: Session, source: FeedSource, *, is_on: bool, by: int | None, now: datetime) -> None:
    """Let a source be looked at on time, or not any more. What was due while it was off is not made up for."""
    if source.is_on is is_on:
        return
    source.is_on, source.scheduled_from = is_on, now
    if not is_on:
        end_open(session, source_id=source.id, now=now)
    _note(session, source, "feed-source-switched-on" if is_on else "feed-source-switched-off", by=by, now=now)


def confirm_host_key(session: Session, source: FeedSource, *, host_key: str, by: int | None, now: datetime) -> None:
    """Trust the key that a server has shown. Raises ``RuleBroken`` when it has shown another one meanwhile."""
    if source.offered_host_key != host_key:
        raise RuleBroken("The server has shown another key meanwhile. Compare the new fingerprint")
    source.host_key, source.offered_host_key = host_key, None
    source.host_key_confirmed_at, source.host_key_confirmed_by_account_id = now, by
    end_open(session, source_id=source.id, now=now)
    _note(session, source, "feed-source-key-confirmed", by=by, now=now)


def _note(session: Session, source: FeedSource, action: str, *, by: int | None, now: datetime) -> None:
    session.flush()
    record(
        session,
        action=action,
        subject_type="feed-source",
        subject_id=source.id,
        actor_account_id=by,
        now=now,
        detail={"organisation": source.organisation_id, "source": source.name},
    )
