"""Checks on the words themselves: links, pictures, HTML, headings, tokens and length."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set

from markdown_it.token import Token as MarkdownToken

from courses.content.format.draft import Passage
from courses.content.media.recordings import is_recording, is_sound
from courses.content.model.facts import Fact, fill_facts
from courses.content.model.glossary import linked_term
from courses.content.model.local_wording import token_names
from courses.content.model.markdown_parser import checking_parser, is_allowed_link, picture_name
from courses.content.source.file_names import FileNames
from courses.content.source.findings import Findings
from courses.content.text_rules.picture_checks import check_description, check_plain_text

LONGEST_SCREEN = 160
LONGEST_PASSAGE = 20_000

# Square brackets that are never closed cost the parser the square of their number.
MOST_BRACKETS = 500

_PARSER = checking_parser()
_BROKEN_TOKEN = re.compile(r"\{\{(?!\s*(?:[A-Za-z0-9_]+|(?:fact|term):[ \t]*[^{}\s]+)\s*\}\})")


class TextChecks:
    """Goes through passages and remembers which pictures they use."""

    def __init__(
        self,
        *,
        tokens: Set[str] | None,
        facts: Mapping[str, Fact],
        pictures: Set[str],
        files: FileNames,
        findings: Findings,
    ) -> None:
        self._tokens = tokens
        self._facts = facts
        self._pictures = pictures
        self._files = files
        self._findings = findings
        self.used_pictures: set[str] = set()

    def check(self, passage: Passage) -> int:
        """Note everything that is wrong with one passage; gives back how many words it adds to its screen."""
        self._check_tokens(passage)
        if passage.form == "plain":
            check_plain_text(passage, self._findings)
            return 0
        if not passage.text:
            return 0
        as_read = fill_facts(passage.text, self._facts)
        if any(len(text) > LONGEST_PASSAGE or text.count("[") > MOST_BRACKETS for text in (passage.text, as_read)):
            self._findings.error(passage.place, "This text is too long, or has too many brackets. Split it.")
            return 0
        tokens = _parse(passage)
        level = 1
        for token, line in _flat(tokens):
            self._check_markup(passage, token, line)
            if token.type == "heading_open":
                self._check_level(passage, token, line, level)
                level = int(token.tag[1])
        if not passage.is_core:
            return 0
        return _words(tokens if as_read == passage.text else _PARSER.parse(as_read))

    def _check_tokens(self, passage: Passage) -> None:
        """Note tokens that nobody has given a value."""
        for number, line in enumerate(passage.text.split("\n")):
            place = passage.place.down(number)
            for name in token_names(line):
                if self._tokens is not None and name not in self._tokens:
                    self._findings.error(
                        place,
                        f"“{{{{{name[:40]}}}}}” is not a known token. Correct it, or add it to course.yaml.",
                    )
            if _BROKEN_TOKEN.search(line):
                self._findings.error(place, "“{{” begins a token here that is not complete. Write {{name}}.")

    def _check_markup(self, passage: Passage, token: MarkdownToken, line: int) -> None:
        place = passage.place.down(line)
        if token.type in ("html_inline", "html_block"):
            self._findings.error(
                place,
                f"“{_short(token.content)}” is HTML, and courses are written in Markdown only. "
                "Remove it, or write \\< to show the character.",
            )
        elif token.type == "link_open":
            self._check_link(passage, str(token.attrGet("href") or ""), line)
        elif token.type == "image":
            self._check_picture(passage, token, line)

    def _check_level(self, passage: Passage, token: MarkdownToken, line: int, level: int) -> None:
        place = passage.place.down(line)
        if token.tag == "h1":
            self._findings.error(place, "A heading inside a screen begins with ## or ###. Only a screen begins with #.")
        elif int(token.tag[1]) > level + 1:
            self._findings.error(
                place, f"This heading skips a level. Write {'#' * (level + 1)} instead of {token.markup}."
            )

    def _check_link(self, passage: Passage, address: str, line: int) -> None:
        place = passage.place.down(line)
        if not address:
            self._findings.error(place, "This link has no address. Write it in the round brackets.")
        elif linked_term(address) is not None:
            return  # whether the glossary has it is looked at where everything is known
        elif address.lower().startswith("http:"):
            self._findings.error(place, f"The link to {_short(address)} is not secure. Use its https address.")
        elif not is_allowed_link(address):
            self._findings.error(
                place,
                f"The link to {_short(address)} cannot be used. "
                "Links begin with https://, mailto:, tel:, or / for a page of this site.",
            )

    def _check_picture(self, passage: Passage, token: MarkdownToken, line: int) -> None:
        place = passage.place.down(line)
        address = str(token.attrGet("src") or "")
        name = picture_name(address)
        if not token.content.strip():
            self._findings.error(
                place,
                f"The picture {_short(address)} has no description. Write what it shows: ![words](address).",
            )
        else:
            check_description(place, token.content, address, self._findings)
        if name is None:
            self._findings.error(
                place, f"The picture {_short(address)} is not in the bundle. Put it in the folder media."
            )
        elif name not in self._pictures:
            self._findings.error(place, self._files.missing("picture", name, _short(name)))
        elif is_recording(name):
            word = "audio" if is_sound(name) else "video"
            self._findings.error(place, f"{_short(name)} is no picture. Put it between “::: {word}” and “:::”.")
        else:
            self.used_pictures.add(name)


def core_words(text: str) -> int:
    """How many words of a text count towards the length of its screen: those of tables do not."""
    return _words(_PARSER.parse(text))


def _parse(passage: Passage) -> list[MarkdownToken]:
    return _PARSER.parse(passage.text) if passage.form == "blocks" else _PARSER.parseInline(passage.text)


def _flat(tokens: Iterable[MarkdownToken]) -> Iterator[tuple[MarkdownToken, int]]:
    """Block and inline tokens alike, each with its line within the passage, counted from 0."""
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        yield token, line
        for number, child in _with_line_breaks(token.children or ()):
            yield child, line + number


def _with_line_breaks(children: Iterable[MarkdownToken]) -> Iterator[tuple[int, MarkdownToken]]:
    number = 0
    for child in children:
        number += child.type in ("softbreak", "hardbreak")
        yield number, child


def _words(tokens: Iterable[MarkdownToken]) -> int:
    in_table = 0
    words = 0
    for token in tokens:
        in_table += {"table_open": 1, "table_close": -1}.get(token.type, 0)
        if token.type == "inline" and not in_table:
            words += len(token.content.split())
    return words


def _short(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if len(tidy) <= 60 else tidy[:57] + "…"
