"""The old e-mail address is told when another one has taken its place, because whoever changes it can come in by it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from kernel.tasks.kinds import ENDED
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent, note_message
from people.accounts import FormerAddress
from people.jobs.employment import Employment
from people.merging.records import PersonMerge
from people.organisations import Organisation
from people.persons import Person

ADDRESS_CHANGED = "address-changed"


def note_address_changes(session: Session, *, now: datetime) -> int:
    """Note a message for each address that was changed, and forget those of which somebody was told; returns how many
    messages are new. Safe to call every minute."""
    about = (Message.kind == ADDRESS_CHANGED, Message.subject_id == FormerAddress.id)
    session.execute(
        update(FormerAddress)
        .where(FormerAddress.address.is_not(None), exists().where(*about, Message.state.in_(ENDED)))
        .values(address=None)
        .execution_options(synchronize_session=False)
    )
    new = select(FormerAddress.id, FormerAddress.person_id).where(
        FormerAddress.address.is_not(None), ~exists().where(*about)
    )
    return sum(
        note_message(session, person_id=person_id, kind=ADDRESS_CHANGED, subject_id=key, now=now, due_at=now)
        for key, person_id in session.execute(new.order_by(FormerAddress.id)).all()
    )


def forget_addresses(session: Session) -> None:
    """Forget every address that was changed, where no mail is sent."""
    untold = update(FormerAddress).where(FormerAddress.address.is_not(None)).values(address=None)
    session.execute(untold, execution_options={"synchronize_session": False})


def compose_address_change(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:  # noqa: ARG001 - the signature of a composer
    """That an address leads to an account no more, to that address; nothing where it does again, or is of another
    person by now. The new address is not said: whoever reads this may be anybody."""
    message = messages[0]
    row = session.get(FormerAddress, message.subject_id)
    if row is None or not row.address or _is_of_somebody(session, row.address):
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    return ComposedMessage(
        MessageContent(
            subject="This address is no longer used for your Common Ground account",
            paragraphs=(
                "Your employer’s record now holds another email address for you, or none. Messages and links for a new "
                "password do not come to this address any more.",
                "If you know of this, there is nothing to do.",
                f"If you do not, tell {_whom(session, message.person_id)} as soon as you can: somebody else may be "
                "trying to get into your account. Do not answer this message.",
            ),
            link_words="",
            link_path="",
            why="You get this message because this was the address of your account.",
            can_choose=False,
        ),
        to=row.address,
    )


def _is_of_somebody(session: Session, address: str) -> bool:
    """Whether anybody has this address now, be it the person who had it before; a record that went to another one is
    nobody."""
    merged = exists().where(PersonMerge.merged_person_id == Person.id, PersonMerge.separated_at.is_(None))
    owners = select(Person.id).where(func.lower(Person.email) == address.lower(), ~merged)
    return session.scalar(owners.limit(1)) is not None


def _whom(session: Session, person_id: int) -> str:
    """The HR teams of whoever the person works for, or worked for last."""
    names = session.scalars(
        select(Organisation.name)
        .join(Employment, Employment.organisation_id == Organisation.id)
        .where(Employment.person_id == person_id)
        .distinct()
        .order_by(Organisation.name)
    ).all()
    return f"the HR team of {' or '.join(names)}" if names else "whoever runs Common Ground for you"
