"""Who did something, by account."""

from sqlalchemy.orm import Session

from people.actors import names_of_accounts
from tests.builders.region import a_person, an_account


def test_names_are_found_by_account_and_unknown_ones_are_absent(session: Session) -> None:
    account = an_account(session, a_person(session, name="Ngozi Okafor"))
    assert names_of_accounts(session, account_ids=[account.id, None, 99_999]) == {account.id: "Ngozi Okafor"}
    assert names_of_accounts(session, account_ids=[None]) == {}
