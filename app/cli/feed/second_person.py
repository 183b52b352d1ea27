"""Who agrees at the command line to a file that was stopped."""

from sqlalchemy.orm import Session

from kernel.clock import local_day, utc_now
from kernel.errors import RuleBroken
from people.accounts import get_account_named
from people.feed.runs.deciding import may_decide


def second_person(session: Session, *, organisation_id: int, username: str | None) -> int | None:
    """The account with a user name; ``None`` without one. Raises ``RuleBroken`` where it may not agree."""
    if username is None:
        return None
    account = get_account_named(session, username=username)
    if not may_decide(session, account_id=account.id, organisation_id=organisation_id, on=local_day(utc_now())):
        raise RuleBroken(f"{username} is neither an HR lead of this authority nor an admin")
    return account.id
