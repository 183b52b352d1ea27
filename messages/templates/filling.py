"""From the words of an authority to a message: each placeholder is filled in once, and values are taken as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from messages.ledger import MessageContent, Part
from messages.templates.checking import PLACEHOLDER, named, only_name, paragraphs_of
from messages.templates.texts import LINK, LIST, TEXTS, Text, Words

_PARTS = {LINK: Part.LINK, LIST: Part.ITEMS}


@dataclass(frozen=True)
class Fillable:
    """A message without its words: which text of which authority it is, and what the placeholders stand for."""

    content: MessageContent
    organisation_id: int
    text: Text
    values: Mapping[str, str]

    def filled(self, words: Words) -> MessageContent:
        """The message in these words. A text without words of its own reads as ours."""
        short = words.short or TEXTS[self.text].ours.short
        return replace(fill_in(self.content, words, self.values), text=_filled(short, self.values))


def fill_in(content: MessageContent, words: Words, values: Mapping[str, str]) -> MessageContent:
    """The same message in these words. Its reason, its link and how it is stopped stay what they are.

    A placeholder without a value stays empty: the page still opens for a text of an older release.
    """
    paragraphs = (_PARTS.get(only_name(part) or "") or _filled(part, values) for part in paragraphs_of(words.body))
    kept = tuple(part for part in paragraphs if part and (content.items or part is not Part.ITEMS))
    return replace(content, subject=_filled(words.subject, values), paragraphs=kept)


def _filled(words: str, values: Mapping[str, str]) -> str:
    return " ".join(PLACEHOLDER.sub(lambda match: values.get(named(match.group(1)), ""), words).split())
