"""Ten-minute team talks: one card a month, and whether a manager has done it. Nothing else is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from courses.catalogue.versions import CourseVersion, current_versions, document_of
from courses.content.model.course import CourseDocument
from courses.marking.question import Option, Question
from kernel.database import Base

# The first cards: the opening steps of five stories, by the code of their course.
CARDS = (("RE", "RE-M1-X1"), ("RE", "RE-M4-X1"), ("RE", "RE-M5-X1"), ("RE", "RE-M6-X1"), ("IR", "IR-X1"))
CHOICES = 3


class TeamTalk(Base):
    """A manager's tick for a month, whose first day ``month`` is. It says neither which card nor which day."""

    __tablename__ = "team_talk"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    month: Mapped[date]

    __table_args__ = (UniqueConstraint("person_id", "month"),)


@dataclass(frozen=True)
class TeamCard:
    """A story of a published course under the title of its screen, with three choices in the order of the course."""

    question: Question
    version: CourseVersion
    document: CourseDocument
    title: str
    choices: tuple[Option, ...]


def team_cards(session: Session, *, month: date) -> tuple[TeamCard, ...]:
    """The cards, this month's first. A story that the published course no longer has is left out."""
    current = {course.code: version for course, version in current_versions(session)}
    cards = [
        card
        for code, question_id in CARDS
        if code in current and (card := _card(session, current[code], question_id)) is not None
    ]
    if not cards:
        return ()
    first = (month.year * 12 + month.month) % len(cards)
    return (*cards[first:], *cards[:first])


def _card(session: Session, version: CourseVersion, question_id: str) -> TeamCard | None:
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    asked = document.questions.get(question_id)
    question = _opening(asked) if asked is not None else None
    if question is None or not question.options:
        return None
    title = next((screen.title for _, screen in document.screens() if question_id in screen.question_ids), "")
    return TeamCard(question, version, document, title, three_of(question.options))


def _opening(question: Question) -> Question:
    """The question itself; of a branching story its first node, as a question with options."""
    if question.branching is None:
        return question
    node = question.branching.nodes[0]
    options = tuple(
        Option(id=c.id, text=c.text, feedback=c.feedback, is_best=c.is_best, is_acceptable=c.is_acceptable)
        for c in node.choices
    )
    return question.model_copy(
        update={"story": node.text, "stem": node.stem or question.stem, "media": node.media, "options": options}
    )


def three_of(options: Sequence[Option]) -> tuple[Option, ...]:
    """The best choice and the first two others, in the order of the question."""
    best = [option for option in options if option.is_best or option.is_right][:1]
    others = [option for option in options if option not in best][: CHOICES - len(best)]
    return tuple(option for option in options if option in best or option in others)


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def is_done(session: Session, *, person_id: int, month: date) -> bool:
    """Whether a manager has ticked a month, named by its first day."""
    found = session.scalar(select(TeamTalk.id).where(TeamTalk.person_id == person_id, TeamTalk.month == month))
    return found is not None


def tick(session: Session, *, person_id: int, month: date) -> None:
    """The team talk of a month is done; ticking twice ticks once."""
    try:
        with session.begin_nested():
            session.add(TeamTalk(person_id=person_id, month=month))
    except IntegrityError:
        return


def untick(session: Session, *, person_id: int, month: date) -> None:
    """Take a tick back."""
    session.execute(delete(TeamTalk).where(TeamTalk.person_id == person_id, TeamTalk.month == month))
