"""What became of a request, in the words that its learner reads: in a message and under My learning."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from assignments.due.words import day_in_words
from assignments.requests.record import LearnerRequest, Outcome, RequestKind
from courses.catalogue.versions import titles_of
from kernel.clock import local_day
from messages.ledger import ComposedMessage, DropReason, Message, MessageContent
from messages.templates.filling import Fillable
from messages.templates.texts import Text
from messages.templates.versions import worded
from people.organisations import Organisation
from people.persons import Person

_ASKED = {
    RequestKind.MORE_TIME: "You asked for more time",
    RequestKind.NOT_FOR_ME: "You said that this course is not for you",
    RequestKind.DONE_ALREADY: "You said that you have done this course already",
}


def request_in_words(request: LearnerRequest) -> str:
    """What they asked, when, and what became of it."""
    asked = f"{_ASKED[request.kind]} on {day_in_words(local_day(request.asked_at))}"
    if request.wanted_on:
        asked += f", until {day_in_words(request.wanted_on)}"
    return f"{asked}. {_answer(request)}"


def _answer(request: LearnerRequest) -> str:
    said = f" The answer: “{request.answer}”" if request.answer else ""
    match request.outcome:
        case Outcome.GRANTED if request.granted_until:
            return f"You have time until {day_in_words(request.granted_until)}.{said}"
        case Outcome.REFUSED:
            return f"That was refused.{said}"
        case Outcome.CLOSED:
            return request.answer
        case None:
            return "Your HR team has it. It was sent, and nobody has answered yet."
        case _:
            return said.strip()


def outcome_in_words(request: LearnerRequest) -> str:
    """What became of it, in a word or two; empty while it is open."""
    if request.outcome is Outcome.GRANTED and request.granted_until:
        return f"Until {day_in_words(request.granted_until)}"
    words = {Outcome.REFUSED: "Refused", Outcome.ANSWERED: "Answered", Outcome.CLOSED: "Closed by itself"}
    return words.get(request.outcome, "") if request.outcome else ""


def compose_answer(session: Session, messages: Sequence[Message], *, now: datetime) -> ComposedMessage:  # noqa: ARG001 - the signature of a composer
    """The answer to a request of the person who gets the message."""
    message = messages[0]
    request = session.get(LearnerRequest, message.subject_id)
    if request is None or request.person_id != message.person_id or request.decided_at is None:
        return ComposedMessage(None, {message.id: DropReason.NOT_TRUE_ANY_MORE})
    return ComposedMessage(worded(session, answer_to(session, request)))


def answer_to(session: Session, request: LearnerRequest) -> Fillable:
    """What became of a request, as a message."""
    title = titles_of(session, course_ids=[request.course_id])[request.course_id]
    name = session.get_one(Organisation, request.organisation_id).name
    content = MessageContent(
        subject="",
        paragraphs=(),
        link_words="See what is asked of you, and why",
        link_path="/learning/asked",
        why=f"You get this message because you asked {name} about it.",
        can_choose=False,
    )
    values = {
        "what became of it": _became(request, title),
        "course": title,
        "answer": request_in_words(request),
        "name": session.get_one(Person, request.person_id).addressed_as,
        "authority": name,
    }
    return Fillable(content, request.organisation_id, Text.ANSWER, values)


def _became(request: LearnerRequest, title: str) -> str:
    if request.outcome is Outcome.CLOSED:
        return f"What you asked about {title} is closed"
    is_granted = request.outcome is Outcome.GRANTED and request.granted_until is not None
    return f"You have more time for {title}" if is_granted else f"The answer about {title}"
