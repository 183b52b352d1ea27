"""Pages for people who learn: their courses, one screen at a time, and their certificates."""

from flask import Blueprint

from app.learn import (
    badges,
    certificate_links,
    certificate_names,
    certificates,
    comments,
    courses,
    examples,
    glossary,
    home,
    large_print,
    media,
    meetings,
    messages,
    paper,
    plans,
    quiz_asking,
    quiz_questions,
    quizzes,
    replies,
    screens,
    statements,
    story_steps,
)
from courses.change import MOMENT_WORDS
from courses.content.personal import Moment
from courses.progress import STATE_WORDS, State

blueprint = Blueprint("learn", __name__)
add = blueprint.add_url_rule
add("/", view_func=home.start)
add("/learning", view_func=home.home)
add("/courses/<slug>", view_func=courses.course)
add("/courses/<slug>/begin", view_func=courses.begin, methods=["POST"])
add("/courses/<slug>/finished", view_func=courses.finished)
add("/courses/<slug>/examples", view_func=examples.examples, methods=["GET", "POST"])
add("/courses/<slug>/<module_slug>/<int:number>", view_func=screens.screen)
add("/courses/<slug>/<module_slug>/<int:number>", view_func=screens.move_on, methods=["POST"])
add(
    "/courses/<slug>/<module_slug>/<int:number>/answers/<question_id>",
    view_func=replies.answer,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:number>/reflections/<reflection_id>",
    view_func=replies.reflect,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:number>/story/<question_id>",
    view_func=story_steps.story_step,
    methods=["GET", "POST"],
)
add("/courses/<slug>/glossary", view_func=glossary.glossary)
add(
    "/courses/<slug>/<module_slug>/<int:number>/statements/<instrument_id>/<moment>",
    view_func=statements.rate,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:number>/plans/<plan_id>",
    view_func=plans.write_on_screen,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:number>/plans/<plan_id>/check",
    view_func=plans.check_on_screen,
    methods=["GET", "POST"],
)
add(
    "/courses/<slug>/<module_slug>/<int:number>/comments/<comment_id>",
    view_func=comments.comment,
    methods=["GET", "POST"],
)
add("/courses/<slug>/<module_slug>/<int:number>/meeting", view_func=meetings.meeting, methods=["GET", "POST"])
add("/learning/plan", view_func=plans.plan)
add("/learning/plan/<form_id>", view_func=plans.plan_words, methods=["GET", "POST"])
add("/messages", view_func=messages.messages, methods=["GET", "POST"])
add("/learning/plan/<form_id>/mail", view_func=messages.mail_plan, methods=["POST"])
add("/learning/plan/<form_id>/withdraw", view_func=plans.withdraw, methods=["POST"])
add("/learning/plan/<form_id>/calendar", view_func=plans.plan_calendar)
add("/learning/plans/<int:plan_id>/delete", view_func=plans.delete_plan, methods=["POST"])
add("/learning/ratings", view_func=statements.ratings)
add("/learning/ratings/<instrument_id>/forget", view_func=statements.forget, methods=["POST"])
add("/courses/<slug>/print", view_func=paper.print_course)
add("/courses/<slug>/<module_slug>/print", view_func=paper.print_module)
QUIZ = "/courses/<slug>/<module_slug>/<int:number>/quiz"
add(QUIZ, view_func=quizzes.quiz_start, methods=["GET", "POST"])
add(f"{QUIZ}/another-try", view_func=quiz_asking.quiz_ask, methods=["GET", "POST"])
add(f"{QUIZ}/skip", view_func=quizzes.quiz_skip, methods=["GET", "POST"])
add(f"{QUIZ}/<int:sitting>", view_func=quizzes.quiz_sitting, methods=["GET", "POST"])
add(f"{QUIZ}/<int:sitting>/<int:position>", view_func=quiz_questions.quiz_question)
add(
    f"{QUIZ}/<int:sitting>/answers/<question_id>",
    view_func=quiz_questions.quiz_answer,
    methods=["GET", "POST"],
)
add("/certificates", view_func=certificates.certificates)
add("/certificates/<number>", view_func=certificates.certificate)
add("/certificates/<number>/status", view_func=certificates.certificate_status)
add("/certificates/<number>/file", view_func=certificates.certificate_file)
add("/certificates/<number>/name", view_func=certificate_names.certificate_name, methods=["GET", "POST"])
add("/certificates/<number>/links", view_func=certificate_links.certificate_links, methods=["GET", "POST"])
add(
    "/certificates/<number>/links/<int:link_id>/withdraw",
    view_func=certificate_links.certificate_link_withdraw,
    methods=["POST"],
)
add("/certificates/<number>/large-print", view_func=large_print.large_print, methods=["POST"])
add("/certificates/<number>/large-print/status", view_func=large_print.large_print_status)
add("/certificates/<number>/large-print/file", view_func=large_print.large_print_file)
add("/certificates/<number>/badge", view_func=badges.certificate_badge, methods=["GET", "POST"])
add("/certificates/<number>/badge/status", view_func=badges.certificate_badge_status)
add("/certificates/<number>/badge/withdraw", view_func=badges.certificate_badge_withdraw, methods=["POST"])
add("/certificates/<number>/badge/files/<kind>", view_func=badges.certificate_badge_file)
add("/certificates/colours.css", view_func=large_print.certificate_colours)
add("/media/<sha256>", view_func=media.media)


@blueprint.app_template_filter("state_words")
def state_words(state: State) -> str:
    """A state as people read it: "In progress"."""
    return STATE_WORDS[state]


@blueprint.app_template_filter("moment_words")
def moment_words(moment: Moment) -> str:
    """A moment as people read it: "Before"."""
    return MOMENT_WORDS[moment]
