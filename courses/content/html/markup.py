"""Turns course Markdown into clean HTML with GOV.UK classes. Token values go in as text."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token as MarkdownToken
from markdown_it.utils import EnvType, OptionsDict

from courses.content.html.markup_tables import mark_tables
from courses.content.model.course import MediaFile
from courses.content.model.facts import is_note_token
from courses.content.model.glossary import linked_term
from courses.content.model.markdown_parser import is_allowed_link, picture_name, rendering_parser

_CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "govuk-inset-text",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
}
_EMPTIED = ("list_item_close", "bullet_list_close", "ordered_list_close", "blockquote_close")
_HEADINGS = {"h2": "govuk-heading-m", "h3": "govuk-heading-s", "h4": "govuk-heading-s"}

_CLEANER = nh3.Cleaner(
    tags={
        "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre", "span",
        "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
    },
    clean_content_tags={"script", "style"},
    attributes={
        "*": {"class"},
        "a": {"href", "rel"},
        "img": {"src", "alt", "loading", "width", "height", "aria-hidden"},
        "ol": {"start"},
        "span": {"lang", "dir"},
        "td": {"data-label"},
        "th": {"scope"},
    },
    url_schemes={"https", "http", "mailto", "tel"},
    link_rel=None,
)  # fmt: skip


def render_markdown(
    text: str,
    *,
    tokens: Mapping[str, str],
    media_url: Callable[[str], str],
    media: Mapping[str, MediaFile] | None = None,
    term_url: Callable[[str], str] | None = None,
) -> str:
    """Safe HTML for a text of a screen. Headings begin at ``h2``.

    ``media_url`` gives the address of a picture by its name in the document; with ``media`` the picture also
    gets its size, so that the page does not jump. ``term_url`` gives the address of a word of the glossary by its
    id; without it the word stands there unlinked. A paragraph that holds only an empty token disappears.
    """
    env = {**_env(tokens, media_url, media), "can_link": True, "term_url": term_url}
    return _CLEANER.clean(_PARSER.render(text, env))


def render_inline(
    text: str,
    *,
    tokens: Mapping[str, str],
    media_url: Callable[[str], str] = lambda name: name,
    media: Mapping[str, MediaFile] | None = None,
) -> str:
    """Safe HTML for a stem, an option or an item: one run of text, without a paragraph around it."""
    return _CLEANER.clean(_PARSER.renderInline(text, _env(tokens, media_url, media)))


def pictures_in(text: str) -> tuple[tuple[str, str], ...]:
    """The pictures of a short text: the name of each in the document, and its description without markup."""
    if "![" not in text:
        return ()
    env: dict[str, Any] = _env({}, lambda name: name, None)
    children = _PARSER.parseInline(text, env)[0].children or ()
    found = [
        (picture_name(str(token.attrGet("src") or "")), _plain(token.children or (), env))
        for token in children
        if token.type == "image"
    ]
    return tuple((name, alt) for name, alt in found if name is not None)


def words_in(text: str) -> str:
    """What a screen reader says of a short text: its words, and the description of each of its pictures."""
    env: dict[str, Any] = _env({}, lambda name: name, None)
    return " ".join(_plain(_PARSER.parseInline(text, env), env).split())


def plain_passages(text: str, *, tokens: Mapping[str, str]) -> tuple[str, ...]:
    """The words of a text as eyes read them: each paragraph, heading and list item by itself, and no tables."""
    env: dict[str, Any] = _env(tokens, lambda name: name, None)
    found, in_table = [], 0
    for token in _PARSER.parse(text, env):
        in_table += {"table_open": 1, "table_close": -1}.get(token.type, 0)
        seen = [child for child in token.children or () if child.type != "image"]
        if token.type == "inline" and not in_table and (words := _plain(seen, env).strip()):
            found.append(words)
    return tuple(found)


def _env(
    tokens: Mapping[str, str], media_url: Callable[[str], str], media: Mapping[str, MediaFile] | None
) -> dict[str, Any]:
    return {"tokens": tokens, "media_url": media_url, "media": media or {}}


def _plain(tokens: Sequence[MarkdownToken], env: EnvType) -> str:
    """The words of inline tokens without any markup: for descriptions and for the labels of table cells."""
    words = ""
    for token in tokens:
        if token.type == "token":
            words += _value(token, env)
        elif token.type in ("softbreak", "hardbreak"):
            words += " "
        elif token.children:
            words += _plain(token.children, env)
        else:
            words += token.content
    return words


def _value(token: MarkdownToken, env: EnvType) -> str:
    return str(env["tokens"].get(token.meta["name"], token.content))


def _add_classes(state: StateCore) -> None:
    """Give each element its class, and headings their level."""
    for token in state.tokens:
        if token.type in _CLASSES:
            token.attrSet("class", _CLASSES[token.type])
        elif token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
            if token.nesting == 1:
                token.attrSet("class", _HEADINGS[token.tag])
        _mark_links(token.children or (), state.env)


def _mark_links(children: Sequence[MarkdownToken], env: EnvType) -> None:
    is_link = True
    for child in children:
        if child.type == "link_open":
            address = _address(str(child.attrGet("href") or ""), env)
            is_link = is_allowed_link(address)
            child.attrs = {"class": "govuk-link", "href": address} if is_link else {}
            if address.lower().startswith("https:"):
                child.attrSet("rel", "noopener")
        if child.type in ("link_open", "link_close") and not is_link:
            # The parser lets the address of a picture through for pictures; nothing may link to one.
            child.tag = "span"


def _address(written: str, env: EnvType) -> str:
    """Where a link leads; nowhere for a word of the glossary on a page that does not link to it."""
    term_id, term_url = linked_term(written), env.get("term_url")
    if term_id is None:
        return written
    return str(term_url(term_id)) if term_url is not None else ""


def _drop_empty(state: StateCore) -> None:
    """Remove paragraphs that hold nothing but empty tokens, then list items and lists that held only such."""
    kept: list[MarkdownToken] = []
    for token in state.tokens:
        kept.append(token)
        if token.type == "paragraph_close" and _is_empty(kept[-2], state.env):
            del kept[-3:]
        elif token.type in _EMPTIED and kept[-2].type == token.type.replace("_close", "_open"):
            del kept[-2:]
    state.tokens = kept


def _is_empty(inline: MarkdownToken, env: EnvType) -> bool:
    children = inline.children or []
    has_token = any(child.type == "token" for child in children)
    return has_token and not any(child.type == "image" for child in children) and not _plain(children, env).strip()


def _render_token(
    _self: RendererHTML, tokens: Sequence[MarkdownToken], index: int, _options: OptionsDict, env: EnvType
) -> str:
    words = escape(_value(tokens[index], env)).replace("\n", "<br>")
    return f'<span class="cg-fact">{words}</span>' if is_note_token(tokens[index].meta["name"]) else words


def _render_picture(
    _self: RendererHTML, tokens: Sequence[MarkdownToken], index: int, _options: OptionsDict, env: EnvType
) -> str:
    alt = escape(_plain(tokens[index].children or (), env))
    name = picture_name(str(tokens[index].attrGet("src") or ""))
    if name is None:
        return alt
    file = env["media"].get(name)
    size = f' width="{file.width}" height="{file.height}"' if file is not None and file.width else ""
    address = escape(env["media_url"](name))
    picture = f'<img class="cg-picture" src="{address}" alt="{alt}" loading="lazy"{size}'
    if len(tokens) > 1:
        return f"{picture}>"
    if not env.get("can_link"):
        # The name of a radio button. Checkers look for words in its label; a lost picture still shows its own.
        return f'{picture} aria-hidden="true"><span class="govuk-visually-hidden">{alt}</span>'
    # Among words a link would be read as one of them; a picture that stands alone has room below it.
    link = f'<span class="cg-enlarge">{enlarging_link(address, alt)}</span>' if is_worth_enlarging(file) else ""
    return f"{picture}>{link}"


def is_worth_enlarging(file: MediaFile | None, *, shown_at: int = 680) -> bool:
    """True for a picture that is wider, in pixels, than the column that shows it."""
    return file is not None and (file.width or 0) > shown_at


def enlarging_link(address: str, alt: str) -> str:
    """A link to a picture on its own, where it can be made as large as it is. Both arguments are HTML already."""
    hidden = f'<span class="govuk-visually-hidden">: {alt}</span>'
    return f'<a class="govuk-link" href="{address}">See this picture larger{hidden}</a>'


def _mark_tables(state: StateCore) -> None:
    mark_tables(state.tokens, lambda children: _plain(children, state.env))


_PARSER = rendering_parser()
_PARSER.core.ruler.push("drop_empty", _drop_empty)
_PARSER.core.ruler.push("dress", _add_classes)
_PARSER.core.ruler.push("mark_tables", _mark_tables)
_PARSER.add_render_rule("token", _render_token)
_PARSER.add_render_rule("image", _render_picture)
