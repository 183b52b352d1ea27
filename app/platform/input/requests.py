"""Everything that a request carries in words, without what neither a database nor a page can hold."""

from collections.abc import Iterable
from functools import cached_property
from typing import IO
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from flask import Request, has_request_context, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.formparser import FormDataParser

from kernel.columns import LARGEST_NUMBER
from kernel.typed import storable

Texts = ImmutableMultiDict[str, str]
Files = ImmutableMultiDict[str, FileStorage]
_DIGITS = len(str(LARGEST_NUMBER))


class CleanFormParser(FormDataParser):
    """Reads a posted body: fields and names of files come out as they can be stored."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], Texts, Files]:
        """What is left of the stream, the fields, the files."""
        rest, fields, files = super().parse(stream, mimetype, content_length, options)
        return rest, _clean(fields), ImmutableMultiDict(_named(files.items(multi=True)))


class CleanRequest(Request):
    """A request whose arguments, fields and names of files can be stored: a pasted NUL costs nobody their words.

    HEAD asks for what GET would say, without the page, so it is GET here. A view that tells GET from the rest would
    take it for a form that was sent, and for one that needs no token: scanners and previews of links ask in this way.
    """

    form_data_parser_class = CleanFormParser

    def __init__(self, environ: WSGIEnvironment, populate_request: bool = True, shallow: bool = False) -> None:
        super().__init__(environ, populate_request, shallow)
        if self.method == "HEAD":
            self.method = "GET"

    @cached_property
    def args(self) -> Texts:
        """What stands behind the question mark. Bytes that are no UTF-8 are shown as such, where Werkzeug raises."""
        query = self.query_string.decode(errors="replace")
        return _clean(MultiDict(parse_qsl(query, keep_blank_values=True, errors="replace")))

    @property
    def full_path(self) -> str:
        """Path and arguments, as they were sent."""
        return f"{self.path}?{self.query_string.decode(errors='replace')}"


def is_head() -> bool:
    """Whether only the head of a page is asked for: nothing is shown then, and nothing may change."""
    return has_request_context() and bool(request.environ["REQUEST_METHOD"] == "HEAD")


def _clean(texts: MultiDict[str, str]) -> Texts:
    return ImmutableMultiDict((storable(name), storable(text)) for name, text in texts.items(multi=True))


def _named(files: Iterable[tuple[str, FileStorage]]) -> Iterable[tuple[str, FileStorage]]:
    for name, file in files:
        if file.filename:
            file.filename = storable(file.filename)
        yield storable(name), file


def number_in(texts: MultiDict[str, str], name: str, default: int = 1) -> int:
    """A whole number that a request carries, at least 0; ``default`` for what is none or fits into no column.

    Nothing of ours has a number below 0: one counts as 0, so that the page before the first is as little found.
    """
    return number_of(texts.get(name, ""), default)


def number_of(text: str, default: int) -> int:
    """The same for one text."""
    if text.startswith("-") and text[1:].isascii() and text[1:].isdigit():
        return 0
    is_number = text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text) <= LARGEST_NUMBER
    return int(text) if is_number else default
