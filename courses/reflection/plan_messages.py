"""A plan by mail to its own writer: only when they ask, only to the address on their own record."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from courses.reflection.plans import Plan, find_plan, sentence
from kernel.clock import local_day
from kernel.errors import NotFound, RuleBroken
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent, note_message
from people.persons import Person

OWN_PLAN = "own-plan"
SENT_ALREADY = "This plan was sent to you today already. You can ask again when you change it, or tomorrow"
NO_ADDRESS = "Your record holds no email address, so it cannot be sent. You can print it instead"


def ask_for_plan(session: Session, *, person_id: int, form_id: str, now: datetime) -> None:
    """Owe somebody their own current plan by mail: once a day while its words stay the same.

    Raises ``NotFound`` when they have none, ``RuleBroken`` without an address and for a second time.
    """
    plan = find_plan(session, person_id=person_id, form_id=form_id)
    if plan is None:
        raise NotFound(f"a plan {form_id} of person {person_id}")
    if not session.get_one(Person, person_id).email:
        raise RuleBroken(NO_ADDRESS)
    step = f"{local_day(now)} {plan.changed_at:%Y%m%dT%H%M%S.%f}"
    if not note_message(
        session, person_id=person_id, kind=OWN_PLAN, subject_id=plan.id, step=step, now=now, due_at=now
    ):
        raise RuleBroken(SENT_ALREADY)


def compose_plan(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:  # noqa: ARG001 - as its siblings
    """A message that holds the plan as it stands now, unless it was withdrawn or renewed meanwhile."""
    message = messages[0]
    plan = session.get(Plan, message.subject_id)
    if plan is None or plan.person_id != message.person_id or plan.ended_at is not None:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    day = f", {plan.by_or_from} {plan.acts_on.day} {plan.acts_on:%B %Y}" if plan.acts_on else ""
    return ComposedMessage(
        MessageContent(
            subject="Your plan",
            paragraphs=("This is your plan, in your words:", f"{sentence(plan)}{day}."),
            link_words="See or change your plan",
            link_path="/learning/plan",
            why="You get this message because you asked for it. Nobody else was sent it.",
        )
    )
