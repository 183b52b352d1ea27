"""What a script is told that saves words and choices while they are made."""

from datetime import datetime

from flask import get_template_attribute, jsonify
from werkzeug.wrappers import Response

from app.course_pages.personal import StatementsView
from app.course_pages.question_views import ReflectionView
from app.platform.pages.templating import when
from kernel.errors import RuleBroken
from kernel.seen import ChangedMeanwhile


def saved_in_place(now: datetime, *, seen: str) -> Response:
    """It is saved; ``seen`` goes along with what is saved next from the same page."""
    return jsonify(saved_at=when(now), seen=seen)


def refused_in_place(refusal: RuleBroken, view: ReflectionView | StatementsView) -> tuple[Response, int]:
    """Why it is not saved; where something newer is saved by now, with the part of the page that shows both."""
    if view.clash is None:
        return jsonify(error=refusal.message), status_of(refusal)
    panel = get_template_attribute("components/clash.html", "clash_panel")(view.clash)
    return jsonify(error=refusal.message, seen=view.seen, clash=str(panel)), status_of(refusal)


def status_of(refusal: RuleBroken) -> int:
    """The status of a page that says no: 409 where somebody changed the same elsewhere, else 422."""
    return 409 if isinstance(refusal, ChangedMeanwhile) else 422
