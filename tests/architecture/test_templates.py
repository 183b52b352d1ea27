"""Templates: each is used, and none brings what the content security policy would refuse."""

import re

import pytest
from flask import Flask

from app.platform.pages.errors import PAGES
from tests.architecture.source import ROOT, files, relative

FOLDER = ROOT / "app" / "templates"
MENTION = re.compile(r"""["']([\w./-]+\.html)["']""")
# Pattern, and why a template may not hold it.
REFUSED = {
    r"\sstyle=": "inline styles are refused by the policy",
    r"<style": "inline styles are refused by the policy",
    r"\son[a-z]+=": "inline handlers are refused by the policy",
    r"javascript:": "such links are refused by the policy",
    r"<script(?![^>]*nonce)": "a script needs the nonce of its response",
    r"\|\s*safe\b": "what is safe arrives as Markup from the code that made it so",
    r"autoescape false": "everything is escaped",
    r"https?://(?!www\.w3\.org)": "an address of another site belongs in a link that the text names",
    r"\|\s*round\b": "kernel/rounding.py rounds, as a spreadsheet does, before a figure comes here",
    r"current_user|db\.session|\.query\b": "templates receive ready values",
}
# (template, pattern): why it may.
REASONED: dict[tuple[str, str], str] = {}


def templates() -> dict[str, str]:
    return {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in files("app/templates", kind="html")
    }


@pytest.mark.parametrize("pattern", REFUSED)
def test_no_template_holds_what_may_not_be_there(pattern: str) -> None:
    found = [
        f"{name}: {match.group(0)!r}, but {REFUSED[pattern]}"
        for name, text in templates().items()
        if (name, pattern) not in REASONED and not (pattern.startswith("https") and _links_only(text))
        for match in re.finditer(pattern, text)
    ]
    assert found == []


def _links_only(text: str) -> bool:
    """Whether every outside address of a template is where a link goes: nothing is loaded from there."""
    return all(
        re.search(r'href="$', text[: match.start()]) for match in re.finditer(r"https?://(?!www\.w3\.org)", text)
    )


def test_every_template_is_used() -> None:
    code = [path.read_text(encoding="utf-8") for path in files("app")]
    mentioned = {name for text in (*code, *templates().values()) for name in MENTION.findall(text)}
    mentioned |= {f"errors/{status}.html" for status in PAGES}
    assert sorted(set(templates()) - mentioned) == []


def test_every_template_that_is_asked_for_is_there() -> None:
    code = [path.read_text(encoding="utf-8") for path in files("app")]
    mentioned = {name for text in code for name in MENTION.findall(text) if "/" in name}
    mentioned |= {f"errors/{status}.html" for status in PAGES}
    assert sorted(mentioned - set(templates())) == []


def test_every_template_compiles(app: Flask) -> None:
    for name in templates():
        app.jinja_env.get_template(name)


def test_every_page_extends_a_frame() -> None:
    parts = re.compile(r"^mail/|components/|base\.html|_status\.html|_region\.html|parts\.html")
    frameless = [name for name, text in templates().items() if not parts.search(name) and "{% extends" not in text]
    assert [name for name in frameless if "{% macro" not in templates()[name]] == []


def test_no_style_sheet_or_script_loads_from_elsewhere() -> None:
    loads = re.compile(r"""(?:url\(|@import |from |import\()\s*["']?https?:""")
    sources = [*files("app/assets", kind="scss"), *files("app/assets", kind="js")]
    assert [relative(path) for path in sources if loads.search(path.read_text(encoding="utf-8"))] == []
