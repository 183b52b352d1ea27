"""Pages for people who learn: their courses, one screen at a time, and their certificates."""

from typing import Any

from flask import Blueprint

from app.learn.certificates import badges, large_print, links, names, own_certificates
from app.learn.courses import asked_of_me, course, examples, glossary, home, media, requests
from app.learn.own_words import comments, meetings, messages, mobile, plans, statements
from app.learn.paper import printing
from app.learn.quizzes import questions, retry_requests, sitting
from app.learn.screens import answer_views, screen, story_steps
from courses.content.model.personal import Moment
from courses.reflection.rating_comparison import MOMENT_WORDS
from courses.taking.progress import STATE_WORDS, State
from courses.taking.screens import ScreenAddress

blueprint = Blueprint("learn", __name__)
add = blueprint.add_url_rule
add("/", view_func=home.start)
add("/learning", view_func=home.home)
add("/learning/asked", view_func=asked_of_me.asked_of_me)
add("/learning/asked/<slug>", view_func=requests.request_about, methods=["GET", "POST"])
add("/courses/<slug>", view_func=course.course)
add("/courses/<slug>/begin", view_func=course.begin, methods=["POST"])
add("/courses/<slug>/finished", view_func=course.finished)
add("/courses/<slug>/examples", view_func=examples.examples, methods=["GET", "POST"])
add("/courses/<slug>/<module_slug>/<int:screen_number>", view_func=screen.screen)
add("/courses/<slug>/<module_slug>/<int:screen_number>", view_func=screen.move_on, methods=["POST"])
add(
    "/courses/<slug>/<module_slug>/<int:screen_number>/answers/<question_id>",
    view_func=answer_views.answer,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:screen_number>/reflections/<reflection_id>",
    view_func=answer_views.reflect,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:screen_number>/story/<question_id>",
    view_func=story_steps.story_step,
    methods=["GET", "POST"],
)
add("/courses/<slug>/glossary", view_func=glossary.glossary)
add(
    "/courses/<slug>/<module_slug>/<int:screen_number>/statements/<instrument_id>/<moment>",
    view_func=statements.rate,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:screen_number>/plans/<plan_id>",
    view_func=plans.write_on_screen,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:screen_number>/plans/<plan_id>/check",
    view_func=plans.check_on_screen,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:screen_number>/comments/<comment_id>",
    view_func=comments.comment,
    methods=["GET", "POST"],
)
add("/courses/<slug>/<module_slug>/<int:screen_number>/meeting", view_func=meetings.meeting, methods=["GET", "POST"])
add("/learning/plan", view_func=plans.plan)
add("/learning/plan/<form_id>", view_func=plans.plan_words, methods=["GET", "POST"])
add("/messages", view_func=messages.messages, methods=["GET", "POST"])
add("/messages/mobile", view_func=mobile.mobile, methods=["GET", "POST"])
add("/messages/mobile/code", view_func=mobile.mobile_code, methods=["GET", "POST"])
add("/messages/mobile/taken-back", view_func=mobile.mobile_taken_back, methods=["POST"])
add("/messages/mobile/tried-again", view_func=mobile.mobile_tried_again, methods=["POST"])
add("/learning/plan/<form_id>/mail", view_func=messages.mail_plan, methods=["POST"])
add("/learning/plan/<form_id>/withdraw", view_func=plans.withdraw, methods=["POST"])
add("/learning/plan/<form_id>/calendar", view_func=plans.plan_calendar)
add("/learning/plans/<int:plan_id>/delete", view_func=plans.delete_plan, methods=["POST"])
add("/learning/ratings", view_func=statements.ratings)
add("/learning/ratings/<instrument_id>/forget", view_func=statements.forget, methods=["POST"])
add("/courses/<slug>/print", view_func=printing.print_course)
add("/courses/<slug>/<module_slug>/print", view_func=printing.print_module)
QUIZ = "/courses/<slug>/<module_slug>/<int:screen_number>/quiz"
add(QUIZ, view_func=sitting.quiz_start, methods=["GET", "POST"])
add(f"{QUIZ}/another-try", view_func=retry_requests.quiz_ask, methods=["GET", "POST"])
add(f"{QUIZ}/skip", view_func=sitting.quiz_skip, methods=["GET", "POST"])
add(f"{QUIZ}/<int:sitting>", view_func=sitting.quiz_sitting, methods=["GET", "POST"])
add(f"{QUIZ}/<int:sitting>/<int:position>", view_func=questions.quiz_question)
add(
    f"{QUIZ}/<int:sitting>/answers/<question_id>",
    view_func=questions.quiz_answer,
    methods=["GET", "POST"],
)
add("/certificates", view_func=own_certificates.certificates)
add("/certificates/<certificate_number>", view_func=own_certificates.certificate)
add("/certificates/<certificate_number>/status", view_func=own_certificates.certificate_status)
add("/certificates/<certificate_number>/file", view_func=own_certificates.certificate_file)
add("/certificates/<certificate_number>/name", view_func=names.certificate_name, methods=["GET", "POST"])
add("/certificates/<certificate_number>/links", view_func=links.certificate_links, methods=["GET", "POST"])
add(
    "/certificates/<certificate_number>/links/<int:link_id>/withdraw",
    view_func=links.certificate_link_withdraw,
    methods=["POST"],
)
add("/certificates/<certificate_number>/large-print", view_func=large_print.large_print, methods=["POST"])
add("/certificates/<certificate_number>/large-print/status", view_func=large_print.large_print_status)
add("/certificates/<certificate_number>/large-print/file", view_func=large_print.large_print_file)
add("/certificates/<certificate_number>/badge", view_func=badges.certificate_badge, methods=["GET", "POST"])
add("/certificates/<certificate_number>/badge/status", view_func=badges.certificate_badge_status)
add("/certificates/<certificate_number>/badge/withdraw", view_func=badges.certificate_badge_withdraw, methods=["POST"])
add("/certificates/<certificate_number>/badge/files/<kind>", view_func=badges.certificate_badge_file)
add("/certificates/colours.css", view_func=large_print.certificate_colours)
add("/media/<sha256>", view_func=media.media)


@blueprint.url_value_preprocessor
def bring_address_together(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Give the views of a screen its address as one value."""
    if values and "screen_number" in values:
        parts = {name: values.pop(name) for name in ("slug", "module_slug", "screen_number")}
        values["address"] = ScreenAddress(**parts)


@blueprint.app_template_filter("state_words")
def state_words(state: State) -> str:
    """A state as people read it: "In progress"."""
    return STATE_WORDS[state]


@blueprint.app_template_filter("moment_words")
def moment_words(moment: Moment) -> str:
    """A moment as people read it: "Before"."""
    return MOMENT_WORDS[moment]
