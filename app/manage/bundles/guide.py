"""What an author needs to begin: the guide to the format, its schema, and an example course to change."""

import re
from functools import cache
from pathlib import Path

from flask import current_app, render_template, url_for
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.platform.access import allow
from app.platform.pages.downloads import data_download
from courses.content.bundle.packing import packed
from courses.content.bundle.reading import COURSE_FILE, read_folder
from people.roles import Role

GUIDE, SCHEMA = "course-format.md", "course-format.schema.json"
EXAMPLE = "example-course"
_CLASSES = {
    "h2": "govuk-heading-l",
    "h3": "govuk-heading-m",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
}


@allow(Role.AUTHOR, Role.ADMIN)
def course_format() -> str:
    """How to write a course: ``docs/course-format.md``, as a page."""
    return render_template("manage/course_format.html", guide=_guide(url_for("manage.course_schema")))


@allow(Role.AUTHOR, Role.ADMIN)
def course_schema() -> Response:
    """The format as JSON Schema, for editors that check while somebody types."""
    return data_download((_documents() / SCHEMA).read_bytes(), mimetype="application/schema+json", name=SCHEMA)


@allow(Role.AUTHOR, Role.ADMIN)
def example_course() -> Response:
    """A small course that has every main thing once."""
    return data_download(_example(), mimetype="application/zip", name=f"{EXAMPLE}.zip")


def _documents() -> Path:
    return Path(current_app.root_path).parent / "docs"


@cache
def _example() -> bytes:
    # In a folder of its own, so that unzipping it puts nothing beside other files.
    files = read_folder(Path(current_app.root_path).parent / "courses" / "example")
    return packed({f"{EXAMPLE}/{name}": data for name, data in files.items()}, first=f"{EXAMPLE}/{COURSE_FILE}")


@cache
def _guide(schema_url: str) -> Markup:
    text = (_documents() / GUIDE).read_text("utf-8").replace(f"]({SCHEMA})", f"]({schema_url})")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    for number, token in enumerate(tokens):
        _dress(token, tokens[number + 1].content if token.type == "heading_open" else "")
    # The first heading is the heading of the page.
    body = tokens[next(number for number, token in enumerate(tokens) if token.type == "heading_close") + 1 :]
    html = parser.renderer.render(body, parser.options, {})
    # What is wide scrolls in its box, which people without a mouse must be able to reach.
    for tag, words in (("pre", "Example"), ("table", "Table")):
        box = f'<div class="cg-scroll" tabindex="0" role="group" aria-label="{words}"><{tag}'
        html = html.replace(f"<{tag}", box).replace(f"</{tag}>", f"</{tag}></div>")
    return Markup(html)  # noqa: S704 - a file of ours, read without HTML


def _dress(token: Token, heading: str) -> None:
    for child in (token, *(token.children or ())):
        if child.tag in _CLASSES and child.nesting == 1:
            child.attrSet("class", _CLASSES[child.tag])
    if heading:
        # As GitHub makes them, so that a link within the guide works there and here.
        token.attrSet("id", re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
