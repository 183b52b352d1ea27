"""A learner of a course that asks them about themselves."""

import pytest
from sqlalchemy.orm import Session

from people.accounts import Account
from tests.builders.own_words import a_course_about_oneself
from tests.builders.region import a_person, a_unit, an_account, an_organisation


@pytest.fixture
def staff(session: Session) -> Account:
    account = an_account(session, a_person(session, a_unit(session, an_organisation(session))))
    a_course_about_oneself(session)
    session.commit()
    return account
