"""Who stands behind an account, for the pages that say who did something."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.accounts import Account
from people.persons import Person


def names_of_accounts(session: Session, *, account_ids: Iterable[int | None]) -> dict[int, str]:
    """Names by account id; an id that is empty or unknown is absent."""
    wanted = {identity for identity in account_ids if identity is not None}
    rows = session.execute(
        select(Account.id, Person.chosen_name)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(wanted))
    )
    return dict(rows.all())
