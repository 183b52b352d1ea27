"""A link to a page for a new password, by mail: asked for with a username, sent only to the address on the record."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from messages.ledger import ComposedMessage, DropReason, Message, MessageContent, note_message
from people.accounts import get_account
from people.password_leaves import PasswordReset
from people.password_resets import ask_for_link, give_token

PASSWORD_LINK = "password-link"  # noqa: S105 - the kind of a message


def ask_for_password_link(session: Session, *, username: str, now: datetime) -> bool:
    """Note a message with a link to a new password for whoever has this username; says whether somebody gets one."""
    asked = ask_for_link(session, username=username, now=now)
    if asked is None:
        return False
    person_id = get_account(session, account_id=asked.account_id).person_id
    return note_message(session, person_id=person_id, kind=PASSWORD_LINK, subject_id=asked.id, now=now, due_at=now)


def compose_password_link(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:
    """A message with the link, whose secret is drawn now and stored as a hash; none once the leave is over."""
    message = messages[0]
    asked = session.get(PasswordReset, message.subject_id)
    if asked is None or asked.used_at is not None or asked.ends_at <= now:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    return ComposedMessage(
        MessageContent(
            subject="A new password for Common Ground",
            paragraphs=(
                "Somebody, we hope you, asked for a new password for Common Ground.",
                "The link below works once, for one hour. If it was not you, do nothing: your password stays as it is.",
            ),
            link_words="Set a new password",
            link_path=f"/new-password/{give_token(asked)}",
            why="You get this message because somebody typed your username where a forgotten password is asked for.",
            can_choose=False,
        )
    )
