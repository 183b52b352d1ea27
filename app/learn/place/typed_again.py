"""A screen again with what somebody typed: after a refusal, or beside what was saved meanwhile in another tab.

Each function gives the views of its kind, one of them filled in. What is stored stays what the others show.
"""

from dataclasses import replace

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.course_pages.comment_views import CommentView
from app.course_pages.personal import PersonalView, StatementsView, personal_on
from app.course_pages.plan_fields import fields_posted
from app.course_pages.plan_views import PlanQuestion, PlanWriting, writing_again
from app.course_pages.question_views import ReflectionView
from app.learn.place.place import Place
from app.learn.place.screen_page import reflections_on
from app.platform.pages.clashes import clash_view
from kernel.errors import RuleBroken
from kernel.seen import ChangedMeanwhile

Posted = MultiDict[str, str]
Refusal = RuleBroken | None


def text_in(posted: Posted, name: str = "text") -> str:
    """What was typed in a box."""
    return posted.get(name, "").replace("\r\n", "\n")


def choice_in(posted: Posted) -> int | None:
    """The choice that was made, from 1; what is no number is none of them."""
    written = posted.get("choice", "")
    return None if not written else int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0


def reflection_again(
    session: Session, place: Place, reflection_id: str, posted: Posted, refusal: Refusal = None
) -> dict[str, ReflectionView]:
    """The private fields of a screen, one with what was typed: nobody loses words because there are too many."""
    views = reflections_on(session, place)
    view, text, choice = views[reflection_id], text_in(posted), choice_in(posted)
    clash = None
    if isinstance(refusal, ChangedMeanwhile):
        rows = (
            ("Your choice", _choice_words(view, view.choice), _choice_words(view, choice)),
            ("Your words", view.text, text),
        )
        clash = clash_view(view.id, rows, keep_url=_back(place, view.id), saved_at=view.saved_at)
    error = refusal.message if refusal and clash is None else None
    views[reflection_id] = replace(view, text=text, choice=choice, error=error, clash=clash, is_unsaved=True)
    return views


def _choice_words(view: ReflectionView, choice: int | None) -> str | None:
    return view.choices[choice - 1] if choice and choice <= len(view.choices) else None


def personal_again(
    session: Session, place: Place, key: str, posted: Posted, refusal: Refusal = None
) -> dict[str, PersonalView]:
    """The places of a screen where its learner says something about themselves, one with what they chose or typed."""
    views = personal_on(session, place.course, place.address, place.attempt)
    view, keep_url = views.get(key), _back(place, key)
    if isinstance(view, StatementsView):
        views[key] = _statements(view, posted, refusal, keep_url)
    elif isinstance(view, CommentView):
        views[key] = _comment(view, posted, refusal, keep_url)
    elif isinstance(view, PlanWriting):
        views[key] = writing_again(view, fields_posted(posted), refusal, keep_url)
    elif isinstance(view, PlanQuestion):
        views[key] = _plan_question(view, posted, refusal, keep_url)
    return views


def _statements(view: StatementsView, posted: Posted, refusal: Refusal, keep_url: str) -> StatementsView:
    clash = None
    if isinstance(refusal, ChangedMeanwhile):
        rows = (
            (one.text, dict(one.answers).get(one.chosen or ""), dict(one.answers).get(posted.get(one.id, "")))
            for one in view.statements
            if one.id in refusal.names
        )
        clash = clash_view(view.id, rows, keep_url=keep_url, saved_at=view.saved_at)
    statements = tuple(replace(one, chosen=posted.get(one.id) or one.chosen) for one in view.statements)
    return replace(view, statements=statements, clash=clash, is_unsaved=True)


def _comment(view: CommentView, posted: Posted, refusal: Refusal, keep_url: str) -> CommentView:
    text = text_in(posted)
    if isinstance(refusal, ChangedMeanwhile):
        clash = clash_view(view.id, [("Your comment", view.text, text)], keep_url=keep_url)
        return replace(view, text=text, clash=clash, is_unsaved=True)
    return replace(view, text=text, error=refusal.message if refusal else None, is_unsaved=True)


def _plan_question(view: PlanQuestion, posted: Posted, refusal: Refusal, keep_url: str) -> PlanQuestion:
    going, obstacle = posted.get("going"), posted.get("obstacle")
    answers, obstacles = dict(view.answers), dict(view.obstacles)
    typed = replace(view, going=going, obstacle=obstacle, tip=None, is_unsaved=True)
    if isinstance(refusal, ChangedMeanwhile):
        rows = (
            ("How is it going?", answers.get(view.going or ""), answers.get(going or "")),
            ("What got in the way?", obstacles.get(view.obstacle or ""), obstacles.get(obstacle or "")),
        )
        return replace(typed, clash=clash_view(view.id, rows, keep_url=keep_url))
    return replace(typed, error=refusal.message if refusal else None)


def _back(place: Place, fragment: str) -> str:
    return f"{place.url()}#{fragment}"
