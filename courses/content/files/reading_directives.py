"""Reads ``::: detail``, ``::: table`` and ``::: examples``: parts that each reader meets their own way."""

import re

from courses.content.format.draft import Passage
from courses.content.model.reading_blocks import DetailBlock, ExamplesBlock, TableBlock
from courses.content.source.findings import Findings, Place

NAMES = ("detail", "table", "examples")

_FLAGS = ("own-first", "sortable", "folded")

Part = tuple[DetailBlock | TableBlock | ExamplesBlock, list[Passage]]


def read_part(name: str, argument: str, text: str, place: Place, text_place: Place, findings: Findings) -> Part | None:
    """The block of one of ``NAMES`` with its texts, or ``None`` with findings."""
    if not text:
        findings.error(place, f"“::: {name}” is empty. Write its text before the closing “:::”.")
        return None
    if name == "detail":
        return _detail(argument, text, place, text_place, findings)
    if name == "table":
        return _table(argument, text, place, text_place, findings)
    if argument:
        findings.error(place, "“::: examples” stands alone. Put its text on the next line.")
    return ExamplesBlock(text=text), [Passage(text_place, text, "blocks", is_core=True)]


def _detail(mentions: str, text: str, place: Place, text_place: Place, findings: Findings) -> Part:
    if not mentions:
        findings.error(
            place, "Write what the screen mentions, after “::: detail”, such as “::: detail racist violence”."
        )
    if "\n\n" in text:
        findings.error(text_place, "The short version is one paragraph. Leave out the empty line.")
    passages = [Passage(place, mentions, "plain"), Passage(text_place, text, "blocks")]
    return DetailBlock(mentions=mentions, short=text), passages


def _table(argument: str, text: str, place: Place, text_place: Place, findings: Findings) -> Part | None:
    words = argument.split()
    flags = [word for word in words if word in _FLAGS]
    caption = " ".join(words[len(flags) :])
    if words[: len(flags)] != flags or len(set(flags)) < len(flags):
        findings.error(place, "Write own-first, sortable and folded once each, before the caption of the table.")
        return None
    if not caption:
        findings.error(place, "Write what the table shows, after “::: table”.")
    table, *others = re.split(r"\n[ \t]*\n", text)
    if len(others) > 1:
        findings.error(
            text_place, "A table has the table itself and, if you like, one sentence below it. Move the rest."
        )
    sentence = " ".join(others[0].split()) if others else ""
    line = text[: len(table)].count("\n") + 2
    passages = [Passage(place, caption, "plain"), Passage(text_place, table, "blocks")]
    passages += [Passage(text_place.down(line), sentence, "inline")] if sentence else []
    block = TableBlock(
        caption=caption,
        text=table,
        sentence=sentence,
        is_own_first="own-first" in flags,
        is_sortable="sortable" in flags,
        is_folded="folded" in flags,
    )
    return block, passages
