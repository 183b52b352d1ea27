"""A calendar file with a prompt for a team meeting. Nothing is kept, and nothing that a learner wrote is in it."""

from dataclasses import replace
from secrets import token_hex
from urllib.parse import urlsplit

from flask import Response as FileResponse
from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from app.access import signed_in
from app.extensions import db
from app.learn.meeting_views import MeetingView, meeting_posted
from app.learn.personal import personal_on
from app.learn.places import get_place, show
from courses.plan_calendar import meeting_prompt
from kernel.clock import utc_now
from kernel.errors import NotFound

KEY = "meeting"


@signed_in
def meeting(slug: str, module_slug: str, number: int) -> str | tuple[str, int] | Response:
    """The file for the day that was sent. It comes by POST, so that no address holds the day."""
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(url_for("learn.screen", slug=slug, module_slug=module_slug, number=number, _anchor=KEY))
    place = get_place(db.session(), slug, module_slug, number)
    views = personal_on(db.session(), place.course, module_slug, number)
    view = views.get(KEY)
    if not isinstance(view, MeetingView):
        raise NotFound(f"a prompt on screen {number} of {module_slug}")
    fields = meeting_posted(request.form)
    if not fields.validate():
        return show(
            db.session(), place, personal={**views, KEY: replace(view, fields=fields)}, error="Look at the day"
        ), 422
    written = meeting_prompt(
        name=token_hex(8),
        host=urlsplit(current_app.config["SETTINGS"].public_url).hostname or "localhost",
        day=fields.day.data,
        title=view.title,
        text=view.text,
        now=utc_now(),
    )
    response = FileResponse(written, content_type="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename="team-meeting.ics")
    return response
