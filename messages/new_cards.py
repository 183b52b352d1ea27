"""Sign-in cards of new starters that wait to be printed: the HR leads of the authority are told next morning, once for
each day on which somebody joined."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from kernel.clock import local_day
from kernel.tasks.kinds import TaskState
from messages.choices import next_morning
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent, note_messages
from people.accounts import Account
from people.organisations import Organisation
from people.roles import Role, RoleGrant, is_in_force
from people.ways_in.choices import FirstWay
from people.ways_in.rounds import WayInBatch, WayInRound
from people.ways_in.starters import waiting_cards

NEW_CARDS = "new-cards"
# Who joined longer ago than that is on the page, and no news any more.
NEWS = timedelta(days=7)


def note_new_cards(session: Session, *, now: datetime) -> int:
    """Note who is to be told of cards that were made; returns how many messages are new. Safe to call every minute.

    They go together next morning, so that the teams of a day are one message.
    """
    told = exists().where(Message.kind == NEW_CARDS, Message.subject_id == WayInRound.id)
    waits = exists().where(
        WayInBatch.round_id == WayInRound.id,
        WayInBatch.state == TaskState.DONE,
        WayInBatch.done > 0,
        WayInBatch.taken_at.is_(None),
    )
    rounds = (
        select(WayInRound.id, WayInRound.organisation_id)
        .where(WayInRound.starters_on > local_day(now) - NEWS, WayInRound.way == FirstWay.CARD, waits, ~told)
        .order_by(WayInRound.id)
    )
    noted = 0
    for round_id, organisation_id in session.execute(rounds).all():
        for person_id in hr_leads(session, organisation_id=organisation_id, now=now):
            noted += note_messages(
                session,
                kind=NEW_CARDS,
                people={round_id: person_id},
                now=now,
                is_in_digest=True,
                due_at=next_morning(now),
            )
    return noted


def hr_leads(session: Session, *, organisation_id: int, now: datetime) -> Sequence[int]:
    """The people who are HR leads of an authority today."""
    query = (
        select(Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            Account.is_active,
            is_in_force(local_day(now)),
            RoleGrant.role == Role.HR_LEAD,
            RoleGrant.organisation_id == organisation_id,
        )
        .distinct()
        .order_by(Account.person_id)
    )
    return session.scalars(query).all()


def compose_new_cards(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """One line for each authority whose new cards still wait; nothing where they were taken out, or for nobody any more
    who leads there."""
    wanted = select(WayInRound.id, WayInRound.organisation_id).where(
        WayInRound.id.in_({one.subject_id for one in messages})
    )
    rounds: dict[int, int] = dict(session.execute(wanted).all())
    dropped: dict[int, DropReason] = {}
    lines: dict[str, str] = {}
    for message in messages:
        organisation = session.get(Organisation, rounds.get(message.subject_id, 0))
        line = _line(session, organisation, message.person_id, now) if organisation else None
        if organisation is None or line is None:
            dropped[message.id] = DropReason.NOT_TRUE_ANY_MORE
        else:
            lines[organisation.slug] = line
    if not lines:
        return ComposedMessage(None, dropped)
    slug = next(iter(lines))
    return ComposedMessage(
        MessageContent(
            subject="New sign-in cards wait to be printed",
            paragraphs=("These cards are for people who joined. Print them, and hand them to their teams.",),
            items=tuple(lines.values()),
            link_words="See the new cards" if len(lines) == 1 else "Begin with the first",
            link_path=f"/council/{slug}/first-sign-in",
            why="You get this message because you are an HR lead, and people who join get a card without being asked.",
            can_choose=False,
        ),
        dropped,
    )


def _line(session: Session, organisation: Organisation, person_id: int, now: datetime) -> str | None:
    waiting = waiting_cards(session, organisation_id=organisation.id, unit_ids=None, now=now)
    if not waiting.cards or person_id not in hr_leads(session, organisation_id=organisation.id, now=now):
        return None
    cards = "1 new card waits" if waiting.cards == 1 else f"{waiting.cards:,} new cards wait"
    sheets = "1 sheet" if waiting.sheets == 1 else f"{waiting.sheets:,} sheets"
    return f"{organisation.name}: {cards}, on {sheets}"
