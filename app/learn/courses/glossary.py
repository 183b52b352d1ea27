"""The words that a course explains, from A to Z, with a way back to the screen that somebody came from."""

from flask import render_template, request

from app.course_pages.glossary import entries, find_return_screen
from app.course_pages.screen_urls import screen_url
from app.learn.courses.whole_course import get_whole_course
from app.platform.access import signed_in
from app.platform.extensions import db
from courses.taking.screens import ScreenAddress
from kernel.errors import NotFound


@signed_in
def glossary(slug: str) -> str:
    """All words of a course. ``?term=`` is the one that was asked for, ``?back=`` the place it was asked from."""
    course = get_whole_course(db.session(), slug)
    found = entries(course.ready)
    if not found:
        raise NotFound(f"a glossary of {slug}")
    back = find_return_screen(course.ready, request.args.get("back", ""))
    return render_template(
        "learn/glossary.html",
        course=course.document,
        entries=found,
        asked=request.args.get("term", ""),
        back=back,
        back_url=screen_url(ScreenAddress(slug, back.module_slug, back.screen_number)) if back else None,
    )
