"""A text that an authority words, as one of its people would get it today. Nothing is noted and nothing is sent."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.for_many.decided_words import Said, decided_text
from assignments.for_many.previewing import terms_of
from assignments.for_many.record import ActForMany, ActKind, PersonOfAct, PersonOutcome
from assignments.reminders.nudge_words import nudge_of
from assignments.reminders.standing import asked_today, may_be_nudged
from assignments.reminders.telling import OPEN_TO_NUDGE, reminder_of_one, reminder_of_several
from assignments.requests.record import LearnerRequest
from assignments.requests.telling import answer_to
from assignments.standing.explaining import ONESELF, explanations
from kernel.errors import RuleBroken
from messages.templates.filling import Fillable
from messages.templates.texts import Text
from people.persons import Person


def fillable_for(
    session: Session, text: Text, *, organisation_id: int, person_id: int, who_asks: str, on: date
) -> Fillable:
    """What a text would say to somebody. Raises ``RuleBroken`` where there is nothing to say to them today."""
    person = session.get_one(Person, person_id)
    if text is Text.ANSWER:
        request = session.scalar(
            select(LearnerRequest)
            .where(LearnerRequest.person_id == person_id, LearnerRequest.organisation_id == organisation_id)
            .where(LearnerRequest.decided_at.is_not(None))
            .order_by(LearnerRequest.id.desc())
            .limit(1)
        )
        if request is None:
            raise RuleBroken(f"{person.chosen_name} has had no answer to a request. Choose somebody who has")
        return answer_to(session, request)
    if text is Text.DECIDED:
        return _decided(session, person, organisation_id=organisation_id, on=on)
    asked = asked_today(session, organisation_id=organisation_id, person_ids=[person_id], on=on)
    courses = [course_id for (_, course_id), one in asked.items() if may_be_nudged(one, on)]
    said = explanations(session, person_id=person_id, course_ids=courses, on=on, reader=ONESELF) if courses else ()
    still = [one for one in said if one.state in OPEN_TO_NUDGE]
    if not still:
        raise RuleBroken(f"{person.chosen_name} has nothing to finish today. Choose somebody who has")
    mine = [asked[person_id, one.course_id] for one in still]
    if text is Text.NUDGE:
        return nudge_of(session, still[0], mine[0], person, who_asks)
    if text is Text.SEVERAL:
        return reminder_of_several(session, still, mine, person)
    return reminder_of_one(session, still, mine, person, text=text)


def _decided(session: Session, person: Person, *, organisation_id: int, on: date) -> Fillable:
    """What was decided last about somebody among many."""
    act = session.scalar(
        select(ActForMany)
        .join(PersonOfAct, PersonOfAct.act_id == ActForMany.id)
        .where(
            ActForMany.organisation_id == organisation_id,
            ActForMany.kind != ActKind.NUDGE,
            PersonOfAct.person_id == person.id,
            PersonOfAct.outcome == PersonOutcome.DONE,
        )
        .order_by(ActForMany.id.desc())
        .limit(1)
    )
    if act is None:
        raise RuleBroken(
            f"{person.chosen_name} was given neither more time nor an exemption together with others. "
            "Choose somebody who was"
        )
    return decided_text(session, person, [Said(terms_of(act))], on=on)
