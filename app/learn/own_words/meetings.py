"""A calendar file with a prompt for a team meeting. Nothing is kept, and nothing that a learner wrote is in it."""

from dataclasses import replace
from secrets import token_hex
from urllib.parse import urlsplit

from flask import Response as FileResponse
from flask import redirect, request
from werkzeug.wrappers import Response

from app.course_pages.meeting_views import MeetingView, meeting_posted
from app.course_pages.personal import personal_on
from app.course_pages.screen_urls import screen_url
from app.learn.place.place import get_place
from app.learn.place.screen_page import show
from app.platform.access import signed_in
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from courses.reflection.plan_calendar import meeting_prompt
from courses.taking.screens import ScreenAddress
from kernel.clock import utc_now
from kernel.errors import NotFound

KEY = "meeting"


@signed_in
def meeting(address: ScreenAddress) -> str | tuple[str, int] | Response:
    """The file for the day that was sent. It comes by POST, so that no address holds the day."""
    if request.method == "GET":  # the page again, after an error and a reload
        return redirect(screen_url(address, fragment=KEY))
    place = get_place(db.session(), address)
    views = personal_on(db.session(), place.course, address, place.attempt)
    view = views.get(KEY)
    if not isinstance(view, MeetingView):
        raise NotFound(f"a prompt on {address}")
    fields = meeting_posted(request.form)
    if not fields.validate() or fields.day.data is None:
        return show(
            db.session(), place, personal={**views, KEY: replace(view, fields=fields)}, error="Look at the day"
        ), 422
    written = meeting_prompt(
        name=token_hex(8),
        host=urlsplit(current_settings().public_url).hostname or "localhost",
        day=fields.day.data,
        title=view.title,
        text=view.text,
        now=utc_now(),
    )
    response = FileResponse(written, content_type="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename="team-meeting.ics")
    return response
