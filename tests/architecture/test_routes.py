"""Every address says who may open it, changes things by POST alone, and shows a template of its own name."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.platform import access
from app.platform.extensions import csrf
from app.platform.queue import JOBS
from courses.content.format.authoring import RESERVED_SLUGS
from tests.architecture.source import ROOT, tree

PROMISED = {
    "/sign-in",
    "/",
    "/courses/<slug>",
    "/certificates",
    "/council/<slug>",
    "/council/<slug>/completion.csv",
    "/manage/courses",
    "/verify/<typed:certificate_number>",
    "/accessibility",
    "/healthz",
    "/readyz",
}
FIRST_WORDS = {
    "", "account", "api", "card", "first-password", "forgotten-password", "invitation", "new-password",
    "badges", "sign-in", "sign-out", "learning", "courses", "certificates", "media", "council", "manage", "verify",
    "accessibility", "evidence", "figures", "people", "requirements",
    "messages", "t", "live-session", "team", "team-talks", "privacy", "support", "healthz", "readyz",
    "static",
}  # fmt: skip
# Those of programs ask for a token themselves.
OPEN_TO_ANYBODY = {
    "api.courses", "api.document", "api.figures", "api.nothing_here", "api.people", "api.published",
    "api.published_figure", "api.units",
    "auth.card", "auth.first_password", "auth.forgotten_password", "auth.invitation", "auth.new_password",
    "auth.sign_in", "auth.sign_in_code", "auth.sign_out",
    "public.accessibility", "public.badge", "public.badge_achievement",
    "public.badge_issuer", "public.badge_keys", "public.badge_picture", "public.badge_status",
    "public.healthz", "public.privacy",
    "public.published_figure", "public.readyz", "public.stop_messages", "public.stop_texts", "public.support",
    "public.verify", "public.check_evidence", "public.sealed_evidence",
    "public.verify_file", "public.verify_form", "public.verify_holder",
}  # fmt: skip
# Pages that end a view early, each for the reason that its own heading gives.
ALSO_SHOWN = {
    "auth/forgotten_password_asked.html",
    "council/no_course.html",
    "people/add_account_authority.html",
    "people/job_added_where.html",
    "manage/upload_course.html",
    "manage/upload_errors.html",
}


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_the_addresses_that_were_promised_are_there(app: Flask) -> None:
    assert {rule.rule for rule in rules_of(app)} >= PROMISED


def test_every_address_says_which_number_it_holds(app: Flask) -> None:
    assert [rule.rule for rule in rules_of(app) if "number" in rule.arguments] == []


def test_no_course_can_have_the_address_of_another_page(app: Flask) -> None:
    paths = [rule.rule.split("/courses/", 1) for rule in app.url_map.iter_rules() if "/courses/" in rule.rule]
    of_courses = {before for before, after in paths if after.startswith("<slug>")}
    words = {after.split("/")[0] for before, after in paths if before in of_courses}
    assert {word for word in words if "<" not in word} == RESERVED_SLUGS


def test_no_address_begins_with_a_word_that_nobody_expects(app: Flask) -> None:
    assert {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()} - FIRST_WORDS == set()


def test_every_page_says_who_may_open_it(app: Flask) -> None:
    silent = [r.endpoint for r in rules_of(app) if getattr(app.view_functions[r.endpoint], "may_open", None) is None]
    assert silent == []


def test_an_application_with_a_silent_page_does_not_start() -> None:
    forgetful = Flask("forgetful")
    forgetful.add_url_rule("/forgotten", view_func=lambda: "", endpoint="forgotten")
    with pytest.raises(access.RouteWithoutAccess, match="forgotten"):
        access.check_every_route(forgetful)


def test_only_these_pages_are_open_to_anybody(app: Flask) -> None:
    found = {
        r.endpoint for r in rules_of(app) if getattr(app.view_functions[r.endpoint], "may_open", "") == access.PUBLIC
    }
    assert found == OPEN_TO_ANYBODY


def test_figures_and_management_are_open_to_roles_only(app: Flask) -> None:
    found = [
        rule.endpoint
        for rule in rules_of(app)
        if rule.endpoint.startswith(("council.", "manage.", "people."))
        and not isinstance(app.view_functions[rule.endpoint].may_open, frozenset)  # type: ignore[attr-defined]
    ]
    assert found == []


# Where something may be posted without a form token: see the view, which asks for one in every other case.
ONE_CLICK = {"app.public.stopping.stop_messages"}


def test_no_form_is_spared_its_token() -> None:
    assert (csrf._exempt_views, csrf._exempt_blueprints) == (ONE_CLICK, set())


def test_an_address_changes_something_by_post_alone(app: Flask) -> None:
    methods = {method for rule in rules_of(app) for method in rule.methods or ()}
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def templates_shown(app: Flask) -> Iterator[tuple[str, str]]:
    """Each endpoint with each template that its view names."""
    for endpoint in sorted({rule.endpoint for rule in rules_of(app)}):
        view = inspect.unwrap(app.view_functions[endpoint])
        path = ROOT / inspect.getfile(view)
        function = next(n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef) and n.name == view.__name__)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "render_template":
                yield endpoint, ast.literal_eval(node.args[0])


def test_an_endpoint_and_its_template_have_the_same_words(app: Flask) -> None:
    others = [
        f"{endpoint} shows {template}"
        for endpoint, template in templates_shown(app)
        if template != endpoint.replace(".", "/") + ".html" and template not in ALSO_SHOWN
    ]
    assert others == []


def test_a_view_is_named_like_its_endpoint(app: Flask) -> None:
    others = [r.endpoint for r in rules_of(app) if r.endpoint.split(".")[-1] != app.view_functions[r.endpoint].__name__]
    assert others == []


@pytest.mark.parametrize("job", JOBS)
def test_every_job_can_be_imported_and_takes_no_arguments(job: str) -> None:
    module, _, name = JOBS[job].rpartition(".")
    assert inspect.signature(getattr(import_module(module), name)).parameters == {}
