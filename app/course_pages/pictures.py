"""Pictures of questions: where they can be seen larger, and what is said in their place."""

import re
from collections.abc import Callable, Mapping
from html import escape

from markupsafe import Markup

from courses.content.html.markup import enlarging_link, is_worth_enlarging, pictures_in
from courses.content.model.course import MediaFile

# In pixels: the least width of an option's label on a phone.
LABEL_WIDTH = 240

_PICTURE = re.compile(r'<img\b(?![^>]*aria-hidden)[^>]*?\balt="([^"]*)"[^>]*>')


def enlarging_links(text: str, media: Mapping[str, MediaFile], url: Callable[[str], str]) -> Markup:
    """A link for each picture of an option or an item that is wider than its label; empty when there is none."""
    links = [
        enlarging_link(escape(url(name)), escape(alt))
        for name, alt in pictures_in(text)
        if is_worth_enlarging(media.get(name), shown_at=LABEL_WIDTH)
    ]
    return Markup("<br>".join(links))  # noqa: S704 - both parts are escaped


def spoken(html: Markup) -> str:
    """The words of a short text as a screen reader says them: with the descriptions of its pictures."""
    return Markup(_PICTURE.sub(r" \1 ", html)).striptags()  # noqa: S704 - rendered by us, and only taken apart
