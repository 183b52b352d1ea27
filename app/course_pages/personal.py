"""The parts of a screen in which learners say or see something about themselves, ready to print."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from app.course_pages.comment_views import CommentView, comment_preview, comment_view
from app.course_pages.meeting_views import MeetingView, meeting_view
from app.course_pages.plan_views import PlanView, plan_preview, plan_view
from app.course_pages.rendering import ReadyCourse
from app.course_pages.screen_urls import screen_url
from app.platform.access import who
from app.platform.pages.clashes import ClashView
from app.platform.pages.templating import when
from courses.content.model.course import Screen
from courses.content.model.personal import (
    ChangeBlock,
    CommentBlock,
    Instrument,
    MeetingBlock,
    Moment,
    PersonalBlock,
    StatementsBlock,
)
from courses.records.attempts import CurrentAttempt
from courses.reflection.rating_comparison import RatingComparison, compare_ratings
from courses.reflection.ratings import Rating, ratings_of
from courses.taking.screens import ScreenAddress
from kernel.seen import marks_of

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
    seen: str = ""
    clash: ClashView | None = None
    is_unsaved: bool = False
    shape: str = "statements"


@dataclass(frozen=True)
class ChangeView:
    """A learner’s own table of change for ``components/personal.html``."""

    id: str
    change: RatingComparison
    shape: str = "change"


PersonalView = StatementsView | ChangeView | PlanView | CommentView | MeetingView


def personal_on(
    session: Session, course: ReadyCourse, address: ScreenAddress, attempt: CurrentAttempt
) -> dict[str, PersonalView]:
    """What a screen asks the person at the keyboard about themselves, with what they said before; by block key."""
    screen = course.document.module(address.module_slug).screens[address.screen_number - 1]
    if not screen.personal:
        return {}
    is_rated = any(isinstance(block, StatementsBlock | ChangeBlock) for block in screen.personal)
    ratings = ratings_of(session, person_id=who().person_id) if is_rated else {}
    here = screen_url(address)

    def view(block: PersonalBlock) -> PersonalView:
        if isinstance(block, StatementsBlock | ChangeBlock):
            return rating_view(course, block, ratings, here)
        if isinstance(block, CommentBlock):
            return comment_view(session, course, block, here, attempt)
        if isinstance(block, MeetingBlock):
            return meeting_view(course, block, here)
        return plan_view(session, course, block, here)

    return {block.key: view(block) for block in screen.personal}


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
    return ChangeView(block.key, compare_ratings(block.instrument_id, instrument, ratings))


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
        saved_at=when(max(rating.said_at for rating in said.values())) if said else None,
        seen=marks_of({statement_id: rating.value for statement_id, rating in said.items()}),
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
