"""Proving a person's own mobile number: a code of six figures goes there as a text, and the person types it in.

Nobody else's phone is to be written to, once or often: a number is used only after that, and few codes go to a person
or to a number. A code is drawn when it is sent, so only its hash is ever stored.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel.database import Base, UTCDateTime
from kernel.errors import RuleBroken
from kernel.mobiles.writing import LONGEST, NotAMobile, read_mobile
from kernel.tasks.claims import Claim, drop, hold
from kernel.tasks.kinds import Task, TaskKind, TaskState, task_state
from messages.by_text.numbers import give_own_mobile
from people.persons import Person

SEND_CODES = "send-mobile-codes"
VALID_FOR, MOST_TRIES = timedelta(minutes=15), 3
# Of these many codes a person gets in an hour and in a day, and a number in a day, whoever asks.
IN_AN_HOUR, IN_A_DAY, TO_A_NUMBER = 3, 6, 3
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
TOO_MANY = "You have asked for several codes. Try again {when}"
TOO_MANY_THERE = "Several codes have gone to this number today. Try again tomorrow, or give us another number"


class MobileCode(Task, Base):
    """A code that goes to a number to prove it. ``handed_at`` is when it was sent, from which its time counts.

    ``ended_at`` is when it was used, tried too often, or followed by another. A day later the row is gone.
    """

    __tablename__ = "mobile_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    number: Mapped[str] = mapped_column(String(LONGEST))
    code_sha256: Mapped[str | None] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    state: Mapped[TaskState] = task_state()

    __table_args__ = (Index(None, "person_id"), Index(None, "number"), Index(None, "asked_at"))

    @property
    def tries_left(self) -> int:
        """How many codes may still be typed in."""
        return max(0, MOST_TRIES - self.tries)


MOBILE_CODES = TaskKind(
    SEND_CODES,
    MobileCode,
    since=MobileCode.asked_at,
    lease=timedelta(minutes=1),
    # Somebody sits and waits for it, a quarter of an hour at most.
    retry_after=(timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=4)),
    in_words="sent",
)


@dataclass(frozen=True)
class TriedCode:
    """What came of a code that was typed in: the number where it is proven, or how many tries are left."""

    number: str | None
    tries_left: int = 0
    is_over: bool = False


def ask_for_code(session: Session, *, person_id: int, written: str, has_agreed: bool, now: datetime) -> str:
    """Have a code sent to a number, in place of one that was sent before; returns the number as E.164.

    Raises ``RuleBroken`` with the field, also where too many codes went to the person or to the number.
    """
    try:
        number = read_mobile(written)
    except NotAMobile as problem:
        raise RuleBroken(str(problem), field="number") from problem
    if not has_agreed:
        raise RuleBroken("Select that you agree to texts to this number", field="agree")
    # Two tabs at once: the second waits, and counts what the first asked for.
    session.scalar(select(Person.id).where(Person.id == person_id).with_for_update())
    _refuse_too_many(session, person_id, number, now)
    session.execute(
        update(MobileCode).where(MobileCode.person_id == person_id, MobileCode.ended_at.is_(None)).values(ended_at=now)
    )
    session.add(MobileCode(person_id=person_id, number=number, asked_at=now, state=TaskState.PENDING))
    session.flush()
    return number


def _refuse_too_many(session: Session, person_id: int, number: str, now: datetime) -> None:
    of_person = MobileCode.person_id == person_id
    hour, day = session.execute(
        select(
            func.count().filter(MobileCode.asked_at > now - _HOUR),
            func.count().filter(MobileCode.asked_at > now - _DAY),
        ).where(of_person)
    ).one()
    if day >= IN_A_DAY:
        raise RuleBroken(TOO_MANY.format(when="tomorrow"), field="number")
    if hour >= IN_AN_HOUR:
        raise RuleBroken(TOO_MANY.format(when="in an hour"), field="number")
    there = select(func.count()).where(MobileCode.number == number, MobileCode.asked_at > now - _DAY)
    if (session.scalar(there) or 0) >= TO_A_NUMBER:
        raise RuleBroken(TOO_MANY_THERE, field="number")


def find_open_code(session: Session, *, person_id: int, now: datetime) -> MobileCode | None:
    """The code that somebody may type in, sent or not; ``None`` where there is none, or its time is over."""
    found = session.scalar(
        select(MobileCode)
        .where(MobileCode.person_id == person_id, MobileCode.ended_at.is_(None))
        .order_by(MobileCode.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return found if found is not None and not _is_over(found, now) else None


def _is_over(code: MobileCode, now: datetime) -> bool:
    return now >= (code.handed_at or code.asked_at) + VALID_FOR


def draw_code(session: Session, claimed: Claim[MobileCode], *, key: bytes, now: datetime) -> tuple[str, str] | None:
    """The number and the code that goes there now; ``None`` where nobody waits for it any more. Raises ``ClaimLost``.

    A worker that comes after one that died draws another: the newest text is right.
    """
    row = hold(session, claimed)
    if row.ended_at is not None or now >= row.asked_at + VALID_FOR:
        drop(session, claimed)
        return None
    code = f"{secrets.randbelow(1_000_000):06d}"
    row.code_sha256 = _hashed(row.id, code, key)
    return row.number, code


def try_code(
    session: Session, *, person_id: int, typed: str, key: bytes, account_id: int | None, now: datetime
) -> TriedCode:
    """Compare a code that somebody typed in. The right one makes the number theirs; a wrong one counts, and the third
    ends it. What comes back is to be kept in either case."""
    waiting = find_open_code(session, person_id=person_id, now=now)
    if waiting is None or waiting.code_sha256 is None or waiting.handed_at is None:
        return TriedCode(None, is_over=waiting is None)
    tries = session.scalar(
        update(MobileCode)
        .where(MobileCode.id == waiting.id, MobileCode.ended_at.is_(None), MobileCode.tries < MOST_TRIES)
        .values(tries=MobileCode.tries + 1)
        .returning(MobileCode.tries)
        .execution_options(synchronize_session=False)
    )
    if tries is None:
        return TriedCode(None, is_over=True)
    figures = "".join(sign for sign in typed if sign.isdigit() and sign.isascii())
    is_right = hmac.compare_digest(_hashed(waiting.id, figures, key), waiting.code_sha256)
    if is_right or tries >= MOST_TRIES:
        session.execute(
            update(MobileCode)
            .where(MobileCode.id == waiting.id)
            .values(ended_at=now)
            .execution_options(synchronize_session=False)
        )
    if not is_right:
        return TriedCode(None, MOST_TRIES - tries, is_over=tries >= MOST_TRIES)
    give_own_mobile(
        session, person_id=person_id, written=waiting.number, has_agreed=True, account_id=account_id, now=now
    )
    return TriedCode(waiting.number)


def forget_codes(session: Session, *, now: datetime) -> None:
    """Forget codes of more than a day ago, and the numbers to which they went."""
    session.execute(delete(MobileCode).where(MobileCode.asked_at <= now - _DAY))


def _hashed(row_id: int, code: str, key: bytes) -> str:
    # Six figures are soon tried out by whoever holds the hash: so it takes the key of the installation too.
    return hmac.new(key, f"mobile-code {row_id} {code}".encode(), "sha256").hexdigest()
