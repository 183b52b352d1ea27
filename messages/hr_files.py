"""HR files that should have come by themselves and did not, or that came and wait for somebody: HR leads and admins are
told once of each."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.tasks.kinds import TaskState
from messages.choices import next_daytime
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent, note_message
from people.accounts import Account
from people.feed.runs.record import FeedRun
from people.feed.sources.looks import last_fetched_at
from people.feed.sources.record import FETCHES, FeedFetch, FeedSource, Wish
from people.organisations import Organisation
from people.roles import Role, RoleGrant, is_in_force

FILE_MISSING, FILE_WAITS = "hr-file-missing", "hr-file-waits"
# The file may come a little later than usual, and nobody has to know.
PATIENCE = timedelta(hours=2)
# What happened longer ago than that is on the page, and no news any more.
NEWS = timedelta(days=3)


def note_hr_files(session: Session, *, now: datetime) -> int:
    """Note who is to be told of which file by now; returns how many messages are new. Safe to call every minute."""
    noted = 0
    for fetch, organisation_id in session.execute(_missing(now)).all():
        noted += _tell(session, organisation_id, kind=FILE_MISSING, subject_id=fetch, now=now)
    for run, organisation_id in session.execute(_waiting(now)).all():
        noted += _tell(session, organisation_id, kind=FILE_WAITS, subject_id=run, now=now)
    return noted


def _missing(now: datetime) -> Select[int, int]:
    told = exists().where(Message.kind == FILE_MISSING, Message.subject_id == FeedFetch.id)
    is_late = or_(FeedFetch.due_at <= now - PATIENCE, FeedFetch.state == TaskState.PARKED)
    return (
        select(FeedFetch.id, FeedSource.organisation_id)
        .join(FeedSource, FeedSource.id == FeedFetch.source_id)
        .where(FETCHES.is_open, FeedFetch.wish == Wish.SCHEDULE, FeedFetch.due_at > now - NEWS, is_late, ~told)
        .order_by(FeedFetch.id)
    )


def _waiting(now: datetime) -> Select[int, int]:
    told = exists().where(Message.kind == FILE_WAITS, Message.subject_id == FeedRun.id)
    waits = or_(
        and_(FeedRun.state == TaskState.PAUSED, FeedRun.is_to_plan.is_(False)),
        and_(FeedRun.state == TaskState.PARKED, FeedRun.is_to_plan),
    )
    return (
        select(FeedRun.id, FeedRun.organisation_id)
        .where(FeedRun.source_id.is_not(None), waits, FeedRun.planned_at > now - NEWS, ~told)
        .order_by(FeedRun.id)
    )


def _tell(session: Session, organisation_id: int, *, kind: str, subject_id: int, now: datetime) -> int:
    people = people_in_charge(session, organisation_id=organisation_id, now=now)
    due_at = next_daytime(now)
    return sum(
        note_message(session, person_id=one, kind=kind, subject_id=subject_id, now=now, due_at=due_at) for one in people
    )


def people_in_charge(session: Session, *, organisation_id: int, now: datetime) -> Sequence[int]:
    """The people who look after the HR files of an authority: its HR leads, and admins."""
    query = (
        select(Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            Account.is_active,
            is_in_force(local_day(now)),
            or_(
                RoleGrant.role == Role.ADMIN,
                and_(RoleGrant.role == Role.HR_LEAD, RoleGrant.organisation_id == organisation_id),
            ),
        )
        .distinct()
        .order_by(Account.person_id)
    )
    return session.scalars(query).all()


def compose_missing(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """That a file did not come, since when, and why; nothing once it has come, or another day is being tried."""
    message = messages[0]
    found = session.execute(
        select(FeedFetch, FeedSource, Organisation.name, Organisation.slug)
        .join(FeedSource, FeedSource.id == FeedFetch.source_id)
        .join(Organisation, Organisation.id == FeedSource.organisation_id)
        .where(FeedFetch.id == message.subject_id, FETCHES.is_open)
    ).one_or_none()
    if found is None:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    fetch, source, name, slug = found
    needs_somebody = fetch.state is TaskState.PARKED
    follows = (
        "It is not tried again until somebody has put this right."
        if needs_somebody
        else "It is tried again by itself, less and less often."
    )
    return ComposedMessage(
        MessageContent(
            subject=f"{name}: {no_file_since(last_fetched_at(session, source_id=source.id), now=now)}",
            paragraphs=(
                f"The HR file “{source.name}” of {name} was due at {source.schedule.at} and has not come.",
                fetch.failure_reason or "The source has not answered yet.",
                follows,
            ),
            link_words="Look at this source",
            link_path=f"/council/{slug}/feed/sources/{source.id}",
            why=f"You get this message because you look after the HR files of {name}.",
            can_choose=False,
        )
    )


def no_file_since(last: datetime | None, *, now: datetime) -> str:
    """“No HR file since Tuesday”; with the date where that is not of this week."""
    if last is None:
        return "no HR file has come yet"
    day = local_day(last)
    if (local_day(now) - day).days < 7:
        return f"no HR file since {day:%A}"
    return f"no HR file since {day.day} {day:%B %Y}"


def compose_waiting(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:  # noqa: ARG001 - the signature of a composer
    """That a file came by itself and waits for somebody; nothing once somebody has decided."""
    message = messages[0]
    run = session.get(FeedRun, message.subject_id)
    if run is None or run.state not in (TaskState.PAUSED, TaskState.PARKED):
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    organisation = session.get_one(Organisation, run.organisation_id)
    name = organisation.name
    return ComposedMessage(
        MessageContent(
            subject=f"{name}: an HR file waits for you",
            paragraphs=tuple(_waits_words(run, name)),
            link_words="Look at this file",
            link_path=f"/council/{organisation.slug}/feed/{run.id}",
            why=f"You get this message because you look after the HR files of {name}.",
            can_choose=False,
        )
    )


def _waits_words(run: FeedRun, name: str) -> Iterable[str]:
    if run.is_to_plan:
        yield f"The HR file “{run.file_name}” of {name} came and could not be read."
        yield run.failure_reason or ""
        return
    yield f"The HR file “{run.file_name}” of {name} came, and nothing has changed yet."
    if run.is_stopped:
        yield from run.plan["stopped"]
    else:
        yield run.plan["summary"]
    yield "Somebody has to decide about it."
