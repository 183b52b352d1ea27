"""The parts of a screen in which learners say or see something about themselves, ready to print."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy.orm import Session

from app.access import who
from app.learn.comment_views import CommentView, comment_preview, comment_view
from app.learn.meeting_views import MeetingView, meeting_view
from app.learn.plan_views import PlanView, plan_preview, plan_view
from app.learn.rendering import ReadyCourse
from app.templating import clock
from courses.change import Change, change_in
from courses.content.model import Screen
from courses.content.personal import (
    ChangeBlock,
    CommentBlock,
    Instrument,
    MeetingBlock,
    Moment,
    PersonalBlock,
    StatementsBlock,
)
from courses.ratings import Rating, ratings_of

Ratings = Mapping[tuple[str, Moment], Mapping[str, Rating]]


@dataclass(frozen=True)
class StatementView:
    """One statement: the answers as (id, words), and the id of the one that was chosen."""

    id: str
    text: str
    answers: tuple[tuple[str, str], ...]
    chosen: str | None
    is_agreement: bool


@dataclass(frozen=True)
class StatementsView:
    """Statements for ``components/personal.html``. ``action_url`` is empty in a preview, where nothing is kept."""

    id: str
    stem: str
    statements: tuple[StatementView, ...]
    action_url: str
    saved_at: str | None
    shape: str = "statements"


@dataclass(frozen=True)
class ChangeView:
    """A learner’s own table of change for ``components/personal.html``."""

    id: str
    change: Change
    shape: str = "change"


PersonalView = StatementsView | ChangeView | PlanView | CommentView | MeetingView


def personal_on(session: Session, course: ReadyCourse, module_slug: str, number: int) -> dict[str, PersonalView]:
    """What a screen asks the person at the keyboard about themselves, with what they said before; by block key."""
    screen = course.document.module(module_slug).screens[number - 1]
    if not screen.personal:
        return {}
    is_rated = any(isinstance(block, StatementsBlock | ChangeBlock) for block in screen.personal)
    ratings = ratings_of(session, person_id=who().person_id) if is_rated else {}
    here = url_for("learn.screen", slug=course.document.slug, module_slug=module_slug, number=number)
    return {block.key: _view(session, course, block, ratings, here) for block in screen.personal}


def _view(session: Session, course: ReadyCourse, block: PersonalBlock, ratings: Ratings, here: str) -> PersonalView:
    if isinstance(block, StatementsBlock | ChangeBlock):
        return rating_view(course, block, ratings, here)
    if isinstance(block, CommentBlock):
        return comment_view(session, course, block, here)
    if isinstance(block, MeetingBlock):
        return meeting_view(course, block, here)
    return plan_view(session, course, block, here)


def personal_preview(course: ReadyCourse, screen: Screen) -> dict[str, PersonalView]:
    """The same for an author: nobody’s ratings, and nothing to post to."""
    return {block.key: _preview(course, block) for block in screen.personal}


def _preview(course: ReadyCourse, block: PersonalBlock) -> PersonalView:
    if isinstance(block, StatementsBlock | ChangeBlock):
        return rating_view(course, block, {}, "")
    if isinstance(block, CommentBlock):
        return comment_preview(course, block)
    if isinstance(block, MeetingBlock):
        return meeting_view(course, block, "")
    return plan_preview(course, block, request.args.get("idea", ""))


def rating_view(
    course: ReadyCourse, block: StatementsBlock | ChangeBlock, ratings: Ratings, here: str
) -> StatementsView | ChangeView:
    """Statements or the table of change, from ratings that were read. Without an address there is nothing to send."""
    instrument = in_words(course, course.document.instruments[block.instrument_id])
    if isinstance(block, StatementsBlock):
        return _statements_view(instrument, block, ratings, here)
    return ChangeView(block.key, change_in(block.instrument_id, instrument, ratings))


def _statements_view(instrument: Instrument, block: StatementsBlock, ratings: Ratings, here: str) -> StatementsView:
    said = ratings.get((block.instrument_id, block.moment), {})
    return StatementsView(
        id=block.key,
        stem=instrument.stem_at(block.moment),
        statements=tuple(
            StatementView(
                id=one.id,
                text=one.text,
                answers=tuple((choice.id, choice.text) for choice in one.answers),
                chosen=said[one.id].value if one.id in said else None,
                is_agreement=one.is_agreement,
            )
            for one in instrument.asked_at(block.moment)
        ),
        action_url=f"{here}/statements/{block.instrument_id}/{block.moment}" if here else "",
        saved_at=clock(max(rating.said_at for rating in said.values())) if said else None,
    )


def in_words(course: ReadyCourse, instrument: Instrument) -> Instrument:
    """The instrument in the words of the person’s authority."""
    return instrument.model_copy(
        update={
            "title": course.words(instrument.title),
            "stem": course.words(instrument.stem),
            "looking_back": course.words(instrument.looking_back),
            "statements": tuple(
                one.model_copy(update={"text": course.words(one.text)}) for one in instrument.statements
            ),
        }
    )
