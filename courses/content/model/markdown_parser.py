"""The Markdown of courses: CommonMark with tables, tokens and ``[words]{lang=cy}``, and without HTML."""

import re
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.attrs import attrs_plugin

from courses.content.model.glossary import linked_term
from courses.content.model.local_wording import TOKEN

_LINK = re.compile(r"^(?:https://[^/\s]|mailto:[^\s]|tel:[+0-9]|/(?!/|\\|%5c))", re.IGNORECASE)
_PICTURE = re.compile(r"^(?:\.\./)?(media/.+)$")


def is_allowed_link(address: str) -> bool:
    """True for https, mailto and tel addresses, and for pages of this site, which begin with one slash."""
    return _LINK.match(address) is not None


def picture_name(address: str) -> str | None:
    """The path in the bundle of the picture that ``address`` names, or ``None`` when it names none.

    ``../media/map.png`` is understood as well, because editors show the picture then.
    """
    found = _PICTURE.match(unquote(address))
    return None if found is None or ".." in found[1] else found[1]


def rendering_parser() -> MarkdownIt:
    """Reads text to be shown. HTML, and links that are not allowed, stay as they are typed."""
    parser = _parser(allow_html=False)
    parser.validateLink = _is_link_or_picture  # type: ignore[method-assign]
    return parser


def checking_parser() -> MarkdownIt:
    """Reads text to be checked. HTML and every link show up, so that they can be named in findings."""
    parser = _parser(allow_html=True)
    parser.validateLink = _is_anything  # type: ignore[method-assign]
    return parser


def _is_link_or_picture(url: str) -> bool:
    return is_allowed_link(url) or picture_name(url) is not None or linked_term(url) is not None


def _is_anything(url: str) -> bool:  # noqa: ARG001
    return True


def _parser(*, allow_html: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": allow_html, "maxNesting": 20}).enable("table")
    parser.use(attrs_plugin, after=("span_close",), spans=True, allowed=["lang", "dir"])
    # Before emphasis, so that the underscores of a token's name mean nothing.
    parser.inline.ruler.before("emphasis", "token", _token)
    return parser


def _token(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("{{", state.pos):
        return False
    found = TOKEN.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("token", "", 0)
        token.content = found[0]
        token.meta = {"name": found[1]}
    state.pos = found.end()
    return True
