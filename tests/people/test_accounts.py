"""How passwords are kept."""

from argon2 import PasswordHasher, Type
from sqlalchemy.orm import Session

from people.accounts import hash_password, sign_in
from tests.builders import NOON, a_person, an_account

PASSWORD = "a long enough secret"


def test_passwords_are_hashed_with_the_second_option_of_rfc_9106(real_hasher: PasswordHasher) -> None:
    found = (real_hasher.type, real_hasher.memory_cost, real_hasher.time_cost, real_hasher.parallelism)
    assert found == (Type.ID, 64 * 1024, 3, 4)
    assert hash_password(PASSWORD).startswith("$argon2id$")


def test_a_hash_with_other_parameters_is_made_anew_at_the_next_signing_in(session: Session) -> None:
    account = an_account(session, a_person(session))
    account.username = "siân"
    account.password_hash = old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    assert sign_in(session, username="siân", password="something else", now=NOON) is None
    assert account.password_hash == old
    assert sign_in(session, username="siân", password=PASSWORD, now=NOON) is account
    assert account.password_hash != old
    again = account.password_hash
    assert sign_in(session, username="siân", password=PASSWORD, now=NOON) is account
    assert account.password_hash == again
