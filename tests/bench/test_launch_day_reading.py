"""What the driver of the launch day sees of a page, and what it says of the day."""

import pytest

from bench.launch_day.figures import Day, Round, lines
from bench.launch_day.reading import Form, Page
from bench.launch_day.visitor import Timings, kind_of_page

PAGE = """<!doctype html><html><head><title>Check</title></head><body>
<form action="/sign-out" method="post"><button>Sign out</button></form>
<main><h1>Check:  who
 lives here</h1>
<div class="govuk-error-summary"><ul><li><a href="#a">Select an answer</a></li></ul></div>
<form action="/courses/a/b/1/answers/Q1#top" method="post">
 <input type="hidden" name="csrf_token" value="t"><input type="hidden" name="try_number" value="2">
 <input type="radio" name="answer" value="x"><input type="radio" name="answer" value="y" checked>
 <select name="row-1"><option value=""></option><option value="z">Z</option></select>
 <textarea name="text">Siân</textarea><button>Check my answer</button>
</form>
<form action="/q" method="get"><input type="text" name="name"></form>
<form method="post"><button name="new" value="1">New</button></form>
<a class="govuk-button" href="/next">Next</a><a href="/certificates/RE-1/file">Download</a></main></body></html>"""


@pytest.fixture
def page():
    return Page("/courses/a/b/1", 200, PAGE.encode())


def test_forms_are_those_of_the_main_part_and_send_what_stands_in_them(page):
    question, search, new = page.forms
    assert (question.action, question.method) == ("/courses/a/b/1/answers/Q1", "post")
    assert dict(question.values) == {
        "csrf_token": "t",
        "try_number": "2",
        "answer": "y",
        "row-1": "",
        "text": "Siân",
    }
    assert question.choices == {"answer": ["x", "y"], "row-1": ["", "z"]}
    assert question.words == ["text"]
    assert search.method == "get"
    assert (new.action, new.values) == ("/courses/a/b/1", [("new", "1")])


def test_the_heading_buttons_links_and_problems_are_read(page):
    assert page.heading == "Check: who lives here"
    assert page.link_buttons == ("/next",)
    assert page.links_to("/certificates/") == ("/certificates/RE-1/file",)
    assert page.problems == ("Select an answer",)


def test_a_value_replaces_those_of_its_name():
    form = Form("/", "post", [("a", "1"), ("a", "2"), ("b", "3")])
    form.set("a", "4", "5")
    assert form.values == [("b", "3"), ("a", "4"), ("a", "5")]


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/courses/a/b/1", "screen"),
        ("POST", "/courses/a/b/1", "continue"),
        ("POST", "/courses/a/b/1/answers/Q1", "save answer"),
        ("POST", "/courses/a/begin", "begin"),
        ("GET", "/council/sefton/completion.csv", "figures file"),
        ("GET", "/certificates/RE-1/file", "certificate file"),
        ("POST", "/sign-in", "save sign-in"),
    ],
)
def test_requests_are_told_apart_by_what_they_do(method, path, kind):
    assert kind_of_page(method, path) == kind


def test_the_figures_of_two_rounds_are_those_of_all_their_people():
    timings = Timings()
    for seconds in (0.1, 0.2, 0.4):
        timings.note("screen", seconds)
    timings.note_refused("screen: 503")
    cpu = {"web": 10.0, "worker": 2.0}
    one = Round("this", people=4, finished=4, seconds=60, requests=1000, cpu=cpu, timings=timings)
    two = Round("this", people=4, finished=2, seconds=60, requests=800, cpu=cpu, timings=Timings(), problems=["lost"])
    said = {line["name"]: line for line in lines(Day("this", [one, two]))}
    assert said["launch-day.cpu-seconds-per-person"]["value"] == 4.0
    assert said["launch-day.requests-per-person"]["value"] == 300.0
    assert said["launch-day.people-per-minute"]["value"] == 3.0
    assert said["launch-day.p99.screen"]["value"] == 400.0
    assert said["launch-day.errors"]["value"] == 1
    assert said["launch-day.errors"]["context"]["asked_again"] == {"screen: 503": 1}
