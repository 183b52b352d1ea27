"""A name that its holder recognises and that tells a stranger little."""

import unicodedata

import regex  # type: ignore[import-untyped]

# What a reader sees as one letter (UAX 29): a base with its marks, or a whole conjunct of an Indian script.
_LETTER = regex.compile(r"\X")
# No name needs more; a heap of combining marks would otherwise be shown whole.
_MOST_CHARACTERS = 8
_JOINERS = "\u200c\u200d"


def mask_name(name: str) -> str:
    """The first letter of each word, then three dots whatever its length: ``Siân Nguyễn`` becomes ``S••• N•••``."""
    shown = "".join(character if _is_shown(character) else " " for character in unicodedata.normalize("NFC", name))
    return " ".join(_first_letter(word) + "•••" for word in shown.split())


def _is_shown(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character)[0] != "C"


def _first_letter(word: str) -> str:
    letter: str = _LETTER.match(word)[0]
    return letter[:_MOST_CHARACTERS]
