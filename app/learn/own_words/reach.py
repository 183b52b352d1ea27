"""By which ways messages reach somebody, as they read it themselves: address, number, and what came back."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.platform.texts.carriers import ways_here
from kernel.mobiles.writing import mobile_in_words
from messages.bounces.record import DeadAddress, find_dead_address
from messages.by_text.numbers import find_own_mobile
from messages.by_text.record import DeadNumber, find_dead_number, find_number
from messages.ways import Ways, goes_by_text, is_reachable
from people.persons import Person


@dataclass(frozen=True)
class Reach:
    """What there is to write to, whether it works, and which way is taken. ``number`` is in words, empty where there
    is none; ``is_own``: they gave it themselves."""

    ways: Ways
    address: str
    dead_address: DeadAddress | None
    number: str
    is_own: bool
    dead_number: DeadNumber | None
    by_text: bool
    is_reached: bool


def how_reached(session: Session, *, person_id: int) -> Reach:
    """How somebody is reached now."""
    ways = ways_here()
    by_text, is_reached = session.execute(
        select(goes_by_text(ways).label("by_text"), is_reachable(ways).label("is_reached")).where(
            Person.id == person_id
        )
    ).one()
    number = find_number(session, person_id=person_id)
    return Reach(
        ways=ways,
        address=session.get_one(Person, person_id).email or "",
        dead_address=find_dead_address(session, person_id=person_id),
        number=mobile_in_words(number) if number else "",
        is_own=find_own_mobile(session, person_id=person_id) is not None,
        dead_number=find_dead_number(session, person_id=person_id),
        by_text=bool(by_text),
        is_reached=bool(is_reached),
    )
