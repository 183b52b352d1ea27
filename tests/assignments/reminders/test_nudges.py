"""At most one nudge in seven days for each person, whoever presses."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.reminders.nudge_words import compose_nudge
from assignments.reminders.nudges import NUDGE, nudge
from assignments.requirements import require_course
from courses.records.completion import record_completion
from kernel.errors import RuleBroken
from messages.ledger import DropReason, Message
from messages.ways import EVERY_WAY
from people.persons import Person
from tests.builders.mail_transport import give_address
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation

# A working day, at noon.
NOW = NOON + timedelta(days=2)


class Team:
    """Somebody who is asked to take a course, and two who may nudge them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        unit = a_unit(session, an_organisation(session))
        self.organisation_id = unit.organisation_id
        self.course = a_course(session)
        self.person: Person = give_address(session, a_person(session, unit, "Nadia Haddad"))
        self.accounts = [an_account(session, a_person(session, unit, name)).id for name in ("Bo Li", "Siân Lee")]
        asking = [self.organisation_id]
        require_course(session, course_id=self.course.course_id, organisation_ids=asking, account_id=None, now=NOON)

    def nudge(self, who: int = 0, days: int = 0, person: Person | None = None) -> None:
        nudge(
            self.session,
            person_id=(person or self.person).id,
            organisation_id=self.organisation_id,
            course_id=self.course.course_id,
            account_id=self.accounts[who],
            ways=EVERY_WAY,
            now=NOW + timedelta(days=days),
        )

    def messages(self) -> list[Message]:
        return list(self.session.scalars(select(Message).where(Message.kind == NUDGE).order_by(Message.id)))

    def finish(self) -> None:
        record_completion(
            self.session,
            person_id=self.person.id,
            course_id=self.course.course_id,
            cycle=1,
            course_version_id=self.course.version_id,
            now=NOW,
        )


@pytest.fixture
def team(session: Session) -> Team:
    return Team(session)


def test_the_second_within_a_week_is_told_who_was_first_and_when(team: Team) -> None:
    team.nudge()
    for days in (0, 3, 6):
        with pytest.raises(RuleBroken, match=r"Nadia Haddad was nudged by Bo Li on 23 November at 12:00\. One nudge"):
            team.nudge(who=1, days=days)
    team.nudge(who=1, days=7)
    assert len(team.messages()) == 2


def test_it_says_who_asks_how_things_stand_and_why(team: Team, session: Session) -> None:
    team.nudge()
    content = compose_nudge(session, team.messages(), now=NOW).content
    assert content is not None
    assert content.paragraphs[0] == "Bo Li would like you to finish Test course."
    assert "asks everybody to finish Test course" in content.why


def test_whoever_finishes_before_it_goes_gets_none(team: Team, session: Session) -> None:
    team.nudge()
    team.finish()
    (message,) = team.messages()
    assert compose_nudge(session, [message], now=NOW).dropped == {message.id: DropReason.NOT_TRUE_ANY_MORE}


def test_at_night_and_on_sunday_it_waits(team: Team, session: Session) -> None:
    team.nudge(days=6)
    (message,) = team.messages()
    assert message.due_at is not None
    assert message.due_at.weekday() == 0
    assert compose_nudge(session, [message], now=NOW.replace(hour=23)).postponed_until is not None


def test_whoever_finished_has_no_address_or_is_not_asked_is_refused_in_words(team: Team, session: Session) -> None:
    team.person.email = None
    with pytest.raises(RuleBroken, match="holds no email address"):
        team.nudge()
    with pytest.raises(RuleBroken, match="is not asked to finish Test course any more"):
        team.nudge(person=a_person(session, name="Nobody Here"))
    team.finish()
    with pytest.raises(RuleBroken, match="has finished Test course"):
        team.nudge()
    assert team.messages() == []
