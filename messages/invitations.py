"""Invitations: a link with which somebody who has never signed in sets their first password."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import local_day
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent, note_messages
from people.accounts import get_account
from people.organisations import Organisation
from people.password_leaves import PasswordReset
from people.password_resets import give_token
from people.ways_in.rounds import WayInBatch, WayInRound

INVITATION = "invitation"


def note_invitations(session: Session, *, leaves: Mapping[int, int], now: datetime) -> None:
    """Note a message for each of these people, due at once; ``leaves`` holds ids of persons by ids of their leaves."""
    note_messages(session, kind=INVITATION, people=leaves, now=now, due_at=now)


def compose_invitation(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """A message with the link, whose secret is drawn now and stored as a hash; none once its leave is over or used."""
    message = messages[0]
    leave = session.get(PasswordReset, message.subject_id)
    if leave is None or leave.used_at is not None or leave.ends_at <= now:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    name, username = _inviting(session, leave), get_account(session, account_id=leave.account_id).username
    until = local_day(leave.ends_at)
    return ComposedMessage(
        MessageContent(
            subject="Your account for Common Ground",
            paragraphs=(
                f"{name} uses Common Ground for learning about race equality, and has made an account for you.",
                f"Your username is {username}. With the link below you choose a password of your own.",
                f"The link works once, until {until.day} {until:%B %Y}, in the browser in which you open it first.",
            ),
            link_words="Choose your password",
            link_path=f"/invitation/{give_token(leave)}",
            why=f"You get this message because {name} invites everybody who works there.",
            can_choose=False,
        )
    )


def _inviting(session: Session, leave: PasswordReset) -> str:
    name = session.scalar(
        select(Organisation.name)
        .join(WayInRound, WayInRound.organisation_id == Organisation.id)
        .join(WayInBatch, WayInBatch.round_id == WayInRound.id)
        .where(WayInBatch.id == leave.batch_id)
    )
    return name or "Your authority"
