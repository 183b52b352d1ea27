"""By which ways somebody is told: email, a text, or neither, when their own page and the printed list are left."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, false

from messages.bounces.record import has_working_address
from messages.by_text.record import has_working_number
from messages.choices import MessageChoice, TextUse
from people.persons import Person


class Way(StrEnum):
    """How somebody is told."""

    EMAIL = "email"
    TEXT = "text"


@dataclass(frozen=True)
class Ways:
    """What leaves an installation."""

    sends_mail: bool = True
    sends_texts: bool = True


EVERY_WAY = Ways()


def goes_by_text(ways: Ways) -> ColumnElement[bool]:
    """The condition on a person that they are told by text: because they chose so, or no mail reaches them."""
    if not ways.sends_texts:
        return false()
    chose = exists().where(MessageChoice.person_id == Person.id)
    no_mail = ~has_working_address() if ways.sends_mail else ~false()
    return (
        has_working_number()
        & ~chose.where(MessageChoice.texts == TextUse.NEVER).correlate(Person)
        & (no_mail | chose.where(MessageChoice.texts == TextUse.ALWAYS).correlate(Person))
    )


def is_reachable(ways: Ways) -> ColumnElement[bool]:
    """The condition on a person that a message reaches them, by mail or by text."""
    by_mail = has_working_address() if ways.sends_mail else false()
    return by_mail | goes_by_text(ways)
