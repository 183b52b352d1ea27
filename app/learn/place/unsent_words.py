"""A screen as somebody comes back to it who had been signed out: with what they typed, which was not saved."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.course_pages.comment_views import CommentView
from app.course_pages.personal import StatementsView
from app.course_pages.plan_views import PlanQuestion, PlanWriting
from app.course_pages.question_views import with_refusal
from app.learn.place.answer_reading import filled_in
from app.learn.place.place import Place
from app.learn.place.screen_page import questions_on
from app.learn.place.story_views import StoryView, refused
from app.learn.place.typed_again import personal_again, reflection_again
from app.platform.access import who
from app.platform.pages import unsent
from app.platform.pages.unsent import Unsent
from courses.content.model.personal import StatementsBlock
from courses.content.model.plans import PlanCheckBlock
from kernel.seen import FIELD

FORMS = ("learn.answer", "learn.story_step", "learn.reflect", "learn.rate", "learn.comment", "learn.write_on_screen",
         "learn.check_on_screen")  # fmt: skip


def find_own(session: Session, *endpoints: str, **arguments: object) -> Unsent | None:
    """What the person at the keyboard typed in a form of one of these endpoints; says on the page that it is here."""
    found = unsent.find(session, *endpoints, account_id=who().account_id, **arguments)
    if found is not None:
        unsent.say_still_here()
    return found


def unsent_on(session: Session, place: Place) -> dict[str, Any]:
    """The views of a screen that differ, by their kind; none for nearly everybody."""
    found = unsent.find(session, *FORMS, account_id=who().account_id, address=vars(place.address))
    views = _views(session, place, found) if found else {}
    if views:
        unsent.say_still_here()
    return views


def _views(session: Session, place: Place, found: Unsent) -> dict[str, Any]:
    """The views with what was typed; none where the screen has no place for it any more."""
    arguments, fields = found.arguments, found.fields
    if found.endpoint in ("learn.answer", "learn.story_step"):
        questions = _questions(session, place, found)
        return {"questions": questions} if arguments["question_id"] in questions else {}
    if found.endpoint == "learn.reflect":
        key = arguments["reflection_id"]
        if key not in place.screen.reflection_ids:
            return {}
        reflections = reflection_again(session, place, key, fields)
        return {"reflections": reflections | {key: replace(reflections[key], seen=fields.get(FIELD, ""))}}
    key = _key_of(found)
    personal = personal_again(session, place, key, fields)
    view = personal.get(key)
    if isinstance(view, StatementsView | CommentView | PlanWriting | PlanQuestion):
        # What the older page held goes along, so that words saved elsewhere meanwhile are not replaced unseen.
        personal[key] = replace(view, seen=fields.get(FIELD, ""))
    return {"personal": personal} if view is not None else {}


def _key_of(found: Unsent) -> str:
    arguments = found.arguments
    if found.endpoint == "learn.rate":
        return StatementsBlock(instrument_id=arguments["instrument_id"], moment=arguments["moment"]).key
    if found.endpoint == "learn.check_on_screen":
        return PlanCheckBlock(plan_id=arguments["plan_id"]).key
    return str(arguments.get("comment_id") or arguments.get("plan_id"))


def _questions(session: Session, place: Place, found: Unsent) -> dict[str, Any]:
    questions, question_id = questions_on(session, place), found.arguments["question_id"]
    view = questions.get(question_id)
    if isinstance(view, StoryView):
        questions[question_id] = replace(refused(view, "", found.fields.get("answer", "")), error=None)
    elif view is not None:
        questions[question_id] = replace(with_refusal(view, "", filled_in(found.fields, view.shape)), error=None)
    return questions
